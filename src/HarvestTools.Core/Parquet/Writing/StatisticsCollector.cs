using System.Buffers.Binary;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Least and greatest value of a column chunk, by Parquet's rules: texts in unsigned byte order; doubles with -0 for a
/// least zero and +0 for a greatest one, and nothing at all where a NaN occurs.
/// </summary>
internal static class StatisticsCollector
{
    /// <summary>
    /// Null for lists: a range of all their elements, of which x and y alternate, helps no reader to skip rows, and whether an
    /// empty list counts as a null, readers and writers do not agree on.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="numbers">Its numbers, in any order, each once at least; none of a column of texts.</param>
    public static ColumnStatistics? Collect(ParquetColumnWriter column, ReadOnlySpan<long> numbers)
    {
        if (column.IsList)
        {
            return null;
        }

        int nulls = column.Rows - column.Count;
        if (column.Count == 0)
        {
            return new ColumnStatistics(null, null, nulls);
        }

        (byte[]? min, byte[]? max) = column.Column.Type switch
        {
            ParquetType.Utf8 => Texts(column),
            ParquetType.Double => Doubles(numbers),
            _ => Integers(column.Column.Type, numbers),
        };
        return new ColumnStatistics(min, max, nulls);
    }

    private static (byte[] Min, byte[] Max) Integers(ParquetType type, ReadOnlySpan<long> values)
    {
        long min = values[0];
        long max = values[0];
        foreach (long value in values)
        {
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }

        return (Plain(type, min), Plain(type, max));
    }

    private static byte[] Plain(ParquetType type, long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes[..(type switch { ParquetType.Boolean => 1, ParquetType.Int32 => sizeof(int), _ => sizeof(long) })];
    }

    private static (byte[]? Min, byte[]? Max) Doubles(ReadOnlySpan<long> bits)
    {
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        foreach (long value in bits)
        {
            double number = BitConverter.Int64BitsToDouble(value);

            // A range that leaves NaNs out would let a reader skip rows that hold one.
            if (double.IsNaN(number))
            {
                return (null, null);
            }

            min = number < min ? number : min;
            max = number > max ? number : max;
        }

        return (
            Plain(ParquetType.Double, BitConverter.DoubleToInt64Bits(min == 0 ? -0.0 : min)),
            Plain(ParquetType.Double, BitConverter.DoubleToInt64Bits(max == 0 ? 0.0 : max)));
    }

    private static (byte[]? Min, byte[]? Max) Texts(ParquetColumnWriter column)
    {
        ReadOnlySpan<byte> min;
        ReadOnlySpan<byte> max;
        if (column.Dictionary is { } dictionary)
        {
            min = max = dictionary[0];
            for (int i = 1; i < dictionary.Count; i++)
            {
                Widen(dictionary[i], ref min, ref max);
            }
        }
        else
        {
            int piece = 0;
            ReadOnlySpan<byte> rest = column.Text[piece];
            min = max = rest[..column.Indices[0]];
            foreach (int length in column.Indices)
            {
                if (length > rest.Length)
                {
                    rest = column.Text[++piece];
                }

                Widen(rest[..length], ref min, ref max);
                rest = rest[length..];
            }
        }

        return min.Length > column.Layout.StatisticsTextBytesMax || max.Length > column.Layout.StatisticsTextBytesMax
            ? (null, null)
            : (min.ToArray(), max.ToArray());
    }

    private static void Widen(ReadOnlySpan<byte> text, ref ReadOnlySpan<byte> min, ref ReadOnlySpan<byte> max)
    {
        if (text.SequenceCompareTo(min) < 0)
        {
            min = text;
        }
        else if (text.SequenceCompareTo(max) > 0)
        {
            max = text;
        }
    }
}
