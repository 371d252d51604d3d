using System.Globalization;
using System.Management.Automation.Host;
using System.Text;
using HarvestTools.Drift;

namespace HarvestTools.PowerShell;

/// <summary>How the view writes a drift report; called by the format file.</summary>
public static class DriftText
{
    private const string Indent = "    ";
    private const int VersionWidth = 10;
    private const int StatusWidth = 12;

    /// <summary>
    /// One line a slice, and below it what was found, with what to do. Colours may be empty.
    /// <code>
    /// v2         Clean        12 tables derived again to the recorded bytes
    /// v3         Drifted      12 tables derived again and compared
    ///     ExportRewritten b-451a57b0b9f0
    ///     The file at ... is no longer the export that the slice used.
    ///     Put the old file back from the archive.
    /// </code>
    /// </summary>
    public static string Of(DriftReport report, PSHost host, string green, string yellow, string red, string reset)
    {
        string color = report.Status switch { DriftStatus.Clean => green, DriftStatus.Drifted => red, _ => yellow };
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{report.Version.PadRight(VersionWidth)} {color}{report.Status.ToString().PadRight(StatusWidth)}{reset} ");
        text.Append(DriftReportText.Compared(report));
        foreach (DriftFinding finding in report.Findings)
        {
            string kind = finding.Severity == DriftSeverity.Error ? red : yellow;
            text.Append(Environment.NewLine).Append(Indent).Append(CultureInfo.InvariantCulture, $"{kind}{finding.Kind}{reset} {Display.OneLine(finding.Subject)}");
            foreach (string part in new[] { finding.Message, finding.Remedy }.Where(static part => part.Length > 0))
            {
                text.Append(Environment.NewLine).Append(Indent)
                    .Append(TextWrap.Fit(part, Indent.Length, host).ReplaceLineEndings(Environment.NewLine + Indent));
            }
        }

        return text.ToString();
    }
}
