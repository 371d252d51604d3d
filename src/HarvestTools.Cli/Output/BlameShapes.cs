using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>The JSON shapes of rows with what brought and changed them.</summary>
internal static class BlameShapes
{
    public static JsonObject Of(BlamedRow row) => new()
    {
        ["version"] = row.Version,
        ["table"] = row.Table,
        ["project"] = row.Project,
        ["task_subdir"] = row.TaskSubdir,
        ["episode"] = row.Episode,
        ["frame"] = row.Frame,
        ["task_id"] = row.TaskId,
        ["region_id"] = row.RegionId,
        ["label"] = row.Label,
        ["first"] = Of(row.First),
        ["changes"] = Shapes.List(row.Changes, Of),
        ["not_known"] = row.NotKnown,
    };

    private static JsonObject Of(BlameEvent what) => new()
    {
        ["version"] = what.Version,
        ["created_at"] = what.CreatedAt is { } created ? Timestamp.From(created).Text : null,
        ["harvest_version"] = what.HarvestVersion,
        ["project"] = what.Project,
        ["sha256"] = what.Sha256,
        ["path"] = what.Path,
        ["annotation_id"] = what.AnnotationId,
        ["annotators"] = Shapes.List(what.Annotators, static id => JsonValue.Create(id)),
        ["updated_at"] = what.UpdatedAt is { } updated ? Timestamp.From(updated).Text : null,
        ["origin"] = what.Origin,
        ["columns"] = Shapes.List(what.Columns, static column => JsonValue.Create(column)),
        ["before"] = what.Before?.ToJson(),
        ["after"] = what.After.ToJson(),
    };
}
