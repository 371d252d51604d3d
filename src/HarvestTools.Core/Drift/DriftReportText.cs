using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>What a check looked at in words, the same in the program and in PowerShell's view.</summary>
public static class DriftReportText
{
    /// <summary><c>12 tables derived again to the recorded bytes</c>; of a quick check, what it compared and what it left out.</summary>
    public static string Compared(DriftReport report) => report switch
    {
        { Quick: true, TablesCompared: 0 } => "no table in the cache to compare, none derived again",
        { Quick: true } => $"{Figures.Count(report.TablesCompared, "cached table")} compared, none derived again",
        { Status: DriftStatus.Clean } => $"{Figures.Count(report.TablesCompared, "table")} derived again to the recorded bytes",
        _ => $"{Figures.Count(report.TablesCompared, "table")} derived again and compared",
    };
}
