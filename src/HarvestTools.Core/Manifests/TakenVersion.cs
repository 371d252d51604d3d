using HarvestTools.Strings;

namespace HarvestTools.Manifests;

/// <summary>A version that a new slice does not take, because it is in use where no slice of this folder shows it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Where">Where it is in use: <c>on branch weekly</c>.</param>
public sealed record TakenVersion(string Version, string Where)
{
    /// <summary><c>v5 is taken on branch weekly</c>.</summary>
    public override string ToString() => $"{Version} is taken {Where}";

    /// <summary>Several in a sentence: <c>v5 and v6 are taken on branch weekly</c>.</summary>
    public static string Describe(IReadOnlyList<TakenVersion> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        return Figures.List(
        [
            .. from version in taken
               group version.Version by version.Where into place
               select $"{Figures.List([.. place])} {(place.Count() == 1 ? "is" : "are")} taken {place.Key}",
        ]);
    }

    /// <param name="version">The version.</param>
    /// <param name="slices">The name of the slices' folder.</param>
    /// <param name="refs">What git knows of it; empty where only a folder has the name.</param>
    internal static TakenVersion Of(string version, string slices, IReadOnlyList<string?> refs)
    {
        if (refs.Count == 0)
        {
            return new TakenVersion(version, $"by the folder {slices}/{version}");
        }

        // A branch says more than a tag, and one of this machine more than one that was fetched.
        string? known = refs.OfType<string>().MinBy(static name => Array.FindIndex(s_kinds, kind => name.StartsWith(kind, StringComparison.Ordinal)) is >= 0 and var at ? at : s_kinds.Length);
        return new TakenVersion(version, known switch
        {
            not null when known.StartsWith(s_kinds[0], StringComparison.Ordinal) => $"on branch {known[s_kinds[0].Length..]}",
            not null when known.StartsWith(s_kinds[1], StringComparison.Ordinal) => $"on branch {known[s_kinds[1].Length..]}",
            not null when known.StartsWith(s_kinds[2], StringComparison.Ordinal) => $"by what tag {known[s_kinds[2].Length..]} has",
            _ => "in git's history",
        });
    }

    private static readonly string[] s_kinds = ["refs/heads/", "refs/remotes/", "refs/tags/"];
}
