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
    private readonly FileStream _file;
    private readonly RawUnits _raw;
    private readonly List<PackSegment> _segments;

    private RawAnchor(FileStream file, string sha256, PackUnits units)
    {
        _file = file;
        Sha256 = sha256;
        _raw = new RawUnits(file.SafeFileHandle, file.Name, units);
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
        try
        {
            if (PackUnits.TryCut(file, path, cancellation) is { } units)
            {
                var anchor = new RawAnchor(file, sha256, units);
                file = null!;
                return anchor;
            }

            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    public ReadOnlySpan<byte> Segment(int index) => _raw.Read(_segments[index]);

    public void Dispose() => _file.Dispose();
}
