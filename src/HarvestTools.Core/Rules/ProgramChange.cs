using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Rules;

/// <summary>What of a program's definition a change is about.</summary>
internal enum ProgramChangeArea
{
    /// <summary>The command line or a file of the program.</summary>
    Code,

    /// <summary>A file that says what it runs in, or a variable.</summary>
    Environment,

    /// <summary>A file that it reads.</summary>
    Inputs,

    /// <summary>A parameter, or which tables are recorded and by what.</summary>
    Rules,
}

/// <summary>One difference between two definitions of which at least one is a program.</summary>
/// <param name="Area">What it is about.</param>
/// <param name="Subject">The file, the parameter with its file, or the setting.</param>
/// <param name="Name">The subject with what it is, for people: <c>code harvest.py</c>.</param>
/// <param name="Reference">What it was: a file's short hash, a parameter's value.</param>
/// <param name="Difference">What it is.</param>
internal sealed record ProgramChange(ProgramChangeArea Area, string Subject, string Name, string Reference, string Difference)
{
    /// <summary>The value of what one side has not.</summary>
    public const string None = "none";

    private const string StepWord = " of step ";

    /// <summary>Whether it is a change of a step before the definition.</summary>
    public bool IsOfStep => Name.Contains(StepWord, StringComparison.Ordinal);

    /// <summary>Files first, then parameters, then settings.</summary>
    public static IReadOnlyList<ProgramChange> Between(HarvestDefinition reference, HarvestDefinition difference)
    {
        if (reference.Program is not { } before || difference.Program is not { } after)
        {
            return [new ProgramChange(ProgramChangeArea.Rules, "kind", "kind", KindOf(reference), KindOf(difference))];
        }

        return [.. BetweenSteps(before.Before, after.Before), .. Files(before, after), .. Values(before, after), .. Settings(before, after)];
    }

    /// <summary>What differs in the steps before, each with its step.</summary>
    public static IEnumerable<ProgramChange> BetweenSteps(HarvestDefinition? before, HarvestDefinition? after)
    {
        if (before?.FullVersion != after?.FullVersion)
        {
            yield return new ProgramChange(ProgramChangeArea.Code, HarvestProgramJson.AfterName, HarvestProgramJson.AfterName, before?.FullVersion ?? None, after?.FullVersion ?? None);
        }

        if (before is null || after is null || before.Name != after.Name || before.Sha256 == after.Sha256)
        {
            yield break;
        }

        IEnumerable<ProgramChange> changes = before.Program is null && after.Program is null
            ? RuleChange.Between(before, after).Select(static rule => new ProgramChange(ProgramChangeArea.Rules, rule.Name, rule.Name, rule.Reference, rule.Difference))
            : Between(before, after);
        foreach (ProgramChange change in changes)
        {
            // Of a step further back it is named already.
            yield return change.Name.Contains(StepWord, StringComparison.Ordinal) ? change : change with { Name = $"{change.Name}{StepWord}{after.FullVersion}" };
        }
    }

    private static string KindOf(HarvestDefinition definition) => definition.Program is null ? "rules" : HarvestProgramJson.Kind;

    private static IEnumerable<ProgramChange> Files(HarvestProgram before, HarvestProgram after)
    {
        Dictionary<string, ProgramFile> left = ByPath(before);
        Dictionary<string, ProgramFile> right = ByPath(after);
        foreach (string path in left.Keys.Union(right.Keys).Order(StringComparer.Ordinal))
        {
            ProgramFile? was = left.GetValueOrDefault(path);
            ProgramFile? now = right.GetValueOrDefault(path);
            if (was?.Sha256 != now?.Sha256 || was?.Role != now?.Role)
            {
                ProgramFileRole role = (now ?? was)!.Role;
                string word = role == ProgramFileRole.Inputs ? "input" : SettingValue.Word(role);
                yield return new ProgramChange(AreaOf(role), path, $"{word} {path}", Describe(was, now), Describe(now, was));
            }
        }

        static Dictionary<string, ProgramFile> ByPath(HarvestProgram program) =>
            (program.Content?.Files ?? []).DistinctBy(static file => file.Path).ToDictionary(static file => file.Path, StringComparer.Ordinal);

        static string Describe(ProgramFile? file, ProgramFile? other) => file is null ? None
            : file.Sha256 == other?.Sha256 ? SettingValue.Word(file.Role)
            : Figures.ShortHash(file.Sha256);
    }

    private static ProgramChangeArea AreaOf(ProgramFileRole role) => role switch
    {
        ProgramFileRole.Code => ProgramChangeArea.Code,
        ProgramFileRole.Environment => ProgramChangeArea.Environment,
        _ => ProgramChangeArea.Inputs,
    };

    private static IEnumerable<ProgramChange> Values(HarvestProgram before, HarvestProgram after)
    {
        JsonObject left = before.Content?.Values ?? [];
        JsonObject right = after.Content?.Values ?? [];
        foreach (string file in Names(left, right))
        {
            JsonObject was = left[file] as JsonObject ?? [];
            JsonObject now = right[file] as JsonObject ?? [];
            foreach (string key in Names(was, now).Where(key => was.ContainsKey(key) != now.ContainsKey(key) || !Same(was[key], now[key])))
            {
                string subject = $"{file}:{key}";
                yield return new ProgramChange(ProgramChangeArea.Rules, subject, subject, Text(was, key), Text(now, key));
            }
        }
    }

    /// <summary>The rest of the canonical form: command line, tables, what has to stay the same.</summary>
    private static IEnumerable<ProgramChange> Settings(HarvestProgram before, HarvestProgram after)
    {
        JsonObject left = SettingsOf(before);
        JsonObject right = SettingsOf(after);
        foreach (string name in Names(left, right).Where(name => !JsonNode.DeepEquals(left[name], right[name])))
        {
            ProgramChangeArea area = name switch
            {
                "run" => ProgramChangeArea.Code,
                "variables" => ProgramChangeArea.Environment,
                _ => ProgramChangeArea.Rules,
            };
            yield return new ProgramChange(area, name, name, Text(left, name), Text(right, name));
        }

        static JsonObject SettingsOf(HarvestProgram program)
        {
            var json = new JsonObject();
            HarvestProgramJson.WriteCanonical(program with { Code = [], Environment = [], Inputs = [], Parameters = [], Content = null, After = null, Before = null }, json);
            return json;
        }
    }

    private static IEnumerable<string> Names(JsonObject left, JsonObject right) =>
        left.Select(static pair => pair.Key).Union(right.Select(static pair => pair.Key));

    private static bool Same(JsonNode? one, JsonNode? other) => Parameters.ParameterFile.Same(one, other);

    private static string Text(JsonObject values, string name) =>
        values.TryGetPropertyValue(name, out JsonNode? value) ? Encoding.UTF8.GetString(CanonicalJson.Of(value, exactIntegers: true)) : None;
}
