using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>What a check looked at in words, the same in the program and in PowerShell's view.</summary>
public static class DriftReportText
{
    /// <summary><c>12 tables derived again to the recorded bytes</c>; of a quick check, what it compared and what it left out.</summary>
    public static string Compared(DriftReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Compared(report.Quick, report.Status, report.TablesCompared);
    }

    /// <summary>The same of the figures alone.</summary>
    public static string Compared(bool quick, string status, int tables) => (quick, status, tables) switch
    {
        (true, _, 0) => "no table in the cache to compare, none derived again",
        (true, _, _) => $"{Figures.Count(tables, "cached table")} compared, none derived again",
        (_, DriftStatus.Clean, _) => $"{Figures.Count(tables, "table")} derived again to the recorded bytes",
        _ => $"{Figures.Count(tables, "table")} derived again and compared",
    };
}
