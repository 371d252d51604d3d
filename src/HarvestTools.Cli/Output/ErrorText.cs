using System.Text.Json.Nodes;

namespace HarvestTools.Cli.Output;

/// <summary>How an error reads: what happened, then what to do; and the same as JSON.</summary>
internal static class ErrorText
{
    public static void Write(HarvestException fault)
    {
        Console.Error.WriteLine($"harvest: {fault.Message}");
        if (fault.Remedy.Spell(ProgramSpelling.Instance) is { Length: > 0 } remedy)
        {
            Console.Error.WriteLine($"  {remedy}");
        }
    }

    public static JsonObject ToJson(HarvestException fault) => new()
    {
        ["id"] = fault.ErrorId,
        ["message"] = fault.Message,
        ["remedy"] = fault.Remedy.Spell(ProgramSpelling.Instance),
        ["subject"] = fault.Subject?.ToString(),
    };
}
