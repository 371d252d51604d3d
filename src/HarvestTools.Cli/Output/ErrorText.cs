using System.Text.Json.Nodes;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>How an error reads: what happened, then what to do; and the same as JSON.</summary>
internal static class ErrorText
{
    public static void Write(HarvestException fault) => Write(fault.Message, fault.Remedy);

    public static void Write(ExportNotice notice) => Write($"warning: {notice.Message}", notice.Remedy);

    public static JsonObject ToJson(ExportNotice notice) => new()
    {
        ["id"] = notice.Id,
        ["message"] = notice.Message,
        ["remedy"] = notice.Remedy.Spell(ProgramSpelling.Instance),
    };

    private static void Write(string message, Remedy remedy)
    {
        StandardStreams.WriteErrorLine($"harvest: {message}");
        if (remedy.Spell(ProgramSpelling.Instance) is { Length: > 0 } spelled)
        {
            StandardStreams.WriteErrorLine($"  {spelled}");
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
