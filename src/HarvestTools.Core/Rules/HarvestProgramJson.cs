using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Parameters;

namespace HarvestTools.Rules;

/// <summary>Reads and writes the part of a definition that is about a team's own program.</summary>
internal static class HarvestProgramJson
{
    public const string Kind = "program";

    /// <summary>The step before: its name in harvest.json, and all of it in a slice's definition.json.</summary>
    public const string AfterName = "after";

    private const string RunName = "run";
    private const string CodeName = "code";
    private const string EnvironmentName = "environment";
    private const string InputsName = "inputs";
    private const string ParametersName = "params";
    private const string TablesName = "tables";
    private const string VariablesName = "variables";
    private const string IdentityName = "identity";
    private const string RowOrderName = "row_order";
    private const string FloatDigitsName = "float_digits";
    private const string LimitsName = "limits";
    private const string FilesName = "files";
    private const string ValuesName = "values";
    private const int MostFloatDigits = 15;

    public static HarvestProgram Read(SettingsReader settings, DerivationVersion derivation)
    {
        JsonNode? after = settings.Raw(AfterName);
        var program = new HarvestProgram
        {
            Run = Command(settings),
            After = after is null or JsonObject ? null : SettingValue.Text(settings.FullName(AfterName), after, "the name of a definition, or its name and version, for example \"regions@v1.0.0\""),
            Before = after is JsonObject whole ? HarvestDefinitionJson.ReadDefinition(whole, derivation, settings.FullName(AfterName)) : null,
            Code = Patterns(settings, CodeName),
            Environment = Patterns(settings, EnvironmentName),
            Inputs = Patterns(settings, InputsName),
            Parameters = Parameters(settings),
            Tables = Patterns(settings, TablesName) is { Count: > 0 } tables ? tables
                : throw ProgramErrors.ProgramIncomplete(settings.FullName(TablesName), "names no table", "Name the tables that the program writes, for example [\"*.parquet\", \"*.csv\"]."),
            Variables = Variables(settings),
            Identity = settings.Choice(IdentityName, ProgramIdentity.Bytes),
            RowOrder = settings.Flag(RowOrderName, standard: true),
            FloatDigits = settings.OptionalInteger(FloatDigitsName),
            Limits = Limits(settings.OptionalObject(LimitsName)),
            Columns = ProgramColumnsJson.Read(settings),
            Content = Content(settings),
        };
        if (program.FloatDigits is < 0 or > MostFloatDigits)
        {
            throw SettingValue.Invalid(settings.FullName(FloatDigitsName), JsonValue.Create(program.FloatDigits), $"a whole number from 0 to {MostFloatDigits}");
        }

        if (after is null && program.Run.FirstOrDefault(ProgramPlaceholders.NeedsTables) is { } word)
        {
            throw ProgramErrors.ProgramWordInvalid(settings.FullName(RunName), word, $"the definition follows none, since it has no \"{AfterName}\"");
        }

        return program;
    }

    /// <summary>All of it, for readers.</summary>
    public static void Write(HarvestProgram program, JsonObject json)
    {
        json[RunName] = Texts(program.Run);
        if ((program.Before?.ToJson() ?? (JsonNode?)program.After) is { } after)
        {
            json[AfterName] = after;
        }

        AddTexts(json, CodeName, program.Code);
        AddTexts(json, EnvironmentName, program.Environment);
        AddTexts(json, InputsName, program.Inputs);
        AddTexts(json, ParametersName, program.Parameters);
        WriteResult(program, json);
        ProgramColumnsJson.Write(program.Columns, json);
        if (program.Limits != ProgramLimits.Default)
        {
            json[LimitsName] = new JsonObject
            {
                ["seconds"] = program.Limits.Seconds,
                ["output_mb"] = program.Limits.OutputMegabytes,
                ["printed_mb"] = program.Limits.PrintedMegabytes,
                ["memory_mb"] = program.Limits.MemoryMegabytes,
            };
        }

        WriteContent(program, json);
    }

    /// <summary>
    /// What determines the rows. Of files and parameters that is what the patterns and keys mean, and not how they are
    /// written: a pattern that matches the same files changes nothing.
    /// </summary>
    public static void WriteCanonical(HarvestProgram program, JsonObject json)
    {
        json[RunName] = Texts(program.Run);

        // Whole, so that the hash of a step covers all that comes before it, and the archived form is enough to run them all again.
        if ((program.Before is { } before ? HarvestDefinitionJson.WriteDifferences(before) : (JsonNode?)program.After) is { } after)
        {
            json[AfterName] = after;
        }

        WriteResult(program, json);
        if (program.Content is null)
        {
            AddTexts(json, CodeName, program.Code);
            AddTexts(json, EnvironmentName, program.Environment);
            AddTexts(json, InputsName, program.Inputs);
            AddTexts(json, ParametersName, program.Parameters);
        }

        WriteContent(program, json);
    }

    private static void WriteResult(HarvestProgram program, JsonObject json)
    {
        json[TablesName] = Texts(program.Tables);
        AddTexts(json, VariablesName, program.Variables);
        if (program.Identity != ProgramIdentity.Bytes)
        {
            json[IdentityName] = SettingValue.Word(program.Identity);
        }

        if (!program.RowOrder)
        {
            json[RowOrderName] = false;
        }

        if (program.FloatDigits is { } digits)
        {
            json[FloatDigitsName] = digits;
        }
    }

    private static void WriteContent(HarvestProgram program, JsonObject json)
    {
        if (program.Content is not { } content)
        {
            return;
        }

        json[FilesName] = new JsonArray([.. content.Files.Select(static file => new JsonObject
        {
            ["path"] = file.Path,
            ["role"] = SettingValue.Word(file.Role),
            ["sha256"] = file.Sha256,
            ["bytes"] = file.Bytes,
        })]);
        if (content.Values.Count > 0)
        {
            json[ValuesName] = content.Values.DeepClone();
        }
    }

    private static IReadOnlyList<string> Command(SettingsReader settings)
    {
        IReadOnlyList<string> words = settings.OptionalTexts(RunName);
        if (words.Count == 0)
        {
            throw ProgramErrors.ProgramIncomplete(settings.FullName(RunName), "names no program", "Write the command line, a word each, for example [\"python3\", \"harvest.py\", \"--out\", \"{out}\", \"{exports}\"].");
        }

        foreach (string word in words)
        {
            if (ProgramPlaceholders.Fault(word) is { } fault)
            {
                throw ProgramErrors.ProgramWordInvalid(settings.FullName(RunName), word, fault);
            }
        }

        return words;
    }

    private static IReadOnlyList<string> Patterns(SettingsReader settings, string name)
    {
        IReadOnlyList<string> patterns = settings.OptionalTexts(name);
        foreach (string pattern in patterns)
        {
            if (FilePatterns.Fault(pattern) is { } fault)
            {
                throw ProgramErrors.PatternInvalid(settings.FullName(name), pattern, fault);
            }
        }

        return patterns;
    }

    private static IReadOnlyList<string> Parameters(SettingsReader settings)
    {
        IReadOnlyList<string> selections = settings.OptionalTexts(ParametersName);
        foreach (string selection in selections)
        {
            _ = RepositoryPath.Normalize(ParameterSelection.Parse(selection).Path);
        }

        return selections;
    }

    private static IReadOnlyList<string> Variables(SettingsReader settings)
    {
        IReadOnlyList<string> variables = settings.OptionalTexts(VariablesName);
        foreach (string variable in variables)
        {
            string name = variable.Split('=')[0];
            if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') || variable.Any(char.IsControl))
            {
                throw SettingValue.Invalid(settings.FullName(VariablesName), JsonValue.Create(variable), "a variable's name, or NAME=value");
            }
        }

        return variables;
    }

    private static ProgramLimits Limits(SettingsReader? settings)
    {
        ProgramLimits standard = ProgramLimits.Default;
        if (settings is null)
        {
            return standard;
        }

        var limits = new ProgramLimits(
            settings.Integer("seconds", standard.Seconds),
            settings.Integer("output_mb", standard.OutputMegabytes),
            settings.Integer("printed_mb", standard.PrintedMegabytes),
            settings.OptionalInteger("memory_mb"));
        settings.RefuseUnknown();
        foreach ((string name, int? value) in new (string, int?)[] { ("seconds", limits.Seconds), ("output_mb", limits.OutputMegabytes), ("printed_mb", limits.PrintedMegabytes), ("memory_mb", limits.MemoryMegabytes) })
        {
            if (value < 1)
            {
                throw SettingValue.Invalid(settings.FullName(name), JsonValue.Create(value), "a whole number from 1 on");
            }
        }

        return limits;
    }

    private static ProgramContent? Content(SettingsReader settings)
    {
        settings.Unlist(FilesName, ValuesName);
        JsonArray? list = settings.OptionalArray(FilesName);
        JsonObject values = settings.RawObject(ValuesName);
        return list is null && values.Count == 0 ? null : new ProgramContent([.. (list ?? []).Select((item, index) => File(item, $"{settings.FullName(FilesName)}[{index}]"))], values.DeepClone().AsObject());
    }

    private static ProgramFile File(JsonNode? item, string place)
    {
        var reader = new SettingsReader(SettingValue.Object(place, item), place);
        string path = RepositoryPath.Normalize(reader.Text("path"));
        ProgramFileRole role = reader.Choice("role", ProgramFileRole.Code);
        string sha256 = reader.Text("sha256");
        double bytes = reader.Number("bytes", 0);
        reader.RefuseUnknown();
        return Sha256Text.IsHex(sha256) && sha256.Length == Sha256Text.Length && bytes >= 0
            ? new ProgramFile(path, role, sha256, (long)bytes)
            : throw SettingValue.Invalid($"{place}.sha256", JsonValue.Create(sha256), "a SHA-256, 64 hexadecimal digits");
    }

    private static void AddTexts(JsonObject json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            json[name] = Texts(texts);
        }
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => JsonValue.Create(text))]);
}
