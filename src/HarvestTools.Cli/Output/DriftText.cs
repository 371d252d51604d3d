using HarvestTools.Drift;
using HarvestTools.Manifests;

namespace HarvestTools.Cli.Output;

/// <summary>A drift report in sentences.</summary>
internal static class DriftText
{
    public static void Write(Invocation run, SliceManifest slice, DriftReport report)
    {
        run.Say($"{report.Version}  {Verdict(slice, report)}");
        foreach (DriftFinding finding in report.Findings)
        {
            run.Say($"  {finding.Kind}{(finding.Severity == DriftSeverity.Warning ? " (warning)" : "")}: {finding.Message}");
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
            DriftStatus.Clean => $"clean: {Terminal.Count(slice.Exports.Count, "export")} as recorded, " + Compared(report),
            DriftStatus.Drifted => $"DRIFTED: {Terminal.Count(errors, "finding")}",
            _ => "cannot be verified",
        };
    }

    private static string Compared(DriftReport report) => report.Quick
        ? $"{Terminal.Count(report.TablesCompared, "cached table")} too; nothing was derived again"
        : $"{Terminal.Count(report.TablesCompared, "table")} derived again to the recorded bytes";
}
