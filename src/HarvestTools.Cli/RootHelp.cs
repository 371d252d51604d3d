using System.Runtime.CompilerServices;
using System.Text;
using HarvestTools.Cli.Output;

namespace HarvestTools.Cli;

/// <summary>
/// What <c>harvest</c> and <c>harvest --help</c> print: a fixed text, so that it costs no parser and comes at once.
/// </summary>
internal static class RootHelp
{
    public const string Text = """
        harvest - versioned training sets from Label Studio exports

        Usage: harvest COMMAND [ARGUMENTS] [OPTIONS]

        Start here:
          harvest demo                         a generated example, explained step by step
          harvest init                         make the current folder a repository
          harvest add exports/*.json           archive exports under their hash
          harvest new v1 --reason "first set"  make a slice and derive its Parquet tables
          harvest check                        derive everything again; report what drifted

        Commands:
          init         Make a folder a repository.
          hash         Hash exports without storing anything.
          add          Archive exports: copied once, read-only, named by their SHA-256.
          exports      List what is archived.
          project      List projects, rename, join or retire them.
          restore      Put archived exports back where they were added from.
          new          Make a slice from archived exports and derive its tables.
          slices       List the slices.
          show         Show one slice: exports, rules, tables, models.
          remove       Remove slices that nothing needs; a dry run unless --yes is given.
          trust        Allow a team's own program to be run on this machine; list what is allowed.
          import-dvc   Make a stage of DVC the harvest definition, and what it wrote a slice.
          build        Put the Parquet tables of slices into the cache.
          check        Check slices against what they recorded; exit code 1 on drift.
          diff         Compare two slices: exports, rules, rows, metrics.
          diff-export  Compare two exports: relabelled tasks, volatile changes.
          impact       Show which slices and models changed rules would affect.
          log          Draw the versions with their parents.
          source       Trace a slice or model to its exports, or an episode to its slices.
          blame        Say which export, annotation, person and slice first brought a row.
          erase        Take a person's work or an episode out, and prove that it is gone.
          register     Link a model or run to a slice.
          models       List models and runs, or rank slices by a metric of theirs.
          promote      Put a registered model into production, with who, when and why.
          pins         Compare what slices pin with what is there now; exit code 1 on a difference.
          params       Print what a training script is given of a slice: data set, seeds, parameters.
          tag          Ship a slice: a git tag that holds its key and digests.
          bisect       Find the slice in which a metric fell, and what came with it.
          report       Write the version graph as one self-contained HTML page.
          push         Put what slices name into a remote.
          pull         Bring what slices name from a remote.
          remote       Show the remotes, and verify what one has.
          fsck         Check every archived object against its hash; exit code 1 on damage.
          pack         Pack archived exports as patches against the newest, or unpack them.
          du           Show what archive and cache take of the disk, by project.
          gc           Move what nothing needs into quarantine, later remove it; a dry run unless --yes is given.
          decide       Say whether it is time to retrain, with the reasons.
          pin-eval     Record the eval set's current hash in a slice.
          demo         Make a small repository with four weeks of exports and explain each step.
          lfs-agent    Keep git-lfs's files in archive and remote; git-lfs starts it.
          completion   Print a completion script for bash, pwsh or zsh.

        Options of every command:
          -C DIR       Run as if started in DIR.
          --json       Print one JSON document instead of text.
          -q, --quiet  Print only errors; the exit code says the rest.
          --threads N  Worker threads (default: one a core). Results do not depend on it.
          --offline    Ask no remote: what is not on this machine is missing.
          --trust-program  Run a team's own program without asking whether it was trusted.
          -h, --help   Explain the command.
          --version    Print the version.

        Exit codes: 0 fine, 1 drift or damage found, 2 wrong usage, 3 input or data at fault,
        4 not a repository, or a file system or remote refused, 70 a fault of harvest itself,
        130 or 143 stopped.
        'harvest COMMAND --help' explains a command.

        """;

    public static string Version =>
        typeof(RootHelp).Assembly.GetName().Version is { } version ? version.ToString(3) : "unknown";

    /// <summary>Answers a command line that asks for nothing but help or the version; null where it asks for more.</summary>
    public static int? TryAnswer(string[] args)
    {
        switch (args)
        {
            case []:
                // Nothing asked for is wrong usage: a script whose command went missing must not pass.
                return Print(Text, ExitCode.Usage);
            case ["--help" or "-h" or "-?" or "help"]:
                return Print(Text, ExitCode.Fine);
            case ["--version"]:
                return Print($"harvest {Version}\n", ExitCode.Fine);
            default:
                return null;
        }
    }

    // Written as bytes: the console's own writer would load far more than the text needs.
    private static int Print(string text, int exit)
    {
        try
        {
            using Stream stdout = Console.OpenStandardOutput();
            stdout.Write(Encoding.UTF8.GetBytes(text));
            return exit;
        }
        catch (IOException fault)
        {
            return NotPrinted(fault);
        }
    }

    // Kept apart, so that only what fails loads what errors need.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int NotPrinted(IOException fault)
    {
        ErrorText.Write(CliErrors.OutputNotWritten(fault));
        return ExitCode.NoRepositoryOrNoWrite;
    }
}
