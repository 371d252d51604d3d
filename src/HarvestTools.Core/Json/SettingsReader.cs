using System.Text.Json.Nodes;

namespace HarvestTools.Json;

/// <summary>
/// One object of settings, read strictly: every name that is asked for is a known one, and <see cref="RefuseUnknown"/>
/// refuses the rest with the nearest known name. Errors name the setting by its path; the caller that knows the file adds the
/// place (<see cref="JsonDocumentErrors.At"/>).
/// </summary>
/// <param name="json">The object, which is left as it is.</param>
/// <param name="path">Its own path: <c>retrain.costs</c>.</param>
internal sealed class SettingsReader(JsonObject json, string path)
{
    private readonly List<string> _known = [];
    private readonly HashSet<string> _unlisted = new(StringComparer.Ordinal);

    /// <summary>A number, or the default where the name is absent; null is not absent.</summary>
    public double Number(string name, double standard) =>
        TryFind(name, out JsonNode? value) ? SettingValue.Number(FullName(name), value) : standard;

    public double? OptionalNumber(string name) =>
        TryFind(name, out JsonNode? value) && value is not null ? SettingValue.Number(FullName(name), value, "a number or null") : null;

    public int Integer(string name, int standard) =>
        TryFind(name, out JsonNode? value) ? SettingValue.Integer(FullName(name), value) : standard;

    public int? OptionalInteger(string name) =>
        TryFind(name, out JsonNode? value) && value is not null ? SettingValue.Integer(FullName(name), value, "a whole number or null") : null;

    /// <summary>A text, which must be there and not empty.</summary>
    public string Text(string name)
    {
        _ = TryFind(name, out JsonNode? value);
        return SettingValue.Text(FullName(name), value);
    }

    /// <summary>A text that is not empty; null where it is absent or null.</summary>
    public string? OptionalText(string name) =>
        TryFind(name, out JsonNode? value) && value is not null ? SettingValue.Text(FullName(name), value, "a text in double quotes, or null") : null;

    /// <summary>A list of texts that are not empty.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        _ = TryFind(name, out JsonNode? value);
        return value is JsonArray list
            ? [.. list.Select((item, index) => SettingValue.Text($"{FullName(name)}[{index}]", item))]
            : throw JsonDocumentErrors.FieldInvalid(FullName(name), "is no list of texts", "Write a list of texts in double quotes, for example [\"hand-*\"].");
    }

    /// <summary>The same; absent it is empty.</summary>
    public IReadOnlyList<string> OptionalTexts(string name)
    {
        bool there = json.ContainsKey(name);
        _known.Add(name);
        return there ? Texts(name) : [];
    }

    /// <summary>Whether there is a list under a name, where something else may be too.</summary>
    public bool IsList(string name) => TryFind(name, out JsonNode? value) && value is JsonArray;

    /// <summary>A truth value, or the default where the name is absent.</summary>
    public bool Flag(string name, bool standard) =>
        TryFind(name, out JsonNode? value) ? SettingValue.Boolean(FullName(name), value) : standard;

    /// <summary>A list as it is; null where it is absent.</summary>
    public JsonArray? OptionalArray(string name) => !TryFind(name, out JsonNode? value) ? null
        : value as JsonArray ?? throw SettingValue.Invalid(FullName(name), value, "a list in brackets");

    /// <summary>One of the enumeration's names, written in lower case.</summary>
    public T Choice<T>(string name, T standard)
        where T : struct, Enum => TryFind(name, out JsonNode? value) ? SettingValue.Choice<T>(FullName(name), value) : standard;

    /// <summary>The object under a name; null where it is absent.</summary>
    public SettingsReader? OptionalObject(string name) =>
        TryFind(name, out JsonNode? value) ? new SettingsReader(SettingValue.Object(FullName(name), value), FullName(name)) : null;

    /// <summary>The object under a name; an absent one is empty.</summary>
    public SettingsReader Object(string name) => OptionalObject(name) ?? new SettingsReader([], FullName(name));

    /// <summary>The object under a name as it is, for a reader that knows its names; an absent one is empty.</summary>
    public JsonObject RawObject(string name) =>
        TryFind(name, out JsonNode? value) ? SettingValue.Object(FullName(name), value) : [];

    /// <summary>A value as it is; null where it is absent.</summary>
    public JsonNode? Raw(string name) => TryFind(name, out JsonNode? value) ? value : null;

    /// <summary>The names in the object, for one whose names are the user's own.</summary>
    public IEnumerable<string> Names => json.Select(static pair => pair.Key);

    /// <summary>Leaves names that are read out of what is proposed: the user is not to write them.</summary>
    public void Unlist(params IEnumerable<string> names) => _unlisted.UnionWith(names);

    /// <summary>The path of a name, as errors have it.</summary>
    public string FullName(string name) => JsonFileText.ChildPath(path, name);

    /// <exception cref="HarvestException">The object has a name that nobody asked for.</exception>
    public void RefuseUnknown()
    {
        foreach ((string name, _) in json)
        {
            if (!_known.Contains(name))
            {
                string[] listed = [.. _known.Distinct(StringComparer.Ordinal).Except(_unlisted)];
                throw JsonDocumentErrors.UnknownKey(FullName(name), NearestName.Near(name, listed), listed);
            }
        }
    }

    private bool TryFind(string name, out JsonNode? value)
    {
        _known.Add(name);
        return json.TryGetPropertyValue(name, out value);
    }
}
