using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>Reads back what <see cref="RleEncoder"/> writes.</summary>
internal static class RleDecoder
{
    /// <summary>Fills all of <paramref name="values"/> from all of <paramref name="source"/>; false where they do not fit each other.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, int width, Span<int> values)
    {
        while (!values.IsEmpty)
        {
            if (!VarintReader.TryRead(ref source, out ulong header) || header >> 1 == 0 || header >> 1 > ReaderLimits.RowGroupRows)
            {
                return false;
            }

            int count = (int)(header >> 1);
            if ((header & 1) == 0)
            {
                int valueBytes = (width + 7) / 8;
                if (count > values.Length || source.Length < valueBytes)
                {
                    return false;
                }

                int value = 0;
                for (int i = 0; i < valueBytes; i++)
                {
                    value |= source[i] << (8 * i);
                }

                values[..count].Fill(value);
                values = values[count..];
                source = source[valueBytes..];
            }
            else
            {
                // The last group is padded to eight values.
                int taken = Math.Min(count * 8, values.Length);
                if (count * 8 - taken >= 8 || source.Length < count * width)
                {
                    return false;
                }

                BitUnpacker.Unpack(source[..(count * width)], width, values[..taken]);
                values = values[taken..];
                source = source[(count * width)..];
            }
        }

        return source.IsEmpty;
    }
}
