using System.IO.Hashing;
using System.Text;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Parquet;

public class EncodingTests
{
    [Fact]
    public void Crc32_has_its_published_check_value()
    {
        Assert.Equal(0xCBF43926, Crc32.HashToUInt32("123456789"u8));
        Assert.Equal(0u, Crc32.HashToUInt32([]));
        Assert.Equal(0x414FA339u, Crc32.HashToUInt32("The quick brown fox jumps over the lazy dog"u8));
    }

    [Fact]
    public void Crc32_of_any_length_is_that_of_bit_by_bit_division()
    {
        var random = new SplitMix(4);
        for (int length = 0; length < 100; length++)
        {
            var bytes = new byte[length];
            uint expected = uint.MaxValue;
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)random.NextBits();
                expected ^= bytes[i];
                for (int bit = 0; bit < 8; bit++)
                {
                    expected = (expected >> 1) ^ ((expected & 1) == 0 ? 0 : 0xEDB8_8320u);
                }
            }

            Assert.Equal(~expected, Crc32.HashToUInt32(bytes));
        }
    }

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

            using var output = new ByteBuffer();
            RleEncoder.Encode(values, width, output);
            var decoded = new int[length];
            Assert.True(RleDecoder.TryDecode(output.Span, width, decoded));
            Assert.Equal(values, decoded);
            if (length > 0)
            {
                Assert.False(RleDecoder.TryDecode(output.Span[..^1], width, decoded));
            }
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

            using var output = new ByteBuffer();
            DeltaEncoder.Encode(values, narrow, output);
            ReadOnlySpan<byte> source = output.Span;
            var decoded = new long[length];
            Assert.True(DeltaDecoder.TryDecode(ref source, narrow, decoded));
            Assert.True(source.IsEmpty);
            Assert.Equal(values, decoded);
        }
    }

    [Theory]
    [InlineData(new long[] { long.MinValue, long.MaxValue, 0, long.MinValue, -1 }, false)]
    [InlineData(new long[] { int.MinValue, int.MaxValue, 0, int.MinValue, -1 }, true)]
    public void Deltas_that_overflow_wrap_around(long[] values, bool narrow)
    {
        using var output = new ByteBuffer();
        DeltaEncoder.Encode(values, narrow, output);
        ReadOnlySpan<byte> source = output.Span;
        var decoded = new long[values.Length];
        Assert.True(DeltaDecoder.TryDecode(ref source, narrow, decoded));
        Assert.Equal(values, decoded);
    }

    [Fact]
    public void Thrift_structs_have_the_compact_form()
    {
        using var output = new ByteBuffer();
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
        Assert.Equal("15" + "01" + "26" + "D804" + "18" + "02C3A9" + "3C" + "1100" + "19" + "250204" + "00", Convert.ToHexString(output.Span));

        var reader = new ThriftReader(output.Span, "f", "w");
        int outer = reader.BeginStruct();
        Assert.Equal(-1, reader.Int32(1));
        Assert.Equal(300, reader.Int64(3));
        Assert.Equal("é", reader.Text(4));
        reader.Take(7, ThriftType.Struct);
        int inner = reader.BeginStruct();
        reader.Take(1, ThriftType.True);
        reader.EndStruct(inner);
        Assert.Equal(2, reader.List(8, ThriftType.Int32));
        Assert.Equal(1, reader.Int32Element());
        Assert.Equal(2, reader.Int32Element());
        reader.EndStruct(outer);
        Assert.Equal(output.Length, reader.Position);
    }

    [Fact]
    public void Lists_of_fifteen_and_more_have_the_long_form()
    {
        using var output = new ByteBuffer();
        new ThriftWriter(output).BeginList(1, ThriftType.Struct, 15);
        Assert.Equal("19FC0F", Convert.ToHexString(output.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("18 FFFFFFFF0F 61")]
    [InlineData("19 FC FFFFFFFF0F")]
    [InlineData("15 8080808080808080808001")]
    [InlineData("1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C")]
    [InlineData("1B 01")]
    public void Damaged_thrift_is_refused(string hex)
    {
        byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var error = Assert.Throws<HarvestException>(() =>
        {
            var reader = new ThriftReader(data, "some.parquet", "footer");
            while (reader.TryField(out _, out ThriftType type))
            {
                reader.Skip(type);
            }
        });
        Assert.Equal("ParquetDamaged", error.ErrorId);
        Assert.StartsWith("some.parquet: footer, byte ", error.Message, StringComparison.Ordinal);
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
}
