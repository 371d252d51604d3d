using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>The figures behind the correction trend, worked out beside the code that has them.</summary>
public sealed class CorrectionFigureTests
{
    private static readonly CorrectionTrendSettings s_settings = new() { FalseAlarmCycles = 2 };

    [Fact]
    public void Without_squares_model_versions_show_the_scatter()
    {
        // Of the baseline 10 episodes with 20 corrections and 10 with 40, where 30 each were to be expected; after it 10 with 60, and
        // 4 episodes of a task that nobody had before.
        var table = Table(Version(10, 20), Version(10, 40), Version(10, 60) with { Units = [Units("fold", 10, 60), Units("pour", 4, 4)] });
        Dispersion found = CorrectionDispersion.Estimate(table, 0..2, 2..3)!.Value;

        // Two deviations of 10 from 30, each over 10 episodes, against a mean of 3 with one degree of freedom.
        const double Episodes = ((10.0 * 10 / 10) + (10.0 * 10 / 10)) / 3;

        // Of the same 10 a cycle half is its own part of the mean; one of three cycles shows nothing. Usual is a variation of 0.2.
        const double Usual = Episodes + (0.04 * (30 + 30 + 60 + 4) / 3);
        const double Cycles = ((1 * (200 / 15.0 / 2)) + (5 * Usual)) / 6;
        Assert.Equal(Cycles, found.Value, 12);
        Assert.Equal(UpperLimit(Episodes, 1, -0.385320466407568), found.Episodes, 12);
        Assert.Equal(Math.Max(found.Episodes, UpperLimit(Cycles, 6, -0.45)), found.Limit, 12);

        // What only one version shows says nothing of how versions differ.
        Assert.Null(CorrectionDispersion.Estimate(Table(Version(10, 20), Version(10, 40)), 0..1, 1..2));
    }

    [Fact]
    public void Ten_degrees_of_freedom_within_are_enough()
    {
        // Six episodes twice: five degrees of freedom each. Squares 40 about a mean of 2 leave 16, where Poisson counts show 10.
        CorrectionTable table = Table(Version(6, 12, 40), Version(6, 12, 40));
        Dispersion found = CorrectionDispersion.Estimate(table, 0..1, 1..2)!.Value;
        Assert.Equal(UpperLimit(1.6, 10, -0.385320466407568), found.Episodes, 12);
        Assert.Null(CorrectionDispersion.Estimate(Table(Version(6, 12, 40), Version(5, 10, 40)), 0..1, 1..2));
    }

    [Fact]
    public void Squares_of_a_cell_are_known_where_those_of_all_its_episodes_are()
    {
        CorrectionTable known = Table(Version(5, 9) with { Units = [Units("fold", 5, 9, 30), Units("fold", 0, 0), Units("fold", 2, 4, 8)] });
        Assert.Equal((7.0, 13.0, 38.0), (known.Episodes(0, 0), known.Corrections(0, 0), known.Squares(0, 0)!.Value));
        Assert.Null(Table(Version(5, 9) with { Units = [Units("fold", 5, 9, 30), Units("fold", 2, 4)] }).Squares(0, 0));
    }

    [Fact]
    public void A_rise_may_have_begun_wherever_both_sides_have_enough_episodes_and_cycles()
    {
        VersionCorrections[] six = [.. Enumerable.Range(0, 6).Select(static _ => Version(20, 40))];
        Assert.Equal([1, 2, 3, 4], Starts(six, s_settings with { BaselineVersions = 4, MinEpisodes = 20 }));
        Assert.Equal([2, 3, 4], Starts(six, s_settings with { BaselineVersions = 4, MinEpisodes = 40 }));
        Assert.Equal([2, 3], Starts(six, s_settings with { BaselineVersions = 2, MinEpisodes = 40, Cycles = 3 }));
        Assert.Equal([3], Starts(six, s_settings with { BaselineVersions = 4, MinEpisodes = 60, Cycles = 3 }));
        Assert.Empty(Starts(six, s_settings with { BaselineVersions = 4, MinEpisodes = 61 }));
    }

    [Fact]
    public void Each_of_the_last_cycles_needs_an_episode_that_can_be_compared()
    {
        VersionCorrections[] four = [.. Enumerable.Range(0, 4).Select(static _ => Version(200, 400))];
        VersionCorrections known = Version(200, 400);
        VersionCorrections other = Version(200, 400) with { Units = [Units("pour", 200, 400)] };
        Assert.True(Test([.. four, known, known]).CanCompare(4));
        Assert.False(Test([.. four, known, other]).CanCompare(4));
        Assert.False(Test([.. four, other, known]).CanCompare(4));

        // An earlier one of them is not asked.
        Assert.True(Test([.. four, other, known, known]).CanCompare(4));
    }

    [Fact]
    public void Of_starts_that_are_as_strong_the_first_counts_and_the_limit_itself_can_be_seen()
    {
        RiseEvidence evidence = RiseEvidence.Between(Table(Version(40, 80), Version(20, 80)), 0..1, 1..2, 2, new Dispersion(1, 1, 1));
        var one = new RiseCandidate(0..1, 1..2, new Dispersion(1, 1, 1), evidence);
        RiseCandidate other = one with { Tested = 2..3 };
        Assert.Same(one, RiseCandidate.Stronger(one, other));
        Assert.Same(other, RiseCandidate.Stronger(null, other));
        Assert.True(RiseCandidate.CanTell(0, new Dispersion(1, 1, 1), 0));

        // In nine cases of ten the figure is above its mean less 1.28 of its deviation, which is less where the limit was cautious.
        Assert.True(RiseCandidate.CanTell(8, new Dispersion(1, 1, 1), 8 - (1.28156 * 4)));
        Assert.False(RiseCandidate.CanTell(8, new Dispersion(1, 1, 1), 8 - (1.2815 * 4)));
        Assert.True(RiseCandidate.CanTell(8, new Dispersion(4, 1, 1), 8 - (1.28156 * 2)));
        Assert.False(RiseCandidate.CanTell(8, new Dispersion(4, 1, 1), 8 - (1.2815 * 2)));
        Assert.False(RiseCandidate.CanTell(8, new Dispersion(1, 4, 1), 8 - (1.2815 * 4)));
    }

    [Fact]
    public void What_the_data_could_have_shown_takes_the_lower_of_two_rates()
    {
        // Baseline 40 episodes, tested 20. With 80 corrections before and 20 after the rate of both is lower: 100 / 60.
        Assert.Equal(Expected(100, 100 / 60.0), Evidence(80, 20).Expected, 12);

        // With 40 and 40 it is that of the baseline: 1.
        Assert.Equal(Expected(80, 1), Evidence(40, 40).Expected, 12);

        // Of 30 episodes before and 20 after the tested ones have two fifths of all corrections, and four sevenths after a doubling.
        double seventh = ((4 / 7.0) * Math.Log(4 / 7.0 / 0.4)) + ((3 / 7.0) * Math.Log(3 / 7.0 / 0.6));
        Assert.Equal(seventh * (1.4 * (30 + (2 * 20))), Evidence(60, 10, 30).Expected, 12);
        Assert.Equal(seventh * (1.0 * (30 + (2 * 20))), Evidence(30, 30, 30).Expected, 12);
        Assert.Equal((0.0, 0.0), (Evidence(0, 0).Expected, Evidence(0, 0).LogLikelihoodRatio));
        Assert.Equal((null, 0.5, 2.0), (Evidence(0, 7).Rise, Evidence(80, 20).Rise, Evidence(40, 40).Rise));
        Assert.Equal((40.0, 80.0, 20.0), (Evidence(80, 20).BaselineEpisodes, Evidence(80, 20).BaselineCorrections, Evidence(80, 20).TestedEpisodes));

        // What whole cycles differ by takes from the weight: a limit of 6 where episodes show 3 halves the evidence.
        CorrectionTable table = Table(Version(40, 80), Version(20, 80));
        RiseEvidence whole = RiseEvidence.Between(table, 0..1, 1..2, 2, new Dispersion(3, 3, 3));
        RiseEvidence half = RiseEvidence.Between(table, 0..1, 1..2, 2, new Dispersion(6, 3, 3));
        Assert.Equal(whole.LogLikelihoodRatio / 2, half.LogLikelihoodRatio, 12);
        Assert.Equal(whole.Expected / 2, half.Expected, 12);

        static RiseEvidence Evidence(long before, long after, long episodes = 40) =>
            RiseEvidence.Between(Table(Version(episodes, before), Version(20, after)), 0..1, 1..2, 2, new Dispersion(1, 1, 1));

        // A third of the episodes are the tested ones, which have half of all corrections after a doubling.
        static double Expected(double corrections, double rate) =>
            corrections * ((0.5 * Math.Log(0.5 * 3)) + (0.5 * Math.Log(0.5 * 3 / 2))) * (rate * (40 + (2 * 20)) / corrections);
    }

    [Fact]
    public void Strata_add_up_and_one_that_a_side_does_not_know_says_nothing()
    {
        VersionCorrections before = Version(0, 0) with { Units = [Units("fold", 40, 80), Units("pour", 10, 50), Units("old", 5, 99)] };
        VersionCorrections after = Version(0, 0) with { Units = [Units("fold", 20, 60), Units("pour", 30, 90), Units("new", 7, 99)] };
        RiseEvidence all = RiseEvidence.Between(Table(before, after), 0..1, 1..2, 2, new Dispersion(1, 1, 1));
        Assert.Equal((50.0, 130.0, 50.0), (all.BaselineEpisodes, all.BaselineCorrections, all.TestedEpisodes));
        Assert.Equal(((60 * 40 / 60.0) + (90 * 10 / 40.0)) / ((80 * 20 / 60.0) + (50 * 30 / 40.0)), all.Rise!.Value, 12);
        Assert.Equal(
            (60 * Math.Log(0.5 * 3)) + (80 * Math.Log(0.5 * 3 / 2)) + (90 * Math.Log(60.0 / 70 / 0.75)) + (50 * Math.Log(10.0 / 70 / 0.25)),
            all.LogLikelihoodRatio,
            9);
    }

    private static double UpperLimit(double value, double freedom, double quantile) =>
        value / Math.Pow(1 - (2 / (9 * freedom)) + (quantile * Math.Sqrt(2 / (9 * freedom))), 3);

    private static CorrectionTrendTest Test(VersionCorrections[] versions) => new(versions, s_settings, lines: 1);

    private static int[] Starts(VersionCorrections[] versions, CorrectionTrendSettings settings) =>
        [.. new CorrectionTrendTest(versions, settings, lines: 1).Starts().Select(static start => start.Plain.Tested.Start.Value)];

    private static CorrectionTable Table(params VersionCorrections[] versions) => new(versions, Stratification.TaskAndAnnotator);

    private static VersionCorrections Version(long episodes, long corrections, double? squares = null) =>
        new("v", null, []) { Units = [Units("fold", episodes, corrections, squares)] };

    private static CorrectionUnits Units(string task, long episodes, long corrections, double? squares = null) => new(task, [1], episodes, corrections, squares);
}
