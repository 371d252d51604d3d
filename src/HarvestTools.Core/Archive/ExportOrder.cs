namespace HarvestTools.Archive;

/// <summary>
/// Which of a project's exports is the newer one: the one whose labels go further, then the one that was added later. An
/// export that is archived late is therefore no newer than it was.
/// </summary>
internal sealed class ExportOrder : IComparer<ExportRecord>
{
    public static ExportOrder Instance { get; } = new();

    /// <summary>Whether the first is newer than the second.</summary>
    public static bool IsNewer(ExportRecord one, ExportRecord other) => Instance.Compare(one, other) > 0;

    public int Compare(ExportRecord? x, ExportRecord? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        int order = Nullable.Compare(x.LabelsThrough?.Instant, y.LabelsThrough?.Instant);
        order = order != 0 ? order : x.AddedAt.Instant.CompareTo(y.AddedAt.Instant);
        return order != 0 ? order : string.CompareOrdinal(x.Sha256, y.Sha256);
    }
}
