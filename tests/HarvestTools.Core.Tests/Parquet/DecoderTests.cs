using HarvestTools.Decisions.Statistics;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tests.Parquet;

/// <summary>The engine's own decoders: what the encoders wrote comes back, and damage is refused.</summary>
public class DecoderTests
{
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
        foreach (int[] values in EncodingTests.Runs(width))
        {
            using var output = new ByteBuffer();
            RleEncoder.Encode(values, width, output);
            var decoded = new int[values.Length];
            Assert.True(RleDecoder.TryDecode(output.Span, width, decoded));
            Assert.Equal(values, decoded);
            if (values.Length > 0)
            {
                Assert.False(RleDecoder.TryDecode(output.Span[..^1], width, decoded));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Deltas_come_back(bool narrow)
    {
        foreach (long[] values in EncodingTests.Numbers(narrow))
        {
            using var output = new ByteBuffer();
            DeltaEncoder.Encode(values, narrow, output);
            ReadOnlySpan<byte> source = output.Span;
            var decoded = new long[values.Length];
            Assert.True(DeltaDecoder.TryDecode(ref source, narrow, decoded));
            Assert.True(source.IsEmpty);
            Assert.Equal(values, decoded);
        }
    }

    [Fact]
    public void Thrift_structs_are_read()
    {
        using var output = new ByteBuffer();
        EncodingTests.WriteStruct(output);

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

    [Theory]
    [MemberData(nameof(SnappyTests.Inputs), MemberType = typeof(SnappyTests))]
    public void What_is_compressed_comes_back(string kind, int length)
    {
        byte[] input = SnappyTests.Make(kind, length);
        byte[] compressed = SnappyTests.Compress(input);
        Assert.Equal(length, SnappyDecoder.ReadLength(compressed));
        var output = new byte[length];
        Assert.Equal(length, SnappyDecoder.Decompress(compressed, output));
        Assert.Equal(input, output);
        Assert.False(length > 0 && SnappyDecoder.TryDecompress(compressed, new byte[length - 1], out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFF")]
    [InlineData("8080808080808001")]
    [InlineData("FFFFFFFF0F")]
    [InlineData("05 00 61")]
    [InlineData("01 04 6161")]
    [InlineData("04 0C 6161")]
    [InlineData("04 01 01")]
    [InlineData("05 00 61 0100")]
    [InlineData("05 00 61 0102")]
    [InlineData("05 00 61 0E")]
    [InlineData("05 00 61 0E02")]
    [InlineData("05 00 61 0F01000080")]
    [InlineData("05 00 61 0F0100")]
    [InlineData("05 F0")]
    [InlineData("05 FC FFFFFFFF 61")]
    [InlineData("02 00 61 0101")]
    public void Damaged_snappy_data_is_refused(string hex)
    {
        byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.False(SnappyDecoder.TryDecompress(data, new byte[64], out _));
        Assert.Equal("SnappyDataDamaged", Assert.Throws<HarvestException>(() => SnappyDecoder.Decompress(data, new byte[64])).ErrorId);
    }

    [Fact]
    public void Every_flipped_bit_of_snappy_data_is_refused_or_gives_as_many_bytes()
    {
        byte[] compressed = SnappyTests.Compress(SnappyTests.Make("text", 500));
        var output = new byte[600];
        for (int bit = 0; bit < compressed.Length * 8; bit++)
        {
            compressed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (SnappyDecoder.TryDecompress(compressed, output, out int written))
            {
                Assert.Equal(SnappyDecoder.ReadLength(compressed), written);
            }

            compressed[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
