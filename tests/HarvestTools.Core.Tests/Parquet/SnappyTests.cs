using System.Text;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Parquet.Writing;
using Snappier;

namespace HarvestTools.Tests.Parquet;

public class SnappyTests
{
    public static TheoryData<string, int> Inputs
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string kind in new[] { "random", "zeros", "text", "cycle", "sparse" })
            {
                foreach (int length in new[] { 0, 1, 3, 4, 15, 18, 19, 20, 59, 60, 61, 64, 255, 256, 257, 4096, 65535, 65536, 65537, 131_072, 200_003 })
                {
                    data.Add(kind, length);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void What_is_compressed_comes_back(string kind, int length)
    {
        byte[] input = Make(kind, length);
        byte[] compressed = Compress(input);
        Assert.Equal(length, Snappy.GetUncompressedLength(compressed));
        var output = new byte[length];
        Assert.Equal(length, Snappy.Decompress(compressed, output));
        Assert.Equal(input, output);
    }

    [Fact]
    public void Repetition_shrinks_and_noise_hardly_grows()
    {
        Assert.True(Compress(Make("zeros", 100_000)).Length < 100_000 / 20);
        Assert.True(Compress(Make("text", 100_000)).Length < 100_000 / 4);
        Assert.True(Compress(Make("random", 100_000)).Length < 100_100);
    }

    // The expected bytes follow from the format's description: a literal of 19 or 12 letters, then copies.
    [Theory]
    [InlineData("", "00")]
    [InlineData("a", "0100 61")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "2000 61 7A0100")]
    [InlineData("abcdabcdabcdabcdabcdabcdabcdabcd", "200C 61626364 6E0400")]
    public void Known_inputs_give_known_bytes(string text, string hex) =>
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(Compress(Encoding.ASCII.GetBytes(text))));

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
    public void Damaged_data_is_refused(string hex)
    {
        byte[] data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => Snappy.Decompress(data, new byte[64]));
    }

    [Fact]
    public void A_destination_that_is_too_short_is_refused()
    {
        byte[] input = Make("text", 1000);
        byte[] compressed = Compress(input);
        Assert.False(Snappy.TryDecompress(compressed, new byte[999], out _));
        Assert.False(new SnappyEncoder().TryCompress(input, new byte[1000], out int written));
        Assert.Equal(0, written);
        Assert.Throws<ArgumentException>(() => new SnappyEncoder().Compress(input, new byte[1000]));
    }

    [Fact]
    public void Every_flipped_bit_is_refused_or_gives_as_many_bytes()
    {
        byte[] compressed = Compress(Make("text", 500));
        var output = new byte[600];
        for (int bit = 0; bit < compressed.Length * 8; bit++)
        {
            compressed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Snappy.TryDecompress(compressed, output, out int written))
            {
                Assert.Equal(Snappy.GetUncompressedLength(compressed), written);
            }

            compressed[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void What_was_compressed_before_leaves_the_bytes_alone()
    {
        byte[] input = Make("text", 70_000);
        var encoder = new SnappyEncoder();
        var used = new byte[SnappyEncoder.MaxCompressedLength(input.Length)];
        encoder.Compress(Make("sparse", 50_000), used);
        int written = encoder.Compress(input, used);
        Assert.Equal(Compress(input), used[..written]);
    }

    private static byte[] Compress(byte[] input)
    {
        var output = new byte[SnappyEncoder.MaxCompressedLength(input.Length)];
        return output[..new SnappyEncoder().Compress(input, output)];
    }

    private static byte[] Make(string kind, int length)
    {
        var random = new SplitMix((ulong)length);
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = kind switch
            {
                "random" => (byte)random.NextBits(),
                "zeros" => 0,
                "cycle" => (byte)(i % 7),
                "text" => (byte)"episode_000123/frame_000045 "[i % 28 == 10 ? random.Next(20) : i % 28],
                _ => (byte)(random.Next(9) == 0 ? random.Next(256) : 0),
            };
        }

        return bytes;
    }
}
