using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Remotes;

/// <summary>
/// Reads a file that is open already, from its beginning and without moving that stream's position: a temporary file is locked against
/// being opened again. Several may read one file at once.
/// </summary>
/// <param name="handle">The open file. It stays its owner's to close.</param>
/// <param name="path">The file's path, where reads of it are watched; null for one that nobody else knows.</param>
internal sealed class HandleStream(SafeFileHandle handle, string? path = null) : ReadOnlyStream
{
    public override bool CanSeek => true;

    public override long Length => RandomAccess.GetLength(handle);

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        if (path is not null)
        {
            FileFaults.Before(FileCall.Read, path);
        }

        int read = RandomAccess.Read(handle, buffer, Position);
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };
}
