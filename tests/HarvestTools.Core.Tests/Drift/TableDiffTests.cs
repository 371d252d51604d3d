using HarvestTools.Drift;
using HarvestTools.Programs;

namespace HarvestTools.Tests.Drift;

/// <summary>What differs between two tables of a team's own program, whose rows are in no order that is known.</summary>
public sealed class TableDiffTests
{
    [Fact]
    public void Rows_of_one_key_are_one_change_and_what_is_left_over_came_or_went()
    {
        Assert.Equal(
            ["Changed 1", "Added 2", "Removed 3", "Added 10"],
            Diff(["k"], [Row(("k", 3L), ("x", "c")), Row(("k", 1L), ("x", "a"))], [Row(("k", 10L), ("x", "d")), Row(("k", 1L), ("x", "b")), Row(("k", 2L), ("x", "e"))]));

        // Several rows of one key: the first of either side are a pair.
        Assert.Equal(
            ["Changed 1", "Added 1"],
            Diff(["k"], [Row(("k", 1L), ("x", "a"))], [Row(("k", 1L), ("x", "b")), Row(("k", 1L), ("x", "c"))]));
        Assert.Empty(Diff(["k"], [Row(("k", 1L), ("x", "a")), Row(("k", 2L), ("x", "a"))], [Row(("x", "a"), ("k", 2L)), Row(("k", 1L), ("x", "a"))]));
    }

    [Fact]
    public void Without_a_column_of_the_key_no_row_is_another_one()
    {
        TableRow before = Row(("k", 1L), ("x", "a"));
        TableRow after = Row(("k", 1L), ("x", "b"));
        Assert.Equal(["Added 1", "Removed 1"], Diff(null, [before], [after]).Order());
        Assert.Equal(["Added 1", "Removed 1"], Diff(["k", "zz"], [before], [after]).Order());
        Assert.Equal(["Added 1", "Removed 1"], Diff(["zz"], [before], [after]).Order());
        Assert.Equal(["Changed 1"], Diff(["k"], [before], [after]));
        Assert.Equal(["Added 1", "Removed 1"], Diff(["k", "x"], [before], [after]).Order());
    }

    [Fact]
    public void The_order_is_that_of_the_keys_or_without_any_of_the_values()
    {
        TableRow[] rows = [Row(("x", "a"), ("k", 10L)), Row(("x", "b"), ("k", 2L)), Row(("x", "c"), ("k", 1L))];
        Assert.Equal(["Removed 1", "Removed 2", "Removed 10"], Diff(["k"], rows, []));
        Assert.Equal(["Removed 10", "Removed 2", "Removed 1"], Diff(null, rows, []));
    }

    [Fact]
    public void Names_and_values_are_each_their_own_text()
    {
        Assert.Equal(2, Diff(null, [Row(("k", "a"))], [Row(("x", "a"))]).Length);
        Assert.Equal(2, Diff(null, [Row(("k", "ab"), ("x", "c"))], [Row(("k", "a"), ("x", "bc"))]).Length);
        Assert.Equal(2, Diff(null, [Row(("k", null), ("x", "c"))], [Row(("k", ""), ("x", "c"))]).Length);
        Assert.Equal(2, Diff(null, [Row(("k", "a"), ("x", "b"))], [Row(("k", "b"), ("x", "a"))]).Length);
        Assert.Empty(Diff(null, [Row(("k", "ä"), ("x", null))], [Row(("x", null), ("k", "ä"))]));
    }

    [Fact]
    public void The_columns_that_differ_are_those_of_both_sides()
    {
        var diff = new TableDiff(["k"], digits: 1, numbers: true);
        Assert.Equal(
            ["x", "new", "old"],
            diff.Columns(Row(("k", 1L), ("x", "a"), ("y", 0.51), ("old", 5L), ("n", "1.0")), Row(("k", 1L), ("x", "b"), ("y", 0.52), ("new", 5L), ("n", 1L))));
        Assert.Empty(diff.Columns(Row(("k", 1L)), Row(("k", 1L))));
    }

    private static string[] Diff(IReadOnlyList<string>? key, TableRow[] before, TableRow[] after) =>
        [.. new TableDiff(key, digits: null, numbers: false).Between(() => before, () => after).Select(static pair => $"{pair.Kind} {(pair.After ?? pair.Before!)["k"]}")];

    private static TableRow Row(params (string Name, object? Value)[] cells) =>
        new([.. cells.Select(static cell => cell.Name)], [.. cells.Select(static cell => cell.Value)]);
}
