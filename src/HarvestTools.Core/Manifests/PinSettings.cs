using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Parameters;

namespace HarvestTools.Manifests;

/// <summary>What every new slice pins besides its exports and rules.</summary>
public sealed record PinSettings
{
    private static readonly string[] s_none = [];

    /// <summary>The commit alone.</summary>
    public static PinSettings Default { get; } = new();

    /// <summary>The commit that is checked out, and whether files of it were changed.</summary>
    public bool Commit { get; init; } = true;

    /// <summary>Files such as lock files of dependencies, relative to the repository.</summary>
    public IReadOnlyList<string> Files { get; init; } = s_none;

    /// <summary>Parameter files, whole or by key: <c>params.yaml:train.*</c>.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = s_none;

    /// <summary>A number, a list of numbers, or numbers by name; null for none.</summary>
    public JsonNode? Seeds { get; init; }

    /// <summary>What the machine is that makes the slice.</summary>
    public bool Hardware { get; init; }

    internal static PinSettings Parse(ObjectReader? reader)
    {
        if (reader is null)
        {
            return Default;
        }

        var settings = new PinSettings
        {
            Commit = reader.Flag("commit", absent: true),
            Files = Paths(reader, "files", static text => text),
            Parameters = Paths(reader, "params", static text => ParameterSelection.Parse(text).Path),
            Seeds = reader.Take("seeds"),
            Hardware = reader.Flag("hardware"),
        };
        if (new SlicePins { Seeds = settings.Seeds }.Faults().Any())
        {
            throw reader.Invalid("seeds", $"is {settings.Seeds!.ToJsonString()}", "Write a number, a list of numbers, or numbers by name, as { \"python\": 7 }.");
        }

        reader.RefuseRest("commit", "files", "params", "seeds", "hardware");
        return settings == Default ? Default : settings;
    }

    internal JsonObject ToJson() => new()
    {
        ["commit"] = Commit,
        ["files"] = new JsonArray([.. Files.Select(static text => JsonValue.Create(text))]),
        ["params"] = new JsonArray([.. Parameters.Select(static text => JsonValue.Create(text))]),
        ["seeds"] = Seeds?.DeepClone(),
        ["hardware"] = Hardware,
    };

    private static IReadOnlyList<string> Paths(ObjectReader reader, string name, Func<string, string> path)
    {
        IReadOnlyList<string> texts = reader.TextList(name);
        foreach (string text in texts)
        {
            _ = reader.OwnText(name, path(text));
        }

        return texts.Count == 0 ? s_none : texts;
    }
}
