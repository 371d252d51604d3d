using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>Writes the canonical texts of regions, see <see cref="LabelHash"/>: what the hash covers of them. Reusable.</summary>
internal sealed class RegionTextWriter
{
    private readonly CanonicalWriter _canonical = new();
    private readonly int[] _places = new int[(int)RegionKey.Count];
    private readonly ByteWriter _members = new();
    private readonly (int Start, int Length)[] _written = new (int, int)[(int)RegionKey.Count];

    /// <summary>Appends the region that the reader stands on, and leaves the reader on its last token.</summary>
    /// <returns>Its type; absent where it has none.</returns>
    public Utf8Text Append(ref TaskReader reader, ByteWriter to)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            _canonical.Append(ref reader.Json, to);
            return default;
        }

        return TryFindValues(ref reader) ? AppendInOrder(ref reader, to) : AppendAsTheyCome(ref reader, to);
    }

    /// <summary>Looks where the values lie that the hash covers; false where one stands twice or they are not all at hand.</summary>
    private bool TryFindValues(ref TaskReader reader)
    {
        if (reader.Json.Closing == 0)
        {
            return false;
        }

        int opening = reader.Json.Place;
        Array.Clear(_places);
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            RegionKey known = KeyOf(key);
            if (known != RegionKey.None)
            {
                ref int place = ref _places[(int)known];
                if (place > 0)
                {
                    reader.Json.GoTo(opening);
                    return false;
                }

                place = reader.Json.Place;
            }

            reader.Skip();
        }

        reader.Json.GoTo(opening);
        return true;
    }

    private Utf8Text AppendInOrder(ref TaskReader reader, ByteWriter to)
    {
        int closing = reader.Json.Closing;
        Utf8Text type = default;
        to.Add((byte)'{');
        int content = to.Length;
        for (RegionKey key = RegionKey.FromName; key < RegionKey.Count; key++)
        {
            int place = _places[(int)key];
            if (place == 0)
            {
                continue;
            }

            reader.Json.GoTo(place);
            if (reader.Json.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (key == RegionKey.Type)
            {
                type = TypeAt(ref reader);
            }

            BeginMember(key, content, to);
            _canonical.Append(ref reader.Json, to);
        }

        to.Add((byte)'}');
        reader.Json.GoTo(closing);
        return type;
    }

    /// <summary>Writes the values in the file's order first. Of a repeated key the last takes the place; null stands for absent.</summary>
    private Utf8Text AppendAsTheyCome(ref TaskReader reader, ByteWriter to)
    {
        Utf8Text type = default;
        Array.Clear(_written);
        _members.Clear();
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            RegionKey known = KeyOf(key);
            if (known == RegionKey.None)
            {
                reader.Skip();
                continue;
            }

            if (known == RegionKey.Type)
            {
                type = TypeAt(ref reader);
            }

            int start = _members.Length;
            bool absent = reader.Json.TokenType == JsonTokenType.Null;
            _canonical.Append(ref reader.Json, _members);
            _written[(int)known] = (start, absent ? 0 : _members.Length - start);
        }

        to.Add((byte)'{');
        int content = to.Length;
        for (RegionKey key = RegionKey.FromName; key < RegionKey.Count; key++)
        {
            (int start, int length) = _written[(int)key];
            if (length > 0)
            {
                BeginMember(key, content, to);
                to.Add(_members.Slice(start, length));
            }
        }

        to.Add((byte)'}');
        _members.Clear();
        return type;
    }

    private static Utf8Text TypeAt(ref TaskReader reader) =>
        reader.Json.TokenType is JsonTokenType.String or JsonTokenType.Number ? reader.Text() : default;

    private static void BeginMember(RegionKey key, int content, ByteWriter to)
    {
        if (to.Length > content)
        {
            to.Add((byte)',');
        }

        to.Add(NameOf(key));
    }

    /// <summary>The keys of a region that the hash covers, in canonical order.</summary>
    private enum RegionKey
    {
        None,
        FromName,
        Id,
        Meta,
        Origin,
        OriginalHeight,
        OriginalWidth,
        ParentId,
        ToName,
        Type,
        Value,
        Count,
    }

    private static ReadOnlySpan<byte> NameOf(RegionKey key) => key switch
    {
        RegionKey.FromName => "\"from_name\":"u8,
        RegionKey.Id => "\"id\":"u8,
        RegionKey.Meta => "\"meta\":"u8,
        RegionKey.Origin => "\"origin\":"u8,
        RegionKey.OriginalHeight => "\"original_height\":"u8,
        RegionKey.OriginalWidth => "\"original_width\":"u8,
        RegionKey.ParentId => "\"parentID\":"u8,
        RegionKey.ToName => "\"to_name\":"u8,
        RegionKey.Type => "\"type\":"u8,
        _ => "\"value\":"u8,
    };

    private static RegionKey KeyOf(ReadOnlySpan<byte> key) => key.Length switch
    {
        2 when key.SequenceEqual("id"u8) => RegionKey.Id,
        4 when key.SequenceEqual("type"u8) => RegionKey.Type,
        4 when key.SequenceEqual("meta"u8) => RegionKey.Meta,
        5 when key.SequenceEqual("value"u8) => RegionKey.Value,
        6 when key.SequenceEqual("origin"u8) => RegionKey.Origin,
        7 when key.SequenceEqual("to_name"u8) => RegionKey.ToName,
        8 when key.SequenceEqual("parentID"u8) => RegionKey.ParentId,
        9 when key.SequenceEqual("from_name"u8) => RegionKey.FromName,
        14 when key.SequenceEqual("original_width"u8) => RegionKey.OriginalWidth,
        15 when key.SequenceEqual("original_height"u8) => RegionKey.OriginalHeight,
        _ => RegionKey.None,
    };
}
