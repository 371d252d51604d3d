using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;

namespace HarvestTools.Json;

/// <summary>
/// Takes typed fields out of a JSON object, with errors that name file, line, byte and field. What is not taken stays
/// behind in <see cref="Rest"/>: the unknown fields, and known ones that are null, so that a rewrite loses neither.
/// </summary>
internal sealed class ObjectReader(JsonFileText file, JsonObject value, string path = "")
{
    public JsonFileText File { get; } = file;

    public string Path { get; } = path;

    /// <summary>What no call has taken; null where nothing is left.</summary>
    public JsonObject? Rest() => value.Count == 0 ? null : value;

    public JsonPlace Place(string name) => File.Find(JsonFileText.ChildPath(Path, name));

    public string FieldName(string name) => JsonFileText.ChildPath(Path, name);

    public JsonNode? Take(string name)
    {
        if (!value.TryGetPropertyValue(name, out JsonNode? node) || node is null)
        {
            return null;
        }

        value.Remove(name);
        return node;
    }

    /// <summary>Whether a member is there and is a text, which is not taken.</summary>
    public bool IsText(string name) => value[name] is { } node && node.GetValueKind() == JsonValueKind.String;

    public string? Text(string name)
    {
        JsonNode? node = Take(name);
        return node is null || node.GetValueKind() == JsonValueKind.String
            ? node?.GetValue<string>()
            : throw Invalid(name, "is not text", "Write it in double quotes.");
    }

    public string RequiredText(string name)
    {
        string text = Text(name) ?? throw JsonDocumentErrors.FieldMissing(File.File, Place(name), FieldName(name));
        return text.Length > 0 ? text : throw Invalid(name, "is empty", $"Give \"{name}\" a value.");
    }

    public long? Integer(string name, long least = 0, long most = long.MaxValue)
    {
        JsonNode? node = Take(name);
        if (node is null)
        {
            return null;
        }

        bool valid = node is JsonValue number && node.GetValueKind() == JsonValueKind.Number && number.TryGetValue(out long _);
        if (valid && node.GetValue<long>() >= least && node.GetValue<long>() <= most)
        {
            return node.GetValue<long>();
        }

        string range = most == long.MaxValue ? FormattableString.Invariant($"of at least {least}") : FormattableString.Invariant($"from {least} to {most}");
        throw Invalid(name, $"is not an integer {range}", "Write it in digits, without quotes.");
    }

    public Timestamp? Time(string name)
    {
        string? text = Text(name);
        if (text is null)
        {
            return null;
        }

        return Timestamp.TryParse(text, out Timestamp timestamp)
            ? timestamp
            : throw Invalid(name, $"is \"{text}\", which is not a date and time", "Write it as 2026-05-11T14:32:00Z.");
    }

    public string? Sha256(string name)
    {
        string? text = Text(name);
        if (text is null)
        {
            return null;
        }

        if (Sha256Text.TryNormalize(text, out string? normal))
        {
            return normal;
        }

        throw Sha256Text.LooksLikePlaceholder(text)
            ? JsonDocumentErrors.HashPlaceholder(File.File, Place(name), FieldName(name), text)
            : JsonDocumentErrors.HashInvalid(File.File, Place(name), FieldName(name), text);
    }

    /// <summary>A list of texts; empty where there is none.</summary>
    public IReadOnlyList<string> TextList(string name)
    {
        JsonNode? node = Take(name);
        if (node is null)
        {
            return [];
        }

        JsonArray array = node as JsonArray ?? throw Invalid(name, "is not a list", "Write it in square brackets.");
        return
        [
            .. array.Select(item => item is JsonValue value && value.TryGetValue(out string? text)
                ? text
                : throw Invalid(name, $"holds {item?.ToJsonString() ?? "null"}, which is not a text", "Write each item in quotation marks.")),
        ];
    }

    /// <summary>A list of integers; empty where there is none.</summary>
    public IReadOnlyList<long> IntegerList(string name)
    {
        JsonNode? node = Take(name);
        if (node is null)
        {
            return [];
        }

        JsonArray array = node as JsonArray ?? throw Invalid(name, "is not a list", "Write it in square brackets.");
        return
        [
            .. array.Select(item => item is JsonValue value && value.TryGetValue(out long number)
                ? number
                : throw Invalid(name, $"has {item?.ToJsonString() ?? "null"}, which is not an integer", "Write each item in digits, without quotes.")),
        ];
    }

    /// <summary>true or false.</summary>
    /// <param name="name">The member.</param>
    /// <param name="absent">What it is where there is none.</param>
    public bool Flag(string name, bool absent = false)
    {
        JsonNode? node = Take(name);
        return node is null ? absent
            : node is JsonValue value && value.TryGetValue(out bool flag)
                ? flag
                : throw Invalid(name, $"is {node.ToJsonString()}", "Write true or false, without quotes.");
    }

    /// <summary>A list of hashes; empty where it is absent.</summary>
    public IReadOnlyList<string> Sha256List(string name)
    {
        JsonNode? node = Take(name);
        if (node is null)
        {
            return [];
        }

        JsonArray array = node as JsonArray ?? throw Invalid(name, "is not a list", "Write it in square brackets.");
        var hashes = new List<string>(array.Count);
        foreach (JsonNode? item in array)
        {
            hashes.Add(item is JsonValue value && value.TryGetValue(out string? text) && Sha256Text.TryNormalize(text, out string? normal)
                ? normal
                : throw Invalid(name, $"has {item?.ToJsonString() ?? "null"}, which is not a SHA-256", "Write 64 hexadecimal digits."));
        }

        return hashes;
    }

    public string RequiredSha256(string name) =>
        Sha256(name) ?? throw JsonDocumentErrors.FieldMissing(File.File, Place(name), FieldName(name));

    /// <summary>A path below the repository; the disk is not asked.</summary>
    public string? RelativePath(string name)
    {
        string? text = Text(name);
        return text is null ? null : CheckedPath(name, text);
    }

    /// <summary>The same outside of git's own folders, for what is written or read as a whole.</summary>
    public string? OwnPath(string name)
    {
        string? text = Text(name);
        return text is null ? null : OwnText(name, text);
    }

    /// <summary>The same of a text that was read already.</summary>
    public string OwnText(string name, string text)
    {
        string path = CheckedPath(name, text);
        return !GitFolder.IsIn(path)
            ? path
            : throw JsonDocumentErrors.PathAt(FileErrors.PathInGit(path), File.File, Place(name), FieldName(name));
    }

    public string RequiredPath(string name) => CheckedPath(name, RequiredText(name));

    /// <summary>A path below the repository, or an address such as <c>s3://bucket/model.pt</c>, which is kept as it is.</summary>
    public string? PathOrAddress(string name)
    {
        string? text = Text(name);
        return text is null || text.Contains("://", StringComparison.Ordinal) ? text : CheckedPath(name, text);
    }

    public ObjectReader? Object(string name)
    {
        JsonNode? node = Take(name);
        return node is null ? null : new ObjectReader(File, AsObject(node, name), FieldName(name));
    }

    /// <summary>A free-form object, kept as it is; an empty one where it is missing.</summary>
    public JsonObject FreeObject(string name)
    {
        JsonNode? node = Take(name);
        return node is null ? [] : AsObject(node, name);
    }

    public IReadOnlyList<T> List<T>(string name, Func<ObjectReader, T> read)
    {
        JsonNode? node = Take(name);
        if (node is null)
        {
            return [];
        }

        JsonArray array = node as JsonArray ?? throw Invalid(name, "is not a list", "Write it in square brackets.");
        var items = new List<T>(array.Count);
        for (int i = 0; i < array.Count; i++)
        {
            string itemPath = JsonFileText.ItemPath(FieldName(name), i);
            JsonObject item = array[i] as JsonObject
                ?? throw JsonDocumentErrors.FieldInvalid(File.File, File.Find(itemPath), itemPath, "is not an object", "Write it in braces.");
            items.Add(read(new ObjectReader(File, item, itemPath)));
        }

        return items;
    }

    /// <summary>Refuses what no call has taken (settings are strict, manifests are not).</summary>
    public void RefuseRest(params IReadOnlyList<string> known)
    {
        foreach ((string name, JsonNode? left) in value)
        {
            if (left is not null || !known.Contains(name))
            {
                throw JsonDocumentErrors.UnknownKey(File.File, Place(name), FieldName(name), NearestName.Near(name, known), known);
            }
        }
    }

    public HarvestException Invalid(string name, string problem, string remedy) =>
        JsonDocumentErrors.FieldInvalid(File.File, Place(name), FieldName(name), problem, remedy);

    private string CheckedPath(string name, string text)
    {
        try
        {
            return RepositoryPath.Normalize(text);
        }
        catch (HarvestException fault)
        {
            throw JsonDocumentErrors.PathAt(fault, File.File, Place(name), FieldName(name));
        }
    }

    private JsonObject AsObject(JsonNode node, string name) =>
        node as JsonObject ?? throw Invalid(name, "is not an object", "Write it in braces.");
}
