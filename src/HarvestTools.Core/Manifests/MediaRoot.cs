using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>A folder in which media are, and the beginning of the links that lead into it.</summary>
/// <param name="Link">The beginning, for example <c>/data/local-files/?d=</c> or <c>s3://bucket/videos/</c>; empty for links that no other root takes.</param>
/// <param name="Folder">In harvest.json relative to the repository, <c>.</c> for the repository itself; in harvest.local.json a full path.</param>
public sealed record MediaRoot(string Link, string Folder)
{
    /// <summary>No roots; one object, so that settings without them are equal.</summary>
    internal static IReadOnlyList<MediaRoot> None { get; } = [];

    internal static IReadOnlyList<MediaRoot> Parse(ObjectReader? roots)
    {
        var all = new List<MediaRoot>();
        foreach (string link in roots?.Rest()?.Select(static pair => pair.Key).ToArray() ?? [])
        {
            string text = roots!.RequiredText(link);
            if (IsElsewhere(text))
            {
                throw roots.Invalid(link, $"is {text}, which is no folder of the repository", $"Set it in {LocalSettings.FileName}, as \"media\": {{ \"{link}\": \"{text.Replace("\\", "\\\\", StringComparison.Ordinal)}\" }}; here a folder of the repository can be set.");
            }

            all.Add(new MediaRoot(link, text is "." or "./" ? "." : roots.OwnText(link, text)));
        }

        return all.Count == 0 ? None : all;
    }

    internal static JsonObject ToJson(IReadOnlyList<MediaRoot> roots)
    {
        var json = new JsonObject();
        foreach (MediaRoot root in roots)
        {
            json[root.Link] = root.Folder;
        }

        return json;
    }

    private static bool IsElsewhere(string text) =>
        text.StartsWith('/') || text == ".." || text.StartsWith("../", StringComparison.Ordinal) || text.StartsWith('~') || text.Contains('$', StringComparison.Ordinal) || text.Contains('%', StringComparison.Ordinal)
        || (text.Length > 1 && text[1] == ':') || text.StartsWith('\\') || FolderText.IsAddress(text);
}
