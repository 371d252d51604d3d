using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>What a check looked at in words, the same in the program and in PowerShell's view.</summary>
public static class DriftReportText
{
    /// <summary><c>12 tables derived again to the recorded bytes</c>; of a quick check, what it compared and what it left out.</summary>
    public static string Compared(DriftReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Compared(report.Quick, report.Status, report.TablesCompared, report.TablesSampled, report.TablesByRows);
    }

    /// <summary>The same of the figures alone.</summary>
    /// <param name="quick">Whether the check was a quick one.</param>
    /// <param name="status">Its verdict.</param>
    /// <param name="tables">How many tables were compared.</param>
    /// <param name="sampled">How many of them a quick check derived all the same.</param>
    /// <param name="byRows">Of how many of them the rows alone are recorded, and not the bytes.</param>
    public static string Compared(bool quick, string status, int tables, int sampled, int byRows) => (quick, status, tables - sampled) switch
    {
        (true, _, 0) when sampled > 0 => $"{Figures.Count(sampled, "table")} of the sample derived again and compared",
        (true, _, var cached) when sampled > 0 => $"{Figures.Count(cached, "cached table")} compared, {Figures.Count(sampled)} of the sample derived again",
        (true, _, 0) => "no table in the cache to compare, none derived again",
        (true, _, _) => $"{Figures.Count(tables, "cached table")} compared, none derived again",
        (_, DriftStatus.Clean, _) when byRows > 0 && byRows == tables => $"{Figures.Count(tables, "table")} derived again to the recorded rows",
        (_, DriftStatus.Clean, _) when byRows > 0 => $"{Figures.Count(tables, "table")} derived again to the recorded bytes, {Figures.Count(byRows)} of them to the recorded rows",
        (_, DriftStatus.Clean, _) => $"{Figures.Count(tables, "table")} derived again to the recorded bytes",
        _ => $"{Figures.Count(tables, "table")} derived again and compared",
    };
}
