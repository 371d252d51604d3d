using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Rules;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>The JSON shapes of slices in relation to each other: history, sources, comparisons, models.</summary>
internal static class HistoryShapes
{
    private static JsonValue PlainValue(object value) => value switch
    {
        long whole => JsonValue.Create(whole),
        double real => JsonValue.Create(real),
        decimal large => JsonValue.Create(large),
        bool yes => JsonValue.Create(yes),
        _ => JsonValue.Create(value.ToString()!),
    };

    public static JsonObject Of(RegisteredModel model) => new()
    {
        ["version"] = model.Version,
        ["name"] = model.Name,
        ["path"] = model.Path,
        ["sha256"] = model.Sha256,
        ["metrics"] = Shapes.Map(model.Metrics, static value => JsonValue.Create(value)),
        ["trained_at"] = Time(model.TrainedAt),
        ["replaced"] = model.Replaced,
        ["outcome"] = model.Outcome,
        ["trained_at_from"] = model.TrainedAtFrom,
        ["dataset_sha256"] = model.DatasetSha256,
        ["params"] = Shapes.Map(model.Parameters, static value => PlainValue(value)),
        ["git_commit"] = model.GitCommit,
        ["git_dirty"] = model.GitCommit is null ? null : model.GitDirty,
        ["seeds"] = model.Seeds is null ? null : JsonNode.Parse(model.Seeds),
        ["hardware"] = model.Hardware,
        ["dependencies"] = Shapes.List(model.Dependencies, static file => new JsonObject { ["path"] = file.Path, ["sha256"] = file.Sha256 }),
        ["started_at"] = Time(model.StartedAt),
        ["tracking"] = model.Tracking,
        ["mlflow_run_id"] = model.MlflowRunId,
        ["link"] = model.Link,
        ["file"] = model.File,
        ["production"] = model.Production,
        ["leaks"] = Shapes.List(model.Leaks, static leak => JsonValue.Create(leak)),
        ["pin_differences"] = Shapes.List(model.PinDifferences, static sentence => JsonValue.Create(sentence)),
    };

    public static JsonObject Of(SliceHistoryEntry entry) => new()
    {
        ["version"] = entry.Version,
        ["parent"] = entry.Parent,
        ["missing_parents"] = Shapes.List(entry.MissingParents, static parent => JsonValue.Create(parent)),
        ["depth"] = entry.Depth,
        ["created_at"] = Time(entry.CreatedAt),
        ["trained_at"] = Time(entry.TrainedAt),
        ["exports"] = entry.Exports,
        ["rows"] = entry.Rows,
        ["rows_delta"] = entry.RowsDelta,
        ["harvest_version"] = entry.HarvestVersion,
        ["reason"] = entry.Reason,
        ["models"] = Shapes.List(entry.Models, Of),
    };

    public static JsonObject Of(SliceSource source) => new()
    {
        ["version"] = source.Version,
        ["project"] = source.Project,
        ["sha256"] = source.Sha256,
        ["label_config_sha256"] = source.LabelConfigSha256,
        ["harvest_version"] = source.HarvestVersion,
        ["harvest_sha256"] = source.HarvestSha256,
        ["path"] = source.Path,
        ["labels_through"] = source.LabelsThrough is { } through ? Timestamp.From(through).Text : null,
        ["tasks"] = source.Tasks,
        ["annotations"] = source.Annotations,
        ["annotators"] = source.NotKnown is null || source.Annotators.Count > 0 ? Shapes.List(source.Annotators, static id => JsonValue.Create(id)) : null,
        ["episodes"] = source.Episodes,
        ["corrected_episodes"] = source.CorrectedEpisodes,
        ["rows"] = source.Rows,
        ["corrected_rows"] = source.CorrectedRows,
        ["rejected"] = source.Rejected,
        ["task_subdirs"] = source.NotKnown is null || source.TaskSubdirs.Count > 0 ? Shapes.List(source.TaskSubdirs, static task => JsonValue.Create(task)) : null,
        ["models"] = Shapes.List(source.Models, Of),
        ["not_known"] = source.NotKnown,
        ["remedy"] = source.Remedy?.Spell(ProgramSpelling.Instance),
        ["corrections"] = source.Corrections is null ? null : Shapes.List(source.Corrections, Of),
    };

    public static JsonObject Of(SourceRow row) => new()
    {
        ["version"] = row.Version,
        ["project"] = row.Project,
        ["sha256"] = row.Sha256,
        ["table"] = row.Table,
        ["task_subdir"] = row.TaskSubdir,
        ["episode"] = row.Episode,
        ["frame"] = row.Frame,
        ["task_id"] = row.TaskId,
        ["annotation_id"] = row.AnnotationId,
        ["region_id"] = row.RegionId,
        ["label"] = row.Label,
        ["origin"] = row.Origin,
        ["annotators"] = Shapes.List(row.Annotators, static id => JsonValue.Create(id)),
        ["media"] = row.Media,
    };

    private static JsonObject Of(SliceCorrection correction) => new()
    {
        ["task_id"] = correction.TaskId,
        ["annotation_id"] = correction.AnnotationId,
        ["annotators"] = Shapes.List(correction.Annotators, static id => JsonValue.Create(id)),
        ["updated_at"] = correction.UpdatedAt is { } updated ? Timestamp.From(updated).Text : null,
        ["task_subdir"] = correction.TaskSubdir,
        ["episode"] = correction.Episode,
        ["rows"] = correction.Rows,
    };

    public static JsonObject Of(SliceComparison comparison) => new()
    {
        ["reference"] = comparison.Reference,
        ["difference"] = comparison.Difference,
        ["reference_harvest"] = comparison.ReferenceHarvest,
        ["difference_harvest"] = comparison.DifferenceHarvest,
        ["exports"] = Shapes.List(comparison.Exports, static export => new JsonObject
        {
            ["project"] = export.Project,
            ["change"] = export.Change.ToString(),
            ["reference"] = export.Reference,
            ["difference"] = export.Difference,
            ["same_labels"] = export.SameLabels,
            ["reference_label_config"] = export.ReferenceLabelConfig,
            ["difference_label_config"] = export.DifferenceLabelConfig,
        }),
        ["rules"] = Shapes.List(comparison.Rules, Of),
        ["metrics"] = Shapes.List(comparison.Metrics, static metric => new JsonObject
        {
            ["model"] = metric.Model,
            ["metric"] = metric.Metric,
            ["reference"] = metric.Reference,
            ["difference"] = metric.Difference,
        }),
        ["tables"] = Shapes.List(comparison.Tables, static table => new JsonObject
        {
            ["table"] = table.Table,
            ["reference"] = table.Reference,
            ["difference"] = table.Difference,
        }),
        ["media"] = comparison.Media is { } media ? new JsonObject
        {
            ["added"] = Shapes.List(media.Added, static link => JsonValue.Create(link)),
            ["removed"] = Shapes.List(media.Removed, static link => JsonValue.Create(link)),
            ["changed"] = Shapes.List(media.Changed, static link => JsonValue.Create(link)),
            ["same"] = media.Same,
        } : null,
        ["row_changes"] = comparison.Rows is { } rows ? Of(rows) : null,
        ["not_known"] = comparison.NotKnown,
        ["remedy"] = comparison.Remedy?.Spell(ProgramSpelling.Instance),
    };

    public static JsonObject Of(RowChangeSummary rows) => new()
    {
        ["added"] = rows.Added,
        ["removed"] = rows.Removed,
        ["changed"] = rows.Changed,
        ["by_table"] = Shapes.List(rows.ByTable, Of),
        ["by_label"] = Shapes.List(rows.ByLabel, Of),
        ["by_task_subdir"] = Shapes.List(rows.ByTaskSubdir, Of),
        ["by_episode"] = Shapes.List(rows.ByEpisode, Of),
        ["by_annotator"] = Shapes.List(rows.ByAnnotator, Of),
    };

    public static JsonObject Of(RuleChange rule) => new()
    {
        ["name"] = rule.Name,
        ["reference"] = RuleValue(rule.Reference),
        ["difference"] = RuleValue(rule.Difference),
    };

    /// <summary>What is no JSON is a word: <c>none</c>.</summary>
    private static JsonNode? RuleValue(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text == "none" ? null : JsonValue.Create(text);
        }
    }

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
        ["key"] = row.KeyText,
        ["columns"] = Shapes.List(row.Columns, static column => JsonValue.Create(column)),
        ["before"] = row.Before?.ToJson(),
        ["after"] = row.After?.ToJson(),
    };

    /// <summary><c>pck = 0.91, loss = 0.2</c>.</summary>
    public static string Text(IReadOnlyDictionary<string, double> metrics) =>
        string.Join(", ", metrics.Select(static metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} = {metric.Value}")));

    private static JsonObject Of(RowChangeCount count) => new()
    {
        ["table"] = count.Table,
        ["label"] = count.Label,
        ["task_subdir"] = count.TaskSubdir,
        ["episode"] = count.Episode,
        ["annotator"] = count.Annotator,
        ["added"] = count.Added,
        ["removed"] = count.Removed,
        ["changed"] = count.Changed,
    };

    internal static string? Time(DateTimeOffset? instant) => instant is { } known ? Timestamp.From(known).Text : null;
}
