using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Output;

/// <summary>
/// Drift reports in sentences. What several slices share, a redefined version or a damaged export, is explained at the first of
/// them, with all that it concerns, and named at the others.
/// </summary>
internal sealed class DriftText(Invocation run)
{
    public void Write(SliceManifest slice, DriftReport report)
    {
        run.Say($"{report.Version}  {Verdict(slice, report)}");
        foreach (DriftFinding finding in report.Findings)
        {
            if (finding.ReportedUnder is not null)
            {
                // What concerns the whole run has been said; that this slice has it too is news.
                if (!finding.ConcernsTheRun)
                {
                    run.Say($"  {finding.Kind}: {finding.Subject}, as reported under {finding.ReportedUnder}.");
                }

                continue;
            }

            run.Say($"  {finding.Kind}{Severity(finding.Severity)}: {finding.Message}");
            run.Say($"    {finding.Remedy}");
            if (finding.Bump is { } bump)
            {
                run.Say($"    Proposed: {bump.Name}@{bump.To} ({bump.Why}). For the change log:");
                run.Say($"      {bump.ChangeLog}");
            }
        }
    }

    private static string Verdict(SliceManifest slice, DriftReport report)
    {
        return report.Status switch
        {
            DriftStatus.Clean => $"clean: {Figures.Count(slice.Exports.Count, "export")} as recorded, {DriftReportText.Compared(report)}",
            DriftStatus.Drifted => $"DRIFTED: {Found(report)}",
            _ => report.Findings.FirstOrDefault(static finding => finding is { Kind: DriftKind.StoreAbsent, ReportedUnder: not null }) is { } absent
                ? $"cannot be verified: no archive, as reported under {absent.ReportedUnder}"
                : report.Findings.Count(static finding => finding.Kind == DriftKind.ExportErased) is > 0 and var erased
                    ? $"cannot be verified: {Figures.Count(erased, "export")} of {Figures.Count(slice.Exports.Count)} {Figures.Plural(erased, "was", "were")} erased"
                    : "cannot be verified",
        };
    }

    /// <summary>Counts what is printed below it, each kind of severity by its name.</summary>
    private static string Found(DriftReport report)
    {
        string[] severities = [.. report.Findings.Where(static finding => !finding.ConcernsTheRun || finding.ReportedUnder is null).Select(static finding => finding.Severity)];
        (string Severity, string Name)[] names = [(DriftSeverity.Error, "finding"), (DriftSeverity.Warning, "warning"), (DriftSeverity.Note, "note")];
        string[] counts =
        [
            .. from name in names
               let count = severities.Count(severity => severity == name.Severity)
               where count > 0
               select Figures.Count(count, name.Name),
        ];
        return counts.Length <= 2 ? string.Join(" and ", counts) : $"{counts[0]}, {counts[1]} and {counts[2]}";
    }

    private static string Severity(string severity) => severity switch
    {
        DriftSeverity.Note => " (note)",
        DriftSeverity.Warning => " (warning)",
        _ => "",
    };
}
