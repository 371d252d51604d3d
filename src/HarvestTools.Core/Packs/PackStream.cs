using HarvestTools.Files;

namespace HarvestTools.Packs;

/// <summary>The bytes of a packed object from front to back, a segment at a time.</summary>
/// <remarks>
/// Where the export has its tasks in another order than that of their ids, all of it is unpacked first: into memory, or into a temporary
/// file where it is large.
/// </remarks>
internal sealed class PackStream : ReadOnlyStream
{
    private const long MostInMemory = 64 * 1024 * 1024;

    private readonly PackReader _pack;
    private readonly IPackAnchor? _anchor;
    private readonly string _spill;
    private List<(long Offset, int Length)>? _order;
    private Stream? _unpacked;
    private byte[] _segment = [];
    private int _filled;
    private int _taken;
    private int _next;

    /// <param name="pack">The pack; disposed with the stream.</param>
    /// <param name="anchor">Its anchor where it is a patch; disposed with the stream.</param>
    /// <param name="spill">Full path of the folder for a temporary file.</param>
    public PackStream(PackReader pack, IPackAnchor? anchor, string spill)
    {
        (_pack, _anchor, _spill) = (pack, anchor, spill);
        _order = pack.Order();
    }

    public override long Length => _pack.Layout.Bytes;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (_taken == _filled)
        {
            if (!(_order is null ? NextSegment() : NextPiece()))
            {
                return 0;
            }
        }

        int count = Math.Min(buffer.Length, _filled - _taken);
        _segment.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked?.Dispose();
            _pack.Dispose();
            _anchor?.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool NextSegment()
    {
        if (_next == _pack.Segments.Count)
        {
            return false;
        }

        Span<byte> raw = Room(_pack.Segments[_next].Frame.Raw);
        _pack.Decode(_next++, _anchor, raw);
        return true;
    }

    private bool NextPiece()
    {
        _unpacked ??= Unpack();
        if (_next == _order!.Count)
        {
            return false;
        }

        (long offset, int length) = _order[_next++];
        Span<byte> piece = Room(length);
        _unpacked.Position = offset;
        _unpacked.ReadExactly(piece);
        return true;
    }

    private Span<byte> Room(int bytes)
    {
        if (_segment.Length < bytes)
        {
            _segment = GC.AllocateUninitializedArray<byte>(bytes);
        }

        (_filled, _taken) = (bytes, 0);
        return _segment.AsSpan(0, bytes);
    }

    private Stream Unpack()
    {
        Stream all = Length <= MostInMemory ? new MemoryStream((int)Length) : TemporaryFile(_spill);
        try
        {
            for (int i = 0; i < _pack.Segments.Count; i++)
            {
                Span<byte> raw = Room(_pack.Segments[i].Frame.Raw);
                _pack.Decode(i, _anchor, raw);
                all.Write(raw);
            }

            (_filled, _taken) = (0, 0);
            return all;
        }
        catch
        {
            all.Dispose();
            throw;
        }
    }

    /// <summary>A file that goes away with the stream; one of a killed process is stale and removed like any other.</summary>
    public static FileStream TemporaryFile(string folder)
    {
        try
        {
            // Where exports are there is room for one more; the system's folder may be in memory.
            DurableFolder.Ensure(folder);
            return FileFaults.Open(
                PendingFile.TemporaryName(folder), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferBytes: 0, FileOptions.DeleteOnClose);
        }
        catch (Exception refused) when (FileErrors.IsFileFault(refused) || refused is HarvestException { Fault: HarvestFault.FileSystem })
        {
            // An archive may be read-only for who reads it.
            return TemporaryCopy.Create();
        }
    }
}
