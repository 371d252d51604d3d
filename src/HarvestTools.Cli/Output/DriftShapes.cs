using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.Exports;
using HarvestTools.History;

namespace HarvestTools.Cli.Output;

/// <summary>The JSON shapes of drift reports and of differences; every key is always there.</summary>
internal static class DriftShapes
{
    public static JsonObject Of(DriftReport report) => new()
    {
        ["version"] = report.Version,
        ["status"] = report.Status.ToString(),
        ["quick"] = report.Quick,
        ["tables_compared"] = report.TablesCompared,
        ["findings"] = Shapes.List(report.Findings, Of),
    };

    public static JsonObject Of(RowChangeSummary rows) => new()
    {
        ["added"] = rows.Added,
        ["removed"] = rows.Removed,
        ["changed"] = rows.Changed,
        ["by_table"] = Shapes.List(rows.ByTable, static count => Counts(new() { ["table"] = count.Table }, count)),
        ["by_label"] = Shapes.List(rows.ByLabel, static count => Counts(new() { ["table"] = count.Table, ["label"] = count.Label }, count)),
        ["by_task_subdir"] = Shapes.List(rows.ByTaskSubdir, static count => Counts(new() { ["task_subdir"] = count.TaskSubdir }, count)),
        ["by_episode"] = Shapes.List(
            rows.ByEpisode, static count => Counts(new() { ["task_subdir"] = count.TaskSubdir, ["episode"] = count.Episode }, count)),
        ["by_annotator"] = Shapes.List(rows.ByAnnotator, static count => Counts(new() { ["annotator"] = count.Annotator }, count)),
    };

    public static JsonObject Of(RowChange row) => new()
    {
        ["table"] = row.Table,
        ["change"] = row.Change.ToString(),
        ["project"] = row.Project,
        ["task_subdir"] = row.TaskSubdir,
        ["episode"] = row.Episode,
        ["frame"] = row.Frame,
        ["task_id"] = row.TaskId,
        ["annotation_id"] = row.AnnotationId,
        ["region_id"] = row.RegionId,
        ["label"] = row.Label,
        ["columns"] = Shapes.List(row.Columns, static name => JsonValue.Create(name)),
        ["before"] = Cells(row.Before),
        ["after"] = Cells(row.After),
    };

    public static JsonObject Of(RuleChange rule) => new()
    {
        ["rule"] = rule.Name,
        ["reference"] = JsonNode.Parse(rule.Reference),
        ["difference"] = JsonNode.Parse(rule.Difference),
    };

    public static JsonObject Of(RegisteredModel model) => new()
    {
        ["version"] = model.Version,
        ["name"] = model.Name,
        ["path"] = model.Path,
    };

    private static JsonObject Of(DriftFinding finding) => new()
    {
        ["kind"] = finding.Kind.ToString(),
        ["severity"] = finding.Severity.ToString(),
        ["subject"] = finding.Subject,
        ["expected"] = finding.Expected,
        ["actual"] = finding.Actual,
        ["message"] = finding.Message,
        ["remedy"] = finding.Remedy,
        ["command"] = finding.Command,
        ["since"] = finding.Since,
        ["slices"] = Shapes.List(finding.Slices, static version => JsonValue.Create(version)),
        ["models"] = Shapes.List(finding.Models, Of),
        ["labels"] = finding.Labels is { } labels ? Of(labels) : null,
        ["rows"] = finding.Rows is { } rows ? Of(rows) : null,
        ["first_row"] = finding.FirstRow is { } row ? Of(row) : null,
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
        ["change_log"] = bump.ChangeLog,
    };

    private static JsonObject Counts(JsonObject named, RowChangeCount count)
    {
        named["added"] = count.Added;
        named["removed"] = count.Removed;
        named["changed"] = count.Changed;
        return named;
    }

    private static JsonObject? Cells(OrderedDictionary<string, object?>? row)
    {
        if (row is null)
        {
            return null;
        }

        var cells = new JsonObject();
        foreach ((string column, object? value) in row)
        {
            cells[column] = value switch
            {
                null => null,
                string text => JsonValue.Create(text),
                bool flag => JsonValue.Create(flag),
                int number => JsonValue.Create(number),
                long number => JsonValue.Create(number),
                double number when double.IsFinite(number) => JsonValue.Create(number),
                _ => JsonValue.Create(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}")),
            };
        }

        return cells;
    }
}
