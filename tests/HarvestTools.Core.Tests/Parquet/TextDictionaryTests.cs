using System.Buffers.Binary;
using System.Text;
using CsCheck;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Parquet;

/// <summary>Texts as numbers and in a dictionary against plain lists of them.</summary>
public sealed class TextDictionaryTests
{
    // Short and long ones that differ in one place, or only in their length, and zeros.
    private static readonly Gen<byte[]> s_texts = Gen.Select(Gen.Int[0, 20], Gen.Int[0, 25], Gen.Byte[0, 2]).Select(static (length, at, other) =>
    {
        byte[] text = new byte[length];
        Array.Fill(text, (byte)'a');
        if (at < length)
        {
            text[at] = other;
        }

        return text;
    });

    [Fact]
    public void Texts_in_a_buffer_get_the_places_at_which_they_first_came() => s_texts.Array[1, 60].Sample(static texts =>
    {
        // Full to its last byte.
        byte[] buffer = [.. texts.SelectMany(Written)];
        int[] at = new int[texts.Length];
        for (int i = 1; i < at.Length; i++)
        {
            at[i] = at[i - 1] + sizeof(int) + texts[i - 1].Length;
        }

        int[] ends = [.. at.Zip(texts, static (start, text) => start + sizeof(int) + text.Length)];
        var known = new List<byte[]>();
        int[] expected = [.. texts.Select(text => PlaceOf(known, text))];
        using var together = new TextDictionary(FormatVersion.Current.Layout);
        int[] indices = new int[texts.Length];

        Assert.Equal(texts.Length, together.Add(buffer, at, indices, out long bytes));
        Assert.Equal(texts.Sum(static text => text.Length), bytes);
        Assert.Equal(expected, indices);
        Assert.Equal(ends, at);
        Assert.Equal(known.SelectMany(Written), together.Page.ToArray());
        Assert.Equal(known.Sum(static text => text.Length), together.TextBytes);

        // One by one, after others were forgotten.
        together.Clear();
        Assert.Equal(expected, texts.Select(text => together.Add(text)));
        Assert.Equal(known, Enumerable.Range(0, together.Count).Select(i => together[i].ToArray()));
    });

    [Fact]
    public void Keys_and_hashes_are_equal_for_equal_texts_wherever_they_are() => Gen.Select(s_texts, s_texts, Gen.Int[0, 9]).Sample(static (one, other, room) =>
    {
        byte[] buffer = [1, 2, 3, .. Written(one), .. Enumerable.Repeat((byte)7, room)];
        TextKey key = TextKey.At(buffer, 3);
        Assert.True(key.Is(TextKey.Of(one)));
        Assert.Equal(one.Length, key.Length);
        Assert.Equal(TextKey.Of(one).Hash(one), key.Hash(one));
        if (one.Length <= TextKey.WholeLength)
        {
            Assert.Equal(one.AsSpan().SequenceEqual(other), key.Is(TextKey.Of(other)));
        }
    });

    [Fact]
    public void A_dictionary_that_is_full_takes_of_a_buffer_what_it_has_and_no_more()
    {
        HarvestTools.Parquet.Writing.ParquetLayout layout = FormatVersion.Current.Layout with { DictionaryEntriesMax = 2 };
        using var dictionary = new TextDictionary(layout);
        byte[] buffer = [.. new[] { "one", "two", "one", "three", "two" }.SelectMany(static text => Written(Encoding.ASCII.GetBytes(text)))];
        int[] at = [0, 7, 14, 21, 30];
        int[] indices = new int[5];
        Assert.Equal(3, dictionary.Add(buffer, at, indices, out long bytes));
        Assert.Equal(9, bytes);
        Assert.Equal([0, 1, 0], indices[..3]);
        Assert.Equal([7, 14, 21, 21, 30], at);
        Assert.Equal(1, dictionary.Add("two"u8));
    }

    /// <summary>What follows the only text of a dictionary that was cleared is not what followed another one before.</summary>
    [Fact]
    public void Nothing_is_left_of_a_dictionary_that_was_cleared()
    {
        using var dictionary = new TextDictionary(FormatVersion.Current.Layout);
        Assert.Equal(0, dictionary.Add("first"u8));
        Assert.Equal(1, dictionary.Add("second"u8));
        Assert.Equal(0, dictionary.Add("first"u8));
        Assert.Equal(1, dictionary.Add("second"u8));
        dictionary.Clear();
        Assert.Equal(0, dictionary.Add("second"u8));
        Assert.Equal(1, dictionary.Count);
    }

    private static int PlaceOf(List<byte[]> known, byte[] text)
    {
        int place = known.FindIndex(other => other.AsSpan().SequenceEqual(text));
        if (place < 0)
        {
            place = known.Count;
            known.Add(text);
        }

        return place;
    }

    private static byte[] Written(byte[] text)
    {
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [.. length, .. text];
    }
}
