using System.Numerics;
using System.Runtime.CompilerServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Parquet's hybrid of run lengths and bit packing, for definition levels and dictionary indices.
/// A run that starts on a group of eight becomes a run length where that is shorter than packing it.
/// </summary>
internal static class RleEncoder
{
    private const int Group = 8;

    /// <summary>Bits that hold every number below <paramref name="count"/>; at least one, as some readers know no width of zero.</summary>
    public static int WidthFor(int count) => Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, count - 1)));

    public static void Encode(ReadOnlySpan<int> values, int width, ByteBuffer output)
    {
        int worthwhile = Worthwhile(width);
        int packed = 0;
        int at = 0;
        while (at < values.Length)
        {
            int run = RunLength(values, at);
            if (run < Group)
            {
                at += run;
                continue;
            }

            // Packed values come in groups of eight, so the run first fills the group that is open.
            int fill = (Group - ((at - packed) % Group)) % Group;
            if (run - fill >= worthwhile)
            {
                Pack(values[packed..(at + fill)], width, output);
                WriteRun(values[at], run - fill, width, output);
                packed = at + run;
            }

            at += run;
        }

        Pack(values[packed..], width, output);
    }

    /// <summary>Encodes one number several times, as <see cref="Encode"/> does.</summary>
    public static void EncodeSame(int value, int count, int width, ByteBuffer output)
    {
        if (count >= Worthwhile(width))
        {
            WriteRun(value, count, width, output);
            return;
        }

        Span<int> values = stackalloc int[count];
        values.Fill(value);
        Encode(values, width, output);
    }

    /// <summary>
    /// Values in a run that is shorter than packing them. A run costs a header and a value, and splits the packed values around it,
    /// which costs another header: about four bytes, which packing spends on 32 / width values.
    /// </summary>
    private static int Worthwhile(int width) => Math.Max(Group, 32 / width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RunLength(ReadOnlySpan<int> values, int at)
    {
        // Most runs end soon; the vectorized search pays only for the others.
        int value = values[at];
        int end = at + 1;
        int few = Math.Min(at + Group, values.Length);
        while (end < few && values[end] == value)
        {
            end++;
        }

        if (end < few || few == values.Length)
        {
            return end - at;
        }

        int more = values[end..].IndexOfAnyExcept(value);
        return (more < 0 ? values.Length : end + more) - at;
    }

    private static void WriteRun(int value, int count, int width, ByteBuffer output)
    {
        output.WriteVarint((ulong)count << 1);
        for (int bits = 0; bits < width; bits += 8)
        {
            output.WriteByte((byte)(value >> bits));
        }
    }

    private static void Pack(ReadOnlySpan<int> values, int width, ByteBuffer output)
    {
        if (values.IsEmpty)
        {
            return;
        }

        int groups = (values.Length + Group - 1) / Group;
        output.WriteVarint(((ulong)groups << 1) | 1);
        BitPacker.Pack(values, width, output.Take(groups * width));
    }
}
