namespace HarvestTools.Archive;

/// <summary>
/// Which of a project's exports is the newer one: the one whose labels go further, then the one that was added later. An
/// export that is archived late is therefore no newer than it was.
/// </summary>
/// <param name="added">When an export came in; null takes the time of its record.</param>
internal sealed class ExportOrder(Func<ExportRecord, DateTimeOffset>? added = null) : IComparer<ExportRecord>
{
    public static ExportOrder Instance { get; } = new();

    /// <summary>Whether the first is newer than the second.</summary>
    public static bool IsNewer(ExportRecord one, ExportRecord other) => Instance.Compare(one, other) > 0;

    public int Compare(ExportRecord? x, ExportRecord? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);

        // What somebody said of the two counts before what their dates say.
        if (x.NewerThan.Count + y.NewerThan.Count > 0
            && x.NewerThan.Contains(y.Sha256, StringComparer.Ordinal) != y.NewerThan.Contains(x.Sha256, StringComparer.Ordinal))
        {
            return x.NewerThan.Contains(y.Sha256, StringComparer.Ordinal) ? 1 : -1;
        }

        int order = Nullable.Compare(x.LabelsThrough?.Instant, y.LabelsThrough?.Instant);
        order = order != 0 ? order : Added(x).CompareTo(Added(y));
        return order != 0 ? order : string.CompareOrdinal(x.Sha256, y.Sha256);
    }

    private DateTimeOffset Added(ExportRecord record) => added?.Invoke(record) ?? record.AddedAt.Instant;
}
