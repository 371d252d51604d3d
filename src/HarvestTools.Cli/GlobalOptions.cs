using System.CommandLine;

namespace HarvestTools.Cli;

/// <summary>What every command takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Directory = new("-C")
    {
        Description = "Run as if started in DIR.",
        HelpName = "DIR",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON document instead of text.",
        Recursive = true,
    };

    public static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "Print only errors; the exit code says the rest.",
        Recursive = true,
    };

    public static readonly Option<string?> Threads = new("--threads")
    {
        Description = "Worker threads, 1 to 64 (default: one a core). Results do not depend on it.",
        HelpName = "N",
        Recursive = true,
    };

    public static readonly Option<bool> Offline = new("--offline")
    {
        Description = "Ask no remote: what is not on this machine is missing. HARVEST_OFFLINE=1 in the environment does the same.",
        Recursive = true,
    };

    public static readonly Option<bool> TrustProgram = new("--trust-program")
    {
        Description = "Run a team's own harvest program without asking whether it was trusted, as in a pipeline. HARVEST_TRUST_PROGRAMS=1 in the environment does the same.",
        Recursive = true,
    };

    public static readonly Option<bool> Version = new("--version")
    {
        Description = "Print the version.",
    };
}
