using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Rules;

/// <summary>Reads and writes harvest definitions: <c>{name, version, rules, fields}</c>, or <c>{name, version, kind, run, …}</c> of a program.</summary>
internal static class HarvestDefinitionJson
{
    private const string Name = "name";
    private const string Version = "version";
    private const string Kind = "kind";
    private const string Rules = "rules";
    private const string Fields = "fields";
    private const string TaskSubdir = "task_subdir";
    private const string Episode = "episode";
    private const string Frame = "frame";
    private const string Media = "media";
    private const string Objects = "objects";
    private const string From = "from";
    private const string Match = "match";

    public static HarvestDefinition ReadDefinition(JsonObject json, DerivationVersion derivation, string place = "harvest")
    {
        ArgumentNullException.ThrowIfNull(json);
        var settings = new SettingsReader(json, place);
        string name = settings.Text(Name);
        string version = settings.Text(Version);
        RequireNames(settings, name, version);
        switch (settings.OptionalText(Kind) ?? Rules)
        {
            case Rules:
                break;
            case HarvestProgramJson.Kind:
                HarvestProgram program = HarvestProgramJson.Read(settings, derivation);
                settings.RefuseUnknown();
                return new HarvestDefinition(name, version, derivation.Rules, derivation.Fields) { Derivation = derivation, Program = program };
            case string other:
                throw SettingValue.Invalid(settings.FullName(Kind), JsonValue.Create(other), $"\"{Rules}\" or \"{HarvestProgramJson.Kind}\"");
        }

        JsonObject rules = settings.RawObject(Rules);
        SettingsReader fields = settings.Object(Fields);
        settings.RefuseUnknown();
        return new HarvestDefinition(
            name, version, RulesJson.Read(derivation.Rules, rules, derivation.RuleList), ReadFields(fields, derivation.Fields)) { Derivation = derivation };
    }

    private static void RequireNames(SettingsReader settings, string name, string version)
    {
        if (!DefinitionNames.IsName(name))
        {
            throw RuleErrors.BadHarvestName(settings.FullName(Name), name);
        }

        if (!DefinitionNames.IsVersion(version))
        {
            throw RuleErrors.BadHarvestVersion(settings.FullName(Version), version);
        }
    }

    public static (string Name, string Version) ReadFullVersion(string fullVersion)
    {
        int at = fullVersion.IndexOf('@', StringComparison.Ordinal);
        return at >= 0 && DefinitionNames.IsName(fullVersion.AsSpan(0, at)) && DefinitionNames.IsVersion(fullVersion.AsSpan(at + 1))
            ? (fullVersion[..at], fullVersion[(at + 1)..])
            : throw RuleErrors.BadHarvestVersion(fullVersion);
    }

    public static JsonObject Write(HarvestDefinition definition)
    {
        var json = new JsonObject { [Name] = definition.Name, [Version] = definition.Version };
        if (definition.Program is { } program)
        {
            json[Kind] = HarvestProgramJson.Kind;
            HarvestProgramJson.Write(program, json);
            return json;
        }

        json[Rules] = RulesJson.Write(definition.Rules, definition.Derivation.RuleList);
        json[Fields] = Write(definition.Fields);
        return json;
    }

    /// <summary>Name and version, and of rules and fields those that differ from the defaults; of a program what determines its rows.</summary>
    public static JsonObject WriteDifferences(HarvestDefinition definition)
    {
        if (definition.Program is { } program)
        {
            var own = new JsonObject { [Name] = definition.Name, [Version] = definition.Version, [Kind] = HarvestProgramJson.Kind };
            HarvestProgramJson.WriteCanonical(program, own);
            return own;
        }

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

    private static JsonObject Write(FieldMapping fields)
    {
        var json = new JsonObject
        {
            [TaskSubdir] = Write(fields.TaskSubdir),
            [Episode] = Write(fields.Episode),
            [Frame] = Write(fields.Frame),
        };
        if (fields.Media is { } media)
        {
            json[Media] = Write(media);
        }

        if (fields.Objects.Count > 0)
        {
            json[Objects] = new JsonObject(fields.Objects.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        return json;
    }

    private static JsonObject Write(FieldSource source)
    {
        var json = new JsonObject { [From] = source.From };
        if (source.Match is not null)
        {
            json[Match] = source.Match;
        }

        return json;
    }

    private static FieldMapping ReadFields(SettingsReader settings, FieldMapping standard)
    {
        var fields = new FieldMapping(
            ReadSource(settings.OptionalObject(TaskSubdir), standard.TaskSubdir),
            ReadSource(settings.OptionalObject(Episode), standard.Episode),
            ReadSource(settings.OptionalObject(Frame), standard.Frame))
        {
            Media = settings.OptionalObject(Media) is { } media ? ReadSource(media, standard.Frame) : standard.Media,
            Objects = ReadObjects(settings.OptionalObject(Objects)) ?? standard.Objects,
        };
        settings.RefuseUnknown();
        return fields;
    }

    private static OrderedDictionary<string, string>? ReadObjects(SettingsReader? settings)
    {
        if (settings is null)
        {
            return null;
        }

        var objects = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string tag in settings.Names)
        {
            string from = settings.Text(tag);
            if (!DefinitionNames.IsSource(from))
            {
                throw RuleErrors.BadFieldSource(settings.FullName(tag), from);
            }

            objects.Add(tag, from);
        }

        return objects;
    }

    private static FieldSource ReadSource(SettingsReader? settings, FieldSource standard)
    {
        if (settings is null)
        {
            return standard;
        }

        string from = settings.Text(From);
        string? match = settings.OptionalText(Match);
        settings.RefuseUnknown();
        if (!DefinitionNames.IsSource(from))
        {
            throw RuleErrors.BadFieldSource(settings.FullName(From), from);
        }

        if (match is not null)
        {
            CheckPattern(settings.FullName(Match), match);
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
}
