using HarvestTools.Parquet.Reading;

namespace HarvestTools.Tests.Parquet;

/// <summary>The levels of lists, as a file could have them whose hash was recorded of something else.</summary>
public sealed class ListSlotsTests
{
    [Theory]
    [InlineData("0", "1", 1, "1")]
    [InlineData("0", "0", 1, "0")]
    [InlineData("011 0 0 01", "111 0 1 11", 4, "3 0 1 2")]
    [InlineData("", "", 0, "")]
    [InlineData("01", "11", 2, null)]
    [InlineData("00", "11", 1, null)]
    [InlineData("1", "1", 1, null)]
    [InlineData("10", "11", 1, null)]
    [InlineData("01", "10", 1, null)]
    [InlineData("01", "01", 1, null)]
    [InlineData("01", "00", 1, null)]
    [InlineData("011", "110", 1, null)]
    public void Levels_are_divided_into_as_many_lists_as_there_are_rows_or_refused(string repetitions, string definitions, int rows, string? lengths)
    {
        int[] repeats = Levels(repetitions);
        int[] defined = Levels(definitions);
        double[] values = [.. Enumerable.Range(1, defined.Sum()).Select(static n => (double)n)];
        using var slots = new ListSlots();
        (Memory<double> elements, Memory<int> intoDefinitions, Memory<int> intoRepetitions) = slots.Room(repeats.Length);
        defined.CopyTo(intoDefinitions);
        repeats.CopyTo(intoRepetitions);
        values.CopyTo(elements);

        Assert.Equal(lengths is not null, slots.TryDivide(rows, repeats.Length));
        if (lengths is not null)
        {
            Assert.Equal(lengths, string.Join(' ', Enumerable.Range(0, rows).Select(row => slots[row].Length)));
            Assert.Equal(values, Enumerable.Range(0, rows).SelectMany(row => slots[row].ToArray()));
        }
    }

    private static int[] Levels(string text) => [.. text.Where(static level => level != ' ').Select(static level => level - '0')];
}
