using System.Globalization;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Reports;

/// <summary>What the page shows of one slice.</summary>
/// <param name="page">Where to write.</param>
/// <param name="data">All that is known.</param>
/// <param name="entry">The slice.</param>
/// <param name="drift">What a check found; null where it was not checked.</param>
/// <param name="mostRows">The rows of the slice with the most, for the bars.</param>
internal sealed class ReportCard(HtmlWriter page, ReportData data, SliceHistoryEntry entry, DriftReport? drift, long mostRows)
{
    private readonly SliceManifest _slice = data.Slices[entry.Version];

    public void Write()
    {
        page.Add($"<div class=\"card\"><div class=\"top\"><h2>{entry.Version}</h2>");
        if (entry.CreatedAt is { } made)
        {
            page.Add($"<time datetime=\"{Timestamp.From(made).Text}\">{Figures.Time(made)}</time>");
        }

        if (entry.Parent is { } parent)
        {
            Parent(parent);
        }

        if (drift is not null)
        {
            string status = drift.Status.ToString().ToLowerInvariant();
            page.Add($"<span class=\"badge {status}\">{status}</span>");
        }

        page.Add($"</div>");
        if (!string.IsNullOrWhiteSpace(entry.Reason))
        {
            page.Add($"<p class=\"reason\"><bdi>{entry.Reason}</bdi></p>");
        }

        page.Add($"<dl class=\"facts\">");
        Rows();
        Rules();
        Models();
        Exports();
        page.Add($"</dl>");
        Findings();
        page.Add($"</div>");
    }

    private void Parent(string parent)
    {
        if (data.Slices.ContainsKey(parent))
        {
            page.Add($"<span class=\"soft\">after <a href=\"#slice-{parent}\">{parent}</a></span>");
        }
        else
        {
            page.Add($"<span class=\"soft\">after {parent}, which is not here</span>");
        }
    }

    private void Rows()
    {
        page.Add($"<dt>Rows</dt><dd>");
        if (entry.Rows is not { } rows)
        {
            page.Add($"<span class=\"soft\">none recorded</span></dd>");
            return;
        }

        page.Add($"<span class=\"num\">{Figures.Count(rows)}</span>");
        if (entry.RowsDelta is { } delta and not 0)
        {
            page.Add($" <span class=\"num {(delta > 0 ? "up" : "down")}\">{ReportPage.Signed(delta)}</span>");
        }

        long rejected = _slice.Outputs.Where(static output => !TableCatalog.HoldsLabels(output.Table)).Sum(static output => output.Rows);
        page.Add($" <span class=\"soft\">and {Figures.Count(rejected)} rejected</span>");
        if (mostRows > 0)
        {
            // What the slice gained on the one before is shown apart from what it took over.
            long gained = Math.Clamp(entry.RowsDelta ?? 0, 0, rows);
            page.Add($"<div class=\"bar\" aria-hidden=\"true\"><i style=\"width:{Percent(rows - gained)}%\"></i><i class=\"new\" style=\"width:{Percent(gained)}%\"></i></div>");
        }

        page.Add($"</dd>");
    }

    private string Percent(long rows) => (100.0 * rows / mostRows).ToString("0.##", CultureInfo.InvariantCulture);

    private void Rules()
    {
        page.Add($"<dt>Rules</dt><dd><code>{entry.HarvestVersion}</code>");
        if (_slice.HarvestSha256 is { } definition)
        {
            page.Add($" <code class=\"soft\">{Short(definition)}</code>");
        }

        foreach ((string rule, System.Text.Json.Nodes.JsonNode? value) in _slice.FilterOverrides)
        {
            page.Add($" <span class=\"chip\">{rule} {value?.ToJsonString() ?? "null"}</span>");
        }

        page.Add($"</dd>");
    }

    private void Models()
    {
        if (entry.Models.Count == 0)
        {
            return;
        }

        page.Add($"<dt>{(entry.Models.Count == 1 ? "Model" : "Models")}</dt><dd><ul class=\"models\">");
        foreach (RegisteredModel model in entry.Models)
        {
            page.Add($"<li><bdi>{model.Name}</bdi> ");
            foreach ((string metric, double value) in model.Metrics)
            {
                page.Add($"<span class=\"chip\"><bdi>{metric}</bdi> {value}{Change(model.Name, metric, value)}</span>");
            }

            if (model.Path is { } path)
            {
                page.Add($"<code class=\"path\">{path}</code>");
            }

            page.Add($"</li>");
        }

        page.Add($"</ul></dd>");
    }

    /// <summary>Against the same model on the nearest slice before that has the metric; whether more is better is not known here.</summary>
    private string Change(string model, string metric, double value)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { entry.Version };
        for (string? at = entry.Parent; at is not null && seen.Add(at) && data.Slices.TryGetValue(at, out SliceManifest? slice); at = slice.Parent)
        {
            foreach (RegisteredModel earlier in RegisteredModels.Of(slice))
            {
                if (earlier.Name == model && earlier.Metrics.TryGetValue(metric, out double before))
                {
                    string difference = Math.Abs(value - before).ToString("0.####", CultureInfo.InvariantCulture);
                    return difference == "0" ? "" : $" ({(value < before ? "\u2212" : "+")}{difference})";
                }
            }
        }

        return "";
    }

    private void Exports()
    {
        string projects = string.Join(", ", _slice.Exports.Select(static export => export.Project).Distinct().Order(StringComparer.Ordinal));
        page.Add($"<dt>Exports</dt><dd><details><summary>{Figures.Count(_slice.Exports.Count)} <span class=\"soft\">of {Figures.Plural(_slice.Exports.Select(static export => export.Project).Distinct().Count(), "project")} {projects}</span></summary>");
        page.Add($"<div class=\"wide\"><table><thead><tr><th>project</th><th>export</th><th>labels</th><th class=\"num\">rows</th><th>from</th></tr></thead><tbody>");
        foreach (SliceExport export in _slice.Exports)
        {
            SliceOutput[] outputs = [.. _slice.Outputs.Where(output => output.Export == export.Sha256 && TableCatalog.HoldsLabels(output.Table))];
            string rows = outputs.Length == 0 ? "" : Figures.Count(outputs.Sum(static output => output.Rows));
            page.Add($"<tr><td>{export.Project}</td><td><code>{Short(export.Sha256)}</code></td><td><code>{Short(export.LabelSha256)}</code></td><td class=\"num\">{rows}</td><td><bdi>{export.Path ?? export.Name}</bdi></td></tr>");
        }

        page.Add($"</tbody></table></div></details></dd>");
    }

    private void Findings()
    {
        if (drift is not { Findings.Count: > 0 })
        {
            return;
        }

        page.Add($"<ul class=\"findings\">");
        foreach (DriftFinding finding in drift.Findings)
        {
            if (finding.ReportedUnder is { } first)
            {
                page.Add($"<li class=\"finding note\"><b>{finding.Kind}</b> <span class=\"soft\">as reported under <bdi>{first}</bdi></span></li>");
                continue;
            }

            string severity = finding.Severity switch { DriftSeverity.Note => " note", DriftSeverity.Warning => " warning", _ => "" };
            page.Add($"<li class=\"finding{severity}\"><b>{finding.Kind}</b><bdi>{finding.Message}</bdi> <span class=\"soft\">{finding.Remedy}</span></li>");
        }

        page.Add($"</ul>");
    }

    private static string Short(string? sha256) => sha256 is null ? "" : Figures.ShortHash(sha256);
}
