using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <content>Findings of slices that a team's own program derives.</content>
internal static partial class DriftFindings
{
    /// <summary>One change of the program under an unchanged version.</summary>
    public static DriftFinding ProgramRedefined(SliceManifest slice, ProgramChange change, VersionBump bump, string? harvestVersion = null, IReadOnlyList<VersionBump>? steps = null) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        change.Subject,
        change.Reference,
        change.Difference,
        $"{change.Name} is another ({change.Reference} → {change.Difference}) than when slice {slice.Version} was made under {harvestVersion ?? slice.HarvestVersion}: one version would name two programs.",
        ProgramVersions([.. steps ?? [], bump]))
    {
        Cause = change.Area switch
        {
            ProgramChangeArea.Code => DriftCause.Code,
            ProgramChangeArea.Environment => DriftCause.Environment,
            ProgramChangeArea.Inputs => DriftCause.Data,
            _ => DriftCause.Rules,
        },
        Bump = bump,
    };

    /// <summary>The versions to write: of the steps before that changed too, and last that of the definition.</summary>
    private static Remedy ProgramVersions(IReadOnlyList<VersionBump> bumps)
    {
        VersionBump last = bumps[^1];
        Remedy versions = "";
        foreach (VersionBump bump in bumps)
        {
            versions = $"{versions}{new RemedyAction.EditSetting($"{bump.Place}.version", $"\"{bump.To}\"")}; ";
        }

        return last.Trust is { } trust
            ? $"{versions}slices made under {last.From} keep their archived program. After {trust} a full check says whether rows change."
            : (Remedy)$"{versions}slices made under {last.From} keep their archived program.";
    }

    public static DriftFinding ProgramUntrusted(SliceManifest slice, string sha256) => new(
        DriftKind.ProgramUntrusted,
        DriftSeverity.Warning,
        slice.HarvestVersion,
        sha256,
        null,
        $"Slice {slice.Version} was not derived again: the program of {slice.HarvestVersion} ({Figures.ShortHash(sha256)}) was not trusted on this machine, and nothing was started.",
        $"Read its files, then {new RemedyAction.TrustProgram(slice.Version)}.");

    /// <summary>The program that wrote the slice's tables does not end well now.</summary>
    public static DriftFinding ProgramFails(string harvestVersion, HarvestException fault) => new(
        DriftKind.DerivationChanged, DriftSeverity.Error, harvestVersion, null, null, fault.Message, fault.Remedy) { Cause = DriftCause.Environment };

    /// <summary>A file of the program is damaged in the archive, so that nothing can be said of its tables.</summary>
    public static DriftFinding ProgramFileDamaged(string harvestVersion, HarvestException fault) => new(
        DriftKind.HarvestRedefined, DriftSeverity.Error, harvestVersion, null, null,
        $"An archived file of the program of {harvestVersion} is damaged, and it was not run: {fault.Message}", fault.Remedy) { Cause = DriftCause.Store };

    /// <summary>A finding of a step before the slice's own definition, which names the step.</summary>
    public static DriftFinding OfStep(HarvestDefinition step, DriftFinding finding) => finding with
    {
        Subject = $"{step.FullVersion} {finding.Subject}",
        Message = $"Step {step.FullVersion}: {finding.Message}",
    };

    public static DriftFinding ProgramTableMissing(SliceManifest slice, string path, string? recorded) => new(
        DriftKind.DerivationChanged, DriftSeverity.Error, path, recorded, null,
        $"The same program no longer writes '{path}', which slice {slice.Version} recorded.", NotStable(slice)) { Cause = DriftCause.Environment };

    public static DriftFinding ProgramTableNew(SliceManifest slice, string path, string actual) => new(
        DriftKind.DerivationChanged, DriftSeverity.Error, path, null, actual,
        $"The same program now writes '{path}' too, which slice {slice.Version} did not record.", NotStable(slice)) { Cause = DriftCause.Environment };

    /// <summary>The same code, environment and parameters gave something else.</summary>
    public static DriftFinding ProgramTableDiffers(SliceManifest slice, ProgramOutput recorded, long? rows, string what, string was, string now, bool rowsDiffer) => new(
        rowsDiffer ? DriftKind.DerivationChanged : DriftKind.EncodingChanged,
        DriftSeverity.Error,
        recorded.Path,
        was,
        now,
        $"The same program, environment and parameters wrote '{recorded.Path}' with other {(rowsDiffer ? what : "bytes of the same rows")} ({Figures.ShortHash(now)}) than slice {slice.Version} recorded ({Figures.ShortHash(was)})"
            + (rowsDiffer && rows != recorded.Rows && rows is { } count && recorded.Rows is { } before ? $": {Figures.Count(count, "row")} in the place of {Figures.Count(before)}." : "."),
        rowsDiffer ? NotStable(slice)
            : $"Its writer is not stable: set \"identity\" to \"rows\" in the definition, and {new RemedyAction.NewSlice(Parent: slice.Version)} makes the successor.")
    {
        Cause = DriftCause.Environment,
    };

    public static DriftFinding ProgramCacheDamaged(SliceManifest slice, string path, string what, string recorded, string actual) => new(
        DriftKind.CacheDamaged,
        DriftSeverity.Error,
        path,
        recorded,
        actual,
        $"The cached '{path}' of slice {slice.Version} has other {what} ({Figures.ShortHash(actual)}) than it recorded ({Figures.ShortHash(recorded)}).",
        $"{new RemedyAction.BuildSlice(slice.Version)} writes it again.");

    /// <summary>Two runs of one program gave two things.</summary>
    public static DriftFinding NotDeterministic(SliceManifest slice, TwiceResult twice, IReadOnlyList<RunCondition> causes) => new(
        DriftKind.NotDeterministic,
        DriftSeverity.Error,
        $"{twice.HarvestVersion} {twice.Difference!.Table}".TrimEnd(),
        twice.Difference.First,
        twice.Difference.Second,
        $"The program of {twice.HarvestVersion}, of slice {slice.Version}, wrote two things in two runs: {twice.Difference}. "
            + (twice.Random ? "The same conditions gave two things already, so it is none of those that were changed: the time of day, random numbers, or another input."
                : causes.Count == 0 ? "None of the changed conditions does it alone; several together do."
                : $"It depends on {string.Join(" and on ", causes.Select(RunConditions.Name))}, found by changing one at a time.")
            + $" {Figures.Count(twice.Runs, "run")}.",
        twice.Random ? "Seed random numbers, take no present time, and name every file that it reads under \"inputs\"."
            : causes.Count == 0 ? "Look for what it takes from the time zone, the locale, orders and threads."
            : $"{string.Join(" ", causes.Select(Advice))}");

    private static string Advice(RunCondition cause) => cause switch
    {
        RunCondition.TimeZone => "Read and write times in UTC.",
        RunCondition.Locale => "Sort and format without the locale.",
        RunCondition.HashSeed => "Sort what comes out of sets and dictionaries.",
        RunCondition.DirectoryOrder => "Sort the names of files.",
        RunCondition.FolderName => "Write no path of the run, and order nothing by one.",
        RunCondition.Threads => "Combine what threads give in a fixed order, or fix their number in \"variables\".",
        _ => "Take no time from a file.",
    };

    private static Remedy NotStable(SliceManifest slice) =>
        $"Look for what the definition does not cover: the interpreter, a library beside the lock file, the time, an order that is not fixed. Put it under \"environment\" or \"inputs\", and {new RemedyAction.NewSlice(Parent: slice.Version)} makes the successor.";
}
