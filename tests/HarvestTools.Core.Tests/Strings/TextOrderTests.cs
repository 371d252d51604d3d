using CsCheck;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

/// <summary>Numbers in the order of texts against comparing the texts.</summary>
public sealed class TextOrderTests
{
    private static readonly Gen<byte[]> s_texts = Gen.OneOf(Gen.Byte, Gen.Const((byte)0), Gen.Const((byte)'a'), Gen.Const((byte)0xFF)).Array[0, 12];

    [Fact]
    public void A_text_that_comes_earlier_has_no_larger_number() => Gen.Select(s_texts, s_texts).Sample(static (one, other) =>
    {
        int order = TextOrder.Beginning(one).CompareTo(TextOrder.Beginning(other));
        Assert.True(order == 0 || order == Math.Sign(one.AsSpan().SequenceCompareTo(other)));
        byte[] eight = [.. one, .. new byte[8]];
        Assert.Equal(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(eight), TextOrder.Beginning(one));
    });

    [Fact]
    public void What_two_texts_begin_with_is_as_long_as_it_is() => Gen.Select(s_texts, s_texts, s_texts, Gen.Int[0, 30]).Sample(static (common, one, other, most) =>
    {
        byte[] left = [.. common, .. one];
        byte[] right = [.. common, .. other];
        int expected = left.Zip(right).TakeWhile(static pair => pair.First == pair.Second).Count();
        Assert.Equal(Math.Min(expected, most), TextOrder.CommonLength(left, right, most));
    });
}
