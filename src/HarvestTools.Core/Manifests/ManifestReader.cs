using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Manifests;

/// <summary>slice.json to <see cref="SliceManifest"/>.</summary>
internal static class ManifestReader
{
    /// <summary>The kind of a slice that a program derives; one that rules derive has none.</summary>
    internal const string HarvestKind = "program";

    public static SliceManifest Read(JsonFileText file)
    {
        var reader = new ObjectReader(file, file.ParseObject());
        bool program = reader.Text("harvest_kind") switch
        {
            null => false,
            HarvestKind => true,
            string other => throw reader.Invalid("harvest_kind", $"is \"{other}\", which this release does not know", "Use the release that wrote the slice."),
        };
        var manifest = new SliceManifest
        {
            IsProgram = program,
            ProgramOutputs = program ? reader.List("outputs", OutputOfProgram) : [],
            Steps = reader.List("steps", Step),
            Version = Version(reader, "slice_version", reader.RequiredText("slice_version")),
            Parents = [.. reader.TextList("parents").Select(parent => Version(reader, "parents", parent))],
            Reason = reader.Text("reason"),
            CreatedAt = reader.Time("created_at"),
            WrittenBy = reader.Text("written_by"),
            TrainedAt = reader.Time("trained_at"),
            Exports = reader.List("exports", Export),
            HarvestVersion = reader.RequiredText("harvest_version"),
            HarvestSha256 = reader.Sha256("harvest_sha256"),
            FormatVersion = (int?)reader.Integer("format_version", 1, int.MaxValue),
            DerivationVersion = (int?)reader.Integer("derivation_version", 1, int.MaxValue),
            FilterOverrides = reader.FreeObject("filter_overrides"),
            ModelOutputs = ModelOutputs(reader),
            EvalSet = reader.Object("eval_set") is { } evalSet ? Pinned(evalSet) : null,
            Media = reader.Object("media") is { } media ? Media(media) : null,
            Outputs = program ? [] : reader.List("outputs", Output),
            Pins = reader.Object("pins") is { } pins ? SlicePins.Parse(pins) : null,
            Runs = reader.List("runs", Run),
            Rest = reader.Rest(),
        };
        if (manifest.Exports.Count == 0)
        {
            throw JsonDocumentErrors.FieldMissing(file.File, reader.Place("exports"), "exports");
        }

        RefuseRepeatedExports(file, manifest.Exports);
        return manifest;
    }

    private static string Version(ObjectReader reader, string field, string version)
    {
        string? why = SliceNames.WhyNotVersion(version);
        return why is null
            ? version
            : throw reader.Invalid(field, $"is \"{version}\", which cannot name a slice: {why}", "Use letters, digits, '.', '_' and '-', as in v3.");
    }

    private static SliceExport Export(ObjectReader reader)
    {
        string project = reader.RequiredText("project");
        string? why = SliceNames.WhyNotProject(project);
        if (why is not null)
        {
            throw reader.Invalid("project", $"is \"{project}\", which cannot name a project: {why}", "Use letters, digits, '.', '_' and '-'.");
        }

        return new SliceExport
        {
            Project = project,
            Sha256 = reader.RequiredSha256("sha256"),
            Path = reader.RelativePath("path"),
            Name = reader.Text("name"),
            LabelSha256 = reader.Sha256("label_sha256"),
            LabelVersion = reader.Integer("label_version"),
            LabelConfigSha256 = reader.Sha256("label_config_sha256"),
            LabelsThrough = reader.Time("labels_through"),
            ProjectIds = reader.IntegerList("project_ids"),
            SupersededBy = reader.Sha256List("superseded_by"),
            Bytes = reader.Integer("bytes"),
            Rest = reader.Rest(),
        };
    }

    private static SliceOutput Output(ObjectReader reader) => new()
    {
        Table = reader.RequiredText("table"),
        Export = reader.RequiredSha256("export"),
        Rows = Count(reader, "rows"),
        Sha256 = reader.RequiredSha256("sha256"),
        RowsSha256 = reader.Sha256("rows_sha256"),
        Rest = reader.Rest(),
    };

    private static ProgramOutput OutputOfProgram(ObjectReader reader) => new()
    {
        Table = reader.RequiredText("table"),
        Path = reader.RequiredPath("path"),
        Rows = reader.Integer("rows"),
        Sha256 = reader.Sha256("sha256"),
        RowsSha256 = reader.Sha256("rows_sha256"),
        Rest = reader.Rest(),
    };

    private static SliceStep Step(ObjectReader reader) => new()
    {
        HarvestVersion = reader.RequiredText("harvest_version"),
        HarvestSha256 = reader.RequiredSha256("harvest_sha256"),
        Outputs = reader.List("outputs", OutputOfProgram),
        Rest = reader.Rest(),
    };

    private static SliceMedia Media(ObjectReader reader) => new()
    {
        Sha256 = reader.RequiredSha256("sha256"),
        Files = Count(reader, "files"),
        Bytes = Count(reader, "bytes"),
        Missing = reader.Integer("missing") ?? 0,
        Rest = reader.Rest(),
    };

    private static long Count(ObjectReader reader, string name) =>
        reader.Integer(name) ?? throw JsonDocumentErrors.FieldMissing(reader.File.File, reader.Place(name), reader.FieldName(name));

    internal static PinnedFile Pinned(ObjectReader reader) => new()
    {
        Path = reader.RequiredPath("path"),
        Sha256 = reader.Sha256("sha256"),
        Rest = reader.Rest(),
    };

    private static SliceRun Run(ObjectReader reader) => new()
    {
        Name = reader.RequiredText("name"),
        Artifact = reader.PathOrAddress("artifact"),
        Sha256 = reader.Sha256("sha256"),
        DatasetSha256 = reader.Sha256("dataset_sha256"),
        Parameters = reader.FreeObject("params"),
        Metrics = reader.FreeObject("metrics"),
        GitCommit = reader.Text("git_commit"),
        GitDirty = reader.Flag("git_dirty"),
        Seeds = reader.Take("seeds"),
        Hardware = reader.Take("hardware"),
        Dependencies = reader.List("dependencies", Pinned),
        StartedAt = reader.Time("started_at"),
        TrainedAt = reader.Time("trained_at"),
        Tracking = reader.Take("tracking"),
        Rest = reader.Rest(),
    };

    private static OrderedDictionary<string, string> ModelOutputs(ObjectReader reader)
    {
        var models = new OrderedDictionary<string, string>();
        ObjectReader? outputs = reader.Object("model_outputs");
        if (outputs?.Rest() is not { } all)
        {
            return models;
        }

        foreach (string name in all.Select(static pair => pair.Key).ToArray())
        {
            models.Add(name, outputs.PathOrAddress(name) ?? throw outputs.Invalid(name, "is null", "Write the model's path."));
        }

        return models;
    }

    private static void RefuseRepeatedExports(JsonFileText file, IReadOnlyList<SliceExport> exports)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < exports.Count; i++)
        {
            if (!seen.Add($"{exports[i].Project} {exports[i].Sha256}"))
            {
                string path = JsonFileText.ItemPath("exports", i);
                throw JsonDocumentErrors.FieldInvalid(
                    file.File, file.Find(path), path, $"names the export {Figures.ShortHash(exports[i].Sha256)} of project {exports[i].Project} a second time", "Remove one of the two.");
            }
        }
    }
}
