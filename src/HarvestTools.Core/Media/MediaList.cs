using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Media;

/// <summary>One medium that rows name.</summary>
/// <param name="Link">As the rows have it.</param>
/// <param name="Sha256">Of its bytes; null where it was missing.</param>
/// <param name="Bytes">Its size; 0 where it was missing.</param>
/// <param name="Episodes">The episodes whose rows name it, <c>folder/episode</c>, sorted.</param>
internal sealed record MediaEntry(string Link, string? Sha256, long Bytes, IReadOnlyList<string> Episodes)
{
    /// <summary>Whether an episode's rows name it; the episode with its folder, or without.</summary>
    public bool IsOf(string episode) => Episodes.Any(own => own == episode || own.EndsWith($"/{episode}", StringComparison.Ordinal));
}

/// <summary>
/// The media of a slice, by link. As bytes: one line of canonical JSON (RFC 8785) each, with LF, after a line that names the format; in
/// ordinal order of the links. The same rows and files give the same bytes on any machine, wherever the files are.
/// </summary>
internal sealed class MediaList
{
    private const string FormatKey = "format";
    private const string Format = "harvest-media 1";

    /// <param name="entries">In any order, each link once.</param>
    public MediaList(IEnumerable<MediaEntry> entries)
    {
        Entries = [.. entries.OrderBy(static entry => entry.Link, StringComparer.Ordinal)];
    }

    /// <summary>By link, in ordinal order.</summary>
    public IReadOnlyList<MediaEntry> Entries { get; }

    /// <summary>The entries of media that were there, those of some episodes where any are named.</summary>
    /// <param name="episodes">The episodes; empty for all.</param>
    public IEnumerable<MediaEntry> Of(IReadOnlyList<string> episodes) =>
        Entries.Where(entry => entry.Sha256 is not null && (episodes.Count == 0 || episodes.Any(entry.IsOf)));

    /// <summary>What slice.json has of the list.</summary>
    /// <param name="sha256">The hash of its bytes.</param>
    public SliceMedia Summary(string sha256) => new()
    {
        Sha256 = sha256,
        Files = Entries.LongCount(static entry => entry.Sha256 is not null),
        Bytes = Entries.Sum(static entry => entry.Bytes),
        Missing = Entries.LongCount(static entry => entry.Sha256 is null),
    };

    /// <summary>The list as it is archived.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        Add(new JsonObject { [FormatKey] = Format });
        foreach (MediaEntry entry in Entries)
        {
            var line = new JsonObject
            {
                ["media"] = entry.Link,
                ["episodes"] = new JsonArray([.. entry.Episodes.Select(static episode => JsonValue.Create(episode))]),
            };
            if (entry.Sha256 is not null)
            {
                line["sha256"] = entry.Sha256;
                line["bytes"] = entry.Bytes;
            }

            Add(line);
        }

        return bytes.ToArray();

        void Add(JsonObject line)
        {
            bytes.Write(CanonicalJson.Of(line));
            bytes.WriteByte((byte)'\n');
        }
    }

    /// <summary>Reads a list; its bytes are verified already.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="HarvestException">MediaListForeign.</exception>
    public static MediaList Parse(byte[] bytes, string name)
    {
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return lines.Length > 0 && (JsonNode.Parse(lines[0]) as JsonObject)?[FormatKey]?.GetValue<string>() == Format
                ? new MediaList(lines.Skip(1).Select(static line => Read(JsonNode.Parse(line)!.AsObject())))
                : throw MediaErrors.MediaListForeign(name, null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw MediaErrors.MediaListForeign(name, fault);
        }
    }

    private static MediaEntry Read(JsonObject line) => new(
        line["media"]!.GetValue<string>(),
        line["sha256"]?.GetValue<string>() is { } sha256 ? (Sha256Text.IsNormal(sha256) ? sha256 : throw new FormatException("no hash")) : null,
        line["bytes"]?.GetValue<long>() ?? 0,
        [.. line["episodes"]!.AsArray().Select(static episode => episode!.GetValue<string>())]);
}
