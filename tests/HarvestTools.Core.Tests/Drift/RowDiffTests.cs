using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using HarvestTools.Drift;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tests.Parquet;

namespace HarvestTools.Tests.Drift;

/// <summary>The merge join against a naive difference of multisets held in memory.</summary>
public sealed class RowDiffTests
{
    /// <summary>What identifies a row, in the order of rows.</summary>
    private static readonly int[] s_key =
        [.. new[] { "project", "task_subdir", "episode", "frame", "task_id", "to_name", "item_index", "from_name", "annotation_id", "region_id", "label" }.Select(ColumnOf)];

    private static readonly int[] s_order =
        [.. s_key, .. Enumerable.Range(0, TableSchemas.Keypoints.Columns.Count).Except(s_key)];

    private static readonly Gen<object?[]> s_row = Gen.Select(
        Gen.Int[0, 4],
        Gen.Long[0, 5],
        Gen.Long[1, 7],
        Gen.Frequency((1, (string?)null), (4, "r0"), (4, "r1"), (4, "r2")),
        Gen.Int[0, 2],
        Gen.Int[0, 3],
        static (episode, frame, task, region, label, x) => Row("ep" + episode, frame, task, region, "l" + label, x));

    /// <summary>Rows, and the same with some missing, changed, labelled anew or there twice.</summary>
    private static readonly Gen<(List<object?[]> Before, List<object?[]> After)> s_edited = Gen.Select(s_row, Gen.Int[0, 11], Gen.Int[0, 3])
        .List[0, 400]
        .Select(static edits => (edits.ConvertAll(static edit => edit.Item1), edits.SelectMany(static edit => Edited(edit.Item1, edit.Item2, edit.Item3)).ToList()));

    [Theory]
    [InlineData("actions fold", "actions", "fold", null, null, null)]
    [InlineData("keypoints", "keypoints", null, null, null, null)]
    [InlineData("fold_towel/ep1", null, null, "fold_towel", "ep1", null)]
    [InlineData("ep1", null, null, "", "ep1", null)]
    [InlineData("fold_towel", null, null, "fold_towel", null, null)]
    [InlineData("7", null, null, null, null, "7")]
    public void What_names_a_group_is_one_text(string expected, string? table, string? label, string? folder, string? episode, string? annotator) =>
        Assert.Equal(expected, new RowChangeCount { Table = table, Label = label, TaskSubdir = folder, Episode = episode, Annotator = annotator }.Group);

    [Fact]
    public void It_finds_what_a_naive_difference_finds()
    {
        var kinds = new ConcurrentDictionary<string, bool>();
        s_edited.Sample(
            tables =>
            {
                List<RowChange> found = Diff([tables.Before], [tables.After]);
                AssertMatchesNaive(tables.Before, tables.After, found);
                found.ForEach(row => kinds[row.Change] = true);
            },
            iter: 60,
            print: Print);
        Assert.Equal([RowChangeKind.Added, RowChangeKind.Changed, RowChangeKind.Removed], kinds.Keys.OrderBy(static kind => kind.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_spread_over_several_files_are_compared_as_one_table() => Gen.Select(s_edited, Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int).Sample(
        static (tables, befores, afters, order) =>
        {
            var random = new Random(order);
            List<RowChange> found = Diff(Deal(tables.Before, befores, random), Deal(tables.After, afters, random));
            AssertMatchesNaive(tables.Before, tables.After, found);
        },
        iter: 30);

    [Fact]
    public void The_same_rows_differ_in_nothing_however_they_are_spread()
    {
        var random = new Random(5);
        List<object?[]> rows = MakeRows(random, 500);

        Assert.Empty(Diff(Deal(rows, 4, random), [rows]));
    }

    [Fact]
    public void Rows_of_one_key_across_row_groups_pair_up()
    {
        // One key that fills a row group and runs on into the next.
        List<object?[]> before = [.. Enumerable.Range(0, ParquetLayout.RowGroupRows + 10).Select(static i => Row("ep", 1, 1, "r", "wrist", i))];
        List<object?[]> after = [.. before.Skip(5), Row("ep", 1, 1, "r", "wrist", 0.5), Row("ep", 1, 1, "r", "wrist", 1e9)];

        List<RowChange> found = Diff([before], [after]);

        AssertMatchesNaive(before, after, found);
        Assert.Equal(2, found.Count(static row => row.Change == RowChangeKind.Changed));
        Assert.Equal(3, found.Count(static row => row.Change == RowChangeKind.Removed));
    }

    [Fact]
    public void A_changed_row_names_its_columns_and_holds_both_sides()
    {
        object?[] before = Row("ep", 7, 3, null, "wrist", 10.5);
        object?[] after = [.. before];
        after[ColumnOf("x")] = null;
        after[ColumnOf("weight")] = 0.25;

        RowChange row = Assert.Single(Diff([[before]], [[after]]));

        Assert.Equal(RowChangeKind.Changed, row.Change);
        Assert.Equal(["weight", "x"], row.Columns);
        Assert.Equal("ep", row.Episode);
        Assert.Equal(7, row.Frame);
        Assert.Null(row.RegionId);
        Assert.Equal(1.0, row.Before!["weight"]);
        Assert.Equal(0.25, row.After!["weight"]);
        Assert.Equal(TableSchemas.Keypoints.Columns.Select(static column => column.Name), row.Before.Keys);
        Assert.Equal("changed: keypoints of p, task 3, episode left/ep, frame 7, annotation 30, label wrist: weight 1 → 0.25, x 10.5 → null", RowFormatter.Describe(row));
    }

    [Fact]
    public void Minus_zero_is_another_value_than_zero()
    {
        Assert.Equal(["x"], Assert.Single(Diff([[Row("ep", 1, 1, "r", "a", 0.0)]], [[Row("ep", 1, 1, "r", "a", -0.0)]])).Columns);
    }

    [Fact]
    public void Lists_are_compared_value_by_value_and_shown_where_they_differ()
    {
        double[] points = [10.5, 20, 30, 40, 50, 60, 70];
        double[] moved = [.. points];
        moved[5] = 61.25;
        List<object?[]> before = [Polygon("r0", points), Polygon("r1", points), Polygon("r2", []), Polygon("r3", [0.0]), Polygon("r4", [1, 2])];
        List<object?[]> after = [Polygon("r0", [.. points]), Polygon("r1", moved), Polygon("r2", []), Polygon("r3", [-0.0]), Polygon("r4", [1])];

        var found = new List<RowChange>();
        using (RowDiff diff = Open(TableSchemas.Polygons, [before], [after]))
        {
            while (diff.Next())
            {
                found.Add(RowChange.From(diff));
            }
        }

        Assert.Equal(["r1", "r3", "r4"], found.Select(static row => row.RegionId));
        Assert.All(found, static row => Assert.Equal((RowChangeKind.Changed, "points"), (row.Change, Assert.Single(row.Columns))));
        Assert.Equal(points, found[0].Before!["points"]);
        Assert.Equal(moved, found[0].After!["points"]);
        Assert.EndsWith(": points [5 the same, 60, 70] → [5 the same, 61.25, 70]", RowFormatter.Describe(found[0]), StringComparison.Ordinal);
        Assert.EndsWith(": points [0] → [-0]", RowFormatter.Describe(found[1]), StringComparison.Ordinal);
        Assert.EndsWith(": points [1, 2] → [1]", RowFormatter.Describe(found[2]), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_key_that_differ_in_lists_pair_up()
    {
        // Equal rows cancel out wherever they are among the others, which takes the order of lists in the file.
        var random = new Random(9);
        List<object?[]> before = [.. Enumerable.Range(0, 300).Select(_ => Polygon("r", [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(-1, 2) * 0.5)]))];
        List<object?[]> after = [.. before.Skip(3), Polygon("r", [9]), Polygon("r", [9, 9])];

        using RowDiff diff = Open(TableSchemas.Polygons, [before], [after]);
        var tally = new RowTally();
        tally.AddAll(diff);

        Assert.Equal((0L, 1L, 2L), (tally.Added, tally.Removed, tally.Changed));
    }

    [Fact]
    public void Counts_agree_with_the_rows()
    {
        var random = new Random(21);
        List<object?[]> before = MakeRows(random, 2000);
        List<object?[]> after = Edit(random, before);
        List<RowChange> rows = Diff([before], [after]);
        var tally = new RowTally();
        using (RowDiff diff = Open(TableSchemas.Keypoints, [before], [after]))
        {
            tally.AddAll(diff);
        }

        RowChangeSummary counts = tally.ToSummary(static (_, annotation) => annotation / 10 % 2 == 0 ? 2 : null);

        Assert.Equal(rows.Count, counts.Total);
        Assert.Equal(rows.Count(static row => row.Change == RowChangeKind.Removed), counts.Removed);
        Assert.Equal(
            rows.GroupBy(static row => row.Label!).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => (g.Key, g.LongCount())),
            counts.ByLabel.Select(static count => (count.Label!, count.Total)));
        Assert.Equal(
            rows.GroupBy(static row => row.Episode!).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => (g.Key, g.LongCount())),
            counts.ByEpisode.Select(static count => (count.Episode!, count.Total)));
        Assert.Equal([("left", (long)rows.Count)], counts.ByTaskSubdir.Select(static count => (count.TaskSubdir!, count.Total)));
        Assert.Equal([("keypoints", (long)rows.Count)], counts.ByTable.Select(static count => (count.Table!, count.Total)));
        Assert.Equal(
            [("", rows.LongCount(static row => row.AnnotationId / 10 % 2 != 0)), ("2", rows.LongCount(static row => row.AnnotationId / 10 % 2 == 0))],
            counts.ByAnnotator.Select(static count => (count.Annotator!, count.Total)));
    }

    [Fact]
    public void Rejected_rows_are_told_by_task_annotation_and_region_and_counted_by_reason()
    {
        object?[] kept = ["p", 1L, 2L, "r", "cancelled", ""];
        object?[] moved = ["p", 2L, 3L, "r", "no-label", ""];
        object?[] other = ["p", 2L, 3L, "r", "no-geometry", ""];
        var tally = new RowTally();
        using (RowDiff diff = Open(TableSchemas.Rejected, [[kept, moved]], [[kept, other]]))
        {
            tally.AddAll(diff);
        }

        RowChangeSummary counts = tally.ToSummary();

        Assert.Equal((0L, 0L, 1L), (counts.Added, counts.Removed, counts.Changed));
        Assert.Equal("no-geometry", Assert.Single(counts.ByLabel).Label);
        Assert.Empty(counts.ByEpisode);
    }

    [Fact]
    public void Where_one_file_cannot_be_opened_none_stays_open()
    {
        byte[] file = new TestTable(TableSchemas.Keypoints).Write();
        var opened = new MemoryStream(file);

        HarvestException error = Assert.Throws<HarvestException>(() => RowDiff.Open(
            TableSchemas.Keypoints,
            [() => new ParquetTableReader(VerifiedFile.Open(opened, "test.parquet", TestTable.Sha256Of(file)))],
            [() => TestTable.Open(file, new string('0', 64))],
            CancellationToken.None));

        Assert.Equal("ParquetDamaged", error.ErrorId);
        Assert.False(opened.CanRead);
    }

    [Fact]
    public void A_file_of_another_table_is_refused()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => new RowDiff(
            TableSchemas.Keypoints, [Reader(TableSchemas.Keypoints, [])], [Reader(TableSchemas.Boxes, [])], CancellationToken.None));

        Assert.Equal("ParquetForeign", error.ErrorId);
        Assert.Contains("it does not have the table keypoints of this release", error.Message, StringComparison.Ordinal);
    }

    private static List<RowChange> Diff(IReadOnlyList<List<object?[]>> before, IReadOnlyList<List<object?[]>> after)
    {
        using RowDiff diff = Open(TableSchemas.Keypoints, before, after);
        var rows = new List<RowChange>();
        while (diff.Next())
        {
            rows.Add(RowChange.From(diff));
        }

        return rows;
    }

    private static RowDiff Open(ParquetSchema schema, IReadOnlyList<List<object?[]>> before, IReadOnlyList<List<object?[]>> after) =>
        new(schema, [.. before.Select(rows => Reader(schema, rows))], [.. after.Select(rows => Reader(schema, rows))], CancellationToken.None);

    private static ParquetTableReader Reader(ParquetSchema schema, List<object?[]> rows)
    {
        var table = new TestTable(schema);
        table.Rows.AddRange(rows.Order(Comparer<object?[]>.Create(CompareRows)));
        return TestTable.Open(table.Write());
    }

    /// <summary>By key: equal rows cancel out, then as many as both sides have left are changed.</summary>
    private static void AssertMatchesNaive(List<object?[]> before, List<object?[]> after, List<RowChange> found)
    {
        ILookup<string, string> left = before.ToLookup(KeyText, RowText);
        ILookup<string, string> right = after.ToLookup(KeyText, RowText);
        var expected = new Dictionary<string, (int Added, int Removed, int Changed)>(StringComparer.Ordinal);
        foreach (string key in left.Select(static g => g.Key).Union(right.Select(static g => g.Key)))
        {
            Dictionary<string, int> more = right[key].CountBy(static row => row).ToDictionary(StringComparer.Ordinal);
            foreach (string row in left[key])
            {
                more[row] = more.GetValueOrDefault(row) - 1;
            }

            int onlyAfter = more.Values.Where(static count => count > 0).Sum();
            int onlyBefore = -more.Values.Where(static count => count < 0).Sum();
            int changed = Math.Min(onlyBefore, onlyAfter);
            if (onlyBefore + onlyAfter > 0)
            {
                expected[key] = (onlyAfter - changed, onlyBefore - changed, changed);
            }
        }

        Dictionary<string, (int, int, int)> actual = found
            .GroupBy(static row => KeyText([.. (row.After ?? row.Before)!.Values]))
            .ToDictionary(
                static g => g.Key,
                static g => (
                    g.Count(static row => row.Change == RowChangeKind.Added),
                    g.Count(static row => row.Change == RowChangeKind.Removed),
                    g.Count(static row => row.Change == RowChangeKind.Changed)),
                StringComparer.Ordinal);
        Assert.Equal(expected.OrderBy(static e => e.Key, StringComparer.Ordinal), actual.OrderBy(static e => e.Key, StringComparer.Ordinal).Select(static e => new KeyValuePair<string, (int Added, int Removed, int Changed)>(e.Key, e.Value)));

        // Every row that is told stands on its side, and no more often than there.
        List<string> befores = [.. before.Select(RowText)];
        List<string> afters = [.. after.Select(RowText)];
        Assert.All(found.Where(static row => row.Before is not null), row => Assert.True(befores.Remove(RowText([.. row.Before!.Values]))));
        Assert.All(found.Where(static row => row.After is not null), row => Assert.True(afters.Remove(RowText([.. row.After!.Values]))));
        Assert.Equal(befores.Order(StringComparer.Ordinal), afters.Order(StringComparer.Ordinal));
    }

    private static List<object?[]> MakeRows(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => Row(
            "ep" + random.Next(5),
            random.Next(6),
            random.Next(1, 8),
            random.Next(5) == 0 ? null : "r" + random.Next(3),
            "l" + random.Next(3),
            random.Next(4))),
    ];

    private static List<object?[]> Edit(Random random, List<object?[]> rows) =>
        [.. rows.SelectMany(row => Edited(row, random.Next(12), random.Next(4)))];

    /// <summary>What becomes of a row: nothing, another value, another label, or it is there twice; mostly it stays.</summary>
    private static List<object?[]> Edited(object?[] row, int edit, double value)
    {
        object?[] copy = [.. row];
        switch (edit)
        {
            case 0:
                return [];
            case 1:
                copy[ColumnOf("x")] = value + 0.5;
                return [copy];
            case 2:
                copy[ColumnOf("label")] = "new";
                return [copy];
            case 3:
                return [[.. row], copy];
            default:
                return [copy];
        }
    }

    private static string Print((List<object?[]> Before, List<object?[]> After) tables) =>
        $"before:\n{string.Join('\n', tables.Before.Select(RowText))}\nafter:\n{string.Join('\n', tables.After.Select(RowText))}";

    private static List<List<object?[]>> Deal(List<object?[]> rows, int files, Random random)
    {
        List<List<object?[]>> dealt = [.. Enumerable.Range(0, files).Select(static _ => new List<object?[]>())];
        rows.ForEach(row => dealt[random.Next(files)].Add(row));
        return dealt;
    }

    private static object?[] Row(string episode, long frame, long task, string? region, string label, double x) =>
        [
            "p", "left", episode, frame, task, task * 10, region, label, "manual", 1, "7", null, 1.0, "/m.jpg", "image", null, "tag", 640, 480,
            null, x, 2.0, 3.0, 4.0, null,
        ];

    private static object?[] Polygon(string region, double[] points) =>
        [
            "p", "left", "ep", 1L, 1L, 10L, region, "leaf", "manual", 1, "7", null, 1.0, "/m.jpg", "image", null, "tag", 640, 480,
            points, new double[] { 1, 2 }, true, null,
        ];

    private static int ColumnOf(string name) =>
        TableSchemas.Keypoints.Columns.Select(static column => column.Name).ToList().IndexOf(name);

    private static string KeyText(object?[] row) => string.Join('|', s_key.Select(column => Text(row[column])));

    private static string RowText(object?[] row) => string.Join('|', row.Select(Text));

    private static string Text(object? value) => value switch
    {
        null => "∅",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static int CompareLists(double[] a, double[] b) => a
        .Zip(b, static (x, y) => x.CompareTo(y) is var order && order != 0 ? order : double.IsNegative(y).CompareTo(double.IsNegative(x)))
        .Append(a.Length.CompareTo(b.Length))
        .FirstOrDefault(static order => order != 0);

    private static int CompareRows(object?[]? a, object?[]? b)
    {
        // Other tables have fewer columns behind those that all have.
        foreach (int i in s_order.Where(column => column < a!.Length))
        {
            int order = (a![i], b![i]) switch
            {
                (null, null) => 0,
                (null, _) => -1,
                (_, null) => 1,
                (string x, string y) => string.CompareOrdinal(x, y),
                (double x, double y) => x.CompareTo(y) is var less && less != 0
                    ? less
                    : BitConverter.DoubleToInt64Bits(x).CompareTo(BitConverter.DoubleToInt64Bits(y)),
                (double[] x, double[] y) => CompareLists(x, y),
                (IComparable x, object y) => x.CompareTo(y),
                _ => throw new InvalidOperationException(),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
