using HarvestTools.Work;

namespace HarvestTools.Tests.Work;

/// <summary>That rows come back as they were added, whatever the numbers.</summary>
public sealed class PackedNumbersTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 20_000)]
    [InlineData(5, 4_000)]
    public void Rows_come_back_in_order(int columns, int rows)
    {
        var random = new Random(columns);
        var numbers = new PackedNumbers(columns);
        var expected = new List<long[]>();
        for (int i = 0; i < rows; i++)
        {
            long[] row = [.. Enumerable.Range(0, columns).Select(_ => Number(random, i))];
            numbers.Add(row);
            expected.Add(row);
        }

        // As often as they are read.
        Assert.Equal(rows, numbers.Count);
        Assert.Equal(expected, Read(numbers));
        Assert.Equal(expected, Read(numbers));
    }

    [Fact]
    public void Of_none_there_is_none_to_read() => Assert.Empty(Read(new PackedNumbers(2)));

    [Fact]
    public void A_row_that_is_as_wide_as_a_first_piece_has_room()
    {
        var numbers = new PackedNumbers(100);
        long[][] rows = [[.. Enumerable.Repeat(long.MaxValue, 100)], [.. Enumerable.Repeat(-1L, 100)]];
        foreach (long[] row in rows)
        {
            numbers.Add(row);
        }

        Assert.Equal(rows, Read(numbers));
    }

    private static long Number(Random random, int i) => random.Next(6) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        2 => random.NextInt64(long.MinValue, long.MaxValue),
        _ => 1_000_000 + i,
    };

    private static List<long[]> Read(PackedNumbers numbers)
    {
        var rows = new List<long[]>();
        for (PackedNumbers.Reader reader = numbers.Read(); reader.Next();)
        {
            rows.Add(reader.Row.ToArray());
        }

        return rows;
    }
}
