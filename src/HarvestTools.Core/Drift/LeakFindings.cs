using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>The words of findings about eval sets that a slice shares something with.</summary>
internal static class LeakFindings
{
    /// <param name="version">The slice.</param>
    /// <param name="path">The eval set.</param>
    /// <param name="versions">The slices that record it.</param>
    /// <param name="own">Whether the slice itself does.</param>
    /// <param name="what">What both have.</param>
    public static DriftFinding Leaks(string version, string path, IReadOnlyList<string> versions, bool own, string what) => new(
        DriftKind.EvalLeak,

        // The eval set of another slice of the line may be one that is used no more.
        own ? DriftSeverity.Error : DriftSeverity.Warning,
        path,
        null,
        null,
        $"Slice {version} has what {(own ? "its eval set" : $"the eval set of {Figures.List(versions)}")} {path} has: {what}. Figures measured on it flatter the models of the line.",
        $"Take it out of the eval set and record that with {new RemedyAction.PinEvalSet(path)}, or make the next slice without it.");

    /// <param name="version">The slice.</param>
    /// <param name="path">The eval set.</param>
    /// <param name="neighbours">Which frames are near which, each as a phrase.</param>
    public static DriftFinding Neighbours(string version, string path, IReadOnlyList<string> neighbours) => new(
        DriftKind.EvalLeak,

        // Near frames look alike, and are not the same: a person says whether they are too near.
        DriftSeverity.Warning,
        path,
        null,
        null,
        $"Slice {version} has {Figures.Count(neighbours.Count, "image")} near one of the eval set {path}, in the same video: {Figures.List([.. neighbours.Select(PlainText.OneLine)], most: 20)}.",
        $"Take whole videos into one set or the other; give eval_frames_apart in harvest.json fewer frames where that is far enough apart, and 0 to look for none.")
    {
        Details = neighbours,
    };

    /// <param name="version">The slice.</param>
    /// <param name="path">The eval set.</param>
    /// <param name="versions">The slices that record it.</param>
    /// <param name="problem">Why, in a sentence.</param>
    public static DriftFinding EvalSetNotKnown(string version, string path, IReadOnlyList<string> versions, string problem) => new(
        DriftKind.EvalLeak,
        DriftSeverity.Warning,
        path,
        null,
        null,
        $"Whether slice {version} has what the eval set {path} (of {Figures.List(versions)}) has is not known. {problem}",
        $"Put the eval set back; where another one took its place, record that with {new RemedyAction.PinEvalSet()}.");

    /// <param name="version">The slice.</param>
    /// <param name="exports">The exports of which nothing is known here; empty where it is about media alone.</param>
    public static DriftFinding RowsNotKnown(string version, IReadOnlyList<string> exports) => new(
        DriftKind.EvalLeak,
        DriftSeverity.Note,
        exports.Count > 0 ? string.Join(", ", exports) : "media",
        null,
        null,
        exports.Count > 0
            ? $"Whether slice {version} shares episodes or media with an eval set of its line is not known of {Figures.List(exports)}: {(exports.Count == 1 ? "its" : "their")} rows are not in the cache."
            : $"Whether slice {version} shares media with an eval set of its line is not known: its rows are not in the cache, and it lists no media. Its episodes were compared.",
        $"{new RemedyAction.BuildSlice(version)} derives them into the cache; then check again.");

    /// <param name="version">The slice.</param>
    /// <param name="columns">The columns that no table of its program has.</param>
    public static DriftFinding ColumnsLacking(string version, IReadOnlyList<string> columns) => new(
        DriftKind.EvalLeak,
        DriftSeverity.Note,
        string.Join(", ", columns),
        null,
        null,
        $"Whether slice {version} shares something with an eval set of its line is not known as far as it is about what no table has a column of: {Figures.List([.. columns.Select(static column => $"'{column}'")], "or")}.",
        $"Where a column has another name, write \"columns\": {{ \"{columns[0]}\": \"NAME\" }} into the definition in harvest.json, which needs no new version.");
}
