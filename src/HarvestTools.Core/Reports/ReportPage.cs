using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Reports;

/// <summary>What the page shows.</summary>
/// <param name="Title">The repository's name.</param>
/// <param name="History">Newest first.</param>
/// <param name="Slices">The manifests by version.</param>
/// <param name="Drift">What a check found by version; null where none was asked for.</param>
/// <param name="Faults">Why a slice could not be read or checked, by version.</param>
/// <param name="Commands">How the front end that writes the page spells commands.</param>
internal sealed record ReportData(
    string Title,
    IReadOnlyList<SliceHistoryEntry> History,
    IReadOnlyDictionary<string, SliceManifest> Slices,
    IReadOnlyDictionary<string, DriftReport>? Drift,
    IReadOnlyList<(string Version, HarvestException Fault)> Faults,
    ICommandSpelling Commands);

/// <summary>
/// The version graph as one page of HTML: no script, no resource from anywhere, which its own policy also forbids. The
/// same repository gives the same bytes; the page has no time of its own.
/// </summary>
internal static class ReportPage
{
    public static string Render(ReportData data)
    {
        var page = new HtmlWriter();
        page.Add($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
        page.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{data.Title}: slices</title>\n<style>\n");
        page.Add(Style());
        page.Add($"\n</style>\n</head>\n<body>\n<div class=\"page\">\n<header>\n<h1><bdi>{data.Title}</bdi></h1>\n");
        page.Add($"<p class=\"soft\">Training-set slices, newest first. Each names its exports by hash and its rules by version.</p>\n</header>\n");
        Summary(page, data);
        Faults(page, data);
        page.Add($"<main>\n");
        IReadOnlyList<GraphRow> rows = GraphLanes.Of(data.History);
        int width = GraphSvg.Width(rows);
        long most = data.History.Max(static entry => entry.Rows) ?? 0;
        for (int i = 0; i < rows.Count; i++)
        {
            SliceHistoryEntry entry = data.History[i];
            DriftReport? drift = data.Drift?.GetValueOrDefault(entry.Version);
            page.Add($"<section class=\"slice\" id=\"slice-{entry.Version}\">");
            string mark = (entry.Models.Count > 0 ? "trained" : "") + (drift?.Status == DriftStatus.Drifted ? " drifted" : "");
            GraphSvg.Draw(page, rows[i], width, mark.Trim());
            new ReportCard(page, data, entry, drift, most).Write();
            page.Add($"</section>\n");
        }

        page.Add($"</main>\n<footer><p>A filled node: models were trained on the slice.{(data.Drift is null ? "" : " A red one: the slice has drifted.")} Times are UTC.</p></footer>\n</div>\n</body>\n</html>\n");
        return page.ToString();
    }

    // The style sheet is markup of the program's own, and it holds quotes that must stay as they are.
    private static HtmlWriter Style()
    {
        var style = new HtmlWriter();
        var markup = new HtmlWriter.Markup(ReportStyle.Css.Length, 0, style);
        markup.AppendLiteral(ReportStyle.Css);
        return style;
    }

    private static void Summary(HtmlWriter page, ReportData data)
    {
        page.Add($"<dl class=\"sum\">");
        Figure(page, Figures.Plural(data.History.Count, "slice"), Figures.Count(data.History.Count));
        int exports = data.Slices.Values.SelectMany(static slice => slice.Exports).Select(static export => export.Sha256).Distinct().Count();
        Figure(page, Figures.Plural(exports, "export"), Figures.Count(exports));
        int models = data.History.Sum(static entry => entry.Models.Count);
        Figure(page, Figures.Plural(models, "model"), Figures.Count(models));
        if (data.History is [{ } newest, ..])
        {
            if (newest.Rows is { } rows)
            {
                Figure(page, $"rows in {newest.Version}", Figures.Count(rows));
            }

            Figure(page, "newest", newest.CreatedAt is { } created ? Figures.Date(created) : newest.Version);
        }

        if (data.Drift is { } drift)
        {
            int drifted = drift.Values.Count(static report => report.Status == DriftStatus.Drifted);
            int clean = drift.Values.Count(static report => report.Status == DriftStatus.Clean);
            Figure(page, $"drifted of {Figures.Count(drift.Count)} checked, {Figures.Count(clean)} clean", Figures.Count(drifted), drifted > 0 ? "bad" : "");
        }

        page.Add($"</dl>\n");
        if (data.History.Count == 0)
        {
            page.Add($"<p>There are no slices yet. Make the first one with <code>{data.Commands.Spell(new RemedyAction.NewSlice("v1"))}</code>.</p>\n");
        }
    }

    private static void Figure(HtmlWriter page, string name, string value, string mark = "") =>
        page.Add($"<div class=\"{mark}\"><dt>{name}</dt><dd>{value}</dd></div>");

    private static void Faults(HtmlWriter page, ReportData data)
    {
        if (data.Faults.Count > 0)
        {
            page.Add($"<ul class=\"findings faults\">");
            foreach ((string version, HarvestException fault) in data.Faults)
            {
                page.Add($"<li class=\"finding\"><b>{version} cannot be shown</b><bdi>{fault.Message}</bdi> <span class=\"soft\">{fault.Remedy.Spell(data.Commands)}</span></li>");
            }

            page.Add($"</ul>\n");
        }
    }

    /// <summary>With its sign: a real minus, which is as wide as the plus.</summary>
    public static string Signed(long number) => number < 0 ? $"\u2212{Figures.Count(Math.Abs(number))}" : $"+{Figures.Count(number)}";
}
