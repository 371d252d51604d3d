using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>Reads back what <see cref="DeltaEncoder"/> writes.</summary>
internal static class DeltaDecoder
{
    private const int Miniblock = DeltaEncoder.Miniblock;
    private const int Miniblocks = DeltaEncoder.Block / Miniblock;

    /// <summary>Fills all of <paramref name="values"/> and leaves what follows them in <paramref name="source"/>.</summary>
    public static bool TryDecode(ref ReadOnlySpan<byte> source, bool narrow, Span<long> values)
    {
        if (!VarintReader.TryRead(ref source, out ulong block) || block != DeltaEncoder.Block
            || !VarintReader.TryRead(ref source, out ulong miniblocks) || miniblocks != Miniblocks
            || !VarintReader.TryRead(ref source, out ulong count) || count != (ulong)values.Length
            || !VarintReader.TryReadZigZag(ref source, out long value))
        {
            return false;
        }

        if (values.IsEmpty)
        {
            return true;
        }

        values[0] = value;
        for (values = values[1..]; !values.IsEmpty;)
        {
            if (!VarintReader.TryReadZigZag(ref source, out long least) || source.Length < Miniblocks)
            {
                return false;
            }

            ReadOnlySpan<byte> widths = source[..Miniblocks];
            source = source[Miniblocks..];
            for (int i = 0; i < Miniblocks && !values.IsEmpty; i++)
            {
                int bytes = widths[i] * Miniblock / 8;
                if (widths[i] > 64 || source.Length < bytes)
                {
                    return false;
                }

                int taken = Math.Min(Miniblock, values.Length);
                for (int j = 0; j < taken; j++)
                {
                    value += least + (long)BitUnpacker.Extract(source, j * widths[i], widths[i]);
                    value = narrow ? (int)value : value;
                    values[j] = value;
                }

                values = values[taken..];
                source = source[bytes..];
            }
        }

        return true;
    }
}
