namespace HarvestTools.Files;

/// <summary>
/// A file of a <see cref="PendingFolder"/>. It is opened when it has more than a few kilobytes or is ended: of the small ones, which come
/// by the thousand and several at once on each thread, one is open at a time.
/// </summary>
/// <param name="path">Its path.</param>
/// <param name="readOnly">Whether nobody may write to it later.</param>
internal sealed class PendingContent(string path, bool readOnly) : Stream
{
    // Small enough that it is no large object for the collector, and large enough for most tables of a small export.
    private const int BufferBytes = 8 * 1024;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Writable = Readable | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private byte[] _buffer = [];
    private int _used;
    private FileStream? _file;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length <= BufferBytes - _used)
        {
            if (_buffer.Length < _used + buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Min(BufferBytes, Math.Max(2 * _buffer.Length, Math.Max(1024, _used + buffer.Length))));
            }

            buffer.CopyTo(_buffer.AsSpan(_used));
            _used += buffer.Length;
            return;
        }

        Drain().Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing: who ends it writes what is left.</summary>
    public override void Flush()
    {
    }

    /// <summary>Writes what is left and closes the file, which is on disk when <see cref="IDiskFlush.Rest"/> returned for its folder.</summary>
    /// <exception cref="IOException">The system refuses it.</exception>
    public void End()
    {
        FileStream file = Drain();

        // Hundreds of files wait for the disk after that.
        _buffer = [];
        DiskFlush.Current.Later(file.SafeFileHandle, path);
        bool isReadable = OperatingSystem.IsWindows() || (File.GetUnixFileMode(file.SafeFileHandle) & UnixFileMode.GroupRead) != 0;
        file.Dispose();
        if (!isReadable)
        {
            SharedFolder.ShareFile(path);
        }

        if (readOnly && OperatingSystem.IsWindows())
        {
            FileAccessBits.MakeReadOnly(path);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }

    private FileStream Drain()
    {
        _file ??= Open();
        _file.Write(_buffer.AsSpan(0, _used));
        _used = 0;
        return _file;
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            // The mode counts from the next time on that it is opened.
            options.UnixCreateMode = readOnly ? Readable : Writable;
        }

        return FileFaults.Open(path, options);
    }
}
