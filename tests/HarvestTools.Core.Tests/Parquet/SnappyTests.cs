using System.Text;
using CsCheck;
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
        Assert.Equal(input, Snappy.DecompressToArray(compressed));
    }

    /// <summary>Blocks that repeat themselves in all ways: pieces of noise and of a few letters, and copies from anywhere before.</summary>
    [Fact]
    public void Any_block_comes_back() => Gen.Select(Gen.Byte.Array[0, 80], Gen.Select(Gen.Int[0, 300], Gen.Int[0, 70_000], Gen.Byte.Array[0, 12]).Array[0, 200])
        .Select(static (start, steps) =>
        {
            var block = new List<byte>(start);
            foreach ((int length, int back, byte[] fresh) in steps)
            {
                for (int i = 0; i < length && block.Count > 0; i++)
                {
                    block.Add(block[block.Count - 1 - (back % block.Count)]);
                }

                block.AddRange(fresh);
            }

            return block.ToArray();
        })
        .Sample(static block => Assert.Equal(block, Snappy.DecompressToArray(Compress(block))), iter: 300, print: Convert.ToHexString);

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

    [Fact]
    public void A_destination_that_is_too_short_is_refused()
    {
        byte[] input = Make("text", 1000);
        Assert.False(new SnappyEncoder().TryCompress(input, new byte[1000], out int written));
        Assert.Equal(0, written);
        Assert.Throws<ArgumentException>(() => new SnappyEncoder().Compress(input, new byte[1000]));
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

    internal static byte[] Compress(byte[] input)
    {
        var output = new byte[SnappyEncoder.MaxCompressedLength(input.Length)];
        return output[..new SnappyEncoder().Compress(input, output)];
    }

    internal static byte[] Make(string kind, int length)
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
