using System.IO.Hashing;

namespace HarvestTools.Packs;

/// <summary>Writes an export as a pack: whole, or as a patch against another export of its project.</summary>
internal static class PackWriter
{
    private const int PlainBytes = PackCut.SegmentBytes;

    /// <summary>Writes a pack.</summary>
    /// <param name="raw">The export's open file.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="units">Its pieces; null where it has none, so that it is cut anywhere.</param>
    /// <param name="anchor">What it becomes a patch against; null for a whole pack, or where it has no pieces.</param>
    /// <param name="target">Receives the pack.</param>
    /// <param name="progress">Receives the export's bytes packed so far; null for nobody.</param>
    /// <param name="cancellation">Ends the writing.</param>
    /// <returns>The pack's size.</returns>
    /// <exception cref="HarvestException">The export or the anchor cannot be read.</exception>
    /// <exception cref="IOException">The target cannot be written.</exception>
    public static long Write(
        FileStream raw, string sha256, PackUnits? units, IPackAnchor? anchor, Stream target, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var compressor = new PackCompressor();
        var output = new Output(target, compressor);
        output.Mark();
        var segments = new List<IndexedSegment>();
        long done = 0;
        if (units is null)
        {
            byte[] buffer = new byte[PlainBytes];
            for (long length = raw.Length; done < length;)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(PlainBytes, length - done));
                RawUnits.Read(raw.SafeFileHandle, raw.Name, done, piece);
                segments.Add(new IndexedSegment(output.Frame(piece, []), -1, 0));
                done += piece.Length;
                progress?.Report(done);
            }
        }
        else
        {
            var source = new RawUnits(raw.SafeFileHandle, raw.Name, units);
            foreach (PackSegment segment in anchor is null ? PackCut.Whole(units) : PackCut.Along(units, anchor.FirstIds))
            {
                cancellation.ThrowIfCancellationRequested();
                PackFrame frame = output.Frame(source.Read(segment), anchor is null ? [] : anchor.Segment(segment.Anchor));
                segments.Add(new IndexedSegment(frame, segment.Anchor, anchor is null ? units.ById[segment.First].Id : 0));
                done += segment.Bytes;
                progress?.Report(done);
            }
        }

        PackFrame index = output.Frame(PackIndex.Write(segments, patch: anchor is not null && units is not null), []);
        PackFrame? order = units is null or { InOrder: true } ? null : output.Frame(PackOrder.Write(units), []);
        output.Write(new PackLayout(sha256, done, units is null ? null : anchor?.Sha256, units is not null, index, order).ToBytes());
        return output.Written;
    }

    private sealed class Output(Stream target, PackCompressor compressor)
    {
        private byte[] _frame = [];

        public long Written { get; private set; }

        public void Mark() => Write(PackLayout.Mark);

        public PackFrame Frame(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> against)
        {
            int most = PackCompressor.MostBytes(raw.Length);
            if (_frame.Length < most)
            {
                _frame = GC.AllocateUninitializedArray<byte>(most);
            }

            ReadOnlySpan<byte> stored = _frame.AsSpan(0, compressor.Compress(raw, against, _frame));
            var frame = new PackFrame(Written, stored.Length, raw.Length, Crc32.HashToUInt32(stored));
            Write(stored);
            return frame;
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            target.Write(bytes);
            Written += bytes.Length;
        }
    }
}
