using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>
/// The JSON shapes of results, as docs/cli.md has them: every key is always there, null where there is no value, and
/// independent of the names that the engine's types have.
/// </summary>
internal static class Shapes
{
    public static JsonObject Of(ExportHash hash, string name) => new()
    {
        ["path"] = name,
        ["sha256"] = hash.Sha256,
        ["bytes"] = hash.Bytes,
        ["label_sha256"] = hash.LabelSha256,
        ["tasks"] = hash.Tasks,
        ["annotations"] = hash.Annotations,
        ["cancelled"] = hash.Cancelled,
        ["drafts"] = hash.Drafts,
        ["region_types"] = hash.RegionTypes is null ? null : Counts(hash.RegionTypes),
        ["entry"] = hash.Entry,
        ["warning"] = hash.Notice is null ? null : ErrorText.ToJson(hash.Notice),
    };

    public static JsonObject Of(AddedExport added) => new()
    {
        ["project"] = added.Project,
        ["sha256"] = added.Sha256,
        ["label_sha256"] = added.LabelSha256,
        ["label_config_sha256"] = added.LabelConfigSha256,
        ["bytes"] = added.Bytes,
        ["path"] = added.Path,
        ["added"] = added.Added,
        ["same_labels_as"] = added.SameLabelsAs,
        ["tasks"] = added.Tasks,
        ["annotations"] = added.Annotations,
        ["entry"] = added.Entry,
        ["labels_through"] = added.LabelsThrough is { } through ? Timestamp.From(through).Text : null,
        ["newest"] = added.Newest,
        ["warning"] = added.Notices.Count == 0 ? null : ErrorText.ToJson(added.Notices[0]),
        ["warnings"] = new JsonArray([.. added.Notices.Select(ErrorText.ToJson)]),
    };

    public static JsonObject Of(ExportRecord record) => new()
    {
        ["project"] = record.Project,
        ["sha256"] = record.Sha256,
        ["label_sha256"] = record.LabelSha256,
        ["label_config_sha256"] = record.LabelConfigSha256,
        ["bytes"] = record.Bytes,
        ["path"] = record.Path,
        ["name"] = record.Name,
        ["added_at"] = record.AddedAt.Text,
        ["redacted_from"] = record.RedactedFrom,
        ["removed_at"] = record.RemovedAt?.Text,
        ["tasks"] = record.Tasks,
        ["annotations"] = record.Annotations,
        ["cancelled"] = record.Cancelled,
        ["drafts"] = record.Drafts,
        ["labels_missing"] = record.LabelsMissing,
        ["labels_through"] = record.LabelsThrough?.Text,
        ["project_ids"] = new JsonArray([.. record.ProjectIds.Select(static id => JsonValue.Create(id))]),
        ["region_types"] = Counts(record.RegionTypes),
    };

    public static JsonObject Of(HarvestProject project) => new()
    {
        ["project"] = project.Project,
        ["earlier_names"] = new JsonArray([.. project.EarlierNames.Select(static name => JsonValue.Create(name))]),
        ["label_studio_ids"] = new JsonArray([.. project.LabelStudioIds.Select(static id => JsonValue.Create(id))]),
        ["retired"] = project.Retired,
        ["exports"] = project.Exports,
        ["newest"] = project.Newest,
        ["labels_through"] = project.LabelsThrough is { } through ? Timestamp.From(through).Text : null,
    };

    public static JsonObject Of(ProjectLoss loss, string parent) => new()
    {
        ["project"] = loss.Project,
        ["tasks_before"] = loss.TasksBefore,
        ["tasks_lost"] = loss.TasksLost,
        ["rows_before"] = loss.RowsBefore,
        ["rows_after"] = loss.RowsAfter,
        ["text"] = LossText.Of(loss, parent),
    };

    /// <summary>The manifest exactly as slice.json has it, unknown fields included.</summary>
    public static JsonNode Of(SliceManifest slice)
    {
        // As text and back: a list of thousands of slices is kept until it is written, and a parsed text takes less of
        // the collector's time than a tree that was put together.
        var text = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(text))
        {
            slice.ToJson().WriteTo(writer);
        }

        return JsonNode.Parse(text.WrittenSpan)!;
    }

    public static JsonObject Of(BuiltSlice built) => new()
    {
        ["version"] = built.Version,
        ["key"] = built.Key,
        ["folder"] = built.Folder,
        ["tables"] = List(built.Tables, Of),

        // What a program dropped it alone knows.
        ["tally"] = built.Tables.All(static table => table.Export.Length == 0) ? null : Of(built.Tally),
    };

    public static JsonObject Of(BuiltTable table) => new()
    {
        ["table"] = table.Table,
        ["project"] = table.Project,
        ["export"] = table.Export,
        ["path"] = table.Path,
        ["rows"] = table.Rows,
        ["bytes"] = table.Bytes,
        ["sha256"] = table.Sha256,
        ["rows_sha256"] = table.RowsSha256.Length == 0 ? null : table.RowsSha256,
        ["status"] = StatusName(table.Status),
    };

    public static JsonObject Of(ArchiveFinding finding) => new()
    {
        ["kind"] = finding.Kind.ToString(),
        ["severity"] = finding.Severity.ToString(),
        ["subject"] = finding.Subject,
        ["path"] = finding.Path,
        ["message"] = finding.Message,
        ["remedy"] = finding.Remedy,
        ["repaired"] = finding.Repaired,
    };

    public static JsonObject Of(Tally tally) => new()
    {
        ["tasks"] = tally.Tasks,
        ["annotations"] = tally.Annotations,
        ["regions"] = tally.Regions,
        ["drafts"] = tally.Drafts,
        ["unlabeled"] = tally.Unlabeled,
        ["rows"] = tally.Rows,
        ["rows_by_table"] = Map(tally.RowsByTable, static rows => JsonValue.Create(rows)),
        ["attributes"] = tally.Attributes,
        ["out_of_range"] = tally.OutOfRange,
        ["unknown_sizes"] = tally.UnknownSizes,
        ["unknown_media"] = tally.UnknownMedia,
        ["size_conflicts"] = tally.SizeConflicts,
        ["repeated_tasks"] = tally.RepeatedTasks,
        ["repeated_annotations"] = tally.RepeatedAnnotations,
        ["unknown_labels"] = tally.UnknownLabels,
        ["unknown_label"] = tally.UnknownLabel,
        ["shared_frames"] = tally.SharedFrame is not { } shared ? null : new JsonObject
        {
            ["tasks"] = tally.SharedFrames,
            ["first_task"] = shared.FirstTask,
            ["second_task"] = shared.SecondTask,
            ["task_subdir"] = shared.TaskSubdir,
            ["episode"] = shared.Episode,
            ["frame"] = shared.Frame,
        },
        ["total"] = Of(tally.Total),
        ["fields"] = new JsonObject
        {
            ["task_subdir"] = Of(tally.TaskSubdir),
            ["episode"] = Of(tally.Episode),
            ["frame"] = Of(tally.Frame),
        },
        ["by_label"] = Map(tally.ByLabel, Of),
        ["by_annotator"] = Map(tally.ByAnnotator, Of),
        ["by_task_subdir"] = Map(tally.ByTaskSubdir, Of),
        ["by_model"] = Map(tally.ByModel, static model => new JsonObject
        {
            ["annotations"] = model.Annotations,
            ["accepted"] = model.Accepted,
            ["corrected"] = model.Corrected,
            ["drawn"] = model.Drawn,
            ["deleted"] = model.Deleted,
            ["unknown"] = model.Unknown,
            ["episodes"] = model.Episodes,
            ["annotators"] = model.Annotators,
        }),
    };

    public static string StatusName(string status) => status switch
    {
        BuildStatus.Hit => "hit",
        BuildStatus.Shared => "shared",
        _ => "regenerated",
    };

    public static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode> shape) => [.. items.Select(shape)];

    public static JsonObject Map<T>(IReadOnlyDictionary<string, T> map, Func<T, JsonNode> shape) =>
        new(map.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, shape(pair.Value))));

    private static JsonObject Of(RegionCounts counts) => new()
    {
        ["kept"] = counts.Kept,
        ["rows"] = counts.Rows,
        ["dropped"] = Counts(counts.Dropped),
    };

    private static JsonObject Of(FieldCounts counts) => new()
    {
        ["mapped"] = counts.Mapped,
        ["from_path"] = counts.FromPath,
        ["missing"] = counts.Missing,
    };

    private static JsonObject Counts(IReadOnlyDictionary<string, long> counts) => Map(counts, static count => JsonValue.Create(count));
}
