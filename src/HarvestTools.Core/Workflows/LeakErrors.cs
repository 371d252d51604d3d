using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of leaks of eval sets; each factory's name is the error's id.</summary>
internal static class LeakErrors
{
    /// <param name="version">The slice that would be made.</param>
    /// <param name="path">The eval set.</param>
    /// <param name="what">What both have.</param>
    public static HarvestException EvalSetLeaks(string version, string path, string what) => new(
        nameof(EvalSetLeaks), HarvestFault.InvalidData,
        $"Slice {version} would have what its eval set {path} has: {what}. Figures measured on it would flatter every model that is trained on the slice.",
        $"Take it out of the eval set, or out of the exports; where it is meant, make the slice all the same with {new RemedyAction.NewSlice(version) { AllowLeak = true }}.",
        path);

    /// <summary>What both have, in a phrase: <c>2 episodes (a/1, a/2) and 1 medium with the same bytes (x.png)</c>.</summary>
    public static string What(IReadOnlyList<string> episodes, IReadOnlyList<string> media, IReadOnlyList<string> copies)
    {
        var parts = new List<string>();
        Add(episodes, "episode", "episodes", "");
        Add(media, "medium", "media", "");
        Add(copies, "medium", "media", " with the same bytes under another name");
        return string.Join(" and ", parts);

        void Add(IReadOnlyList<string> names, string one, string many, string more)
        {
            if (names.Count > 0)
            {
                parts.Add($"{Figures.Count(names.Count, one, many)}{more} ({Figures.List([.. names.Select(PlainText.OneLine)], most: 5)})");
            }
        }
    }
}
