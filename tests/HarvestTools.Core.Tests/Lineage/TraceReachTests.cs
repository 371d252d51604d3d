using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>Every question that goes forward, held against a season of known truth.</summary>
public sealed class TraceReachTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_answer_is_the_truth(int seed)
    {
        using var season = new LineageSeason(seed);
        List<TrueAnnotation> all = [.. season.Slices.Values.SelectMany(static slice => slice)];

        // The second time from the index in the cache.
        for (int time = 0; time < 2; time++)
        {
            Compare(season, all.Select(static one => one.Episode), SourceQuery.OfEpisode, static (one, episode) => one.Episode == episode, rowsOnly: true);
            Compare(season, all.Select(static one => one.Medium), SourceQuery.OfMedium, static (one, medium) => one.Medium == medium, rowsOnly: true);
            Compare(season, all.Select(static one => one.Task), SourceQuery.OfTask, static (one, task) => one.Task == task);
            Compare(season, all.Select(static one => one.Annotator), SourceQuery.OfAnnotator, static (one, annotator) => one.Annotator == annotator);
            Compare(season, all.Select(static one => one.Id), SourceQuery.OfAnnotation, static (one, id) => one.Id == id);
        }
    }

    [Fact]
    public void The_listed_rows_are_those_that_are_counted()
    {
        using var season = new LineageSeason(4);
        foreach (long annotator in season.Slices["v4"].Select(static one => one.Annotator).Distinct())
        {
            var asked = SourceQuery.OfAnnotator(annotator);
            ILookup<(string, string), SourceRow> rows = TraceRows.Of(season.Repository.Repository, asked, season.Repository.Context).ToLookup(static row => (row.Version, row.Project));
            foreach (SliceSource share in TraceReach.Of(season.Repository.Repository, asked, season.Repository.Context))
            {
                Assert.Equal(share.Rows, rows[(share.Version, share.Project)].Count());
                Assert.All(rows[(share.Version, share.Project)], row => Assert.Contains(asked.Text, row.Annotators));
            }
        }

        Assert.Equal(
            season.Slices["v2"].Where(static one => one.Leads).Sum(static one => one.Rows),
            TraceRows.OfSlice(season.Repository.Repository, "v2", season.Repository.Context).Count());
    }

    [Fact]
    public void Corrections_are_those_of_what_is_asked_for()
    {
        using var season = new LineageSeason(5);
        foreach (TrueAnnotation one in season.Slices["v4"])
        {
            SliceSource share = Assert.Single(Shares(season, SourceQuery.OfAnnotation(one.Id), corrections: true), static share => share.Version == "v4");
            Assert.Equal(one.Corrected, share.Corrections!.Sum(static correction => correction.Rows));
        }
    }

    [Fact]
    public void A_slice_and_a_project_narrow_the_answer()
    {
        using var season = new LineageSeason(6);
        long task = season.Slices["v1"].Select(static one => (one.Task, one.Project)).GroupBy(static one => one.Task).First(static group => group.Distinct().Count() == 2).Key;

        Assert.Equal(["v3"], Shares(season, SourceQuery.OfTask(task) with { Version = "v3" }).Select(static share => share.Version).Distinct());
        Assert.Equal(["b"], Shares(season, SourceQuery.OfTask(task) with { Project = "b" }).Select(static share => share.Project).Distinct());
    }

    [Theory]
    [InlineData(SourceKind.Episode, "EpisodeUnknown")]
    [InlineData(SourceKind.Task, "TaskUnknown")]
    [InlineData(SourceKind.Annotation, "AnnotationUnknown")]
    [InlineData(SourceKind.Annotator, "AnnotatorUnknown")]
    [InlineData(SourceKind.Medium, "MediumUnknown")]
    [InlineData(SourceKind.Export, "ExportNotInSlices")]
    public void What_no_slice_has_is_an_error(SourceKind kind, string errorId)
    {
        using var season = new LineageSeason(7);

        Assert.Equal(errorId, Assert.Throws<HarvestException>(() => Shares(season, Of(kind, "999999"))).ErrorId);
    }

    [Fact]
    public void An_export_is_found_by_its_path_its_hash_and_its_first_digits()
    {
        using var season = new LineageSeason(8);
        string sha256 = season.Repository.Repository.Slices.Load("v2").Exports.Single(static export => export.Path == "exports/a3.json").Sha256;

        foreach (string name in (string[])["exports/a3.json", sha256, sha256[..8].ToUpperInvariant()])
        {
            Assert.Equal(["v2", "v3"], Shares(season, SourceQuery.OfExport(name)).Select(static share => share.Version));
        }
    }

    [Fact]
    public void A_medium_is_found_by_the_last_part_of_its_link_and_not_by_less()
    {
        using var season = new LineageSeason(9);
        TrueAnnotation one = season.Slices["v1"].First(static one => one is { Rows: > 0, Project: "a" });

        string name = Path.GetFileName(one.Medium);
        Assert.Contains(Shares(season, SourceQuery.OfMedium(name)), static share => share is { Version: "v1", Project: "a" });
        Assert.Equal("MediumUnknown", Assert.Throws<HarvestException>(() => Shares(season, SourceQuery.OfMedium(name[1..]))).ErrorId);
    }

    private static SourceQuery Of(SourceKind kind, string text) => kind switch
    {
        SourceKind.Episode => SourceQuery.OfEpisode(text),
        SourceKind.Task => SourceQuery.OfTask(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        SourceKind.Annotation => SourceQuery.OfAnnotation(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        SourceKind.Annotator => SourceQuery.OfAnnotator(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
        SourceKind.Medium => SourceQuery.OfMedium(text),
        _ => SourceQuery.OfExport(text),
    };

    private static List<SliceSource> Shares(LineageSeason season, SourceQuery query, bool corrections = false) =>
        [.. TraceReach.Of(season.Repository.Repository, query, season.Repository.Context, corrections)];

    private static void Compare<T>(
        LineageSeason season, IEnumerable<T> values, Func<T, SourceQuery> query, Func<TrueAnnotation, T, bool> isOf, bool rowsOnly = false)
        where T : notnull
    {
        foreach (T value in values.Distinct())
        {
            // The rows of two who agree are there once.
            string[] expected =
            [
                .. from slice in season.Slices
                   from share in slice.Value.Where(one => isOf(one, value) && (!rowsOnly || one.Rows > 0)).GroupBy(static one => one.Project)
                   let rows = share.GroupBy(static one => one.Task).Sum(static task => task.Max(static one => one.Rows))
                   let corrected = share.GroupBy(static one => one.Task).Sum(static task => task.Max(static one => one.Corrected))
                   let rejected = rowsOnly ? "" : share.Sum(static one => one.Rejected).ToString(System.Globalization.CultureInfo.InvariantCulture)
                   orderby slice.Key, share.Key
                   select $"{slice.Key} {share.Key}: {rows} rows, {corrected} corrected, {rejected} rejected, {(rowsOnly ? 0 : share.Count())} annotations",
            ];
            if (expected.Length == 0)
            {
                Assert.Throws<HarvestException>(() => Shares(season, query(value)));
                continue;
            }

            Assert.Equal(
                expected,
                Shares(season, query(value))
                    .Select(share => $"{share.Version} {share.Project}: {share.Rows} rows, {share.CorrectedRows} corrected, {share.Rejected} rejected, {(rowsOnly ? 0 : share.Annotations)} annotations")
                    .Order(StringComparer.Ordinal));
        }
    }
}
