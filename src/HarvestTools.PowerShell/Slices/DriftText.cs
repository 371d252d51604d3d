using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using HarvestTools.Drift;
using HarvestTools.Rules;

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
    /// <param name="report">A drift report, or what a job, a remote session or <c>Import-Clixml</c> gives of one.</param>
    /// <param name="host">Whose window the text is for.</param>
    /// <param name="green">What a terminal takes to write green.</param>
    /// <param name="yellow">The same for yellow.</param>
    /// <param name="red">The same for red.</param>
    /// <param name="reset">What ends a colour.</param>
    public static string Of(PSObject report, PSHost host, string green, string yellow, string red, string reset)
    {
        ArgumentNullException.ThrowIfNull(report);
        string status = Revived.Status(report);
        string color = status switch { DriftStatus.Clean => green, DriftStatus.Drifted => red, _ => yellow };
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Display.OneLine(Revived.Text(report, nameof(DriftReport.Version))).PadRight(VersionWidth)} {color}{status.ToString().PadRight(StatusWidth)}{reset} ");
        text.Append(DriftReportText.Compared(
            Revived.Value<bool>(report, nameof(DriftReport.Quick)), status, Revived.Value<int>(report, nameof(DriftReport.TablesCompared)), Revived.Value<int>(report, nameof(DriftReport.TablesSampled)), Revived.Value<int>(report, nameof(DriftReport.TablesByRows))));
        foreach (PSObject finding in Revived.Items(report, nameof(DriftReport.Findings)))
        {
            // Where serializing ended above the findings, the text of each is its kind and subject.
            string kind = Revived.Text(finding, nameof(DriftFinding.Kind));
            string subject = Revived.Text(finding, nameof(DriftFinding.Subject));
            string kindColor = Revived.Value<string>(finding, nameof(DriftFinding.Severity)) switch
            {
                DriftSeverity.Error => red,
                DriftSeverity.Warning => yellow,
                _ => "",
            };
            text.Append(Environment.NewLine).Append(Indent)
                .Append(kind.Length == 0 ? Display.OneLine(finding.ToString()) : $"{kindColor}{kind}{(kindColor.Length > 0 ? reset : "")} {Display.OneLine(subject)}");
            if (Revived.Text(finding, nameof(DriftFinding.ReportedUnder)) is { Length: > 0 } first)
            {
                text.Append(CultureInfo.InvariantCulture, $", as reported under {Display.OneLine(first)}");
                continue;
            }

            foreach (string part in new[] { Revived.Text(finding, nameof(DriftFinding.Message)), Revived.Text(finding, nameof(DriftFinding.Remedy)) }.Where(static part => part.Length > 0))
            {
                text.Append(Environment.NewLine).Append(Indent)
                    .Append(TextWrap.Fit(part, Indent.Length, host).ReplaceLineEndings(Environment.NewLine + Indent));
            }

            if (Revived.Inner(finding, nameof(DriftFinding.Bump)) is { } bump)
            {
                text.Append(Environment.NewLine).Append(Indent).Append(CultureInfo.InvariantCulture, $"For the change log ({Display.OneLine(Revived.Text(bump, nameof(VersionBump.Why)))}): ")
                    .Append(TextWrap.Fit(Revived.Text(bump, nameof(VersionBump.ChangeLog)), Indent.Length, host).ReplaceLineEndings(Environment.NewLine + Indent));
            }
        }

        return text.ToString();
    }
}
