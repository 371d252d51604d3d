using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Programs;
using HarvestTools.Rules;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>The JSON shapes of drift reports, of differences between exports and of impacts.</summary>
internal static class DriftShapes
{
    public static JsonObject Of(DriftReport report) => new()
    {
        ["version"] = report.Version,
        ["status"] = report.Status.ToString(),
        ["quick"] = report.Quick,
        ["tables_compared"] = report.TablesCompared,
        ["tables_by_rows"] = report.TablesByRows,
        ["twice"] = Shapes.List(report.Twice, Of),
        ["findings"] = Shapes.List(report.Findings, Of),
    };

    private static JsonObject Of(TwiceResult twice) => new()
    {
        ["harvest_version"] = twice.HarvestVersion,
        ["runs"] = twice.Runs,
        ["same"] = twice.Difference is null,
        ["random"] = twice.Random,
        ["causes"] = Shapes.List(twice.Causes, static cause => JsonValue.Create(cause)),
        ["difference"] = twice.Difference is not { } difference ? null : new JsonObject
        {
            ["table"] = difference.Table,
            ["row"] = difference.Row,
            ["column"] = difference.Column,
            ["first"] = difference.First,
            ["second"] = difference.Second,
        },
    };

    public static JsonObject Of(ExportComparison comparison) => new()
    {
        ["reference"] = comparison.Reference,
        ["difference"] = comparison.Difference,
        ["reference_sha256"] = comparison.ReferenceSha256,
        ["difference_sha256"] = comparison.DifferenceSha256,
        ["same_labels"] = comparison.SameLabels,
        ["added"] = comparison.Added,
        ["removed"] = comparison.Removed,
        ["relabelled"] = comparison.Relabelled,
        ["volatile_only"] = comparison.VolatileOnly,
        ["identical"] = comparison.Identical,
        ["volatile_fields"] = Shapes.Map(comparison.VolatileFields, static count => JsonValue.Create(count)),
    };

    public static JsonObject Of(TaskChange task) => new()
    {
        ["task_id"] = task.TaskId,
        ["change"] = task.Change.ToString(),
        ["edits"] = Shapes.List(task.Edits, static edit => new JsonObject
        {
            ["kind"] = edit.Kind.ToString(),
            ["annotation_id"] = edit.AnnotationId,
            ["annotator"] = edit.Annotator,
            ["region_id"] = edit.RegionId,
            ["label"] = edit.Label,
            ["before"] = edit.Before,
            ["after"] = edit.After,
            ["distance"] = edit.Distance,
            ["unit"] = edit.Unit,
            ["control"] = edit.Control,
            ["type"] = edit.Type,
            ["to_name"] = edit.ToName,
            ["item_index"] = edit.ItemIndex,
        }),
        ["fields"] = Shapes.List(task.Fields, static field => JsonValue.Create(field)),
    };

    public static JsonObject Of(SliceImpact impact) => new()
    {
        ["version"] = impact.Version,
        ["harvest_version"] = impact.HarvestVersion,
        ["affected"] = impact.IsAffected,
        ["rules"] = Shapes.List(impact.Rules, HistoryShapes.Of),
        ["row_changes"] = impact.Rows is { } rows ? HistoryShapes.Of(rows) : null,
        ["other_files"] = Shapes.List(impact.OtherFiles, static file => JsonValue.Create(file)),
        ["models"] = Shapes.List(impact.Models, HistoryShapes.Of),
    };

    private static JsonObject Of(DriftFinding finding) => new()
    {
        ["kind"] = finding.Kind.ToString(),
        ["severity"] = finding.Severity.ToString(),
        ["cause"] = finding.Cause.ToString(),
        ["subject"] = finding.Subject,
        ["expected"] = finding.Expected,
        ["actual"] = finding.Actual,
        ["message"] = finding.Message,
        ["details"] = Shapes.List(finding.Details, static detail => JsonValue.Create(detail)),
        ["remedy"] = finding.Remedy,
        ["command"] = finding.Command,
        ["reported_under"] = finding.ReportedUnder,
        ["since"] = finding.Since,
        ["slices"] = Shapes.List(finding.Slices, static version => JsonValue.Create(version)),
        ["models"] = Shapes.List(finding.Models, HistoryShapes.Of),
        ["labels"] = finding.Labels is { } labels ? Of(labels) : null,
        ["rows"] = finding.Rows is { } rows ? HistoryShapes.Of(rows) : null,
        ["first_row"] = finding.FirstRow is { } row ? HistoryShapes.Of(row) : null,
        ["bump"] = finding.Bump is { } bump ? Of(bump) : null,
    };

    private static JsonObject Of(LabelChanges labels) => new()
    {
        ["added"] = labels.Added,
        ["removed"] = labels.Removed,
        ["relabelled"] = labels.Relabelled,
        ["unchanged"] = labels.Unchanged,
    };

    private static JsonObject Of(VersionBump bump) => new()
    {
        ["name"] = bump.Name,
        ["from"] = bump.From,
        ["to"] = bump.To,
        ["size"] = bump.Size.ToString(),
        ["rows_change"] = bump.RowsChange,
        ["change_log"] = bump.ChangeLog,
    };
}
