using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Text;
using HarvestTools.History;
using HarvestTools.Strings;

namespace HarvestTools.PowerShell;

/// <summary>How the views write the history of slices and the models in it; called by the format file.</summary>
public static class HistoryText
{
    /// <summary>A slice with its branch lines, as <c>git log --graph</c> draws commits: some lines without a line break at the end.</summary>
    /// <param name="entry">The slice, or what a job, a remote session or <c>Import-Clixml</c> gives of it.</param>
    /// <param name="host">Whose window the text is for: what is too long goes on behind the branch lines.</param>
    /// <param name="emphasis">What a terminal takes to stress the version; may be empty.</param>
    /// <param name="reset">What ends that.</param>
    public static string Of(PSObject entry, PSHost host, string emphasis, string reset)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Of(Revived.Entry(entry), host, emphasis, reset);
    }

    private static string Of(SliceHistoryEntry entry, PSHost host, string emphasis, string reset)
    {
        var text = new StringBuilder();
        foreach (string join in entry.Graph.SkipLast(1))
        {
            text.Append(join).Append(Environment.NewLine);
        }

        string lane = entry.Graph[^1];
        text.Append(CultureInfo.InvariantCulture, $"{lane} {emphasis}{PlainText.OneLine(entry.Version)}{reset}  {Date(entry)}{Rows(entry)}  {PlainText.OneLine(entry.HarvestVersion)}");

        // Under the first slice of a line nothing goes on.
        string below = lane.Replace('*', entry.Depth == 0 ? ' ' : '|');
        foreach (string line in entry.MissingParents.Select(static parent => $"follows {parent}, which is not here").Concat(entry.Models.Select(Line)).Prepend(entry.Reason ?? string.Empty).Where(static line => line.Length > 0))
        {
            string prefix = below + "   ";
            text.Append(Environment.NewLine).Append(prefix).Append(TextWrap.Hang(Display.OneLine(line), prefix.Length, 0, host).ReplaceLineEndings(Environment.NewLine + prefix));
        }

        return text.ToString();
    }

    /// <summary><c>hand  pck 0.91, auc 0.5  models/hand.pt</c>.</summary>
    public static string Of(PSObject model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PlainText.Of(Line(Revived.Model(model)));
    }

    /// <summary><c>pck 0.91, auc 0.5</c>.</summary>
    public static string Metrics(PSObject model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PlainText.Of(Metrics(Revived.Model(model)));
    }

    internal static string Line(RegisteredModel model) =>
        string.Join("  ", new[] { model.Name, Metrics(model), model.Path, RegisteredModelText.Production(model) }.Where(static part => !string.IsNullOrEmpty(part)));

    private static string Metrics(RegisteredModel model) =>
        string.Join(", ", model.Metrics.Select(static metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value}")));

    private static string Date(SliceHistoryEntry entry) => entry.CreatedAt is { } made ? $"{Display.Age(made.LocalDateTime)}, " : string.Empty;

    private static string Rows(SliceHistoryEntry entry) => (entry.Rows, entry.RowsDelta) switch
    {
        (null, _) => "no rows recorded",
        ({ } rows, null or 0) => $"{Figures.Count(rows, "row")}",
        ({ } rows, { } delta) => $"{Figures.Count(rows, "row")} ({Figures.Difference(delta)})",
    };
}
