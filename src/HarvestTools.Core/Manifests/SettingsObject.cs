using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Manifests;

/// <summary>
/// One object of settings, read strictly: every name that is asked for becomes a known one, and
/// <see cref="RefuseUnknown"/> refuses the rest with the nearest known name.
/// </summary>
internal sealed class SettingsObject(JsonObject json, string path)
{
    private readonly List<string> _known = [];

    public double Number(string name, double standard) => OptionalNumber(name, nullable: false) ?? standard;

    public double? OptionalNumber(string name) => OptionalNumber(name, nullable: true);

    public int Integer(string name, int standard) => OptionalInteger(name, nullable: false) ?? standard;

    public int? OptionalInteger(string name) => OptionalInteger(name, nullable: true);

    public string? OptionalText(string name)
    {
        JsonNode? node = Find(name, nullable: true, "a string or null");
        if (node is null)
        {
            return null;
        }

        return node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : throw WrongType(name, "a string or null");
    }

    /// <summary>One of the enumeration's names, written in lower case.</summary>
    public T Choice<T>(string name, T standard)
        where T : struct, Enum
    {
        string expected = string.Join(" or ", Enum.GetValues<T>().Select(value => $"\"{Word(value)}\""));
        JsonNode? node = Find(name, nullable: false, expected);
        if (node is null)
        {
            return standard;
        }

        if (node.GetValueKind() == JsonValueKind.String)
        {
            string text = node.GetValue<string>();
            foreach (T value in Enum.GetValues<T>())
            {
                if (text == Word(value))
                {
                    return value;
                }
            }
        }

        throw WrongType(name, expected);
    }

    /// <summary>The object under a name; an absent one is an empty one.</summary>
    public SettingsObject Object(string name)
    {
        JsonNode? node = Find(name, nullable: false, "an object");
        return node switch
        {
            null => new SettingsObject([], Full(name)),
            JsonObject value => new SettingsObject(value, Full(name)),
            _ => throw WrongType(name, "an object"),
        };
    }

    public void RefuseUnknown()
    {
        foreach (KeyValuePair<string, JsonNode?> pair in json)
        {
            if (!_known.Contains(pair.Key))
            {
                throw RetrainSettingErrors.UnknownRetrainSetting(Full(pair.Key), NearestName.Find(pair.Key, _known));
            }
        }
    }

    /// <summary>A choice as JSON spells it.</summary>
#pragma warning disable CA1308 // The file format spells choices in lower case.
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private double? OptionalNumber(string name, bool nullable)
    {
        string expected = nullable ? "a number or null" : "a number";
        JsonNode? node = Find(name, nullable, expected);
        if (node is null)
        {
            return null;
        }

        // A value built in memory may hold an int or a decimal, a parsed one a JsonElement; the text is common to all.
        return node.GetValueKind() == JsonValueKind.Number && JsonElement.Parse(node.ToJsonString()).TryGetDouble(out double value)
            ? value
            : throw WrongType(name, expected);
    }

    private int? OptionalInteger(string name, bool nullable)
    {
        string expected = nullable ? "a whole number or null" : "a whole number";
        JsonNode? node = Find(name, nullable, expected);
        if (node is null)
        {
            return null;
        }

        return node.GetValueKind() == JsonValueKind.Number && JsonElement.Parse(node.ToJsonString()).TryGetInt32(out int value)
            ? value
            : throw WrongType(name, expected);
    }

    private JsonNode? Find(string name, bool nullable, string expected)
    {
        _known.Add(name);
        if (!json.TryGetPropertyValue(name, out JsonNode? node))
        {
            return null;
        }

        return node is null && !nullable ? throw WrongType(name, expected) : node;
    }

    private string Full(string name) => $"{path}.{name}";

    private HarvestException WrongType(string name, string expected) => RetrainSettingErrors.RetrainSettingInvalid(Full(name), expected);
}
