using HarvestTools.Drift;
using HarvestTools.Parquet.Reading;
using HarvestTools.Tests.Parquet;

namespace HarvestTools.Tests.Drift;

/// <summary>What is said of rows that differ, and how they are counted.</summary>
public sealed class RowChangeTests
{
    private static readonly RowChange s_row = new(
        "keypoints", RowChangeKind.Changed, "b", "left", "ep_3", 7, 12, 30, "r1", "wrist", [], Values(("a", 1L)), Values(("a", 2L)));

    [Fact]
    public void A_row_is_named_by_all_that_it_has()
    {
        Assert.Equal("changed: keypoints of b, task 12, episode left/ep_3, frame 7, annotation 30, region r1, label wrist: ", RowFormatter.Describe(s_row));
        Assert.Equal(
            "added: keypoints of b, task 12, episode ep_3, frame 7",
            RowFormatter.Describe(s_row with { Change = RowChangeKind.Added, TaskSubdir = "", AnnotationId = null, RegionId = null, Label = null }));
        RowChange rejected = s_row with { Table = "rejected", TaskSubdir = null, Episode = null, Frame = null, Label = null };
        Assert.Equal(
            "removed: rejected of b, task 12, annotation 30, region r1 (cancelled)",
            RowFormatter.Describe(rejected with { Change = RowChangeKind.Removed, Before = Values(("reason", "cancelled")), After = null }));
        Assert.Equal(
            "added: rejected of b, task 12, annotation 30, region r1 (no-label)",
            RowFormatter.Describe(rejected with { Change = RowChangeKind.Added, Before = null, After = Values(("reason", "no-label")) }));
        Assert.Equal("Changed keypoints ep_3@7 wrist", s_row.ToString());
        Assert.Equal("Changed rejected task 12", rejected.ToString());
        Assert.Equal("Changed keypoints k 3, frame 7", (s_row with { KeyText = "k 3, frame 7" }).ToString());
    }

    [Fact]
    public void A_count_is_named_by_the_most_telling_of_what_it_has()
    {
        var count = new RowChangeCount { Label = "wrist", Table = "boxes", Episode = "ep", TaskSubdir = "left", Annotator = "7", Added = 1, Removed = 2, Changed = 4 };
        Assert.Equal("wrist 7", count.ToString());
        Assert.Equal("boxes 7", (count with { Label = null }).ToString());
        Assert.Equal("ep 7", (count with { Label = null, Table = null }).ToString());
        Assert.Equal("left 7", (count with { Label = null, Table = null, Episode = null }).ToString());
        Assert.Equal("7 7", (count with { Label = null, Table = null, Episode = null, TaskSubdir = null }).ToString());
    }

    [Fact]
    public void Values_of_every_type_are_shown_and_of_many_columns_the_first_four()
    {
        string[] columns = ["null", "double", "flag", "text", "number", "list"];
        RowChange row = s_row with
        {
            Columns = columns,
            Before = Values(("null", null), ("double", 0.1), ("flag", true), ("text", "a"), ("number", 1234), ("list", new[] { 1.0 })),
            After = Values(("null", 2L), ("double", 1e300), ("flag", false), ("text", "b"), ("number", 1235), ("list", new[] { 2.0 })),
        };
        Assert.EndsWith(": null null → 2, double 0.1 → 1E+300, flag true → false, text a → b and 2 more columns", RowFormatter.Describe(row), StringComparison.Ordinal);
        Assert.EndsWith(", text a → b and 1 more column", RowFormatter.Describe(row with { Columns = columns[..5] }), StringComparison.Ordinal);
        Assert.EndsWith(", text a → b", RowFormatter.Describe(row with { Columns = columns[..4] }), StringComparison.Ordinal);
        Assert.EndsWith(": number 1234 → 1235", RowFormatter.Describe(row with { Columns = ["number"] }), StringComparison.Ordinal);
        Assert.Equal("1,204 rows added, 3 removed and 77 changed", RowFormatter.Counts(1204, 3, 77));
        Assert.Equal("1 row added, 0 removed and 0 changed", RowFormatter.Counts(1, 0, 0));
    }

    [Fact]
    public void A_row_as_text_is_json_in_which_every_value_has_its_place()
    {
        RowValues values = Values(("n", null), ("t", true), ("i", 3), ("l", long.MaxValue), ("d", 0.5), ("nan", double.NaN), ("inf", double.NegativeInfinity), ("x", new[] { 1.5, double.NaN }), ("s", "é\"<"));
        Assert.Equal(
            """{"n":null,"t":true,"i":3,"l":9223372036854775807,"d":0.5,"nan":"NaN","inf":"-Infinity","x":[1.5,"NaN"],"s":"é\"<"}""",
            values.ToString());
    }

    [Fact]
    public void Counts_of_several_tables_and_files_are_one()
    {
        RowTally tally = TallyOf([Row("p", "left", "e1", 1, "a", 0), Row("p", "left", "e1", 2, "a", 0), Row("q", "", "e1", 1, "b", 0), Row("q", "", "e0", null, "b", 0)], []);
        tally.Merge(TallyOf([Row("p", "left", "e1", 1, "a", 0)], [Row("p", "left", "e1", 1, "a", 1), Row("p", "left", "e0", 3, "a", 1)]));
        Assert.Equal((1, 4, 1), (tally.Added, tally.Removed, tally.Changed));
        Assert.Equal(["p", "q"], tally.Projects.Order(StringComparer.Ordinal));
        Assert.Equal([1L, 2L, 3L], tally.AnnotationsOf("p").Order());
        Assert.Equal([1L], tally.AnnotationsOf("q"));

        RowChangeSummary counts = tally.ToSummary(static (project, annotation) => project == "p" && annotation < 3 ? 40 - annotation : null);
        Assert.Equal((6, "1 added, 4 removed, 1 changed"), (counts.Total, counts.ToString()));
        Assert.Equal(["keypoints 1 4 1"], counts.ByTable.Select(Text));
        Assert.Equal(["keypoints a 1 2 1", "keypoints b 0 2 0"], counts.ByLabel.Select(Text));
        Assert.Equal([" 0 2 0", "left 1 2 1"], counts.ByTaskSubdir.Select(static count => $"{count.TaskSubdir} {count.Added} {count.Removed} {count.Changed}"));
        Assert.Equal(
            ["/e0 0 1 0", "/e1 0 1 0", "left/e0 1 0 0", "left/e1 0 2 1"],
            counts.ByEpisode.Select(static count => $"{count.TaskSubdir}/{count.Episode} {count.Added} {count.Removed} {count.Changed}"));
        Assert.Equal(
            [" 1 2 0", "38 0 1 0", "39 0 1 1"],
            counts.ByAnnotator.Select(static count => $"{count.Annotator} {count.Added} {count.Removed} {count.Changed}"));

        Assert.Empty(tally.ToSummary().ByAnnotator);
        Assert.Equal(["1"], TallyOf([Row("p", "", "e", 1, "a", 0)], []).ToSummary(static (_, annotation) => annotation).ByAnnotator.Select(static count => count.Annotator));
    }

    /// <summary>Neighbours share what they are counted under only where all of it is the same.</summary>
    [Fact]
    public void Neighbours_of_one_episode_name_or_annotation_id_are_counted_apart_where_folder_or_project_is_another()
    {
        RowTally tally = TallyOf([Row("p", "", "e1", 7, "a", 0), Row("p", "left", "e1", 7, "a", 0), Row("q", "left", "e1", 7, "a", 0)], []);
        RowChangeSummary counts = tally.ToSummary(static (project, _) => project == "p" ? 1 : 2);
        Assert.Equal(["/e1 1", "left/e1 2"], counts.ByEpisode.Select(static count => $"{count.TaskSubdir}/{count.Episode} {count.Removed}"));
        Assert.Equal(["1 2", "2 1"], counts.ByAnnotator.Select(static count => $"{count.Annotator} {count.Removed}"));
    }

    [Fact]
    public void Rows_of_no_annotation_are_counted_whatever_happened_to_them_and_merged_too()
    {
        RowTally tally = TallyOf([Row("p", "", "d", null, "a", 0), Row("p", "", "e", null, "a", 0)], [Row("p", "", "e", null, "a", 1)]);
        var merged = new RowTally();
        merged.Merge(tally);
        foreach (RowTally each in new[] { tally, merged })
        {
            RowChangeCount unknown = Assert.Single(each.ToSummary(static (_, _) => 1).ByAnnotator);
            Assert.Equal(("", 0L, 1L, 1L), (unknown.Annotator, unknown.Added, unknown.Removed, unknown.Changed));
        }

        RowTally balanced = TallyOf([Row("p", "", "d", null, "a", 0)], [Row("p", "", "e", null, "a", 1)]);
        Assert.Equal(2, Assert.Single(balanced.ToSummary(static (_, _) => 1).ByAnnotator).Total);
    }

    [Fact]
    public void Files_are_closed_with_the_comparison_and_where_it_cannot_begin()
    {
        byte[] file = File([Row("p", "", "e", 1, "a", 0)]);
        byte[] other = new TestTable(TableSchemas.Boxes).Write();
        MemoryStream[] streams = [new(file), new(file), new(file), new(other)];
        using (Comparison(streams[0], streams[1], file, file))
        {
            Assert.All(streams[..2], static stream => Assert.True(stream.CanRead));
        }

        Assert.Equal("ParquetForeign", Assert.Throws<HarvestException>(() => Comparison(streams[2], streams[3], file, other)).ErrorId);
        Assert.All(streams, static stream => Assert.False(stream.CanRead));

        static RowDiff Comparison(Stream before, Stream after, byte[] first, byte[] second) => new(
            TableSchemas.Keypoints, [Reader(before, first)], [Reader(after, second)], CancellationToken.None);
        static ParquetTableReader Reader(Stream stream, byte[] bytes) => new(VerifiedFile.Open(stream, "test.parquet", TestTable.Sha256Of(bytes)));
    }

    [Fact]
    public void The_first_difference_is_given_and_none_where_there_is_none()
    {
        using (RowDiff diff = Open([Row("p", "", "e", 1, "a", 0)], [Row("p", "", "d", 1, "a", 0), Row("p", "", "e", 1, "a", 2)]))
        {
            Assert.Equal((RowChangeKind.Added, "d"), (new RowTally().AddAll(diff) is { } first ? (first.Change, first.Episode) : default));
        }

        using RowDiff same = Open([Row("p", "", "e", 1, "a", 0)], [Row("p", "", "e", 1, "a", 0)]);
        Assert.Null(new RowTally().AddAll(same));
    }

    [Fact]
    public void A_comparison_hears_a_stop_within_some_thousand_rows()
    {
        using var stop = new CancellationTokenSource();
        object?[][] rows = [.. Enumerable.Range(0, 20_000).Select(static i => Row("p", "", "e", i, "a", 0))];
        using RowDiff diff = RowDiff.Open(
            TableSchemas.Keypoints, [() => TestTable.Open(File(rows))], [() => TestTable.Open(File(rows[..^1]))], stop.Token);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => diff.Next());
    }

    private static string Text(RowChangeCount count) =>
        string.Join(' ', new object?[] { count.Table, count.Label, count.Added, count.Removed, count.Changed }.Where(static part => part is not null));

    private static RowTally TallyOf(object?[][] before, object?[][] after)
    {
        var tally = new RowTally();
        using RowDiff diff = Open(before, after);
        _ = tally.AddAll(diff);
        return tally;
    }

    private static RowDiff Open(object?[][] before, object?[][] after) => RowDiff.Open(
        TableSchemas.Keypoints, [() => TestTable.Open(File(before))], [() => TestTable.Open(File(after))], CancellationToken.None);

    /// <summary>In the order of tables, as far as these rows need it.</summary>
    private static byte[] File(object?[][] rows)
    {
        var table = new TestTable(TableSchemas.Keypoints);
        table.Rows.AddRange(rows
            .OrderBy(static row => (string)row[0]!, StringComparer.Ordinal)
            .ThenBy(static row => (string)row[1]!, StringComparer.Ordinal)
            .ThenBy(static row => (string)row[2]!, StringComparer.Ordinal)
            .ThenBy(static row => (long?)row[5]));
        return table.Write();
    }

    private static object?[] Row(string project, string subdir, string episode, long? annotation, string label, double x) =>
    [
        project, subdir, episode, 1L, 1L, annotation, "r", label, "manual", 1, "7", null, 1.0, "/m.jpg", "image", null, "tag", 640, 480,
        null, x, 2.0, 3.0, 4.0, null,
    ];

    private static RowValues Values(params (string Column, object? Value)[] cells)
    {
        var values = new RowValues(cells.Length);
        foreach ((string column, object? value) in cells)
        {
            values.Add(column, value);
        }

        return values;
    }
}
