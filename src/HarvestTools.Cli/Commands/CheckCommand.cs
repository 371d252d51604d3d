using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.Drift;
using HarvestTools.Programs;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class CheckCommand : HarvestCommand
{
    private readonly Argument<string[]> _versions;
    private readonly Option<bool> _quick;
    private readonly Option<bool> _rehash;
    private readonly Option<string?> _sample;
    private readonly Option<bool> _media;
    private readonly Option<bool> _twice;
    private readonly Option<bool> _allowUnverified;

    public CheckCommand()
        : base("check", "Check slices against what they recorded: derive everything again from the archive and report what drifted. Exit code 1 on drift, and where no slice at all could be verified.")
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "The slices (default: all).", Arity = ArgumentArity.ZeroOrMore });
        _quick = With(new Option<bool>("--quick") { Description = "Hash exports and cached files and compare definitions, without deriving." });
        _rehash = With(new Option<bool>("--rehash") { Description = "With --quick: read every file, also those that look untouched since they were hashed last." });
        _sample = With(new Option<string?>("--sample") { Description = "Check quickly, and derive N exports all the same, chosen by the commit that is checked out: other ones each commit.", HelpName = "N" });
        _media = With(new Option<bool>("--media") { Description = "Also compare the images and videos that slices list with the files that are here." });
        _twice = With(new Option<bool>("--twice") { Description = "Run a team's own program twice, the second time under another time zone, locale, hash seed, order of files, folder, number of threads and file times, and say what its tables depend on." });
        _allowUnverified = With(new Option<bool>("--allow-unverified") { Description = "Exit with 0 also where no slice at all could be verified, as in a clone without the archive." });
    }

    public override void Run(Invocation run)
    {
        run.Warn(LocalSettingsInGit.Find(run.Repository));
        var reports = new JsonArray();
        run.Document["slices"] = reports;
        foreach (ExportNotice gone in run.Value(_versions) is { Length: > 0 } ? [] : TaggedSlices.Gone(run.Repository))
        {
            run.Warn(gone);
        }

        int sample = Sample(run);
        bool quick = run.Value(_quick) || sample > 0;
        CheckSlices.RequireWhole(run.Value(_twice), quick);
        IReadOnlyList<string> versions = SliceArguments.Versions(run, _versions);
        var found = new List<string>();
        if (!quick)
        {
            SayRedefined(run, versions);
        }

        var text = new DriftText(run);
        var notChecked = new List<string>();
        var faults = new HashSet<string>(StringComparer.Ordinal);
        foreach (CheckedSlice checkedSlice in CheckSlices.Run(run.Repository, versions, quick, run.Context, run.Value(_rehash), sample, run.Value(_media), run.Value(_twice)))
        {
            if (checkedSlice.Report is not { } report)
            {
                run.Fail(checkedSlice.Error!);
                notChecked.Add(checkedSlice.Version);
                continue;
            }

            // One fault of harvest.json, however many slices were made by that definition.
            foreach (HarvestException fault in CheckSlices.PresentFaults(run.Repository, checkedSlice.Slice!).Where(fault => faults.Add(fault.Message)))
            {
                run.Fail(fault);
            }

            found.Add(report.Status);
            reports.Add((JsonNode)DriftShapes.Of(report));
            if (report.Status == DriftStatus.Drifted)
            {
                run.Raise(ExitCode.DriftOrDamage);
            }

            text.Write(checkedSlice.Slice!, report);
            SayTwice(run, run.Value(_twice), checkedSlice.Slice!.IsProgram, report);
        }

        if (found.Count > 0 && found.TrueForAll(static status => status == DriftStatus.Unverifiable) && !run.Value(_allowUnverified))
        {
            // A build that checks nothing must not pass for one in which all is well.
            run.Raise(ExitCode.DriftOrDamage);
            run.Say("No slice could be verified; with --allow-unverified the check passes all the same.");
        }

        if (versions.Count > 1)
        {
            run.Say($"{Figures.Count(found.Count, "slice")}: {Figures.Count(found.Count(static status => status == DriftStatus.Clean))} clean, "
                + $"{Figures.Count(found.Count(static status => status == DriftStatus.Drifted))} drifted, "
                + $"{Figures.Count(found.Count(static status => status == DriftStatus.Unverifiable))} unverifiable."
                + (notChecked.Count == 0 ? "" : $" Not checked: {Figures.List(notChecked)}."));
        }
    }

    private static void SayTwice(Invocation run, bool asked, bool program, DriftReport report)
    {
        if (asked && !program)
        {
            run.Say("  Rules derive in one fixed way on every machine: --twice adds nothing to this slice's check.");
        }

        foreach (TwiceResult same in report.Twice.Where(static twice => twice.Difference is null))
        {
            run.Say($"  {same.HarvestVersion}: the same tables in {Figures.Count(same.Runs, "run")}, under other conditions each.");
        }
    }

    private int Sample(Invocation run) => run.Value(_sample) is not { } asked ? 0
        : int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int sample) && sample > 0 ? sample
        : throw CliErrors.CommandLineInvalid($"'{asked}' is no number of exports.", "Write a number from 1 on after --sample.");

    /// <summary>What is wrong without deriving anything is said before minutes of derivation.</summary>
    private static void SayRedefined(Invocation run, IReadOnlyList<string> versions)
    {
        foreach (DriftFinding finding in versions.Count == 0 ? [] : CheckSlices.Redefined(run.Repository, versions, run.Context))
        {
            run.Raise(ExitCode.DriftOrDamage);
            run.Say($"{finding.Kind}: {finding.Subject} now names two definitions; the check goes on, to show whether rows change.");
        }
    }
}
