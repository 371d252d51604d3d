using System.Globalization;
using HarvestTools.Cache;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Derivation.Tallies;

namespace HarvestTools.Tests.Decisions;

/// <summary>Corrections by model version, as the parts of several exports have them.</summary>
public sealed class ModelVersionCountsTests
{
    private static readonly DateTime s_day = new(2026, 5, 4, 8, 0, 0, DateTimeKind.Utc);
    private static readonly Dictionary<(string, string), (string?, bool)> s_one = [];

    [Fact]
    public void Parts_of_one_model_are_one_and_an_episode_of_several_people_is_one_unit()
    {
        Part a = Part(("v1", "fold", 1, 100, 3, 0), ("v1", "fold", 2, 100, 2, 4), ("v1", "fold", 1, 101, 5, 1), ("", "fold", 1, 100, 9, 9), ("v1", "air", 1, 100, 7, 2));
        Part b = Part(("v1", "fold", 1, 102, 1, 2), ("v2", "fold", 1, 100, 1, null));
        VersionCorrections[] found = [.. new ModelVersionCounts([("p", a), ("q", b)]).Of(s_one, static _ => null)];

        Assert.Equal(["v1", "v2"], found.Select(static one => one.ModelVersion));
        Assert.Equal(
            ["air by 1: 1 with 7, 49", "fold by 1: 2 with 6, 26", "fold by 1+2: 1 with 5, 25"],
            found[0].Units.Select(static unit => string.Create(
                CultureInfo.InvariantCulture, $"{unit.TaskSubdir} by {string.Join('+', unit.Annotators)}: {unit.Episodes} with {unit.Corrections}, {unit.SquaredCorrections}")));
        Assert.Equal([("air", 1L, 1L, 7L), ("fold", 1, 3, 9), ("fold", 2, 1, 2)], found[0].Strata.Select(static one => (one.TaskSubdir, one.AnnotatorId!.Value, one.Episodes, one.Corrections)));
        Assert.Equal(new DateTimeOffset(s_day), found[0].FirstSeen);
        Assert.Null(found[1].FirstSeen);
    }

    [Fact]
    public void A_stratum_has_what_became_of_each_predicted_region()
    {
        var tally = new Tally();
        var sources = new RegionSources { Accepted = 1, Corrected = 2, Drawn = 4, Deleted = 8, Unknown = 16 };
        tally.Model("v1"u8).Stratum("fold"u8, null).Add(100, sources, null, null);
        CorrectionStratum stratum = Assert.Single(Assert.Single(new ModelVersionCounts([("p", Part(tally))]).Of(s_one, static _ => null)).Strata);
        Assert.Equal(new CorrectionStratum("fold", null, 1, 11, 1, 2, 4, 8, 16, 14 * 14), stratum);
    }

    [Fact]
    public void A_version_without_a_date_has_that_of_its_training_or_no_place_in_its_line()
    {
        Part part = Part(("v1", "fold", 1, 100, 1, null), ("v2", "fold", 1, 100, 1, 3), ("other", "fold", 1, 100, 1, null));
        var lines = new Dictionary<(string, string), (string?, bool)> { [("v1", "p")] = ("a", false), [("v2", "p")] = ("a", false), [("other", "p")] = ("b", true) };
        var trained = new DateTimeOffset(s_day.AddDays(9));
        Assert.Equal(
            [("other", null, "b", true, false), ("v1", null, "a", false, true), ("v2", new DateTimeOffset(s_day.AddDays(3)), "a", false, false)],
            new ModelVersionCounts([("p", part)]).Of(lines, static _ => null).Select(static one => (one.ModelVersion, one.FirstSeen, one.Line, one.LineUnknown, one.OrderUnknown)));
        Assert.Equal(
            [("other", trained, false), ("v1", trained, false), ("v2", (DateTimeOffset?)new DateTimeOffset(s_day.AddDays(3)), false)],
            new ModelVersionCounts([("p", part)]).Of(lines, _ => trained).Select(static one => (one.ModelVersion, one.FirstSeen, one.OrderUnknown)));

        // A name that is of two models, one in each project, is two.
        lines[("v1", "q")] = ("c", false);
        Assert.Equal(
            [("v1", "a"), ("v1", "c")],
            new ModelVersionCounts([("p", part), ("q", part)]).Of(lines, static _ => null).Where(static one => one.ModelVersion == "v1").Select(static one => (one.ModelVersion, one.Line!)));
    }

    [Fact]
    public void Each_version_has_the_projects_that_it_pre_annotated()
    {
        Part one = Part(("v1", "fold", 1, 100, 1, null), ("", "fold", 1, 100, 1, null));
        Part both = Part(("v1", "fold", 1, 100, 1, null), ("v2", "fold", 1, 100, 1, null));
        IReadOnlyDictionary<string, IReadOnlySet<string>> projects = new ModelVersionCounts([("p", one), ("q", both), ("q", one)]).Projects();
        Assert.Equal(["v1", "v2"], projects.Keys.Order());
        Assert.Equal(["p", "q"], projects["v1"].Order());
        Assert.Equal(["q"], projects["v2"]);
    }

    [Fact]
    public void Work_has_the_last_day_of_each_task_and_its_weeks()
    {
        Part a = Part(("v1", "fold", 1, 100, 1, 0), ("", "pour", 1, 100, 1, null), ("v2", "fold", 2, 100, 1, 9));
        Part b = Part(("v1", "fold", 1, 100, 1, 20), ("v1", "air", 1, 100, 1, 5), ("v1", "air", 2, 100, 1, null));
        a.Tally.Weeks.Add(s_day.AddDays(9));
        a.Tally.Weeks.Add(s_day);
        b.Tally.Weeks.Add(s_day.AddDays(1));
        WorkDates dates = new ModelVersionCounts([("p", a), ("p", b)]).Dates();
        Assert.Equal(
            [("air", new DateTimeOffset(s_day.AddDays(5))), ("fold", new DateTimeOffset(s_day.AddDays(20)))],
            dates.LastSeen.Select(static task => (task.Key, task.Value)).Order());
        Assert.Equal(["air", "pour"], dates.Undated.Order());
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Monday], dates.Days.Select(static day => day.DayOfWeek));
        Assert.Equal(7, (dates.Days[1] - dates.Days[0]).TotalDays);
    }

    [Fact]
    public void Versions_are_in_the_order_of_their_dates_and_what_has_none_is_last()
    {
        VersionCorrections v1 = new("v1", new DateTimeOffset(s_day.AddDays(2)), []);
        VersionCorrections v2 = new("v2", new DateTimeOffset(s_day), []);
        VersionCorrections v3 = new("v3", null, []);
        Assert.Equal([("v2", false), ("v1", false), ("v3", true)], Order(v1, v3, v2));
        Assert.Equal([("v3", false), ("v4", false)], Order(v3, v3 with { ModelVersion = "v4" }));
        Assert.Equal([("v2", true), ("v4", true), ("v1", false)], Order(v2, v2 with { ModelVersion = "v4" }, v1));

        // Of one day, and of two models.
        Assert.Equal([("v2", false), ("v4", false)], Order(v2, v2 with { ModelVersion = "v4", Line = "b" }));

        static (string, bool)[] Order(params VersionCorrections[] versions) => [.. VersionCorrections.InOrder(versions).Select(static one => (one.ModelVersion, one.OrderUnknown))];
    }

    [Fact]
    public void A_version_has_the_sums_of_its_strata_and_no_rate_of_nothing()
    {
        var none = new VersionCorrections("v", null, []);
        Assert.Equal((0L, 0, 0L, 0L, null, null), (none.Episodes, none.Annotators, none.Predicted, none.Corrections, none.CorrectionsPerEpisode, none.CorrectionRate));
        var two = new VersionCorrections("v", null, [new("fold", 1, 4, 20, 9, 1, 2, 4, 5, 7.5), new("pour", 1, 6, 30, 9, 8, 16, 32)]);
        Assert.Equal((10L, 1, 50L, 63L, 6.3, 1.26), (two.Episodes, two.Annotators, two.Predicted, two.Corrections, two.CorrectionsPerEpisode!.Value, two.CorrectionRate!.Value));
        Assert.Equal([("fold", "1", 4L, 7L, 7.5), ("pour", "1", 6, 56, null)], two.Work.Select(static unit => (unit.TaskSubdir, unit.People, unit.Episodes, unit.Corrections, unit.SquaredCorrections)));
        VersionCorrections units = two with { Units = [new("fold", [1, null], 5, 7), new("pour", [2], 4, 1)] };
        Assert.Equal((9L, "1+? 2"), (units.Episodes, string.Join(' ', units.Work.Select(static unit => unit.People))));

        VersionFigures figures = VersionFigures.Of(two with { Line = "a" });
        Assert.Equal(("v", 10L, 1, 50L, 18L, 9L, 36L, "a"), (figures.ModelVersion, figures.Episodes, figures.Annotators, figures.Predicted, figures.Drawn, figures.Corrected, figures.Deleted, figures.Line));
        Assert.Equal((6.3, 1.26), (figures.CorrectionsPerEpisode!.Value, figures.CorrectionRate!.Value));
    }

    private static Part Part(Tally tally) => new("key", new string('a', 64), [], tally, []);

    /// <summary>Drawn regions of a version by task, annotator and episode, each with the day on which they were submitted.</summary>
    private static Part Part(params (string Version, string Task, long Annotator, ulong Episode, long Drawn, int? Day)[] work)
    {
        var tally = new Tally();
        foreach ((string version, string task, long annotator, ulong episode, long drawn, int? day) in work)
        {
            DateTime? at = day is { } days ? s_day.AddDays(days) : null;
            tally.Model(System.Text.Encoding.UTF8.GetBytes(version)).Stratum(System.Text.Encoding.UTF8.GetBytes(task), annotator).Add(episode, new RegionSources { Drawn = drawn }, at, at);
        }

        return Part(tally);
    }
}
