using System.Globalization;

namespace HarvestTools.Cli;

/// <summary>Errors that only the program can make: its arguments, and what stops it from outside.</summary>
internal static class CliErrors
{
    public static HarvestException CommandLineInvalid(string message, string remedy) => new(
        nameof(CommandLineInvalid), HarvestFault.Usage, message, remedy);

    public static HarvestException FolderNotFound(string folder) => new(
        nameof(FolderNotFound), HarvestFault.NotARepository,
        File.Exists(folder) ? $"'{folder}' is a file, not a folder." : $"The folder '{folder}' does not exist.",
        "Check the path after -C.", folder);

    public static HarvestException ThreadsInvalid(string text, int most) => new(
        nameof(ThreadsInvalid), HarvestFault.Usage,
        $"'{text}' is not a number of threads.",
        string.Create(CultureInfo.InvariantCulture, $"Write a whole number from 1 to {most} after --threads, or leave it out."), text);

    public static HarvestException ProjectNotRead() => new(
        nameof(ProjectNotRead), HarvestFault.Usage,
        "With --no-labels the exports are not read, so the projects in them are not known.",
        "Name the project with --project, or leave --no-labels out.");

    /// <param name="action">What was to be done with the project.</param>
    /// <param name="needed">How many arguments that takes.</param>
    public static HarvestException ProjectArguments(string action, int needed) => new(
        nameof(ProjectArguments), HarvestFault.Usage,
        needed switch
        {
            0 => $"'harvest project {action}' takes no project.",
            1 => $"'harvest project {action}' takes one project.",
            _ => $"'harvest project {action}' takes a project and a value.",
        },
        "Write 'harvest project', 'harvest project rename PROJECT NEW_NAME', 'harvest project retire PROJECT', 'harvest project unretire PROJECT', 'harvest project add-id PROJECT ID' or 'harvest project remove-id PROJECT ID'.");

    public static HarvestException BacktestAlone() => new(
        nameof(BacktestAlone), HarvestFault.Usage,
        "--backtest replays every decision of the past, so that --as-of, --explain, --markdown, --gate, --history and --reported-regression, which are of one decision, mean nothing beside it.",
        "Give --backtest without them, or leave it out.");

    public static HarvestException ProjectIdInvalid(string text) => new(
        nameof(ProjectIdInvalid), HarvestFault.Usage,
        $"'{text}' is not an id of a project in Label Studio: ids are whole numbers from 1.",
        "Write the number that the project's address has, as 12 in https://labels.example.org/projects/12.", text);

    public static HarvestException NumberInvalid(string option, string text, string remedy) => new(
        nameof(NumberInvalid), HarvestFault.Usage,
        $"'{option} {text}' is not a number.",
        remedy, text);

    public static HarvestException FolderGiven(string path) => new(
        nameof(FolderGiven), HarvestFault.InvalidData,
        $"'{path}' is a folder, not an export file.",
        $"Name the files in it, for example '{Path.Combine(path, "*.json")}'.", path);

    public static HarvestException PatternMatchesNothing(string pattern) => new(
        nameof(PatternMatchesNothing), HarvestFault.NotFound,
        $"No file matches '{pattern}'.",
        "Check the folder and the pattern.", pattern);

    public static HarvestException PairInvalid(string option, string text, string shape, string example) => new(
        nameof(PairInvalid), HarvestFault.Usage,
        $"'{option} {text}' is not of the form {shape}.",
        $"Write for example '{option} {example}'.", text);

    public static HarvestException PairRepeated(string option, string name) => new(
        nameof(PairRepeated), HarvestFault.Usage,
        $"'{option}' names '{name}' twice.",
        "Name it once.", name);

    public static HarvestException TimeInvalid(string text) => new(
        nameof(TimeInvalid), HarvestFault.Usage,
        $"'{text}' is not a point in time.",
        "Write it as 2026-05-11T14:32:00Z (UTC) or with an offset, as 2026-05-11T16:32:00+02:00.", text);

    /// <summary>The same error, made by what is on the command line.</summary>
    public static HarvestException AsUsage(HarvestException fault) => new(
        fault.ErrorId, HarvestFault.Usage, fault.Message, fault.Remedy, fault.Subject, fault);

    /// <param name="done">Whether the signal came too late to stop anything.</param>
    public static HarvestException Interrupted(bool done) => new(
        nameof(Interrupted), HarvestFault.Usage,
        done ? "The signal to stop came when the work was done; nothing of it is missing." : "Stopped before the end; no file was left half-written.",
        done ? "Nothing need be done." : "Run the command again to finish the work.");

    /// <param name="fault">What writing to stdout gave.</param>
    public static HarvestException OutputNotWritten(Exception fault) => new(
        nameof(OutputNotWritten), HarvestFault.FileSystem,
        $"The output could not be written: {(IsDiskFull(fault) ? "the disk it goes to is full" : "the system refused it")}.",
        "What the command does to files is done as far as no other error is reported, only its output is incomplete. Free space there or send the output elsewhere, and look at the result again.",
        null,
        fault);

    public static HarvestException LfsAgentAlone() => new(
        nameof(LfsAgentAlone), HarvestFault.Usage,
        "This command answers git-lfs, which starts it; at a terminal there is nothing that it could do.",
        "Have git-lfs start it: git config lfs.standalonetransferagent harvest, and the settings in docs/git-lfs.md.");

    public static HarvestException Unexpected(Exception exception)
    {
        if (IsOutOfMemory(exception))
        {
            return MemoryExhausted(exception);
        }

        // A full disk or a vanished folder can still surface anywhere; it is not the data's fault.
        bool files = exception is IOException or UnauthorizedAccessException;
        return new HarvestException(
            nameof(Unexpected),
            files ? HarvestFault.FileSystem : HarvestFault.Internal,
            files
                ? $"The file system refused a read or a write ({exception.GetType().Name})."
                : $"The program failed unexpectedly ({exception.GetType().Name}).",
            "Run it again with HARVEST_TRACE=1 in the environment to see where, and report that.",
            null,
            exception);
    }

    public static HarvestException MemoryExhausted(Exception? exception = null)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        return new HarvestException(
            nameof(MemoryExhausted),
            HarvestFault.FileSystem,
            string.Create(CultureInfo.InvariantCulture, $"There is not enough memory for it: the runtime may take {available} MB here."),
            "Give it more, for instance by a higher limit of its control group or container, or run it with '--threads 1', which takes the least; nothing is left half-written.",
            null,
            exception);
    }

    // What makes a type or works for several may have met it first.
    private static bool IsOutOfMemory(Exception exception) => exception is OutOfMemoryException
        || (exception is AggregateException several && several.InnerExceptions.Any(IsOutOfMemory))
        || (exception.InnerException is { } inner && IsOutOfMemory(inner));

    // .NET has the raw errno (ENOSPC) in HResult on Unix and a Win32 code in the low word on Windows.
    private static bool IsDiskFull(Exception fault) => OperatingSystem.IsWindows()
        ? (fault.HResult & 0xFFFF) is 39 or 112
        : fault.HResult == 28;
}
