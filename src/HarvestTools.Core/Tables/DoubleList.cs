using System.Buffers.Binary;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>
/// A list of doubles that is a piece of a larger buffer, eight little-endian bytes each: the form in which rows hold lists.
/// Valid as long as the buffer. The default value is an empty list.
/// </summary>
internal readonly struct DoubleList(Utf8Text bytes) : IComparable<DoubleList>
{
    /// <summary>The bytes; never absent.</summary>
    public Utf8Text Bytes => bytes.IsAbsent ? Utf8Text.Empty : bytes;

    public int Count => bytes.Length / sizeof(double);

    public double this[int index] => BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span[(index * sizeof(double))..]);

    /// <summary>A list with these values, whose bytes are in the arena.</summary>
    public static DoubleList Of(ReadOnlySpan<double> values, TextArena arena)
    {
        Utf8Text made = arena.Reserve(values.Length * sizeof(double), out Span<byte> destination);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(destination[(i * sizeof(double))..], values[i]);
        }

        return new DoubleList(made);
    }

    /// <summary>Value by value, then the shorter first; zeros of both signs are two values, as they are written.</summary>
    public int CompareTo(DoubleList other)
    {
        for (int i = 0; i < Count && i < other.Count; i++)
        {
            int order = Compare(this[i], other[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return Count.CompareTo(other.Count);
    }

    /// <summary>The order of two values, in which zeros of both signs and the same number are told apart.</summary>
    public static int Compare(double a, double b)
    {
        int order = a.CompareTo(b);
        return order != 0 ? order : BitConverter.DoubleToInt64Bits(a).CompareTo(BitConverter.DoubleToInt64Bits(b));
    }
}
