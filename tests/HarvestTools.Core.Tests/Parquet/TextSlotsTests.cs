using System.Text;
using HarvestTools.Parquet.Reading;

namespace HarvestTools.Tests.Parquet;

/// <summary>Texts of a row group in one array, whatever arrays they come in.</summary>
public sealed class TextSlotsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_have_their_texts_and_nulls_have_none(bool shared)
    {
        byte[] brief = "short"u8.ToArray();
        byte[] lengthy = Encoding.UTF8.GetBytes(new string('l', 100));
        using var slots = new TextSlots();
        slots.Fill([brief, lengthy, brief, brief, "手"u8.ToArray(), lengthy, Array.Empty<byte>()], [1, 0, 1, 1, 1, 1, 0, 1, 1], 9, shared);

        string[] expected = ["short", "", new string('l', 100), "short", "short", "手", "", new string('l', 100), ""];
        Assert.Equal(expected, Enumerable.Range(0, 9).Select(row => Encoding.UTF8.GetString(slots[row])));
    }

    [Fact]
    public void The_next_row_group_takes_the_place_of_the_last_one()
    {
        using var slots = new TextSlots();
        slots.Fill([Encoding.UTF8.GetBytes(new string('x', 5000)), "b"u8.ToArray()], [], 2, shared: true);
        slots.Fill(["a"u8.ToArray()], [0, 1, 0], 3, shared: true);
        Assert.Equal(["", "a", ""], Enumerable.Range(0, 3).Select(row => Encoding.UTF8.GetString(slots[row])));
    }

    [Fact]
    public void A_long_text_of_many_rows_is_kept_once()
    {
        // Two texts that take turns, so that none is that of the row before: a copy a row would take a hundred gigabytes.
        byte[][] dictionary = [new byte[1_000_000], new byte[1_000_000]];
        Array.Fill(dictionary[1], (byte)1);
        ReadOnlyMemory<byte>[] texts = [.. Enumerable.Range(0, 100_000).Select(i => dictionary[i % 2].AsMemory())];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var slots = new TextSlots();
        slots.Fill(texts, [], texts.Length, shared: true);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        Assert.Equal(dictionary[0], slots[99_998].ToArray());
        Assert.Equal(dictionary[1], slots[99_999].ToArray());
    }
}
