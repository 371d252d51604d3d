using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Json;

/// <summary>
/// The bytes of a small JSON file with the name for its errors. Parsing is strict: no comments, no trailing commas, no key
/// twice, valid UTF-8; a byte-order mark is passed over.
/// </summary>
internal sealed class JsonFileText
{
    // A manifest has about a kilobyte; the limit keeps a wrongly named export from being read into memory.
    private const long MostBytes = 16 * 1024 * 1024;
    private const int MaxDepth = 64;

    private readonly byte[] _bytes;
    private readonly int _start;

    public JsonFileText(byte[] bytes, string file)
    {
        _bytes = bytes;
        File = file;
        _start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    public string File { get; }

    /// <summary>The bytes without a byte-order mark.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan(_start);

    public static JsonFileText Load(string file)
    {
        FileKinds.RequireReadable(file, "read");
        return Read(file);
    }

    /// <summary>The same of a record that harvest keeps: links to it, and a link in the place of its folder, are not followed.</summary>
    public static JsonFileText LoadStored(string file)
    {
        FileKinds.RequireStoredFolder(Path.GetDirectoryName(file)!, "read");
        FileKinds.RequireStored(file, "read");
        return Read(file);
    }

    private static JsonFileText Read(string file)
    {
        try
        {
            // One open and no look before it: a history of ten thousand slices reads as many of these.
            FileFaults.Before(FileCall.OpenRead, file);
            using SafeFileHandle handle = System.IO.File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(handle);
            if (length > MostBytes)
            {
                throw JsonDocumentErrors.JsonTooLarge(file, length, MostBytes);
            }

            var bytes = new byte[length];
            int read = RandomAccess.Read(handle, bytes, 0);
            while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is > 0 and int more)
            {
                read += more;
            }

            return new JsonFileText(read == bytes.Length ? bytes : bytes[..read], file);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, file, "read");
        }
    }

    /// <summary>The object that the file holds. Numbers keep their spelling.</summary>
    public JsonObject ParseObject()
    {
        // Text that is not Unicode hides in bytes that are not UTF-8 or in escapes; the parser looks at neither.
        if (!Utf8.IsValid(Text) || Text.IndexOf("\\u"u8) >= 0)
        {
            Check();
        }

        return Parse() as JsonObject
            ?? throw JsonDocumentErrors.JsonSyntax(File, new JsonPlace(1, 1), "an object in braces is expected");
    }

    /// <summary>
    /// Where the value of a path such as <c>exports[1].sha256</c> is; where there is none, the nearest that holds it.
    /// Scans the file again, since only errors ask.
    /// </summary>
    public JsonPlace Find(string path)
    {
        while (true)
        {
            long at = OffsetOf(path);
            if (at >= 0)
            {
                return PlaceOf(at);
            }

            int cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
            if (cut < 0)
            {
                return PlaceOf(Math.Max(0, OffsetOf(string.Empty)));
            }

            path = path[..cut];
        }
    }

    /// <summary>
    /// Where a key inside a section is, given by its path (<c>harvest.rules.consensus</c>) or its bare name
    /// (<c>consensus</c>); the section itself where there is no such key.
    /// </summary>
    public JsonPlace FindKey(string section, string? key)
    {
        string inside = section + ".";
        string last = "." + key;
        long at = key is null ? -1 : OffsetOf(path =>
            path.StartsWith(inside, StringComparison.Ordinal) && (path == key || path.EndsWith(last, StringComparison.Ordinal)));
        return at >= 0 ? PlaceOf(at) : Find(section);
    }

    /// <summary>For callers that want little of the file; keys that are there twice are not noticed.</summary>
    public Utf8JsonReader Reader() => Reader(Text);

    public static string ChildPath(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public static string ItemPath(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> text) =>
        new(text, new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow });

    private JsonNode? Parse()
    {
        try
        {
            return JsonNode.Parse(Text, documentOptions: new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            Check();
            throw;
        }
    }

    /// <summary>Looks at every token, which the parser does faster, to find what is wrong and where.</summary>
    private void Check()
    {
        Utf8JsonReader reader = Reader(Text);
        var keys = new Stack<HashSet<string>?>();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        keys.Push(new HashSet<string>(StringComparer.Ordinal));
                        break;
                    case JsonTokenType.EndObject:
                        keys.Pop();
                        break;
                    case JsonTokenType.PropertyName:
                        string key = reader.GetString()!;
                        if (!keys.Peek()!.Add(key))
                        {
                            throw JsonDocumentErrors.DuplicateKey(File, PlaceOf(reader.TokenStartIndex), key);
                        }

                        break;
                    case JsonTokenType.String:
                        _ = reader.GetString();
                        break;
                }
            }
        }
        catch (JsonException exception)
        {
            if (MergeMarkers.Find(Text) is { Count: > 0 } markers)
            {
                throw JsonDocumentErrors.MergeConflict(File, markers, ofRuns: MergeMarkers.AreWithin(Text, "runs"u8));
            }

            var place = new JsonPlace((exception.LineNumber ?? 0) + 1, (exception.BytePositionInLine ?? 0) + 1);
            throw JsonDocumentErrors.JsonSyntax(File, place, Describe(OffsetOf(place)));
        }
        catch (InvalidOperationException)
        {
            // GetString refuses bytes that are not UTF-8 and escapes that name half of a surrogate pair.
            throw JsonDocumentErrors.JsonSyntax(File, PlaceOf(reader.TokenStartIndex), "the text there is not valid Unicode");
        }
    }

    private long OffsetOf(string path) => OffsetOf(current => current == path);

    /// <summary>Where the first value starts whose path is the one asked for; -1 where there is none.</summary>
    private long OffsetOf(Func<string, bool> isIt)
    {
        Utf8JsonReader reader = Reader(Text);
        var stack = new Stack<(string Path, int Index)>();
        string current = string.Empty;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                current = ChildPath(stack.Peek().Path, reader.GetString()!);
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                stack.Pop();
                continue;
            }

            if (stack.Count > 0 && stack.Peek().Index >= 0)
            {
                (string array, int index) = stack.Pop();
                current = ItemPath(array, index);
                stack.Push((array, index + 1));
            }

            if (isIt(current))
            {
                return reader.TokenStartIndex;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                stack.Push((current, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
            }
        }

        return -1;
    }

    private JsonPlace PlaceOf(long offset)
    {
        ReadOnlySpan<byte> before = Text[..(int)offset];
        return new JsonPlace(before.Count((byte)'\n') + 1, before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1);
    }

    private int OffsetOf(JsonPlace place)
    {
        int offset = 0;
        for (long line = 1; line < place.Line; line++)
        {
            offset += Text[offset..].IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(Text.Length, offset + place.Byte - 1);
    }

    private string Describe(int offset)
    {
        ReadOnlySpan<byte> text = Text;
        if (text.Trim(" \t\r\n"u8).IsEmpty)
        {
            return "the file is empty";
        }

        if (offset >= text.Length)
        {
            return "the file ends before its JSON does";
        }

        byte at = text[offset];
        ReadOnlySpan<byte> before = text[..offset].TrimEnd(" \t\r\n"u8);
        if (at == '/' || at == '#')
        {
            return "JSON has no comments";
        }

        if (at is (byte)'}' or (byte)']' && !before.IsEmpty && before[^1] == ',')
        {
            return "there is a comma before the closing bracket, which JSON does not allow";
        }

        if (at == '\'')
        {
            return "the text is in single quotes; JSON has double ones";
        }

        return at is >= 0x21 and < 0x7F
            ? $"'{(char)at}' is not what JSON has at this place"
            : string.Create(CultureInfo.InvariantCulture, $"the byte 0x{at:X2} is not what JSON has at this place");
    }
}
