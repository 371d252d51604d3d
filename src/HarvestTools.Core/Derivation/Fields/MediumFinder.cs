using HarvestTools.LabelStudio.Configs;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// Finds which key of <c>data</c> an object tag shows. An export does not hold the labeling configuration, so it is asked in
/// this order: the mapping in harvest.json; the labeling configuration, where one was archived with the export; a key of the
/// tag's name; a numbered tag over a list, as repeated blocks write it (<c>page_0</c> over <c>data.pages</c>); the only
/// medium of the task.
/// </summary>
/// <param name="fields">Of the definition.</param>
/// <param name="config">The labeling configuration that was archived with the export; null where none was.</param>
internal sealed class MediumFinder(FieldMapping fields, LabelConfig? config)
{
    private readonly Dictionary<string, string[]> _objects = fields.Objects.ToDictionary(
        static pair => pair.Key, static pair => pair.Value.Split('.')[1..], StringComparer.Ordinal);

    private byte[] _tagBytes = [];
    private string _tag = string.Empty;

    /// <summary>Whether the mapping in harvest.json has a place for the tag.</summary>
    public bool HasPlaceFor(string tag) => _objects.ContainsKey(tag);

    /// <summary>What a tag shows.</summary>
    /// <param name="Known">Whether anything says what it is.</param>
    /// <param name="Link">Null where the medium has none, or is not known.</param>
    /// <param name="IsList">Whether an index chooses among several.</param>
    /// <param name="Place">Its place where <c>data</c> has a list, from 0.</param>
    public readonly record struct Shown(bool Known, string? Link, bool IsList, int Place);

    /// <param name="data">The task's, as it is hashed.</param>
    /// <param name="media">The same, read.</param>
    /// <param name="toName">The tag; absent where regions name none.</param>
    /// <param name="index">The place in a list, from 0.</param>
    /// <param name="indexed">Whether regions on this tag say which of several media they are on.</param>
    public Shown Find(Utf8Text data, DataMedia media, Utf8Text toName, int index, bool indexed)
    {
        string tag = NameOf(toName);
        if (_objects.TryGetValue(tag, out string[]? path))
        {
            return DataPlace.Find(data, path, index) ?? default;
        }

        if (config is not null && config.TryFindData(toName.Span, out LabelConfigSource source))
        {
            return DataPlace.Find(data, source, index) ?? default;
        }

        if (media.Find(tag) is { } named)
        {
            return At(named, index);
        }

        if (!indexed && Numbered(media, tag) is { } numbered)
        {
            return numbered;
        }

        // A link without an extension may be the image as well: then it is not known which of the two the tag shows.
        if (OnlyMedium(media) is not { } only)
        {
            return default;
        }

        // img1 over a list of another name may be its second image, or a tag over all of them whose regions are on the first.
        return !indexed && tag.Length > 0 && char.IsAsciiDigit(tag[^1]) && only.Links.Count > 1 ? default : At(only, index);
    }

    private string NameOf(Utf8Text tag)
    {
        // Mostly it is that of the task before.
        if (!tag.Span.SequenceEqual(_tagBytes))
        {
            _tagBytes = tag.Span.ToArray();
            _tag = tag.ToString();
        }

        return _tag;
    }

    private static DataMedia.Entry? OnlyMedium(DataMedia media)
    {
        DataMedia.Entry? only = null;
        foreach (DataMedia.Entry entry in media.Entries)
        {
            if (entry.MayBeMedia)
            {
                if (only is not null)
                {
                    return null;
                }

                only = entry;
            }
        }

        return only;
    }

    private static Shown At(DataMedia.Entry entry, int index) =>
        entry.IsNested && entry.At(index) is null ? default
        : entry.IsList ? new Shown(index < entry.Links.Count, entry.At(index), true, index)
        : index == 0 ? new Shown(true, entry.IsMedia || IsLink(entry.At(0)) ? entry.At(0) : null, false, 0)
        : default;

    // A tag can show a caption as well, which is no link.
    private static bool IsLink(string? text) =>
        text is not null && !text.Contains(' ', StringComparison.Ordinal) && (text.StartsWith('/') || text.Contains("://", StringComparison.Ordinal));

    /// <summary>The element of a list that a tag's number points at; null where the tag has no number or there is no such list.</summary>
    private static Shown? Numbered(DataMedia media, string tag)
    {
        int digits = tag.Length;
        while (digits > 0 && char.IsAsciiDigit(tag[digits - 1]))
        {
            digits--;
        }

        if (digits == tag.Length || !int.TryParse(tag.AsSpan(digits), out int number))
        {
            return null;
        }

        string name = tag[..digits].TrimEnd('_', '-', '.');
        bool separated = name.Length < digits;
        DataMedia.Entry[] lists = [.. media.Entries.Where(static entry => entry.IsList && entry.MayBeMedia)];
        DataMedia.Entry? list = Array.Find(lists, entry => entry.Key == name)
            ?? Array.Find(lists, entry => IsPluralOf(entry.Key, name))
            ?? (lists.Length == 1 && separated && media.Entries.Count(static entry => entry.MayBeMedia) == 1 ? lists[0] : null);

        // Out of the list's range the tag is another's, and of an element with several links it is not known which: nothing is.
        return list is null ? null
            : number >= list.Links.Count || (list.IsNested && list.At(number) is null) ? default(Shown)
            : new Shown(true, list.At(number), false, number);
    }

    /// <summary>Whether a tag ends in a number, as those of repeated blocks do.</summary>
    public static bool IsNumbered(ReadOnlySpan<byte> tag) => !tag.IsEmpty && char.IsAsciiDigit((char)tag[^1]);

    private static bool IsPluralOf(string key, string name) =>
        name.Length > 0 && (key == name + "s" || key == name + "es" || key == name + "_list" || key == name + "List");
}
