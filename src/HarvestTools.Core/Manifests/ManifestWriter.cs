using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary><see cref="SliceManifest"/> to slice.json, in the one order of keys that every manifest has.</summary>
internal static class ManifestWriter
{
    public static byte[] ToUtf8(SliceManifest manifest) => ReadableJson.ToUtf8(ToJson(manifest));

    public static JsonObject ToJson(SliceManifest manifest) => new ObjectWriter(manifest.Rest)
        .Add("slice_version", manifest.Version)
        .Add("parents", Texts(manifest.Parents))
        .Add("reason", manifest.Reason)
        .Add("created_at", manifest.CreatedAt)
        .Add("written_by", manifest.WrittenBy)
        .Add("trained_at", manifest.TrainedAt)
        .AddRequiredList("exports", manifest.Exports, Export)
        .Add("harvest_version", manifest.HarvestVersion)
        .Add("harvest_sha256", manifest.HarvestSha256)
        .Add("harvest_kind", manifest.IsProgram ? ManifestReader.HarvestKind : null)
        .Add("format_version", manifest.FormatVersion)
        .Add("derivation_version", manifest.DerivationVersion)
        .Add("filter_overrides", manifest.FilterOverrides)
        .Add("model_outputs", ModelOutputs(manifest.ModelOutputs))
        .Add("eval_set", manifest.EvalSet is null ? null : Pinned(manifest.EvalSet))
        .Add("media", manifest.Media is null ? null : Media(manifest.Media))
        .AddList("steps", manifest.Steps, Step)
        .Add("outputs", manifest.ProgramOutputs.Count == 0 ? null : new JsonArray([.. manifest.ProgramOutputs.Select(OutputOfProgram)]))
        .AddList("outputs", manifest.Outputs, Output)
        .Add("pins", manifest.Pins?.ToJson())
        .AddList("runs", manifest.Runs, Run)
        .Build();

    private static JsonObject Export(SliceExport export) => new ObjectWriter(export.Rest)
        .Add("project", export.Project)
        .Add("sha256", export.Sha256)
        .Add("path", export.Path)
        .Add("name", export.Name)
        .Add("label_sha256", export.LabelSha256)
        .Add("label_version", export.LabelVersion)
        .Add("label_config_sha256", export.LabelConfigSha256)
        .Add("labels_through", export.LabelsThrough)
        .Add("project_ids", export.ProjectIds.Count == 0 ? null : new JsonArray([.. export.ProjectIds.Select(static id => JsonValue.Create(id))]))
        .Add("superseded_by", Texts(export.SupersededBy))
        .Add("bytes", export.Bytes)
        .Build();

    /// <summary>Null, and so left out, where there is none.</summary>
    private static JsonArray? Texts(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? null : new JsonArray([.. texts.Select(static text => JsonValue.Create(text))]);

    private static JsonObject Output(SliceOutput output) => new ObjectWriter(output.Rest)
        .Add("table", output.Table)
        .Add("export", output.Export)
        .Add("rows", output.Rows)
        .Add("sha256", output.Sha256)
        .Add("rows_sha256", output.RowsSha256)
        .Build();

    private static JsonObject OutputOfProgram(ProgramOutput output) => new ObjectWriter(output.Rest)
        .Add("table", output.Table)
        .Add("path", output.Path)
        .Add("rows", output.Rows)
        .Add("sha256", output.Sha256)
        .Add("rows_sha256", output.RowsSha256)
        .Build();

    private static JsonObject Step(SliceStep step) => new ObjectWriter(step.Rest)
        .Add("harvest_version", step.HarvestVersion)
        .Add("harvest_sha256", step.HarvestSha256)
        .AddList("outputs", step.Outputs, OutputOfProgram)
        .Build();

    private static JsonObject Media(SliceMedia media) => new ObjectWriter(media.Rest)
        .Add("sha256", media.Sha256)
        .Add("files", media.Files)
        .Add("bytes", media.Bytes)
        .Add("missing", media.Missing)
        .Build();

    internal static JsonObject Pinned(PinnedFile file) => new ObjectWriter(file.Rest)
        .Add("path", file.Path)
        .Add("sha256", file.Sha256)
        .Build();

    private static JsonObject Run(SliceRun run) => new ObjectWriter(run.Rest)
        .Add("name", run.Name)
        .Add("artifact", run.Artifact)
        .Add("sha256", run.Sha256)
        .Add("dataset_sha256", run.DatasetSha256)
        .Add("params", run.Parameters.Count == 0 ? null : run.Parameters)
        .Add("metrics", run.Metrics.Count == 0 ? null : run.Metrics)
        .Add("git_commit", run.GitCommit)
        .Add("git_dirty", run.GitDirty ? JsonValue.Create(true) : null)
        .Add("seeds", run.Seeds)
        .Add("hardware", run.Hardware)
        .AddList("dependencies", run.Dependencies, Pinned)
        .Add("started_at", run.StartedAt)
        .Add("trained_at", run.TrainedAt)
        .Add("tracking", run.Tracking)
        .Build();

    private static JsonObject ModelOutputs(IReadOnlyDictionary<string, string> models)
    {
        var result = new JsonObject();
        foreach ((string name, string path) in models)
        {
            result.Add(name, path);
        }

        return result;
    }
}
