namespace HarvestTools.PowerShell;

/// <summary>Errors that only the cmdlets can make; the method's name is the error's id.</summary>
internal static class CommandErrors
{
    public static HarvestException MemoryExhausted(string command, Exception? exception = null) => new(
        nameof(MemoryExhausted), HarvestFault.FileSystem,
        $"There is not enough memory for {command}.",
        "Give the process more, for instance by a higher limit of its control group or container, or do the same with the harvest program, which takes the least with one thread; nothing is left half-written.",
        null, exception);

    public static HarvestException Unexpected(string command, Exception exception) => new(
        nameof(Unexpected), HarvestFault.Internal,
        $"{command} failed by a fault of HarvestTools itself ({exception.GetType().Name}).",
        "Run the command again with -Debug and report what it prints; no file was left half-written.", null, exception);

    public static HarvestException PathNotFound(string path) => new(
        nameof(PathNotFound), HarvestFault.NotFound,
        $"The file '{path}' does not exist.",
        "Check the path and its spelling; a relative path starts at the current location.", path);

    public static HarvestException PathIsFolder(string path) => new(
        nameof(PathIsFolder), HarvestFault.Usage,
        $"'{path}' is a folder, not a file.",
        "Name a file, or the files in the folder by a pattern such as *.json.", path);

    public static HarvestException NoFileMatches(string pattern) => new(
        nameof(NoFileMatches), HarvestFault.NotFound,
        $"No file matches '{pattern}'.",
        "Check the pattern, or give a name with brackets by -LiteralPath.", pattern);

    public static HarvestException PathNotFileSystem(string path, string provider) => new(
        nameof(PathNotFileSystem), HarvestFault.Usage,
        $"'{path}' is a path of the {provider} provider, not of the file system.",
        "Give the path of a file on disk.", path);

    public static HarvestException PathUnresolved(string path, Exception inner) => new(
        nameof(PathUnresolved), HarvestFault.Usage,
        $"The path '{path}' cannot be resolved: it names a drive that this session does not have, or is not a path.",
        "Check the path; 'Get-PSDrive' lists the drives of the session.", path, inner);

    public static HarvestException SeedInvalid(object? value) => new(
        nameof(SeedInvalid), HarvestFault.Usage,
        $"The seed '{value}' is no whole number.",
        "Give a number, several numbers, or numbers by name, as in -Seed @{ torch = 42 }.", value);

    public static HarvestException EpisodeWithoutIncludeMedia() => new(
        nameof(EpisodeWithoutIncludeMedia), HarvestFault.Usage,
        "-Episode chooses among media, and without -IncludeMedia none are brought.",
        "Add -IncludeMedia, as in 'Receive-Slice v3 -IncludeMedia -Episode task_01/episode_07'.");

    public static HarvestException ReportExists(string path) => new(
        nameof(ReportExists), HarvestFault.Usage,
        $"The file '{path}' already exists, and -NoClobber keeps it.",
        "Give another path, or leave -NoClobber out to replace the file.", path);

    public static HarvestException ProjectNotRead(string path) => new(
        nameof(ProjectNotRead), HarvestFault.Usage,
        $"With -NoLabels the export '{path}' is not read, so the project in it is not known.",
        "Name the project with -Project, or leave -NoLabels out.", path);

    public static HarvestException ExportNotRecognized(object item) => new(
        nameof(ExportNotRecognized), HarvestFault.Usage,
        $"An object of type {item.GetType().Name} does not say which export is meant.",
        "Pipe what Add-Export or Get-Export emits, or give hashes, project names or paths.", item);

    public static HarvestException NoExportPiped(string? version) => new(
        nameof(NoExportPiped), HarvestFault.Usage,
        $"The pipeline had no export, so {(version is null ? "no slice" : $"slice '{version}'")} was {(version is null ? "" : "not ")}made.",
        "Look at what the command before New-Slice emits; leave the pipeline out to take the newest export of each project.", version);

    public static HarvestException SeveralRepositories(string first, string second) => new(
        nameof(SeveralRepositories), HarvestFault.Usage,
        $"The exports come from two repositories, '{first}' and '{second}'.",
        "Make a slice of the exports of one repository; add the others to it first with Add-Export.", second);

    public static HarvestException FilterValueInvalid(string rule, object? value) => new(
        nameof(FilterValueInvalid), HarvestFault.Usage,
        $"The value of '{rule}' in -FilterOverride is a {value?.GetType().Name ?? "null"}, which no rule takes.",
        "Give a number, a text, $true or $false.", rule);

    public static HarvestException MetricInvalid(string metric, object? value) => new(
        nameof(MetricInvalid), HarvestFault.Usage,
        $"The metric '{metric}' in -Metric is '{value}', which is not a number.",
        "Give each metric a number, as in @{ pck = 0.91 }.", metric);

    public static HarvestException BacktestAlone() => new(
        nameof(BacktestAlone), HarvestFault.Usage,
        "-Backtest replays every decision of the past, so that -State, -AsOf, -ReportedRegression, -AsMarkdown and -HistoryPath, which are of one decision, mean nothing beside it.",
        "Give -Backtest without them, or leave it out.");

    public static HarvestException TaskCountInvalid(string task, object? value) => new(
        nameof(TaskCountInvalid), HarvestFault.Usage,
        $"The count of task '{task}' in -TaskSubdirCounts is '{value}', which is not a whole number.",
        "Give the number of corrected episodes of each task, as in @{ fold_towel = 3; plug_cable = 0 }.", task);
}
