using System.IO.Hashing;
using CsCheck;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

/// <summary>Two words against the framework's number of 128 bits.</summary>
public sealed class Digest128Tests
{
    private static readonly Gen<ulong> s_word = Gen.Frequency((1, Edges(0UL, 1UL, ulong.MaxValue, 1UL << 63)), (1, (IGen<ulong>)Gen.ULong));

    [Fact]
    public void Sums_and_texts_are_those_of_a_number() => Gen.Select(s_word, s_word, s_word, s_word).Sample(
        static (high, low, otherHigh, otherLow) =>
        {
            UInt128 sum = unchecked(new UInt128(high, low) + new UInt128(otherHigh, otherLow));
            Digest128 own = new Digest128(high, low) + new Digest128(otherHigh, otherLow);
            Assert.Equal(((ulong)(sum >> 64), (ulong)sum), (own.High, own.Low));
            Assert.Equal(sum.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), own.ToString());

            byte[] bytes = new byte[Digest128.Bytes];
            own.WriteLittleEndian(bytes);
            Assert.Equal(sum, System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(bytes));
            Assert.Equal(own, Digest128.ReadLittleEndian(bytes));
        },
        iter: 2_000);

    [Theory]
    [InlineData(0)]
    [InlineData(72)]
    [InlineData(1000)]
    public void The_hash_is_the_one_that_parts_hold(int length)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(static i => (byte)(i * 7))];
        Digest128 own = Digest128.Of(content);
        Assert.Equal(XxHash128.HashToUInt128(content), new UInt128(own.High, own.Low));
    }

    private static Gen<ulong> Edges(params ulong[] edges) => Gen.Int[0, edges.Length - 1].Select(i => edges[i]);
}
