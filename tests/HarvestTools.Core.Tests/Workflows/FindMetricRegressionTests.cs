using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A line of five slices: v2 adds episodes, v3 changes a rule, v4 drops a project, v5 changes nothing.</summary>
public sealed class FindMetricRegressionTests : IDisposable
{
    private static readonly ExportPlan s_hands = ExportPlan.ForTasks(SampleKind.Hands, 12);

    private readonly TemporaryRepository _temporary = new();

    public FindMetricRegressionTests()
    {
        string first = _temporary.Add("hands1.json", s_hands, "b").Sha256;
        string actions = _temporary.Add("actions.json", ExportPlan.ForTasks(SampleKind.Actions, 3), "a").Sha256;
        string second = _temporary.Add("hands2.json", ExportPlan.ForTasks(SampleKind.Hands, 20), "b").Sha256;
        New("v1", null, [first, actions]);
        New("v2", "v1", [second, actions], reason: "more hands");
        New("v3", "v2", [second, actions], rules: new JsonObject { ["min_pixel_agreement"] = 9 });
        New("v4", "v3", [second]);
        New("v5", "v4", [second]);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_first_slice_that_fell_is_named_with_what_entered()
    {
        Register("v1", 0.90);
        Register("v2", 0.92);
        Register("v3", 0.85);
        Register("v4", 0.80);

        MetricRegression found = Find();

        Assert.True(found.Regressed);
        Assert.Equal(("v3", 0.85, "v2", 0.92, "v2", null), (found.Version, found.Value, found.Best, found.BestValue, found.Previous, found.RecoveredIn));
        Assert.Equal(["v1", "v2", "v3", "v4"], found.Steps.Select(static step => step.Version));
        RegressionSuspect suspect = Assert.Single(found.Suspects);
        Assert.Equal(("v3", "v2"), (suspect.Version, suspect.Parent));
        Assert.Equal(["min_pixel_agreement 5 → 9"], suspect.Rules.Select(static rule => rule.ToString()));
        Assert.Empty(suspect.Exports);
        Assert.False(suspect.EvalSetChanged);
    }

    [Fact]
    public void Slices_without_the_metric_in_between_are_suspects_too()
    {
        Register("v1", 0.90);
        Register("v4", 0.80);

        MetricRegression found = Find();

        Assert.Equal("v4", found.Version);
        Assert.Equal(["v2", "v3", "v4"], found.Suspects.Select(static suspect => suspect.Version));
        Assert.Equal([null, null, 0.80], found.Suspects.Select(static suspect => suspect.Value));
        SuspectExport replaced = Assert.Single(found.Suspects[0].Exports);
        Assert.Equal((ExportChangeKind.Replaced, "b", "hands2.json"), (replaced.Change, replaced.Project, replaced.Path));
        Assert.Equal("more hands", found.Suspects[0].Reason);
        SuspectExport dropped = Assert.Single(found.Suspects[2].Exports);
        Assert.Equal((ExportChangeKind.Removed, "a", "actions.json"), (dropped.Change, dropped.Project, dropped.Path));
        Assert.Equal((0L, 3L, 0L), (dropped.Tasks!.Added, dropped.Tasks.Removed, dropped.Tasks.Relabelled));
    }

    [Fact]
    public void A_project_that_was_renamed_in_between_is_the_same_one()
    {
        Register("v1", 0.90);
        Register("v4", 0.80);
        ProjectList.Rename(_temporary.Repository, "b", "hands");

        SuspectExport replaced = Assert.Single(Find().Suspects[0].Exports);
        Assert.Equal((ExportChangeKind.Replaced, "hands", "hands2.json"), (replaced.Change, replaced.Project, replaced.Path));
    }

    [Fact]
    public void Replaced_exports_tell_their_tasks()
    {
        Register("v1", 0.90);
        Register("v2", 0.80);

        LabelChanges? tasks = Assert.Single(Assert.Single(Find().Suspects).Exports).Tasks;

        ExportFingerprint before = ExportFingerprint.Compute(_temporary.PathOf("hands1.json"), withLabels: true);
        ExportFingerprint after = ExportFingerprint.Compute(_temporary.PathOf("hands2.json"), withLabels: true);
        Assert.Equal(before.ChangesTo(after), tasks);
        Assert.True(tasks!.Added > 0);
    }

    [Fact]
    public void A_missing_export_leaves_its_tasks_unknown()
    {
        Register("v1", 0.90);
        Register("v2", 0.80);
        foreach (string path in new[] { _temporary.PathOf("hands1.json"), _temporary.Repository.Archive.PathOf(_temporary.Repository.Slices.Load("v1").Exports.Single(static e => e.Project == "b").Sha256) })
        {
            File.SetAttributes(path, FileAttributes.Normal);
            File.Delete(path);
        }

        Assert.Null(Assert.Single(Assert.Single(Find().Suspects).Exports).Tasks);
    }

    [Theory]
    [InlineData(0, "v3")]
    [InlineData(0.01, "v4")]
    [InlineData(0.02, "v5")]
    [InlineData(0.05, null)]
    public void The_tolerance_is_measured_from_the_best_before_so_that_a_slow_decline_counts(double tolerance, string? version)
    {
        Register("v1", 0.89);
        Register("v2", 0.91);
        Register("v3", 0.90);
        Register("v4", 0.89);
        Register("v5", 0.86);

        Assert.Equal(version, Find(query => query with { Tolerance = tolerance }).Version);
    }

    [Fact]
    public void Several_runs_count_by_their_median()
    {
        Register("v1", 0.90);
        Register("v2", 0.70, "seed-1");
        Register("v2", 0.91, "seed-2");
        Register("v2", 0.93, "seed-3");

        MetricRegression found = Find();

        Assert.False(found.Regressed);
        Assert.Empty(found.Suspects);
        Assert.Equal(new RegressionStep("v2", 0.91, 3, 0.70, 0.93), found.Steps[1]);
        Assert.Equal("v2", Find(static query => query with { Model = null, LowerIsBetter = true }).Version);
    }

    [Fact]
    public void One_model_can_be_looked_at_alone()
    {
        Register("v1", 0.90, "hand");
        Register("v1", 0.10, "body");
        Register("v2", 0.80, "hand");
        Register("v2", 0.95, "body");

        Assert.Equal("v2", Find(static query => query with { Model = "hand" }).Version);
        Assert.Null(Find(static query => query with { Model = "body" }).Version);
    }

    [Fact]
    public void A_later_recovery_is_told()
    {
        Register("v1", 0.90);
        Register("v2", 0.70);
        Register("v3", 0.80);
        Register("v4", 0.90);

        Assert.Equal(("v2", "v4"), (Find().Version, Find().RecoveredIn));
    }

    [Fact]
    public void The_line_begins_and_ends_where_it_is_said()
    {
        Register("v1", 0.95);
        Register("v2", 0.90);
        Register("v3", 0.92);
        Register("v5", 0.91);

        Assert.Equal("v2", Find().Version);
        MetricRegression later = Find(static query => query with { Good = "v2" });
        Assert.Equal(("v5", "v3"), (later.Version, later.Previous));
        Assert.Equal(["v4", "v5"], later.Suspects.Select(static suspect => suspect.Version));
        Assert.Null(Find(static query => query with { Good = "v2", Bad = "v4" }).Version);
    }

    [Fact]
    public void Only_the_line_of_the_newest_slice_is_walked()
    {
        New("side", "v1", [_temporary.Repository.Slices.Load("v1").Exports[0].Sha256]);
        Register("v1", 0.90);
        Register("v2", 0.10);
        Register("side", 0.95);

        Assert.Equal(["v1", "side"], Find().Steps.Select(static step => step.Version));
        Assert.Equal("v2", Find(static query => query with { Bad = "v3" }).Version);
    }

    [Theory]
    [InlineData("pck", null, null, -1.0, "ToleranceInvalid")]
    [InlineData("pck", null, null, double.NaN, "ToleranceInvalid")]
    [InlineData("pcks", null, null, 0.0, "MetricUnknown")]
    [InlineData("pck", "v9", null, 0.0, "SliceNotFound")]
    [InlineData("pck", null, "v9", 0.0, "SliceNotFound")]
    [InlineData("pck", "v3", "v2", 0.0, "NotAnAncestor")]
    [InlineData("pck", "v2", null, 0.0, "MetricTooRare")]
    [InlineData("pck", "v3", null, 0.0, "MetricUnknown")]
    public void What_cannot_be_answered_is_said(string metric, string? good, string? bad, double tolerance, string errorId)
    {
        Register("v1", 0.90);
        Register("v2", 0.80);

        HarvestException error = Assert.Throws<HarvestException>(() => Find(query => query with { Metric = metric, Good = good, Bad = bad, Tolerance = tolerance }));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(metric == "pcks", error.Message.Contains("Did you mean 'pck'?", StringComparison.Ordinal));
    }

    private MetricRegression Find(Func<RegressionQuery, RegressionQuery>? with = null) =>
        FindMetricRegression.Run(_temporary.Repository, with?.Invoke(new RegressionQuery("pck")) ?? new RegressionQuery("pck"), _temporary.Context);

    private void Register(string version, double pck, string name = "hand") => RegisterModel.Run(
        _temporary.Repository,
        new ModelRegistration(version, name) { Metrics = new Dictionary<string, double> { ["pck"] = pck } },
        _temporary.Context);

    private void New(string version, string? parent, string[] exports, JsonObject? rules = null, string? reason = null) => _temporary.New(
        new NewSliceRequest(version) { Parent = parent, Exports = exports, FilterOverrides = rules ?? [], Reason = reason, NoBuild = true });
}
