using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.PowerShell;

/// <summary>JSON of manifests as PowerShell values, and hashtables of parameters as JSON.</summary>
internal static class JsonValues
{
    public static OrderedDictionary ToDictionary(JsonObject json)
    {
        var dictionary = new OrderedDictionary();
        foreach ((string name, JsonNode? value) in json)
        {
            dictionary.Add(name, ToObject(value));
        }

        return dictionary;
    }

    public static object? ToObject(JsonNode? node) => node switch
    {
        null => null,
        JsonObject json => ToDictionary(json),
        JsonArray array => array.Select(ToObject).ToArray(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => node.GetValue<string>(),
            _ => ToNumber(node.ToJsonString()),
        },
    };

    /// <summary>Rules as manifests hold them; whether they exist and are in range is the engine's to say.</summary>
    /// <exception cref="HarvestException">FilterValueInvalid.</exception>
    public static JsonObject FromRules(IEnumerable<KeyValuePair<string, object?>> rules)
    {
        var json = new JsonObject();
        foreach ((string name, object? value) in rules)
        {
            json.Add(name, FromValue(name, value is PSObject wrapped ? wrapped.BaseObject : value));
        }

        return json;
    }

    /// <summary>A dictionary's entries: an [ordered] one's in their order, a hashtable's by name, since it has no order to keep.</summary>
    public static IEnumerable<DictionaryEntry> InOrder(IDictionary? dictionary)
    {
        IEnumerable<DictionaryEntry> entries = dictionary?.Cast<DictionaryEntry>() ?? [];
        return dictionary is Hashtable ? entries.OrderBy(static entry => entry.Key.ToString(), StringComparer.Ordinal) : entries;
    }

    /// <summary>A seed, several of them, or seeds by name; null for none.</summary>
    /// <exception cref="HarvestException">SeedInvalid.</exception>
    public static JsonNode? FromSeed(object? seed)
    {
        object? value = seed is PSObject wrapped ? wrapped.BaseObject : seed;
        return value switch
        {
            null => null,
            IDictionary named => new JsonObject(InOrder(named).Select(static entry => KeyValuePair.Create(entry.Key.ToString()!, (JsonNode?)Number(entry.Value)))),
            object[] several => new JsonArray([.. several.Select(static one => (JsonNode)Number(one))]),
            _ => Number(value),
        };

        static JsonValue Number(object? one) => LanguagePrimitives.TryConvertTo(one is PSObject inner ? inner.BaseObject : one, out long number) && one is not (null or bool)
            ? JsonValue.Create(number)
            : throw CommandErrors.SeedInvalid(one);
    }

    private static JsonNode FromValue(string rule, object? value) => value switch
    {
        // A rule with parts, for example @{ annotators = 7, 12 }.
        IDictionary parts => new JsonObject(InOrder(parts).Select(part => KeyValuePair.Create(part.Key.ToString()!, (JsonNode?)FromPart(rule, part.Value)))),
        _ => FromScalar(rule, value),
    };

    private static JsonArray FromPart(string rule, object? value)
    {
        object?[] items = (value is PSObject wrapped ? wrapped.BaseObject : value) is object?[] several ? several : [value];
        return new JsonArray([.. items.Select(item => (JsonNode)FromScalar(rule, item is PSObject inner ? inner.BaseObject : item))]);
    }

    private static JsonValue FromScalar(string rule, object? value) => value switch
    {
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        SwitchParameter flag => JsonValue.Create(flag.IsPresent),
        _ => throw CommandErrors.FilterValueInvalid(rule, value),
    };

    private static object ToNumber(string text) =>
        long.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long whole)
            ? whole
            : double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
