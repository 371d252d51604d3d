using System.Diagnostics;
using System.Globalization;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>What one run of a process took. Processor time and memory are null where the system's <c>time</c> program is absent.</summary>
internal sealed record ProcessRun(double Seconds, double? ProcessorSeconds, double? PeakMegabytes, string Output)
{
    private const string TimeProgram = "/usr/bin/time";

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static ProcessRun Of(string folder, string program, params string[] arguments) => EndingWith(0, folder, program, arguments);

    /// <summary>Runs a program to its end, with the exit code that it is to end with.</summary>
    /// <exception cref="InvalidOperationException">It ended with another one.</exception>
    public static ProcessRun EndingWith(int exitCode, string folder, string program, params string[] arguments)
    {
        bool timed = File.Exists(TimeProgram);
        string report = Path.GetTempFileName();
        var start = new ProcessStartInfo(timed ? TimeProgram : program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all = timed ? ["-f", "%U %S %M", "-o", report, program, .. arguments] : arguments;
        foreach (string argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = watch.Elapsed.TotalSeconds;
        // The time program ends with the exit code of the program that it measures.
        if (process.ExitCode != exitCode)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{errors.Result}{output}");
        }

        // Above the figures there is a line where the exit code is not 0.
        double[] numbers = timed
            ? [.. File.ReadLines(report).Last().Split(' ', StringSplitOptions.TrimEntries).Select(static n => double.Parse(n, CultureInfo.InvariantCulture))]
            : [];
        File.Delete(report);
        return new ProcessRun(seconds, timed ? numbers[0] + numbers[1] : null, timed ? numbers[2] / 1024 : null, output.Trim());
    }

    /// <summary>The run of median wall time among several, the cases taking turns so that a busy moment hits all alike.</summary>
    public static ProcessRun[] Medians(int runs, params Func<ProcessRun>[] cases) => [.. Turns(runs, cases).Select(static of => Middle(of))];

    /// <summary>All runs of each case, the cases taking turns.</summary>
    public static List<ProcessRun>[] Turns(int runs, params Func<ProcessRun>[] cases)
    {
        var all = cases.Select(static _ => new List<ProcessRun>()).ToArray();
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < cases.Length; i++)
            {
                Settle();
                all[i].Add(cases[i]());
            }
        }

        return all;
    }

    /// <summary>Has the system write what the case before left to write: a case that waits for the disk would wait for that too.</summary>
    private static void Settle()
    {
        if (Peers.Find("sync") is { } sync)
        {
            Of(Path.GetTempPath(), sync);
        }
    }

    public static ProcessRun Middle(List<ProcessRun> runs) => new(
        Middle(runs.Select(static run => run.Seconds)),
        runs[0].ProcessorSeconds is null ? null : Middle(runs.Select(static run => run.ProcessorSeconds!.Value)),
        runs[0].PeakMegabytes is null ? null : Middle(runs.Select(static run => run.PeakMegabytes!.Value)),
        runs[0].Output);

    private static double Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
