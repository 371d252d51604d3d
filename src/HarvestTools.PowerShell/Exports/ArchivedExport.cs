using HarvestTools.Archive;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>An archived export under one project.</summary>
/// <param name="Project">The project it was added to.</param>
/// <param name="Sha256">Of its exact bytes; its name in the archive.</param>
/// <param name="LabelSha256">Of its labels alone.</param>
/// <param name="LabelConfigSha256">Of the labeling configuration that was archived with it last; null where none was.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Path">Where it came from: relative to the repository, or the bare name of a file from outside.</param>
/// <param name="AddedAt">When it was added first.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="Annotations">Submitted annotations, cancelled ones included.</param>
/// <param name="Cancelled">Annotations that were skipped.</param>
/// <param name="Drafts">Drafts, which are no labels.</param>
/// <param name="RegionTypes">Regions by type.</param>
/// <param name="Repository">Full path of the repository.</param>
public sealed record ArchivedExport(
    string Project,
    string Sha256,
    string? LabelSha256,
    string? LabelConfigSha256,
    long Bytes,
    string? Path,
    DateTime AddedAt,
    long? Tasks,
    long? Annotations,
    long? Cancelled,
    long? Drafts,
    RegionTypeCounts RegionTypes,
    string Repository)
{
    /// <summary>Tasks without an annotation of which their counter says that they have some; null where the labels were not read.</summary>
    public long? LabelsMissing { get; init; }

    /// <summary>The latest time at which one of its tasks or annotations was updated; null where it has none, or they were not read.</summary>
    public DateTime? LabelsThrough { get; init; }

    /// <summary>Label Studio's ids of the projects that its tasks are from; empty where it has none.</summary>
    public IReadOnlyList<long> ProjectIds { get; init; } = [];

    /// <summary>The slices that name it, v2 before v10.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];

    internal static ArchivedExport Of(ExportRecord record, string repository, ExportUses uses) => new(
        record.Project,
        record.Sha256,
        record.LabelSha256,
        record.LabelConfigSha256,
        record.Bytes,
        record.Path ?? record.Name,
        record.AddedAt.Instant.LocalDateTime,
        record.Tasks,
        record.Annotations,
        record.Cancelled,
        record.Drafts,
        RegionTypeCounts.From(record.RegionTypes)!,
        repository)
    {
        LabelsMissing = record.LabelsMissing,
        LabelsThrough = record.LabelsThrough?.Instant.LocalDateTime,
        ProjectIds = record.ProjectIds,
        UsedBy = uses.Of(record).ToArray(),
    };
}
