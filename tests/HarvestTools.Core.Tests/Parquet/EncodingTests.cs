using System.Text;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Parquet;

public class EncodingTests
{
    // Eight values 0 to 7 of three bits: the example in Parquet's description of the hybrid encoding.
    [Fact]
    public void Bit_packing_follows_parquets_example()
    {
        using var output = new ByteBuffer();
        RleEncoder.Encode([0, 1, 2, 3, 4, 5, 6, 7], 3, output);
        Assert.Equal("0388C6FA", Convert.ToHexString(output.Span));
    }

    [Fact]
    public void A_run_is_its_length_and_value()
    {
        using var output = new ByteBuffer();
        int[] values = new int[100];
        Array.Fill(values, 300);
        RleEncoder.Encode(values, 9, output);
        Assert.Equal("C8012C01", Convert.ToHexString(output.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(15)]
    public void Hybrid_values_come_back(int width)
    {
        foreach (int[] values in Runs(width))
        {
            using var output = new ByteBuffer();
            RleEncoder.Encode(values, width, output);
            Assert.Equal(values, SpecificationDecoders.Hybrid(output.Span, width, values.Length));
        }
    }

    // The examples of Parquet's Encodings.md: 1..5 (all deltas 1), and 7,5,3,1,2,3,4,5 with a least delta of -2.
    [Theory]
    [InlineData(new long[] { 1, 2, 3, 4, 5 }, "8001 04 05 02 02 00000000")]
    [InlineData(new long[] { 7, 5, 3, 1, 2, 3, 4, 5 }, "8001 04 08 0E 03 02000000 C03F000000000000")]
    public void Deltas_follow_parquets_examples(long[] values, string hex)
    {
        using var output = new ByteBuffer();
        DeltaEncoder.Encode(values, narrow: false, output);
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(output.Span));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Deltas_come_back(bool narrow)
    {
        foreach (long[] values in Numbers(narrow))
        {
            using var output = new ByteBuffer();
            DeltaEncoder.Encode(values, narrow, output);
            Assert.Equal(values, SpecificationDecoders.Deltas(output.Span, narrow));
            Assert.InRange(DeltaEncoder.LeastBytes(Math.Max(0, values.Length - 1)), 0, output.Length);
        }
    }

    /// <summary>Nothing takes less than what is the same throughout, which takes five bytes a block.</summary>
    [Fact]
    public void Differences_take_no_less_than_is_said()
    {
        using var output = new ByteBuffer();
        DeltaEncoder.Encode(new long[1 + (3 * DeltaEncoder.Block)], narrow: false, output);
        Assert.Equal(3 * 5, DeltaEncoder.LeastBytes(3 * DeltaEncoder.Block));
        Assert.Equal(6 + (3 * 5), output.Length);
    }

    [Theory]
    [InlineData(new long[] { long.MinValue, long.MaxValue, 0, long.MinValue, -1 }, false)]
    [InlineData(new long[] { int.MinValue, int.MaxValue, 0, int.MinValue, -1 }, true)]
    public void Deltas_that_overflow_wrap_around(long[] values, bool narrow)
    {
        using var output = new ByteBuffer();
        DeltaEncoder.Encode(values, narrow, output);
        Assert.Equal(values, SpecificationDecoders.Deltas(output.Span, narrow));
    }

    [Fact]
    public void Thrift_structs_have_the_compact_form()
    {
        using var output = new ByteBuffer();
        WriteStruct(output);
        Assert.Equal("15" + "01" + "26" + "D804" + "18" + "02C3A9" + "3C" + "1100" + "19" + "250204" + "00", Convert.ToHexString(output.Span));
    }

    [Fact]
    public void Lists_of_fifteen_and_more_have_the_long_form()
    {
        using var output = new ByteBuffer();
        new ThriftWriter(output).BeginList(1, ThriftType.Struct, 15);
        Assert.Equal("19FC0F", Convert.ToHexString(output.Span));
    }

    [Fact]
    public void Dictionaries_keep_the_order_of_first_appearance()
    {
        using var dictionary = new TextDictionary(FormatVersion.Current.Layout);
        var random = new SplitMix(3);
        var expected = new List<string>();
        for (int i = 0; i < 20_000; i++)
        {
            string text = "entry " + random.Next(5000);
            int known = expected.IndexOf(text);
            if (known < 0)
            {
                known = expected.Count;
                expected.Add(text);
            }

            Assert.Equal(known, dictionary.Add(Encoding.UTF8.GetBytes(text)));
        }

        Assert.Equal(expected, Enumerable.Range(0, dictionary.Count).Select(i => Encoding.UTF8.GetString(dictionary[i])));
    }

    [Fact]
    public void Dictionaries_stop_at_their_limits()
    {
        using var texts = new TextDictionary(FormatVersion.Current.Layout);
        for (int i = 0; i < ParquetLayout.DictionaryEntriesMax; i++)
        {
            Assert.Equal(i, texts.Add(BitConverter.GetBytes(i)));
        }

        Assert.Equal(-1, texts.Add("one more"u8));
        Assert.Equal(5, texts.Add(BitConverter.GetBytes(5)));

        using var large = new TextDictionary(FormatVersion.Current.Layout);
        Assert.Equal(-1, large.Add(new byte[ParquetLayout.DictionaryBytesMax]));
        Assert.Equal(0, large.Add(new byte[ParquetLayout.DictionaryBytesMax - 4]));
        Assert.Equal(-1, large.Add([]));
    }

    /// <summary>Values of a width in runs and alone, of many lengths.</summary>
    internal static IEnumerable<int[]> Runs(int width)
    {
        var random = new SplitMix((ulong)width);
        for (int length = 0; length < 600; length += 1 + (length / 9))
        {
            var values = new int[length];
            for (int i = 0; i < length;)
            {
                int run = random.Next(3) == 0 ? 1 + random.Next(60) : 1;
                int value = random.Next(1 << width);
                for (; run > 0 && i < length; run--)
                {
                    values[i++] = value;
                }
            }

            yield return values;
        }
    }

    /// <summary>Numbers of all magnitudes, of many lengths, and ones whose differences overflow.</summary>
    /// <param name="narrow">Whether they are of 32 bits.</param>
    internal static IEnumerable<long[]> Numbers(bool narrow)
    {
        var random = new SplitMix(narrow ? 1ul : 2ul);
        for (int length = 0; length < 700; length += 1 + (length / 7))
        {
            var values = new long[length];
            int shift = random.Next(64);
            for (int i = 0; i < length; i++)
            {
                long value = (long)random.NextBits() >> shift;
                values[i] = narrow ? (int)value : value;
            }

            yield return values;
        }

        yield return narrow ? [int.MinValue, int.MaxValue, 0, int.MinValue, -1] : [long.MinValue, long.MaxValue, 0, long.MinValue, -1];
    }

    internal static void WriteStruct(ByteBuffer output)
    {
        var thrift = new ThriftWriter(output);
        thrift.BeginStruct();
        thrift.Int32(1, -1);
        thrift.Int64(3, 300);
        thrift.Text(4, "é");
        thrift.BeginStruct(7);
        thrift.Boolean(1, true);
        thrift.EndStruct();
        thrift.BeginList(8, ThriftType.Int32, 2);
        thrift.Int32Element(1);
        thrift.Int32Element(2);
        thrift.EndStruct();
    }
}
