namespace HarvestTools.Workflows;

/// <summary>The errors of removing a slice; each factory's name is the error's id.</summary>
internal static class RemoveErrors
{
    /// <param name="version">The slice.</param>
    /// <param name="needs">What needs it, each as in "model 'hand' is registered on it".</param>
    /// <param name="follower">A slice that follows it; null where none does.</param>
    /// <param name="kept">The slice itself, or one that follows it in a row, which has a model or a tag; null where none does.</param>
    public static HarvestException SliceNeeded(string version, IReadOnlyList<string> needs, string? follower, string? kept) => new(
        nameof(SliceNeeded), HarvestFault.Usage,
        $"Slice {version} is needed, so it stays: {string.Join("; ", needs)}.",
        follower is null || kept == version
            ? (Remedy)"Keep it: it is the record of what was trained or tagged. Where a tag alone holds it, delete the tag first."
            : kept is not null
            ? (Remedy)$"Keep it: slice {kept} after it is the record of what was trained or tagged, and its history goes through {version}."
            : (Remedy)$"Remove first what follows it: {new RemedyAction.RemoveSlice(follower)} shows what would go, and how it goes.",
        version);
}
