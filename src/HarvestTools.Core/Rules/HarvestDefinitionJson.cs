using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HarvestTools.Rules;

/// <summary>Reads and writes harvest definitions, <c>{name, version, rules, fields}</c>.</summary>
internal static partial class HarvestDefinitionJson
{
    private const string Name = "name";
    private const string Version = "version";
    private const string Rules = "rules";
    private const string Fields = "fields";
    private const string TaskSubdir = "task_subdir";
    private const string Episode = "episode";
    private const string Frame = "frame";
    private const string From = "from";
    private const string Match = "match";

    private static readonly string[] Members = [Name, Version, Rules, Fields];
    private static readonly string[] FieldNames = [TaskSubdir, Episode, Frame];
    private static readonly string[] SourceMembers = [From, Match];

    public static HarvestDefinition ReadDefinition(JsonObject json, DerivationVersion derivation)
    {
        ArgumentNullException.ThrowIfNull(json);
        RefuseUnknown("harvest", json, Members);
        string name = Text("harvest.name", json[Name]);
        string version = Text("harvest.version", json[Version]);
        (name, version) = ReadFullVersion($"{name}@{version}");
        HarvestRules rules = RulesJson.Read(derivation.Rules, Object("harvest.rules", json[Rules]), derivation.RuleList);
        FieldMapping fields = ReadFields(Object("harvest.fields", json[Fields]), derivation.Fields);
        return new HarvestDefinition(name, version, rules, fields) { Derivation = derivation };
    }

    public static (string Name, string Version) ReadFullVersion(string fullVersion)
    {
        Match match = FullVersionPattern().Match(fullVersion);
        return match.Success
            ? (match.Groups[1].Value, match.Groups[2].Value)
            : throw RuleErrors.BadHarvestVersion(fullVersion);
    }

    public static JsonObject Write(HarvestDefinition definition) => new()
    {
        [Name] = definition.Name,
        [Version] = definition.Version,
        [Rules] = RulesJson.Write(definition.Rules, definition.Derivation.RuleList),
        [Fields] = Write(definition.Fields),
    };

    /// <summary>Name and version, and of rules and fields those that differ from the defaults.</summary>
    public static JsonObject WriteDifferences(HarvestDefinition definition)
    {
        DerivationVersion derivation = definition.Derivation;
        JsonObject json = Write(definition);
        Reduce(json, Rules, RulesJson.Write(derivation.Rules, derivation.RuleList));
        Reduce(json, Fields, Write(derivation.Fields));
        return json;
    }

    private static void Reduce(JsonObject json, string group, JsonObject defaults)
    {
        JsonObject members = json[group]!.AsObject();
        foreach ((string name, JsonNode? standard) in defaults)
        {
            if (JsonNode.DeepEquals(members[name], standard))
            {
                members.Remove(name);
            }
        }

        if (members.Count == 0)
        {
            json.Remove(group);
        }
    }

    private static JsonObject Write(FieldMapping fields) => new()
    {
        [TaskSubdir] = Write(fields.TaskSubdir),
        [Episode] = Write(fields.Episode),
        [Frame] = Write(fields.Frame),
    };

    private static JsonObject Write(FieldSource source)
    {
        var json = new JsonObject { [From] = source.From };
        if (source.Match is not null)
        {
            json[Match] = source.Match;
        }

        return json;
    }

    private static FieldMapping ReadFields(JsonObject json, FieldMapping standard)
    {
        RefuseUnknown("harvest.fields", json, FieldNames);
        return new FieldMapping(
            ReadSource(TaskSubdir, json, standard.TaskSubdir),
            ReadSource(Episode, json, standard.Episode),
            ReadSource(Frame, json, standard.Frame));
    }

    private static FieldSource ReadSource(string field, JsonObject fields, FieldSource standard)
    {
        if (!fields.TryGetPropertyValue(field, out JsonNode? node))
        {
            return standard;
        }

        string place = $"harvest.fields.{field}";
        JsonObject json = node as JsonObject ?? throw RuleErrors.WrongType(place, Show(node), "an object with \"from\"");
        RefuseUnknown(place, json, SourceMembers);
        string from = Text($"{place}.from", json[From]);
        if (!FromPattern().IsMatch(from))
        {
            throw RuleErrors.BadFieldSource(place, from);
        }

        string? match = json[Match] is { } pattern ? Text($"{place}.match", pattern) : null;
        if (match is not null)
        {
            CheckPattern(place, match);
        }

        return new FieldSource(from, match);
    }

    private static void CheckPattern(string place, string pattern)
    {
        try
        {
            FieldPattern.Compile(pattern);
            if (FieldPattern.IsDelimited(pattern))
            {
                FieldPattern.Compile(pattern[1..^1]);
            }
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw RuleErrors.BadPattern(place, pattern, e);
        }
    }

    private static void RefuseUnknown(string place, JsonObject json, string[] known)
    {
        foreach ((string name, _) in json)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw RuleErrors.UnknownSetting(place, name, NearestName.Find(name, known), known);
            }
        }
    }

    private static string Text(string place, JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 0 } text
            ? text
            : throw RuleErrors.WrongType(place, Show(node), "a text");

    private static JsonObject Object(string place, JsonNode? node) => node switch
    {
        null => [],
        JsonObject json => json,
        _ => throw RuleErrors.WrongType(place, Show(node), "an object"),
    };

    private static string Show(JsonNode? node) => node?.ToJsonString() ?? "nothing";

    [GeneratedRegex(@"\A([A-Za-z][A-Za-z0-9._-]*)@(v(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex FullVersionPattern();

    /// <summary>Keys below <c>data</c>, separated by points.</summary>
    [GeneratedRegex(@"\Adata(?:\.[^.]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex FromPattern();
}
