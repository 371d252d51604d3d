using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>The words of findings about media.</summary>
internal static class MediaFindings
{
    private const int MostNamed = 5;

    /// <param name="version">The slice.</param>
    /// <param name="link">The medium.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="recorded">The hash that the slice lists.</param>
    /// <param name="actual">Its hash now.</param>
    /// <param name="episodes">The episodes whose rows name it.</param>
    public static DriftFinding Changed(string version, string link, string path, string recorded, string actual, IReadOnlyList<string> episodes) => new(
        DriftKind.MediaChanged,
        DriftSeverity.Error,
        link,
        recorded,
        actual,
        $"The medium {PlainText.OneLine(link)} ({path}) of {Figures.Plural(episodes.Count, "episode")} {Named(episodes)} is no longer the one that slice {version} lists ({Figures.ShortHash(recorded)}, now {Figures.ShortHash(actual)}).",
        $"Put the file back, or move it away and bring the listed one with {new RemedyAction.PullSlices(version) { Media = true }}; if the new one is meant, make the next slice with {new RemedyAction.NewSlice(Parent: version) { Media = true }}.");

    /// <param name="version">The slice.</param>
    /// <param name="links">The media that are gone.</param>
    /// <param name="problem">What is the matter with the first, after "it".</param>
    /// <param name="path">Where the first was looked for; null where no root takes its link.</param>
    /// <param name="all">How many the slice lists.</param>
    /// <param name="remote">The remote that has all of them; null where none has, or none could be asked.</param>
    public static DriftFinding Missing(string version, IReadOnlyList<string> links, string problem, string? path, long all, string? remote) => new(
        DriftKind.MediaMissing,

        // A clone that has brought no media is as it should be where the remote has them.
        remote is null ? DriftSeverity.Error : DriftSeverity.Note,
        links.Count == 1 ? links[0] : $"{Figures.Count(links.Count)} of {Figures.Count(all, "medium", "media")}",
        null,
        null,
        $"{Figures.Count(links.Count)} of the {Figures.Count(all, "medium", "media")} that slice {version} lists {(links.Count == 1 ? "is" : "are")} not on this machine: "
            + $"{Named(links)}. {(links.Count == 1 ? "It" : "The first")} {problem}{(path is null ? "" : $" ({path})")}."
            + (remote is null ? "" : $" The remote {remote} has {(links.Count == 1 ? "it" : "them")}."),
        remote is null
            ? (Remedy)$"Put the files back, bring them with {new RemedyAction.PullSlices(version) { Media = true }}, or correct \"media\" in harvest.json or {LocalSettings.FileName}."
            : (Remedy)$"Bring them with {new RemedyAction.PullSlices(version) { Media = true }} where they are needed.");

    /// <param name="version">The slice.</param>
    /// <param name="fault">Why its list cannot be read.</param>
    public static DriftFinding ListUnreadable(string version, HarvestException fault) => new(
        DriftKind.MediaMissing, DriftSeverity.Error, $"media of {version}", null, null, fault.Message, fault.Remedy);

    /// <param name="version">The slice.</param>
    public static DriftFinding NotListed(string version) => new(
        DriftKind.MediaMissing, DriftSeverity.Note, $"media of {version}", null, null,
        $"Slice {version} lists no media, so nothing of them can be checked.",
        $"Make its successor with {new RemedyAction.NewSlice(Parent: version) { Media = true }}, if media should be part of the data set.");

    private static string Named(IReadOnlyList<string> names) => Figures.List([.. names.Select(PlainText.OneLine)], most: MostNamed);
}
