using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Output;

/// <summary>
/// Drift reports in sentences. What several slices share, a redefined version or a damaged export, is explained at the first of
/// them, with all that it concerns, and named at the others.
/// </summary>
internal sealed class DriftText(Invocation run)
{
    private readonly Dictionary<string, string> _explained = new(StringComparer.Ordinal);

    public void Write(SliceManifest slice, DriftReport report)
    {
        run.Say($"{report.Version}  {Verdict(slice, report)}");
        foreach (DriftFinding finding in report.Findings.Where(static finding => finding.ReportedUnder is null))
        {
            // The remedy belongs to it: of one fault found in two slices it may name the slice to rebuild.
            string what = string.Join('\n', finding.Kind, finding.Subject, finding.Expected, finding.Actual, finding.Remedy);
            if (!_explained.TryAdd(what, report.Version) && _explained[what] != report.Version)
            {
                run.Say($"  {finding.Kind}: {finding.Subject}, as reported under {_explained[what]}.");
                continue;
            }

            run.Say($"  {finding.Kind}{Severity(finding.Severity)}: {finding.Message}");
            run.Say($"    {finding.Remedy}");
            if (finding.Bump is { } bump)
            {
                run.Say($"    Proposed: {bump.Name}@{bump.To} ({(bump.Size == BumpSize.Patch ? "patch: no row changes" : "minor: rows change")}). For the change log:");
                run.Say($"      {bump.ChangeLog}");
            }
        }
    }

    private static string Verdict(SliceManifest slice, DriftReport report)
    {
        int errors = report.Findings.Count(static finding => finding.Severity == DriftSeverity.Error);
        return report.Status switch
        {
            DriftStatus.Clean => $"clean: {Figures.Count(slice.Exports.Count, "export")} as recorded, {DriftReportText.Compared(report)}",
            DriftStatus.Drifted => $"DRIFTED: {Figures.Count(errors, "finding")}",
            _ => report.Findings.FirstOrDefault(static finding => finding is { Kind: DriftKind.StoreAbsent, ReportedUnder: not null }) is { } absent
                ? $"cannot be verified: no archive, as reported under {absent.ReportedUnder}"
                : "cannot be verified",
        };
    }

    private static string Severity(string severity) => severity switch
    {
        DriftSeverity.Note => " (note)",
        DriftSeverity.Warning => " (warning)",
        _ => "",
    };
}
