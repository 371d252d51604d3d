using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Packs;

/// <summary>Reads runs of an export's pieces from its file, whatever their order there.</summary>
/// <param name="file">The open file.</param>
/// <param name="path">What messages call it.</param>
/// <param name="units">Its pieces.</param>
internal sealed class RawUnits(SafeFileHandle file, string path, PackUnits units)
{
    private byte[] _bytes = [];

    /// <summary>The bytes of a segment, good until the next is asked for.</summary>
    /// <exception cref="HarvestException">The file cannot be read, or is shorter than it was.</exception>
    public ReadOnlySpan<byte> Read(PackSegment segment)
    {
        int bytes = checked((int)segment.Bytes);
        if (_bytes.Length < bytes)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(bytes);
        }

        int at = 0;
        for (int i = segment.First; i < segment.First + segment.Count;)
        {
            // Pieces that are neighbours in the file too, which is the rule, are read at once.
            PackUnit first = units.ById[i];
            int length = first.Length;
            while (++i < segment.First + segment.Count && units.ById[i].Offset == first.Offset + length)
            {
                length += units.ById[i].Length;
            }

            Read(file, path, first.Offset, _bytes.AsSpan(at, length));
            at += length;
        }

        return _bytes.AsSpan(0, bytes);
    }

    /// <summary>Fills a buffer from a place in a file.</summary>
    /// <exception cref="HarvestException">The file cannot be read, or ends before.</exception>
    public static void Read(SafeFileHandle file, string path, long offset, Span<byte> buffer)
    {
        try
        {
            while (buffer.Length > 0)
            {
                FileFaults.Before(FileCall.Read, path);
                int read = RandomAccess.Read(file, buffer, offset);
                if (read == 0)
                {
                    throw new EndOfStreamException($"'{path}' has become shorter.");
                }

                offset += read;
                buffer = buffer[read..];
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }
}

/// <summary>An anchor that is here as its plain bytes.</summary>
internal sealed class RawAnchor : IPackAnchor
{
    private readonly IDisposable _owner;
    private readonly RawUnits _raw;
    private readonly List<PackSegment> _segments;

    private RawAnchor(SafeFileHandle file, IDisposable owner, string path, string sha256, PackUnits units)
    {
        _owner = owner;
        Sha256 = sha256;
        _raw = new RawUnits(file, path, units);
        _segments = PackCut.Whole(units);
        FirstIds = [.. _segments.Select(segment => units.ById[segment.First].Id)];
    }

    public string Sha256 { get; }

    public IReadOnlyList<long> FirstIds { get; }

    /// <summary>Opens one; null for what is no list of tasks.</summary>
    /// <exception cref="HarvestException">The file cannot be read.</exception>
    public static RawAnchor? TryOpen(string path, string sha256, CancellationToken cancellation)
    {
        FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        return TryOpen(file, file.SafeFileHandle, file, path, sha256, cancellation);
    }

    /// <summary>The same of a file that is open.</summary>
    /// <param name="bytes">Its bytes, from the first on.</param>
    /// <param name="file">The file.</param>
    /// <param name="owner">Closes it; disposed with the anchor, and where there is none.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="sha256">The export.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static RawAnchor? TryOpen(Stream bytes, SafeFileHandle file, IDisposable owner, string path, string sha256, CancellationToken cancellation)
    {
        RawAnchor? anchor = null;
        try
        {
            return PackUnits.TryCut(bytes, path, cancellation) is { } units ? anchor = new RawAnchor(file, owner, path, sha256, units) : null;
        }
        finally
        {
            if (anchor is null)
            {
                owner.Dispose();
            }
        }
    }

    public ReadOnlySpan<byte> Segment(int index) => _raw.Read(_segments[index]);

    public void Dispose() => _owner.Dispose();
}
