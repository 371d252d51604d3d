using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Workflows;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Workflows;

/// <summary>Differences of slices and the impact of changed rules, against rows read and subtracted one by one.</summary>
public sealed class CompareSliceTests : IDisposable
{
    private static readonly string[] s_tables = [.. TableCatalog.All.Select(static table => table.Name)];
    private static readonly ExportPlan s_hands = ExportPlan.ForTasks(SampleKind.Hands, 60, predictedShare: 0.5) with { SecondAnnotatorShare = 0.4 };
    private static readonly ExportPlan s_actions = ExportPlan.ForTasks(SampleKind.Actions, 6);

    private readonly TemporaryRepository _temporary = new();

    public CompareSliceTests()
    {
        _temporary.Add("label_studio/actions.json", s_actions, "a");
        _temporary.Add("label_studio/hands.json", s_hands, "b");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Relabelled_tasks_give_exactly_the_rows_that_a_naive_difference_gives()
    {
        BuiltSlice before = _temporary.New("v1").Built!;
        ExportPlan relabelled = s_hands with { Relabelled = [3, 7, 21], TaskLimit = 55 };
        _temporary.Add("label_studio/hands2.json", relabelled, "b");
        BuiltSlice after = _temporary.New("v2").Built!;

        SliceComparison comparison = CompareSlice.Run(_temporary.Repository, "v1", "v2", _temporary.Context);
        List<RowChange> rows = [.. CompareSlice.Rows(_temporary.Repository, "v1", "v2", _temporary.Context)];

        foreach (string table in s_tables)
        {
            List<Dictionary<string, string>> left = TableRows.Read(before, table);
            List<Dictionary<string, string>> right = TableRows.Read(after, table);
            List<RowChange> found = [.. rows.Where(row => row.Table == table)];
            Assert.Equal(
                TableRows.Except(left, right).Order(StringComparer.Ordinal),
                found.Where(static row => row.Before is not null).Select(static row => TableRows.Line(row.Before!)).Order(StringComparer.Ordinal));
            Assert.Equal(
                TableRows.Except(right, left).Order(StringComparer.Ordinal),
                found.Where(static row => row.After is not null).Select(static row => TableRows.Line(row.After!)).Order(StringComparer.Ordinal));
        }

        Assert.Contains(rows, static row => row.Change == RowChangeKind.Changed);
        Assert.All(rows, static row => Assert.Contains(row.TaskId!.Value, (long[])[3, 7, 21, 56, 57, 58, 59, 60]));
        Assert.Equal(rows.Count, comparison.Rows!.Total);
        Assert.Equal(
            rows.GroupBy(static row => row.Table).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => (g.Key, g.LongCount())),
            comparison.Rows!.ByTable.Select(static count => (count.Table!, count.Total)));
        ExportChange export = Assert.Single(comparison.Exports);
        Assert.Equal(("b", ExportChangeKind.Replaced, (bool?)false), (export.Project, export.Change, export.SameLabels));
        Assert.Empty(comparison.Rules);
    }

    [Fact]
    public void Rows_are_counted_by_the_annotator_that_the_export_names()
    {
        _temporary.New("v1");
        ExportPlan relabelled = s_hands with { Relabelled = [.. Enumerable.Range(1, 30).Select(static id => (long)id)] };
        string path = _temporary.PathOf("label_studio/hands2.json");
        _temporary.Add("label_studio/hands2.json", relabelled, "b");
        _temporary.New("v2");
        Dictionary<long, string> people = JsonNode.Parse(File.ReadAllBytes(path))!.AsArray()
            .SelectMany(static task => task!["annotations"]!.AsArray())
            .ToDictionary(static a => a!["id"]!.GetValue<long>(), static a => a!["completed_by"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture));

        SliceComparison comparison = CompareSlice.Run(_temporary.Repository, "v1", "v2", _temporary.Context);

        IEnumerable<RowChange> rows = CompareSlice.Rows(_temporary.Repository, "v1", "v2", _temporary.Context);
        Assert.Equal(
            rows.GroupBy(row => row.AnnotationId is { } id ? people[id] : "").OrderBy(static g => g.Key, StringComparer.Ordinal).Select(static g => (g.Key, g.LongCount())),
            comparison.Rows!.ByAnnotator.Select(static count => (count.Annotator!, count.Total)));
    }

    [Fact]
    public void A_re_export_with_the_same_labels_changes_no_row()
    {
        _temporary.New("v1");
        _temporary.Add("label_studio/hands2.json", s_hands.ReExported(), "b");
        _temporary.New("v2");

        SliceComparison comparison = CompareSlice.Run(_temporary.Repository, "v1", "v2", _temporary.Context);

        Assert.True(Assert.Single(comparison.Exports).SameLabels);
        Assert.Equal(0, comparison.Rows!.Total);
        Assert.Empty(CompareSlice.Rows(_temporary.Repository, "v1", "v2", _temporary.Context));
    }

    [Fact]
    public void A_project_that_comes_in_is_added_with_all_its_rows()
    {
        BuiltSlice before = _temporary.New("v1").Built!;
        _temporary.Add("label_studio/body.json", ExportPlan.ForTasks(SampleKind.Body, 5), "c");
        BuiltSlice after = _temporary.New("v2").Built!;

        SliceComparison comparison = CompareSlice.Run(_temporary.Repository, "v1", "v2", _temporary.Context);
        SliceComparison back = CompareSlice.Run(_temporary.Repository, "v2", "v1", _temporary.Context);

        Assert.Equal(ExportChangeKind.Added, Assert.Single(comparison.Exports).Change);
        Assert.Equal(ExportChangeKind.Removed, Assert.Single(back.Exports).Change);
        Assert.Equal(after.Tables.Sum(static t => t.Rows) - before.Tables.Sum(static t => t.Rows), comparison.Rows!.Added);
        Assert.Equal(comparison.Rows!.Added, back.Rows!.Removed);
        Assert.Equal(0, comparison.Rows!.Removed + comparison.Rows.Changed);
    }

    [Fact]
    public void Rules_and_metrics_stand_side_by_side()
    {
        _temporary.New("v1");
        SetRules(static rules => rules with { BoundaryWeight = 0.25 }, "v1.1.0");
        _temporary.New("v2");
        Register("v1", "hands", 0.80);
        Register("v2", "hands", 0.75);
        Register("v2", "body", 0.5);

        SliceComparison comparison = CompareSlice.Run(_temporary.Repository, "v1", "v2", _temporary.Context);

        Assert.Equal("boundary_weight 0.5 → 0.25", Assert.Single(comparison.Rules).ToString());
        Assert.Equal(("harvest@v1.0.0", "harvest@v1.1.0"), (comparison.ReferenceHarvest, comparison.DifferenceHarvest));
        Assert.Equal(
            [("body", null, 0.5, null), ("hands", 0.8, 0.75, -0.05)],
            comparison.Metrics.Select(static m => (m.Model, m.Reference, m.Difference, m.Delta is { } delta ? Math.Round(delta, 6) : (double?)null)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_impact_of_a_rule_is_the_rows_that_it_would_change(bool given)
    {
        BuiltSlice built = _temporary.New("v1").Built!;
        byte[] manifest = File.ReadAllBytes(_temporary.Repository.Slices.PathOf("v1"));
        Register("v1", "hands", 0.9);
        byte[] registered = File.ReadAllBytes(_temporary.Repository.Slices.PathOf("v1"));
        JsonObject? overrides = given ? new JsonObject { ["boundary_weight"] = 0.25 } : null;
        if (!given)
        {
            SetRules(static rules => rules with { BoundaryWeight = 0.25 }, "v1.1.0");
        }

        SliceImpact impact = Assert.Single(HarvestImpact.Run(_temporary.Repository, [], overrides, _temporary.Context));

        int boundary = TableRows.Read(built, "actions").Count(static row => row["boundary"] == "True");
        Assert.True(boundary > 0);
        Assert.Equal((0L, 0L, (long)boundary), (impact.Rows!.Added, impact.Rows.Removed, impact.Rows.Changed));
        Assert.Equal("actions", Assert.Single(impact.Rows.ByTable).Table);
        Assert.Equal("hands", Assert.Single(impact.Models).Name);
        Assert.Equal("boundary_weight", Assert.Single(impact.Rules).Name);
        Assert.NotEqual(manifest, registered);
        Assert.Equal(registered, File.ReadAllBytes(_temporary.Repository.Slices.PathOf("v1")));
        Assert.Equal(DriftStatus.Clean, new CheckSlice(_temporary.Repository, _temporary.Context).Run(_temporary.Repository.Slices.Load("v1"), quick: false).Status);
    }

    [Fact]
    public void A_rule_that_no_row_depends_on_has_no_impact()
    {
        _temporary.New("v1");

        SliceImpact impact = Assert.Single(HarvestImpact.Run(
            _temporary.Repository, ["v1"], new JsonObject { ["interpolate_tracks"] = false }, _temporary.Context));

        Assert.False(impact.IsAffected);
        Assert.Single(impact.Rules);
    }

    [Fact]
    public void A_misspelt_rule_is_told_at_once()
    {
        _temporary.New("v1");

        HarvestException error = Assert.Throws<HarvestException>(() =>
            HarvestImpact.Run(_temporary.Repository, ["v1"], new JsonObject { ["boundary_wait"] = 1 }, _temporary.Context));

        Assert.Equal("UnknownKey", error.ErrorId);
    }

    private void SetRules(Func<HarvestTools.Rules.HarvestRules, HarvestTools.Rules.HarvestRules> change, string version)
    {
        HarvestSettings settings = _temporary.Repository.Settings;
        (settings with { Harvest = settings.Harvest with { Version = version, Rules = change(settings.Harvest.Rules) } })
            .Write(_temporary.Repository.SettingsPath);
    }

    private void Register(string version, string model, double score) => RegisterModel.Run(
        _temporary.Repository,
        new ModelRegistration(version, model) { Metrics = new Dictionary<string, double> { ["score"] = score } },
        _temporary.Context);
}
