using System.Buffers;
using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// The images and videos that a task's <c>data</c> names, key by key. Read once a task; reused from task to task.
/// </summary>
internal sealed class DataMedia
{
    private static readonly JsonReaderOptions s_lenient = new() { MaxDepth = 1024 };

    // A text with none of these is neither an address nor a path nor a file's name.
    private static readonly SearchValues<byte> s_inLinks = SearchValues.Create("./\\%?:"u8);

    private readonly List<Entry> _entries = [];

    // Most tasks have the same keys. Data with more of them than this has something else than names in their place.
    private const int NamesMax = 256;
    private readonly Utf8Table<Name> _names = new();

    /// <summary>One key of <c>data</c>.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="Links">What it shows: one link, or those of a list in order; null for an element that has none.</param>
    /// <param name="IsList">Whether the value is a list.</param>
    /// <param name="IsMedia">Whether it is an image or a video and not, say, a caption.</param>
    /// <param name="IsNested">Whether it has objects, of which several links may be what a tag shows.</param>
    /// <param name="MayBeMedia">
    /// Whether it may be one: a link without an extension, a picture embedded in the data, or links deeper inside. Nothing is a
    /// task's only medium beside such a key.
    /// </param>
    public sealed record Entry(string Key, IReadOnlyList<string?> Links, bool IsList, bool IsMedia, bool IsNested, bool MayBeMedia)
    {
        /// <summary>The link at a place of the list; null where there is none.</summary>
        public string? At(int index) => index < Links.Count ? Links[index] : null;
    }

    /// <summary>The keys with a text, a list or an object, in the file's order.</summary>
    public List<Entry> Entries => _entries;

    public void Read(ReadOnlySpan<byte> data)
    {
        _entries.Clear();
        if (data.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(data, s_lenient);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Add(ref reader);
        }
    }

    /// <summary>The entry of that key; null where there is none.</summary>
    public Entry? Find(string key)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>
    /// What a task is about where its regions do not say: <c>data.image</c>, else <c>data.video</c>, else the key that comes
    /// first in ordinal order among those with an image or video.
    /// </summary>
    public Entry? Main()
    {
        Entry? main = null;
        foreach (Entry entry in _entries)
        {
            if (entry.IsMedia && (main is null || Compare(entry.Key, main.Key) < 0))
            {
                main = entry;
            }
        }

        return main;
    }

    /// <summary>The first link of <see cref="Main"/>; null where there is none.</summary>
    public string? MainLink()
    {
        if (Main() is { } main)
        {
            for (int i = 0; i < main.Links.Count; i++)
            {
                if (main.Links[i] is { } link)
                {
                    return link;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Whether data without an entry that is a medium has images or videos after all, deeper inside: only a mapping or a labeling
    /// configuration says which of them a tag shows.
    /// </summary>
    public static bool HasNested(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data, s_lenient);
        while (!data.IsEmpty && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth > 1 && Link(ref reader) is { } link && MediaPath.EndsLikeMedia(link))
            {
                return true;
            }
        }

        return false;
    }

    private static int Compare(string a, string b) => Rank(a) != Rank(b) ? Rank(a).CompareTo(Rank(b)) : string.CompareOrdinal(a, b);

    private static int Rank(string key) => key switch { "image" => 0, "video" => 1, _ => 2 };

    private void Add(ref Utf8JsonReader reader)
    {
        Utf8JsonReader atKey = reader;
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        Entry word = NameOf(ref atKey).Word;
        string key = word.Key;
        if (reader.TokenType == JsonTokenType.String && Rank(key) > 1 && !reader.ValueSpan.ContainsAny(s_inLinks))
        {
            _entries.Add(word);
            return;
        }

        Entry? entry = reader.TokenType switch
        {
            JsonTokenType.String => Single(key, ref reader),
            JsonTokenType.StartArray => List(key, ref reader),
            JsonTokenType.StartObject when HasLinkInside(reader) => new Entry(key, [null], IsList: false, IsMedia: false, IsNested: true, MayBeMedia: true),
            _ => null,
        };
        reader.Skip();
        if (entry is not null)
        {
            // Canonical data has no key twice.
            _entries.Add(entry);
        }
    }

    private Name NameOf(ref Utf8JsonReader reader)
    {
        bool isKept = !reader.ValueIsEscaped && _names.Count < NamesMax;
        Name name = isKept ? _names[reader.ValueSpan] : new Name();
        if (name.Word is null)
        {
            string key = JsonScalar.ToString(ref reader);
            name.Word = new Entry(key, [string.Empty], IsList: false, IsMedia: false, IsNested: false, MayBeMedia: false);
        }

        return name;
    }

    /// <summary>A key, with the entry for any text of it that is no link.</summary>
    private sealed class Name
    {
        public Entry Word { get; set; } = null!;
    }

    private static Entry Single(string key, ref Utf8JsonReader reader)
    {
        string? link = Link(ref reader);
        bool media = link is not null && LooksLikeMedia(key, link);
        return new(key, [link], IsList: false, media, IsNested: false, MayBeMedia: media || link is null || MediaPath.MayBeMedia(link));
    }

    private static Entry? List(string key, ref Utf8JsonReader reader)
    {
        var links = new List<string?>();
        bool nested = false;
        bool inside = HasLinkInside(reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            nested |= reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            links.Add(reader.TokenType switch
            {
                JsonTokenType.String => Link(ref reader),
                JsonTokenType.StartObject => OnlyLink(ref reader),
                _ => null,
            });
            reader.Skip();
        }

        // A list of tags or of words is no list of media; numbers and nulls say nothing.
        return inside || links.Exists(static link => link is not null)
            ? new Entry(key, links, IsList: true, IsMedia: links.Exists(link => link is not null && LooksLikeMedia(key, link)), nested, inside)
            : null;
    }

    /// <summary>Whether a list or an object holds what may be a medium, at any depth.</summary>
    private static bool HasLinkInside(Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String && (Link(ref reader) is not { } link || MediaPath.MayBeMedia(link)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The link of a list's element such as <c>{"page": "…/p_001.jpg", "number": 1}</c>; null where it has none or several.</summary>
    private static string? OnlyLink(ref Utf8JsonReader reader)
    {
        string? found = null;
        int media = 0;
        int depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && Link(ref reader) is { } link && MediaPath.MayBeMedia(link))
            {
                found = link;
                media++;
            }

            reader.Skip();
        }

        return media == 1 ? found : null;
    }

    /// <summary>A text; null for a picture that is embedded as <c>data:image/png;base64,…</c>, which has no link.</summary>
    private static string? Link(ref Utf8JsonReader reader) =>
        reader.ValueSpan.StartsWith("data:"u8) ? null : JsonScalar.ToString(ref reader);

    private static bool LooksLikeMedia(string key, string link) => Rank(key) < 2 || MediaPath.EndsLikeMedia(link);
}
