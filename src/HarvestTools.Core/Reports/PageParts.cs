using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Manifests;
using HarvestTools.Tables;

namespace HarvestTools.Reports;

/// <summary>
/// What slices share, each once: exports, what their derivations counted, rules, names. A season's slices name the same exports
/// over and over, and a page that wrote them with each slice would outgrow every mail.
/// </summary>
internal sealed class PageParts
{
    private readonly OrderedDictionary<(string Project, string Sha256, string? Path), SliceExport> _exports = [];
    private readonly OrderedDictionary<string, Part> _parts = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, string> _definitions = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, int> _tables = new(StringComparer.Ordinal);

    /// <summary>Takes a slice's parts in. Older slices first, so that what a slice takes over has numbers in a row.</summary>
    /// <returns>Its parts as pairs: the first number, and how many follow one another.</returns>
    public IReadOnlyList<int> Add(SliceManifest slice, SliceFacts? facts)
    {
        ILookup<string, SliceOutput> outputs = slice.Outputs.ToLookup(static output => output.Export, StringComparer.Ordinal);
        int? definition = AddDefinition(facts);
        _ = RowsOf(slice);
        var ranges = new List<int>();
        for (int i = 0; i < slice.Exports.Count; i++)
        {
            SliceExport export = slice.Exports[i];
            _exports.TryAdd((export.Project, export.Sha256, export.Path ?? export.Name), export);
            int exportAt = _exports.IndexOf((export.Project, export.Sha256, export.Path ?? export.Name));
            int[] rows = slice.Outputs.Count == 0 ? [] : [.. outputs[export.Sha256].SelectMany(output => new[] { TableAt(output.Table), checked((int)Math.Min(output.Rows, int.MaxValue)) })];
            string key = $"{exportAt} {definition ?? -1} {slice.HarvestSha256} {string.Join(',', export.SupersededBy)} {export.LabelConfigSha256} {slice.Outputs.Count > 0} {string.Join(',', rows)} {facts?.Counts[i] is not null}";
            if (!_parts.ContainsKey(key))
            {
                _parts.Add(key, new Part(exportAt, slice.Outputs.Count == 0 ? null : rows, facts?.Counts[i]));
            }

            int at = _parts.IndexOf(key);
            if (ranges.Count > 0 && ranges[^2] + ranges[^1] == at)
            {
                ranges[^1]++;
            }
            else
            {
                ranges.Add(at);
                ranges.Add(1);
            }
        }

        return ranges;
    }

    /// <summary>The number of a slice's rules, which <see cref="Add"/> took in; null where they are not known here.</summary>
    public int? DefinitionOf(SliceFacts? facts) => facts?.Definition is { } definition ? _definitions.IndexOf(definition.Sha256) : null;

    /// <summary>What a slice of a program recorded of its tables, which are of all exports together: table and rows by turns.</summary>
    public IReadOnlyList<long> RowsOf(SliceManifest slice) =>
        [.. slice.ProgramOutputs.Where(static output => output.Rows is not null).SelectMany(output => new[] { TableAt(output.Table), output.Rows!.Value })];

    /// <summary>Writes all of it as members of the page's data.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("exports");
        foreach (SliceExport export in _exports.Values)
        {
            json.WriteStartObject();
            json.WriteString("project", PageText.Of(export.Project));
            json.WriteString("sha256", PageText.Of(export.Sha256));
            WriteText(json, "path", export.Path ?? export.Name);
            WriteText(json, "label_sha256", export.LabelSha256);
            WriteText(json, "labels_through", export.LabelsThrough?.Text);
            if (export.Bytes is { } bytes)
            {
                json.WriteNumber("bytes", bytes);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("parts");
        foreach (Part part in _parts.Values)
        {
            json.WriteStartObject();
            json.WriteNumber("export", part.Export);
            if (part.Rows is not null)
            {
                WriteNumbers(json, "rows", part.Rows);
            }

            if (part.Counts is { } tally)
            {
                Write(json, "labels", tally.ByLabel);
                Write(json, "people", tally.ByAnnotator);
                WriteNumbers(json, "dropped", [.. tally.Total.Dropped.SelectMany(reason => new long[] { NameAt(reason.Key), reason.Value })]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("definitions");
        foreach (string definition in _definitions.Values)
        {
            json.WriteRawValue(definition);
        }

        json.WriteEndArray();
        json.WriteStartArray("tables");
        foreach (string table in _tables.Keys)
        {
            json.WriteStartObject();
            json.WriteString("name", PageText.Of(table));
            json.WriteBoolean("labels", TableCatalog.HoldsLabels(table));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("names");
        foreach (string name in _names.Keys)
        {
            json.WriteStringValue(PageText.Of(name));
        }

        json.WriteEndArray();
    }

    /// <summary>A text that may be unknown, which is then left out.</summary>
    public static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, PageText.Of(text));
        }
    }

    /// <summary>Numbers in one array.</summary>
    public static void WriteNumbers<T>(Utf8JsonWriter json, string name, IEnumerable<T> numbers)
        where T : struct, IConvertible
    {
        json.WriteStartArray(name);
        foreach (T number in numbers)
        {
            json.WriteNumberValue(number.ToInt64(null));
        }

        json.WriteEndArray();
    }

    private int? AddDefinition(SliceFacts? facts)
    {
        if (facts?.Definition is not { } definition)
        {
            return null;
        }

        if (!_definitions.ContainsKey(definition.Sha256))
        {
            JsonObject spelt = definition.ToJson();
            _definitions.Add(definition.Sha256, PageText.Of(new JsonObject
            {
                ["name"] = definition.FullVersion,
                ["rules"] = definition.Program is null ? spelt["rules"]!.DeepClone() : ProgramRules(spelt),
                ["fields"] = definition.Program is null ? spelt["fields"]!.DeepClone() : new JsonObject(),
            })!.ToJsonString(PageData.Options));
        }

        return _definitions.IndexOf(definition.Sha256);
    }

    /// <summary>In the place of rules, where a program derives: the definition's own fields, each file by its hash.</summary>
    private static JsonObject ProgramRules(JsonObject spelt)
    {
        var rules = new JsonObject();
        foreach ((string name, JsonNode? value) in spelt.Where(static pair => pair.Key is not ("name" or "version" or "files")))
        {
            rules[name] = value?.DeepClone();
        }

        foreach (JsonNode? file in spelt["files"] as JsonArray ?? [])
        {
            rules[$"file {file!["path"]}"] = Strings.Figures.ShortHash((string)file["sha256"]!);
        }

        return rules;
    }

    /// <summary>By name its number, regions kept, rows, and regions dropped.</summary>
    private void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, RegionCounts> counts) => WriteNumbers(
        json, name, counts.SelectMany(entry => new[] { NameAt(entry.Key), entry.Value.Kept, entry.Value.Rows, entry.Value.Dropped.Values.Sum() }));

    private int TableAt(string table) => At(_tables, table);

    private long NameAt(string name) => At(_names, name);

    private static int At(OrderedDictionary<string, int> numbers, string name)
    {
        numbers.TryAdd(name, numbers.Count);
        return numbers[name];
    }

    /// <summary>What one export gives under one set of rules.</summary>
    private sealed record Part(int Export, IReadOnlyList<int>? Rows, Tally? Counts);
}
