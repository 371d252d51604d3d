using System.Collections.Specialized;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Tables;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>A recorded slice as PowerShell users handle it: dates are dates, JSON objects are dictionaries.</summary>
public sealed class Slice
{
    private Slice(SliceManifest manifest, string path, string repository, string dataset, Tally? tally)
    {
        Media = manifest.Media;
        DatasetSha256 = dataset;
        Tally = tally;
        Version = manifest.Version;
        Parent = manifest.Parent;
        Reason = manifest.Reason;
        CreatedAt = manifest.CreatedAt?.Instant.LocalDateTime;
        TrainedAt = manifest.TrainedAt?.Instant.LocalDateTime;
        HarvestVersion = manifest.HarvestVersion;
        HarvestSha256 = manifest.HarvestSha256;
        FormatVersion = manifest.FormatVersion ?? 1;
        DerivationVersion = manifest.DerivationVersion ?? 1;
        WrittenBy = manifest.WrittenBy;
        Exports = manifest.Exports;
        FilterOverride = JsonValues.ToDictionary(manifest.FilterOverrides);
        ModelOutput = [];
        foreach ((string name, string target) in manifest.ModelOutputs)
        {
            ModelOutput.Add(name, target);
        }

        EvalSet = manifest.EvalSet?.Path;
        EvalSetSha256 = manifest.EvalSet?.Sha256;
        Outputs = manifest.Outputs;
        Rows = manifest.Rows;
        Rejected = manifest.Outputs.Count == 0
            ? null
            : manifest.Outputs.Where(static output => !TableCatalog.HoldsLabels(output.Table)).Sum(static output => output.Rows);
        GitCommit = manifest.Pins?.GitCommit;
        Pins = manifest.Pins;
        Runs = [.. manifest.Runs.Select(static run => new SliceTraining(
            run.Name, run.Artifact, run.Sha256, JsonValues.ToDictionary(run.Metrics), run.TrainedAt?.Instant.LocalDateTime, JsonValues.ToObject(run.Tracking)))];
        Path = path;
        Repository = repository;
    }

    public string Version { get; }

    /// <summary>The slice that this one follows.</summary>
    public string? Parent { get; }

    /// <summary>What changed and why.</summary>
    public string? Reason { get; }

    public DateTime? CreatedAt { get; }

    public DateTime? TrainedAt { get; }

    /// <summary>For example <c>harvest@v1.4.2</c>.</summary>
    public string HarvestVersion { get; }

    public string? HarvestSha256 { get; }

    /// <summary>What the tables are written in.</summary>
    public int FormatVersion { get; }

    /// <summary>What the rows mean.</summary>
    public int DerivationVersion { get; }

    /// <summary>The release of HarvestTools that made it; null where it was written by hand.</summary>
    public string? WrittenBy { get; }

    public IReadOnlyList<SliceExport> Exports { get; }

    /// <summary>Rules that differ from the definition's.</summary>
    public OrderedDictionary FilterOverride { get; }

    /// <summary>Models trained on the slice: name to path or address.</summary>
    public OrderedDictionary ModelOutput { get; }

    public string? EvalSet { get; }

    public string? EvalSetSha256 { get; }

    /// <summary>The list of the media that the rows name; null where they were not listed.</summary>
    public SliceMedia? Media { get; }

    /// <summary>What a training on the slice is a training on: SHA-256 over the slice's key and its list of media.</summary>
    public string DatasetSha256 { get; }

    /// <summary>The Parquet files as they were recorded.</summary>
    public IReadOnlyList<SliceOutput> Outputs { get; }

    /// <summary>Recorded rows of all tables but <c>rejected</c>; null where nothing is recorded.</summary>
    public long? Rows { get; }

    /// <summary>Recorded rows of the table <c>rejected</c>; null where nothing is recorded.</summary>
    public long? Rejected { get; }

    public string? GitCommit { get; }

    /// <summary>What else a training depends on, as it was when the slice was made; null where nothing was pinned.</summary>
    public SlicePins? Pins { get; }

    /// <summary>Models and runs that were trained on the slice.</summary>
    public IReadOnlyList<SliceTraining> Runs { get; }

    /// <summary>
    /// What was kept and dropped, by reason, label, annotator and task_subdir; only of a slice that was just made.
    /// </summary>
    public Tally? Tally { get; }

    /// <summary>Full path of slice.json.</summary>
    public string Path { get; }

    /// <summary>Full path of the repository.</summary>
    public string Repository { get; }

    public override string ToString() => Version;

    internal static Slice Of(SliceManifest manifest, HarvestRepository repository, Tally? tally = null) =>
        new(manifest, repository.Slices.PathOf(manifest.Version), repository.Root, DatasetDigest.Of(repository, manifest), tally);
}

/// <summary>A model or run that was trained on a slice.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Artifact">Path in the repository, or an address.</param>
/// <param name="Sha256">Of the artifact.</param>
/// <param name="Metric">Its metrics by name.</param>
/// <param name="TrainedAt">When it was trained.</param>
/// <param name="Tracking">The run in an experiment tracker: an address or a dictionary.</param>
public sealed record SliceTraining(
    string Name, string? Artifact, string? Sha256, OrderedDictionary Metric, DateTime? TrainedAt, object? Tracking);
