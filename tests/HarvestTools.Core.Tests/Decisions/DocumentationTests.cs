using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Decisions;

/// <summary>Recomputes the worked examples of docs/retrain-decision.md and looks the results up there.</summary>
public sealed class DocumentationTests
{
    private static readonly RetrainThresholds Defaults = RetrainThresholds.Default;

    private static readonly string Page = ReadPage();

    [Fact]
    public void Delta()
    {
        RetrainDecision decision = RetrainDecider.Decide(
            new RetrainState { CorrectedEpisodes = 7, Corpus = 96, CorrectedPerWeek = 9, AsOf = new DateTimeOffset(2025, 11, 24, 0, 0, 0, TimeSpan.Zero) },
            Defaults);

        Says(decision.Reason);
        Says(decision.Flips[0]);
    }

    [Fact]
    public void Spread()
    {
        SpreadStatistics four = Of(0, 1, 2, 5);
        Says($"G = 16 / 32 = {Figures.Number(four.Gini)}");
        Says($"N = 64 / 30 = {Figures.Number(four.EffectiveTasks)}");

        SpreadStatistics three = Of(2, 1, 0);
        Says($"10 / 27 = {Figures.Number(three.ExpectedGini, 3)}");
        Says($"21 / 27 = {Figures.Number(three.GiniP, 3)}");

        SpreadStatistics six = Of(6, 0);
        Says($"2 / 2^6 = {Figures.Number(six.TopTaskShareP, 3)}");
        Says($"14 / 2^6 = {Figures.Number(Of(5, 1).TopTaskShareP, 3)}");

        Says(RetrainDecider.Decide(
            new RetrainState { CorrectedEpisodes = 14, Corpus = 96, TrainedSlice = "v3", TaskSubdirCounts = Counts(5, 0, 2, 1, 0, 1, 0, 2, 1, 1, 0, 1) }, Defaults).Summary);
        SpreadStatistics twelve = Of(5, 0, 2, 1, 0, 1, 0, 2, 1, 1, 0, 1);
        Says($"G = {Figures.Number(twelve.Gini)}, {Figures.Number(twelve.ExpectedGini)} is to be expected, and p = {Figures.Number(twelve.GiniP, 3)}");
    }

    [Fact]
    public void Regression()
    {
        var table = new CorrectionTable([Release("v1", (1, 40, 80)), Release("v2", (1, 20, 80))], Stratification.TaskAndAnnotator);
        Says($"= {Figures.Number(RiseEvidence.Between(table, 0..1, 1..2, 2, new Dispersion(1, 1, 1)).LogLikelihoodRatio)}.");
        Says($"With D = 3 the same counts give {Figures.Number(RiseEvidence.Between(table, 0..1, 1..2, 2, new Dispersion(3, 3, 3)).LogLikelihoodRatio)}");
        Says($"ln 100 = {Figures.Number(Math.Log(Defaults.Regression.FalseAlarmCycles))}");

        var mixed = new CorrectionTable([Release("v1", (1, 16, 64), (2, 4, 48)), Release("v2", (1, 4, 17), (2, 16, 185))], Stratification.TaskAndAnnotator);
        Says($"50.6 / 51.2 = {Figures.Number(RiseEvidence.Between(mixed, 0..1, 1..2, 2, new Dispersion(1, 1, 1)).Rise!.Value)}");
        var plain = new CorrectionTable([Release("v1", (1, 16, 64), (2, 4, 48)), Release("v2", (1, 4, 17), (2, 16, 185))], Stratification.None);
        Says($"10.1 / 5.6 = {Figures.Number(RiseEvidence.Between(plain, 0..1, 1..2, 2, new Dispersion(1, 1, 1)).Rise!.Value)}");

        CorrectionStratum stratum = new("fold_towel", 1, 20, 2000, 0, 80, 0, 0, 0, 640);
        var scatter = new CorrectionTable([new("v1", null, [stratum]), new("v2", null, [stratum])], Stratification.TaskAndAnnotator);
        Says($"upper limit is D = {Figures.Number(CorrectionDispersion.Estimate(scatter, 0..1, 1..2)!.Value.Limit)}");
    }

    [Fact]
    public void Forecast()
    {
        RetrainState state = new()
        {
            CorrectedEpisodes = 44,
            Corpus = 100,
            Runs = [.. new[] { (16, 0.2), (25, 0.16), (64, 0.1), (100, 0.08) }
                .Select(run => new RegisteredRun($"{run.Item1}", "v1", run.Item1, null, new Dictionary<string, double> { ["error"] = run.Item2 }))],
        };
        RetrainForecast forecast = RetrainDecider.Decide(state, Defaults with { Forecast = new ForecastSettings { Better = MetricGoal.Lower, EvalItems = 40 } }).Forecast!;

        Says($"0.08 - 0.0667 = {Figures.Number(forecast.Gain!.Value, 4)}");
        Says($"sqrt(2 x 0.08 x 0.92 / 40) = {Figures.Number(forecast.SmallestVisible!.Value)}");
        Says($"t = {Figures.Number(StudentT.TwoSided(RetrainForecast.Confidence, 2))}");
    }

    [Fact]
    public void Settings_are_those_of_the_engine()
    {
        // The page breaks the object over lines; spaces apart it is the one that a new harvest.json holds.
        Assert.Contains(
            RemoveSpaces(Defaults.ToJson().ToJsonString()),
            RemoveSpaces(Page),
            StringComparison.Ordinal);
    }

    private static void Says(string text) => Assert.Contains(text, Page, StringComparison.Ordinal);

    private static string RemoveSpaces(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));

    private static SpreadStatistics Of(params int[] counts) => SpreadStatistics.Of(Counts(counts))!;

    private static Dictionary<string, int> Counts(params int[] counts) => Enumerable.Range(0, counts.Length).ToDictionary(i => $"task_{i:00}", i => counts[i]);

    private static VersionCorrections Release(string version, params (long Annotator, long Episodes, long Corrections)[] strata) =>
        new(version, null, [.. strata.Select(stratum => new CorrectionStratum("fold_towel", stratum.Annotator, stratum.Episodes, 2000, 0, stratum.Corrections, 0, 0))]);

    private static string ReadPage()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HarvestTools.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllText(Path.Combine(folder!.FullName, "docs", "retrain-decision.md"));
    }
}
