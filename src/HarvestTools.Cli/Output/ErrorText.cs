using System.Text.Json.Nodes;

namespace HarvestTools.Cli.Output;

/// <summary>How an error reads: what happened, then what to do; and the same as JSON.</summary>
internal static class ErrorText
{
    public static void Write(HarvestException fault)
    {
        Console.Error.WriteLine($"harvest: {fault.Message}");
        if (fault.Remedy.Length > 0)
        {
            Console.Error.WriteLine($"  {fault.Remedy}");
        }
    }

    public static JsonObject ToJson(HarvestException fault) => new()
    {
        ["id"] = fault.ErrorId,
        ["message"] = fault.Message,
        ["remedy"] = fault.Remedy,
        ["subject"] = fault.Subject?.ToString(),
    };
}
