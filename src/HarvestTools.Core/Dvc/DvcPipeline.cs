using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Parameters;

namespace HarvestTools.Dvc;

/// <summary>The stages of a dvc.yaml, those of foreach and matrix each by its own name.</summary>
internal sealed class DvcPipeline
{
    private const string DefaultParameters = "params.yaml";

    private readonly string _root;
    private readonly string _folder;
    private readonly DvcTemplate _template;
    private readonly OrderedDictionary<string, (JsonObject Body, JsonObject Values)> _stages = new(StringComparer.Ordinal);

    private DvcPipeline(string root, string file)
    {
        _root = root;
        File = file;
        _folder = DvcPaths.FolderOf(file);
        _template = new DvcTemplate(file);
    }

    /// <summary>The dvc.yaml, relative to the repository.</summary>
    public string File { get; }

    /// <summary>The names of all stages, in the order of the file.</summary>
    public IReadOnlyCollection<string> Names => _stages.Keys;

    /// <summary>Reads a file; a stage is understood when it is asked for.</summary>
    /// <param name="root">Full path of the repository.</param>
    /// <param name="file">The dvc.yaml, relative to it.</param>
    /// <exception cref="HarvestException">DvcFileInvalid, YamlMalformed; a file cannot be read.</exception>
    public static DvcPipeline Read(string root, string file)
    {
        var pipeline = new DvcPipeline(root, file);
        JsonObject all = ReadYaml(root, file);
        JsonObject values = pipeline.Values([], all["vars"], "vars", pipeline._folder, withDefault: true);
        foreach ((string name, JsonNode? node) in all["stages"] as JsonObject ?? [])
        {
            JsonObject body = node as JsonObject ?? throw DvcErrors.DvcFileInvalid(file, $"stages.{name}", "it is no mapping");
            pipeline.Add(name, body, values);
        }

        return pipeline;
    }

    /// <summary>A mapping of a YAML file; empty where the file is.</summary>
    /// <exception cref="HarvestException">YamlMalformed, DvcFileInvalid; the file cannot be read.</exception>
    public static JsonObject ReadYaml(string root, string file) =>
        YamlReader.Read(System.Text.Encoding.UTF8.GetString(AtomicFile.ReadAllBytes(DvcPaths.Full(root, file))).TrimStart('\uFEFF'), file) switch
        {
            null => [],
            JsonObject map => map,
            _ => throw DvcErrors.DvcFileInvalid(file, "line 1", "it is no mapping"),
        };

    /// <summary>A stage.</summary>
    /// <exception cref="HarvestException">DvcStageUnknown, DvcFileInvalid, DvcStageNotImportable.</exception>
    public DvcStage Stage(string name)
    {
        if (!_stages.TryGetValue(name, out (JsonObject Body, JsonObject Values) stage))
        {
            throw DvcErrors.DvcStageUnknown(File, name, Names);
        }

        string place = $"stages.{name}";
        JsonObject values = stage.Values;
        string folder = Path(name, _folder, DvcTemplate.TextOf(_template.Fill(stage.Body["wdir"], values, $"{place}.wdir")) ?? ".");
        if (stage.Body["vars"] is { } own)
        {
            values = Values(values, own, $"{place}.vars", folder, withDefault: false);
        }

        // Those of foreach are filled with the rest; what is only said is not.
        JsonObject body = _template.Fill(
            new JsonObject(stage.Body.Where(static member => member.Key is not ("vars" or "wdir" or "desc" or "meta" or "foreach" or "matrix")).Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))),
            values, place)!.AsObject();
        string[] commands = [.. Items(body["cmd"], $"{place}.cmd").Select(static item => item.Name.Trim())];
        if (commands.Length == 0 || commands.Any(static command => command.Length == 0))
        {
            throw DvcErrors.DvcFileInvalid(File, place, "it has no cmd");
        }

        IReadOnlyList<string> Paths(string list) => [.. Items(body[list], $"{place}.{list}").Select(item => Path(name, folder, item.Name))];
        return new DvcStage(name, folder, commands, Paths("deps"), Parameters(name, folder, body["params"], $"{place}.params"), Paths("outs"), [.. Paths("metrics"), .. Paths("plots")]);
    }

    private void Add(string name, JsonObject body, JsonObject values)
    {
        string place = $"stages.{name}";
        if (body["foreach"] is { } each)
        {
            JsonObject inner = body["do"] as JsonObject ?? throw DvcErrors.DvcFileInvalid(File, place, "foreach has no do");
            JsonNode? over = _template.Fill(each, values, $"{place}.foreach");
            bool composite = over is JsonArray some && some.Any(static item => item is JsonObject or JsonArray);
            IEnumerable<(string Key, JsonNode? Item)> items = over switch
            {
                JsonObject map => map.Select(static member => (member.Key, member.Value)),
                JsonArray list => list.Select((item, index) => (composite ? index.ToString(CultureInfo.InvariantCulture) : DvcTemplate.TextOf(item) ?? "", item)),
                _ => throw DvcErrors.DvcFileInvalid(File, $"{place}.foreach", "it is neither a list nor a mapping"),
            };
            foreach ((string key, JsonNode? item) in items)
            {
                _stages[$"{name}@{key}"] = (inner, With(values, item, key));
            }
        }
        else if (body["matrix"] is { } matrix)
        {
            JsonObject axes = _template.Fill(matrix, values, $"{place}.matrix") as JsonObject ?? throw DvcErrors.DvcFileInvalid(File, $"{place}.matrix", "it is no mapping");
            foreach ((string key, JsonObject item) in Combinations(axes, place))
            {
                _stages[$"{name}@{key}"] = (body, With(values, item, key));
            }
        }
        else
        {
            _stages[name] = (body, values);
        }
    }

    private IEnumerable<(string Key, JsonObject Item)> Combinations(JsonObject axes, string place)
    {
        IEnumerable<(string Key, JsonObject Item)> all = [("", [])];
        foreach ((string axis, JsonNode? node) in axes)
        {
            JsonArray list = node as JsonArray ?? throw DvcErrors.DvcFileInvalid(File, $"{place}.matrix.{axis}", "it is no list");
            all =
            [
                .. from one in all
                   from value in list.Select(static (item, index) => (Item: item, Index: index))
                   let name = DvcTemplate.TextOf(value.Item) ?? string.Create(CultureInfo.InvariantCulture, $"{axis}{value.Index}")
                   select (one.Key.Length == 0 ? name : $"{one.Key}-{name}", new JsonObject([.. one.Item.Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())), KeyValuePair.Create(axis, value.Item?.DeepClone())])),
            ];
        }

        return all;
    }

    private static JsonObject With(JsonObject values, JsonNode? item, string key)
    {
        JsonObject own = values.DeepClone().AsObject();
        own["item"] = item?.DeepClone();
        own["key"] = key;
        return own;
    }

    /// <summary>Values with those of "vars": files, keys of files, or values that are written there.</summary>
    private JsonObject Values(JsonObject before, JsonNode? vars, string place, string folder, bool withDefault)
    {
        JsonObject values = before.DeepClone().AsObject();
        string standard = DvcPaths.TryJoin(folder, DefaultParameters)!;
        if (withDefault && System.IO.File.Exists(DvcPaths.Full(_root, standard)))
        {
            Merge(values, ReadYaml(_root, standard));
        }

        foreach (JsonNode? item in vars as JsonArray ?? [])
        {
            if (_template.Fill(item, values, place) is JsonObject own)
            {
                Merge(values, own);
            }
            else if (DvcTemplate.TextOf(item) is { } text)
            {
                int colon = text.IndexOf(':', StringComparison.Ordinal);
                string file = DvcPaths.TryJoin(folder, colon < 0 ? text : text[..colon]) is { } inside && ParameterFiles.AreRead(inside) ? inside
                    : throw DvcErrors.DvcFileInvalid(File, place, $"'{text}' is no YAML or JSON file of the repository");
                JsonObject read = ReadYaml(_root, file);
                Merge(values, colon < 0 ? read : new JsonObject(text[(colon + 1)..].Split(',').Select(key => KeyValuePair.Create(key, read[key]?.DeepClone()))));
            }
        }

        return values;
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach ((string key, JsonNode? value) in from)
        {
            if (into[key] is JsonObject below && value is JsonObject more)
            {
                Merge(below, more);
            }
            else
            {
                into[key] = value?.DeepClone();
            }
        }
    }

    private List<DvcParameters> Parameters(string stage, string folder, JsonNode? node, string place)
    {
        var files = new OrderedDictionary<string, List<string>?>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? keys) in Items(node, place))
        {
            // A text is a key of the usual file; a file has its keys below it, or none for all of it.
            bool isKey = keys is JsonValue { } mark && mark.GetValueKind() == System.Text.Json.JsonValueKind.True;
            string file = Path(stage, folder, isKey ? DefaultParameters : name);
            string[] own = isKey ? [name] : [.. Items(keys, place).Select(static item => item.Name)];
            if (own.Length == 0)
            {
                files[file] = null;
            }
            else if (!files.TryGetValue(file, out List<string>? known))
            {
                files[file] = [.. own];
            }
            else
            {
                known?.AddRange(own);
            }
        }

        return [.. files.Select(static pair => new DvcParameters(pair.Key, pair.Value))];
    }

    /// <summary>A text, or a list of texts and of mappings from a text to what is said of it; true where nothing is.</summary>
    private IEnumerable<(string Name, JsonNode? More)> Items(JsonNode? node, string place)
    {
        switch (node)
        {
            case null:
                return [];
            case JsonArray list:
                return list.SelectMany(item => Items(item, place));
            case JsonObject map:
                return map.Select(static member => (member.Key, member.Value));
            default:
                return [(DvcTemplate.TextOf(node) ?? throw DvcErrors.DvcFileInvalid(File, place, "it is no text"), JsonValue.Create(true))];
        }
    }

    private static string Path(string stage, string folder, string path) => DvcPaths.TryJoin(folder, path) ?? throw DvcErrors.DvcStageNotImportable(
        stage, $"'{path}' is outside of the repository, and a definition names files of the repository alone", "Put a copy into the repository and name that in dvc.yaml.");
}

/// <summary>Which parameter files are read by key; DVC also has TOML and Python.</summary>
internal static class ParameterFiles
{
    /// <summary>Whether a file's name is that of YAML or JSON.</summary>
    public static bool AreRead(string file) => Path.GetExtension(file).ToUpperInvariant() is ".YAML" or ".YML" or ".JSON";
}
