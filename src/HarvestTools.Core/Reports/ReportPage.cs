using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Reports;

/// <summary>
/// The version graph as one page of HTML. What it shows without its script is here: the graph, the list and the gates; all else is
/// in its data. Nothing is fetched from anywhere, which its own policy also forbids. The same repository gives the same bytes; the
/// page has no time of its own.
/// </summary>
internal static class ReportPage
{
    public static string Render(ReportData data)
    {
        GraphNode[] nodes = [.. data.History.Select(entry => new GraphNode(entry.Version, data.Slices[entry.Version].Parents))];
        IReadOnlyList<GraphNode> order = GraphLanes.Order(nodes);
        var page = new HtmlWriter();
        page.Add($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        Own(page, $"<meta http-equiv=\"Content-Security-Policy\" content=\"{ReportAssets.Policy}\"/>\n");
        page.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{data.Title}: slices</title>\n<style>");
        Own(page, ReportAssets.Style);
        page.Add($"</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#versions\">Skip to the versions</a>\n");
        Header(page, data);
        page.Add($"<main>\n<noscript><p class=\"note\">Without JavaScript the page shows the versions and the gates. Details, comparison, search and charts need it; nothing is sent or fetched either way.</p></noscript>\n");
        Faults(page, data);
        Versions(page, data, order);
        page.Add($"<section class=\"view\" id=\"compare\" aria-label=\"Compare two slices\"></section>\n");
        page.Add($"<section class=\"view\" id=\"charts\" aria-label=\"Charts\">\n<div id=\"trends\"></div>\n");
        GatesSection.Write(page, data);
        page.Add($"</section>\n</main>\n");
        page.Add($"<footer><p>A filled node: models were trained on the slice.{(data.Drift is null ? "" : " A red one: the slice has drifted.")} Times are UTC.</p></footer>\n");
        page.Add($"<script type=\"application/json\" id=\"data\">");
        Own(page, PageData.Write(data, order));
        page.Add($"</script>\n<script>");
        Own(page, ReportAssets.Script);
        page.Add($"</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>The id of a slice in the list, which a link names after <c>#</c>: only letters that neither has to escape.</summary>
    public static string IdOf(string version) => "slice-" + Uri.EscapeDataString(PageText.Of(version)).Replace('%', '~');

    /// <summary>With its sign: a real minus, which is as wide as the plus.</summary>
    public static string Signed(long number) => number < 0 ? $"\u2212{Figures.Count(Math.Abs(number))}" : $"+{Figures.Count(number)}";

    // Markup, script and data of the program's own, in which every text is escaped already.
    private static void Own(HtmlWriter page, string markup)
    {
        var own = new HtmlWriter();
        new HtmlWriter.Markup(markup.Length, 0, own).AppendLiteral(markup);
        page.Add(own);
    }

    private static void Header(HtmlWriter page, ReportData data)
    {
        page.Add($"<header>\n<div class=\"title\"><h1><bdi>{data.Title}</bdi></h1>");
        page.Add($"<nav class=\"js\" aria-label=\"Views\"><a href=\"#versions\">Versions</a><a href=\"#compare\">Compare</a><a href=\"#charts\">Charts</a></nav>");
        page.Add($"<div class=\"tools js\"><button type=\"button\" id=\"keys\" aria-label=\"Keyboard shortcuts\" title=\"Keyboard shortcuts\">?</button><button type=\"button\" id=\"theme\">Theme</button></div></div>\n");
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

        page.Add($"</dl>\n</header>\n");
    }

    private static void Figure(HtmlWriter page, string name, string value, string mark = "") =>
        page.Add($"<div class=\"{mark}\"><dt><bdi>{name}</bdi></dt><dd><bdi>{value}</bdi></dd></div>");

    private static void Faults(HtmlWriter page, ReportData data)
    {
        if (data.Faults.Count == 0)
        {
            return;
        }

        page.Add($"<ul class=\"findings faults\">");
        foreach ((string version, HarvestException fault) in data.Faults)
        {
            page.Add($"<li class=\"finding\"><b><bdi>{version}</bdi> cannot be shown</b><bdi>{fault.Message}</bdi> <span class=\"soft\">{fault.Remedy.Spell(data.Commands)}</span></li>");
        }

        page.Add($"</ul>\n");
    }

    private static void Versions(HtmlWriter page, ReportData data, IReadOnlyList<GraphNode> order)
    {
        page.Add($"<section class=\"view\" id=\"versions\" aria-label=\"Versions\">\n<div class=\"side\">\n");
        page.Add($"<form class=\"search js\" role=\"search\"><label for=\"find\">Search</label><input id=\"find\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"version, reason, export, label, annotator, model, hash\" aria-describedby=\"found\"/><output id=\"found\" aria-live=\"polite\"></output></form>\n");
        if (order.Count == 0)
        {
            page.Add($"<p class=\"note\">There are no slices yet. Make the first one with <code>{data.Commands.Spell(new RemedyAction.NewSlice("v1"))}</code>.</p>\n");
        }

        page.Add($"<ol class=\"list\" id=\"list\">\n");
        Dictionary<string, SliceHistoryEntry> entries = data.History.ToDictionary(static entry => entry.Version, StringComparer.Ordinal);
        IReadOnlyList<GraphRow> rows = GraphLanes.Of(order);
        var graph = new GraphSvg(rows);
        for (int i = 0; i < rows.Count; i++)
        {
            Row(page, data, entries[order[i].Version], rows[i], graph);
        }

        page.Add($"</ol>\n</div>\n<div class=\"panel js\" id=\"panel\" tabindex=\"-1\" role=\"region\" aria-label=\"Details of the chosen slice\"></div>\n</section>\n");
    }

    private static void Row(HtmlWriter page, ReportData data, SliceHistoryEntry entry, GraphRow row, GraphSvg graph)
    {
        DriftReport? drift = data.Drift?.GetValueOrDefault(entry.Version);
        string mark = (entry.Models.Count > 0 ? "trained" : "") + (drift?.Status == DriftStatus.Drifted ? " drifted" : "");
        page.Add($"<li id=\"{IdOf(entry.Version)}\">");
        graph.Draw(page, row, mark.Trim());
        page.Add($"<a class=\"row\" href=\"#{IdOf(entry.Version)}\"><span class=\"line\"><bdi class=\"name\">{entry.Version}</bdi>");
        if (entry.Models.Count > 0)
        {
            page.Add($"<span class=\"chip\">{Figures.Count(entry.Models.Count, "model")}</span>");
        }

        if (drift is not null)
        {
            string status = drift.Status.ToString().ToLowerInvariant();
            page.Add($"<span class=\"badge {status}\">{status}</span>");
        }

        page.Add($"<span class=\"num\">{(entry.Rows is { } rows ? Figures.Count(rows, "row") : "no rows recorded")}");
        if (entry.RowsDelta is { } delta and not 0)
        {
            page.Add($" <span class=\"{(delta > 0 ? "up" : "down")}\">{Signed(delta)}</span>");
        }

        page.Add($"</span></span><span class=\"line soft\"><bdi class=\"why\">{Why(entry)}</bdi>");
        if (entry.CreatedAt is { } made)
        {
            page.Add($"<time datetime=\"{Timestamp.From(made).Text}\">{Figures.Time(made)}</time>");
        }

        page.Add($"</span></a></li>\n");
    }

    private static string Why(SliceHistoryEntry entry)
    {
        string missing = entry.MissingParents.Count > 0 ? $"after {Figures.List(entry.MissingParents)}, which {Figures.Plural(entry.MissingParents.Count, "is", "are")} not here" : "";
        return string.IsNullOrWhiteSpace(entry.Reason) ? missing : missing.Length == 0 ? entry.Reason : $"{entry.Reason} ({missing})";
    }
}
