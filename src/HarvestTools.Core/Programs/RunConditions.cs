using System.Globalization;
using HarvestTools.Files;

namespace HarvestTools.Programs;

/// <summary>One thing that a program may meet otherwise on another day or machine, and that its tables should not depend on.</summary>
internal enum RunCondition
{
    /// <summary>TZ.</summary>
    TimeZone,

    /// <summary>LANG and LC_ALL.</summary>
    Locale,

    /// <summary>PYTHONHASHSEED and PERL_HASH_SEED.</summary>
    HashSeed,

    /// <summary>The order in which files were put into their folders.</summary>
    DirectoryOrder,

    /// <summary>The name of the folder that it runs in.</summary>
    FolderName,

    /// <summary>How many threads and processors it may use.</summary>
    Threads,

    /// <summary>When its files were written.</summary>
    FileTimes,
}

/// <summary>What a run meets around it.</summary>
internal sealed record RunConditions
{
    private static readonly DateTime s_time = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime s_otherTime = new(2011, 7, 13, 5, 7, 11, DateTimeKind.Utc);

    /// <summary>Variables of the environment, which those of the definition override.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string> { ["LANG"] = "C.UTF-8", ["TZ"] = "UTC" };

    /// <summary>Whether files are put into their folders in the reverse order.</summary>
    public bool Reversed { get; init; }

    /// <summary>The name of the run's folder; null for any.</summary>
    public string? FolderName { get; init; }

    /// <summary>When the files were written; null for when they are.</summary>
    public DateTime? FileTime { get; init; }

    /// <summary>Program and words that begin the command line: what keeps it on one processor.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Those of every run that makes or checks tables.</summary>
    public static RunConditions Standard { get; } = new();

    /// <summary>What a condition is called to people.</summary>
    public static string Name(RunCondition condition) => condition switch
    {
        RunCondition.TimeZone => "the time zone",
        RunCondition.Locale => "the locale",
        RunCondition.HashSeed => "the hash seed",
        RunCondition.DirectoryOrder => "the order of directory entries",
        RunCondition.FolderName => "the name of the folder that it runs in",
        RunCondition.Threads => "the number of threads",
        _ => "the times of its files",
    };

    /// <summary>Fixed conditions of which some are other ones.</summary>
    /// <param name="varied">Those that are other ones.</param>
    /// <param name="run">What the names of the folders have in common.</param>
    public static RunConditions With(IReadOnlyCollection<RunCondition> varied, string run)
    {
        bool Other(RunCondition condition) => varied.Contains(condition);
        var variables = new Dictionary<string, string>(Standard.Variables, StringComparer.Ordinal)
        {
            ["PYTHONHASHSEED"] = Other(RunCondition.HashSeed) ? "4011" : "0",
            ["PERL_HASH_SEED"] = Other(RunCondition.HashSeed) ? "4011" : "0",
            ["PERL_PERTURB_KEYS"] = "0",
        };
        if (Other(RunCondition.TimeZone))
        {
            // Not a whole number of hours, and on the other side of midnight for half of the day.
            variables["TZ"] = OperatingSystem.IsWindows() ? "NPT-5:45" : "Asia/Kathmandu";
        }

        if (Other(RunCondition.Locale))
        {
            variables["LANG"] = variables["LC_ALL"] = OtherLocale.Value;
        }

        IReadOnlyList<string> prefix = [];
        if (Other(RunCondition.Threads))
        {
            // One where there are several, several where there is one.
            string count = Environment.ProcessorCount > 1 ? "1" : "3";
            foreach (string name in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "GOMAXPROCS", "DOTNET_PROCESSOR_COUNT" })
            {
                variables[name] = count;
            }

            prefix = OneProcessor.Value;
        }

        return new RunConditions
        {
            Variables = variables,
            Reversed = Other(RunCondition.DirectoryOrder),
            FolderName = $"{RunFolder.Prefix}{run}{(Other(RunCondition.FolderName) ? "-other" : "")}",
            FileTime = Other(RunCondition.FileTimes) ? s_otherTime : s_time,
            Prefix = prefix,
        };
    }

    private static Lazy<string> OtherLocale { get; } = new(static () =>
    {
        string[] there = [.. Installed("locale", "-a").Where(static name => !name.StartsWith("C.", StringComparison.Ordinal))];
        string[] wanted = ["tr_TR", "de_DE", "fr_FR", "sv_SE", "en_US"];
        return wanted.Select(name => there.FirstOrDefault(locale => locale.StartsWith(name, StringComparison.Ordinal) && locale.Contains("utf", StringComparison.OrdinalIgnoreCase))).FirstOrDefault(static found => found is not null)
            ?? there.FirstOrDefault(static name => name.Contains("utf", StringComparison.OrdinalIgnoreCase))
            ?? (OperatingSystem.IsWindows() ? "tr_TR.UTF-8" : "POSIX");
    });

    /// <summary>Keeps a program on the first processor that this process may use; empty where the system has nothing that does, or there is one alone.</summary>
    private static Lazy<IReadOnlyList<string>> OneProcessor { get; } = new(static () =>
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount == 1 || ProgramPath.Find("taskset", Environment.GetEnvironmentVariable("PATH")) is not { } taskset)
        {
            return [];
        }

        string? allowed = File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        string first = new([.. (allowed ?? "").Split(':')[^1].Trim().TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? [taskset, "-c", first] : [];
    });

    private static string[] Installed(string program, string argument)
    {
        if (OperatingSystem.IsWindows() || ProgramPath.Find(program, Environment.GetEnvironmentVariable("PATH")) is not { } file)
        {
            return [];
        }

        var start = new System.Diagnostics.ProcessStartInfo(file, [argument]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return ProgramCall.Run(start, TimeSpan.FromSeconds(10))?.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }
}
