using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HarvestTools.Files;

namespace HarvestTools.Lineage;

/// <summary>Reads what this machine is: processor, memory, graphics cards and system.</summary>
internal static class Hardware
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// An object with <c>cpu</c>, <c>cores</c>, <c>memory_bytes</c>, <c>gpus</c> (names with memory, as nvidia-smi has them; left out
    /// where there is none) and <c>os</c>.
    /// </summary>
    public static JsonObject Read()
    {
        var hardware = new JsonObject
        {
            ["cpu"] = Processor() ?? RuntimeInformation.ProcessArchitecture.ToString(),
            ["cores"] = Environment.ProcessorCount,
            ["memory_bytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        };
        string[] cards = Lines(Output("nvidia-smi", GitProgram.Option("query-gpu=name,memory.total"), GitProgram.Option("format=csv,noheader")));
        if (cards.Length > 0)
        {
            hardware["gpus"] = new JsonArray([.. cards.Select(static card => JsonValue.Create(card))]);
        }

        hardware["os"] = RuntimeInformation.OSDescription;
        return hardware;
    }

    private static string? Processor()
    {
        try
        {
            return OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                : OperatingSystem.IsMacOS() ? Lines(Output("sysctl", "-n", "machdep.cpu.brand_string")).FirstOrDefault()
                : File.ReadLines("/proc/cpuinfo")
                    .Where(static line => line.StartsWith("model name", StringComparison.OrdinalIgnoreCase))
                    .Select(static line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
                    .FirstOrDefault();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return null;
        }
    }

    private static string[] Lines(string? text) =>
        (text ?? string.Empty).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What a program of PATH prints; null where it is not installed or fails. It is named in full: the current folder is not searched.</summary>
    private static string? Output(string name, params ReadOnlySpan<string> arguments)
    {
        if (ProgramPath.Find(name, Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            return null;
        }

        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, CreateNoWindow = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return ProgramCall.Run(start, s_patience) is { ExitCode: 0 } answer ? answer.Output : null;
    }
}
