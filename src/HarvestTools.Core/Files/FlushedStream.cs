using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Files;

/// <summary>
/// Writes to a file, and has the system put on disk what is written while more is written, so that little is left to wait
/// for at the end. Files of less than a step are not touched. The file stays its owner's.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="stepBytes">How much is written before it is put on disk.</param>
internal sealed class FlushedStream(FileStream file, long stepBytes = FlushedStream.StepBytes) : Stream
{
    private const long StepBytes = 8 * 1024 * 1024;

    private Task _flushing = Task.CompletedTask;
    private long _unflushed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(buffer);
        _unflushed += buffer.Length;
        if (_unflushed >= stepBytes && _flushing.IsCompleted)
        {
            Begin();
        }
    }

    /// <summary>Has the system begin with what it did not get yet; for when nothing more is written, but other things are to do.</summary>
    /// <exception cref="IOException">The flush before failed.</exception>
    public void Begin()
    {
        Settle();
        file.Flush();
        _unflushed = 0;
        SafeFileHandle handle = file.SafeFileHandle;

        // A task and no work of a pool: a flush waits for the disk and takes no processor time, so it does not count among
        // the threads that work, and none of those need wait for it.
        _flushing = Task.Run(() => DiskFlush.Current.File(handle, file.Name));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Waits for the flush under way.</summary>
    /// <exception cref="IOException">It failed. The system reports that once: a later flush of the same file would succeed.</exception>
    public void Settle() => _flushing.GetAwaiter().GetResult();

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
