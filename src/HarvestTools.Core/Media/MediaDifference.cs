using System.Globalization;

namespace HarvestTools.Media;

/// <summary>How the media of one slice differ from those of another, by link; each list in ordinal order.</summary>
/// <param name="Added">Listed by the later slice alone.</param>
/// <param name="Removed">Listed by the earlier slice alone.</param>
/// <param name="Changed">Listed by both with other bytes, or missing in one of them.</param>
/// <param name="Same">How many are the same in both.</param>
public sealed record MediaDifference(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed, int Same)
{
    /// <summary><c>media 3 added, 0 removed, 1 changed</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"media {Added.Count} added, {Removed.Count} removed, {Changed.Count} changed");

    internal static MediaDifference Between(MediaList before, MediaList after)
    {
        Dictionary<string, string?> old = before.Entries.ToDictionary(static entry => entry.Link, static entry => entry.Sha256, StringComparer.Ordinal);
        Dictionary<string, string?> now = after.Entries.ToDictionary(static entry => entry.Link, static entry => entry.Sha256, StringComparer.Ordinal);
        return new MediaDifference(
            [.. after.Entries.Select(static entry => entry.Link).Where(link => !old.ContainsKey(link))],
            [.. before.Entries.Select(static entry => entry.Link).Where(link => !now.ContainsKey(link))],
            [.. after.Entries.Where(entry => old.TryGetValue(entry.Link, out string? sha256) && sha256 != entry.Sha256).Select(static entry => entry.Link)],
            after.Entries.Count(entry => old.TryGetValue(entry.Link, out string? sha256) && sha256 == entry.Sha256));
    }
}
