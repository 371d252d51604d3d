using HarvestTools.LabelStudio.Labels;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Manifests;

/// <summary>
/// One slice.json: which exports, under which rules, gave which rows, and what was trained on them. Unknown fields at
/// every level survive a rewrite. Hashes are 64 lower-case hexadecimal digits; paths are relative to the repository.
/// </summary>
public sealed record SliceManifest
{
    /// <summary><c>slice_version</c>, also the name of the slice's folder.</summary>
    public required string Version { get; init; }

    /// <summary>The slices that this one follows; none for a first one.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>The first of <see cref="Parents"/>.</summary>
    public string? Parent
    {
        get => Parents.Count > 0 ? Parents[0] : null;
        init => Parents = value is null ? [] : [value];
    }

    /// <summary>What changed and why.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was made.</summary>
    public Timestamp? CreatedAt { get; init; }

    /// <summary>The release of HarvestTools that made it, for example <c>1.2.0</c>; null where it was written by hand.</summary>
    public string? WrittenBy { get; init; }

    /// <summary>When a model was trained on the slice last; null where none was.</summary>
    public Timestamp? TrainedAt { get; init; }

    /// <summary>The exports that the rows come from.</summary>
    public required IReadOnlyList<SliceExport> Exports { get; init; }

    /// <summary>For example <c>harvest@v1.4.2</c>.</summary>
    public required string HarvestVersion { get; init; }

    /// <summary>SHA-256 of the definition's canonical form, under which it is archived; null where it is not recorded.</summary>
    public string? HarvestSha256 { get; init; }

    /// <summary>Whether a team's own program derives, and not the rules: <c>"harvest_kind": "program"</c>.</summary>
    public bool IsProgram { get; init; }

    /// <summary>What the tables are written in (docs/format.md); null where it is not recorded, which means 1.</summary>
    public int? FormatVersion { get; init; }

    /// <summary>What the rows mean (docs/derivation.md); null where it is not recorded, which means 1.</summary>
    public int? DerivationVersion { get; init; }

    /// <summary>Rules that differ from the definition's; numbers keep their spelling.</summary>
    public JsonObject FilterOverrides { get; init; } = [];

    /// <summary>Model name to path or address, in the order of the file.</summary>
    public IReadOnlyDictionary<string, string> ModelOutputs { get; init; } = new OrderedDictionary<string, string>();

    /// <summary>The eval set as it was when the slice recorded it; null where it records none.</summary>
    public PinnedFile? EvalSet { get; init; }

    /// <summary>The media that the rows name, as they were when the slice was made; null where they were not listed.</summary>
    public SliceMedia? Media { get; init; }

    /// <summary>The tables that were derived, one entry a table and export.</summary>
    public IReadOnlyList<SliceOutput> Outputs { get; init; } = [];

    /// <summary>The files that a team's own program wrote, in the place of <see cref="Outputs"/>.</summary>
    public IReadOnlyList<ProgramOutput> ProgramOutputs { get; init; } = [];

    /// <summary>The steps before the slice's own definition, the first one first; none where it follows no other.</summary>
    public IReadOnlyList<SliceStep> Steps { get; init; } = [];

    /// <summary>Recorded rows of all tables but <c>rejected</c>; null where nothing was recorded, or rows of a file cannot be read.</summary>
    public long? Rows => IsProgram
        ? ProgramOutputs.Any(static output => output.Rows is not null) && !ProgramOutputs.Any(static output => output.HasUnread) ? ProgramOutputs.Where(static output => TableCatalog.HoldsLabels(output.Table)).Sum(static output => output.Rows ?? 0) : null
        : Outputs.Count > 0 ? Outputs.Where(static output => TableCatalog.HoldsLabels(output.Table)).Sum(static output => output.Rows) : null;

    /// <summary>What else was there when the slice was made; null where nothing was recorded.</summary>
    public SlicePins? Pins { get; init; }

    /// <summary>The models and runs that were registered.</summary>
    public IReadOnlyList<SliceRun> Runs { get; init; } = [];

    internal JsonObject? Rest { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="HarvestException">The file cannot be read, or its content is at fault; the message names the place.</exception>
    public static SliceManifest Load(string path) => ManifestReader.Read(JsonFileText.LoadStored(path));

    /// <summary>Reads a manifest from bytes; <paramref name="file"/> is its name in errors.</summary>
    public static SliceManifest Parse(byte[] bytes, string file = "slice.json") => ManifestReader.Read(new JsonFileText(bytes, file));

    /// <summary>The file's bytes: LF, UTF-8 without BOM, two-space indent, fixed key order.</summary>
    public byte[] ToUtf8Bytes() => ManifestWriter.ToUtf8(this);

    /// <summary>What the file holds, the same keys in the same order; a new tree at each call.</summary>
    public JsonObject ToJson() => ManifestWriter.ToJson(this);
}

/// <summary>One export that a slice is derived from.</summary>
public sealed record SliceExport
{
    /// <summary>The project that the export is of.</summary>
    public required string Project { get; init; }

    /// <summary>Of the export's exact bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Null where the export was added from outside the repository.</summary>
    public string? Path { get; init; }

    /// <summary>The file's name, where it was added from outside the repository.</summary>
    public string? Name { get; init; }

    /// <summary>Of the labels alone.</summary>
    public string? LabelSha256 { get; init; }

    /// <summary>The definition of the label hash; null in records of builds before it was recorded.</summary>
    public long? LabelVersion { get; init; }

    /// <summary>The label hash where it is of this release's definition; hashes of two definitions say nothing of each other.</summary>
    internal string? ComparableLabels => LabelHash.Comparable(LabelSha256, LabelVersion);

    /// <summary>Of the labeling configuration that was archived with the export; null where none was.</summary>
    public string? LabelConfigSha256 { get; init; }

    /// <summary>The latest time at which a task or annotation of the export was updated; null where it was not recorded.</summary>
    public Timestamp? LabelsThrough { get; init; }

    /// <summary>
    /// Label Studio's ids of the export's project, by which a clone without the archive knows it; empty where they are not recorded.
    /// </summary>
    public IReadOnlyList<long> ProjectIds { get; init; } = [];

    /// <summary>
    /// Exports of the slice that win where they hold the same labelled task of the project; empty where none does.
    /// </summary>
    public IReadOnlyList<string> SupersededBy { get; init; } = [];

    /// <summary>Size of the export in bytes; null where it was not recorded.</summary>
    public long? Bytes { get; init; }

    /// <summary>What the export's tables are named by, without the extension: <c>a-ef261e446ec3</c>.</summary>
    internal string FileStem => $"{Project}-{Sha256[..12]}";

    internal JsonObject? Rest { get; init; }

    /// <summary><c>a ef261e446ec3</c>.</summary>
    public override string ToString() => $"{Project} {Figures.ShortHash(Sha256)}";
}

/// <summary>One Parquet file of a slice as it was when the slice was recorded.</summary>
public sealed record SliceOutput
{
    /// <summary>Name of the table.</summary>
    public required string Table { get; init; }

    /// <summary>The SHA-256 of the export that the rows come from.</summary>
    public required string Export { get; init; }

    /// <summary>How many rows the table has.</summary>
    public required long Rows { get; init; }

    /// <summary>Of the file's bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Of the schema and the values alone, whatever their encoding.</summary>
    public string? RowsSha256 { get; init; }

    internal JsonObject? Rest { get; init; }

    /// <summary><c>keypoints ef261e446ec3</c>.</summary>
    public override string ToString() => $"{Table} {Figures.ShortHash(Export)}";
}

/// <summary>One file of a slice that a team's own program wrote, as it was when the slice was recorded.</summary>
public sealed record ProgramOutput
{
    /// <summary>Name of the table: the file's first folder, or its name without the extension.</summary>
    public required string Table { get; init; }

    /// <summary>Where the program wrote it, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>How many rows it has; null where they cannot be read.</summary>
    public long? Rows { get; init; }

    /// <summary>Whether it has rows, by its name, that cannot be read; other files have none.</summary>
    internal bool HasUnread => Rows is null && MayHaveRows(Path);

    /// <summary>Whether a file is, by its name, of a kind whose rows are read.</summary>
    internal static bool MayHaveRows(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() is ".CSV" or ".TSV" or ".JSONL" or ".NDJSON" or ".PARQUET";

    /// <summary>Of the file's bytes; null where its rows alone have to stay the same.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Of the rows, as the definition has them compared; null where they cannot be read.</summary>
    public string? RowsSha256 { get; init; }

    internal JsonObject? Rest { get; init; }
}

/// <summary>A definition whose tables the next one read, as it was when the slice was recorded.</summary>
public sealed record SliceStep
{
    /// <summary>For example <c>regions@v1.0.0</c>.</summary>
    public required string HarvestVersion { get; init; }

    /// <summary>SHA-256 of its canonical form.</summary>
    public required string HarvestSha256 { get; init; }

    /// <summary>The files of its tables.</summary>
    public IReadOnlyList<ProgramOutput> Outputs { get; init; } = [];

    internal JsonObject? Rest { get; init; }
}

/// <summary>A file of the repository and the hash that it had.</summary>
public sealed record PinnedFile
{
    /// <summary>Where it is, relative to the repository, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of its bytes, 64 lowercase hex digits; null where it was not recorded.</summary>
    public string? Sha256 { get; init; }

    internal JsonObject? Rest { get; init; }
}

/// <summary>The list of the media that a slice's rows name: images and videos, by link, hash and size.</summary>
public sealed record SliceMedia
{
    /// <summary>SHA-256 of the list, under which it is archived.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many media were there and hashed.</summary>
    public required long Files { get; init; }

    /// <summary>Their bytes in all; those that two links lead to count twice.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many links led to no file.</summary>
    public required long Missing { get; init; }

    /// <summary><c>37 files, 1.2 GB, 3 missing</c>.</summary>
    public override string ToString() =>
        $"{Figures.Count(Files, "file")}, {Figures.Size(Bytes)}{(Missing == 0 ? "" : $", {Figures.Count(Missing)} missing")}";

    internal JsonObject? Rest { get; init; }
}

/// <summary>A model or run that was trained on the slice.</summary>
public sealed record SliceRun
{
    /// <summary>The model's or run's name.</summary>
    public required string Name { get; init; }

    /// <summary>Path in the repository, or an address.</summary>
    public string? Artifact { get; init; }

    /// <summary>SHA-256 of the artifact; null where it is an address or was not hashed.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The digest of the data set that it was trained on; null where it was not recorded.</summary>
    public string? DatasetSha256 { get; init; }

    /// <summary>What the training was given, by name: numbers, texts and truth values. Never what came out of it.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>Metrics by name.</summary>
    public JsonObject Metrics { get; init; } = [];

    /// <summary>The commit that the training's code was at; null where it was not recorded.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Whether files of that commit had been changed and not committed.</summary>
    public bool GitDirty { get; init; }

    /// <summary>A number, or numbers by name.</summary>
    public JsonNode? Seeds { get; init; }

    /// <summary>What it ran on: a text, or an object as reading the machine gives it.</summary>
    public JsonNode? Hardware { get; init; }

    /// <summary>Files that name the dependencies, with their hashes.</summary>
    public IReadOnlyList<PinnedFile> Dependencies { get; init; } = [];

    /// <summary>When the training began; null where that was not recorded.</summary>
    public Timestamp? StartedAt { get; init; }

    /// <summary>When it was trained; null where that was not recorded.</summary>
    public Timestamp? TrainedAt { get; init; }

    /// <summary>The run in an experiment tracker: an address, or an object of the tracker's own fields.</summary>
    public JsonNode? Tracking { get; init; }

    internal JsonObject? Rest { get; init; }
}
