using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Pester;

/// <summary>What became of one test of a Pester file.</summary>
/// <param name="Name">Its full name, with the values it was run for.</param>
/// <param name="Line">Where its <c>It</c> is.</param>
/// <param name="Result"><c>Passed</c>, <c>Failed</c>, <c>Skipped</c> or <c>NotRun</c>.</param>
/// <param name="Message">Why, where it did not pass.</param>
internal sealed record PesterOutcome(string Name, int Line, string Result, string? Message)
{
    public bool IsFine => Result is "Passed" or "Skipped";
}

/// <summary>One Pester file run in a PowerShell of its own, once a test run, when the first of its tests is asked for.</summary>
/// <param name="Outcomes">All its tests.</param>
/// <param name="Output">What the process wrote, for when it says nothing else.</param>
internal sealed record PesterRun(IReadOnlyList<PesterOutcome> Outcomes, string Output)
{
    /// <summary>A suite that hangs is ended and says so; the longest file takes a minute on a busy machine of two cores.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private static readonly ConcurrentDictionary<string, Lazy<PesterRun>> s_runs = new(StringComparer.Ordinal);

    public static PesterRun Of(string file) => s_runs.GetOrAdd(file, static name => new(() => Run(name))).Value;

    /// <summary>What a file's process reported, or no outcome at all where it failed and no test did.</summary>
    /// <param name="exitCode">Zero where Pester found nothing that failed.</param>
    public static PesterRun Judge(int exitCode, IReadOnlyList<PesterOutcome> outcomes, string output)
    {
        // A failing AfterAll leaves the tests before it as passed, and a process may die after them: no test has the fault, so all do.
        bool isExplained = exitCode == 0 || outcomes.Any(static outcome => !outcome.IsFine);
        return isExplained ? new(outcomes, output) : new([], output);
    }

    private static PesterRun Run(string file)
    {
        string result = Path.Combine(Path.GetTempPath(), $"pester-{Guid.NewGuid():N}.json");
        try
        {
            ProcessStartInfo start = ReleasedPowerShell.Start(
                "-File", Path.Combine(PesterFileAttribute.Folder, "Invoke-Suite.ps1"), "-Name", file, "-Pester", ReleasedPowerShell.Pester, "-ResultPath", result);
            start.Environment["HARVEST_PROGRAM"] = ReleasedPowerShell.Metadata("HarvestProgram");
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                return new([], $"{file} did not end within {s_patience.TotalMinutes} minutes.\n{output.Result}");
            }

            string said = output.Result + error.Result;
            List<PesterOutcome> outcomes = File.Exists(result)
                ? JsonSerializer.Deserialize<List<PesterOutcome>>(File.ReadAllText(result), JsonSerializerOptions.Web)!
                : [];
            return Judge(process.ExitCode, outcomes, said);
        }
        finally
        {
            File.Delete(result);
        }
    }
}
