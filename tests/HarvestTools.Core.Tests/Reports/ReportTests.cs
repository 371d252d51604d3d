using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Reports;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Reports;

public sealed partial class ReportTests : IDisposable
{
    private const string Hostile = "</p><script>alert('1')</script><img src=x onerror=\"y\"> & \u0007\ud800";

    private readonly TemporaryRepository _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_from_anywhere()
    {
        XDocument page = Parse(Page(Slice("v1", null, 1), Slice("v2", "v1", 2), Slice("side", "v1", 3)));

        Assert.DoesNotContain(page.Descendants(), static element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "object");
        Assert.DoesNotContain(page.Descendants().Attributes(), static attribute => attribute.Name.LocalName is "src" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(page.Descendants().Attributes("href"), static link => Assert.StartsWith("#slice-", link.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", page.Descendants("style").Single().Value, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page.Descendants("style").Single().Value, StringComparison.Ordinal);
        string[] ids = [.. page.Descendants().Attributes("id").Select(static id => id.Value)];
        Assert.Equal(["slice-side", "slice-v2", "slice-v1"], ids);
        Assert.All(page.Descendants().Attributes("href"), link => Assert.Contains(link.Value[1..], ids));
    }

    [Fact]
    public void Whatever_people_wrote_is_text()
    {
        SliceManifest slice = Slice("v1", Hostile, 1) with
        {
            Reason = Hostile,
            HarvestVersion = Hostile,
            FilterOverrides = new() { [Hostile] = Hostile },
            Exports = [new SliceExport { Project = Hostile, Sha256 = new string('a', 64), Path = Hostile }],
            Runs = [new SliceRun { Name = Hostile, Artifact = "javascript:" + Hostile, Metrics = new() { [Hostile] = 0.5 } }],
        };
        var finding = new DriftFinding(DriftKind.ExportMissing, DriftSeverity.Error, Hostile, Hostile, Hostile, Hostile, Hostile);
        var fault = new HarvestException("X", HarvestFault.InvalidData, Hostile, Hostile);
        string text = ReportPage.Render(new ReportData(
            Hostile,
            SliceHistory.Of([slice]),
            new Dictionary<string, SliceManifest> { ["v1"] = slice },
            new Dictionary<string, DriftReport> { ["v1"] = new DriftReport("v1", DriftStatus.Drifted, [finding], Quick: true, 0) },
            [(Hostile, fault)],
            NeutralSpelling.Instance));

        XDocument page = Parse(text);
        Assert.DoesNotContain(page.Descendants(), static element => element.Name.LocalName is "script" or "img");
        Assert.Empty(page.Descendants("a"));
        string shown = Hostile.Replace("\u0007", "\uFFFD", StringComparison.Ordinal).Replace("\ud800", "\uFFFD", StringComparison.Ordinal);
        Assert.Equal(shown, page.Descendants("h1").Single().Value);
        Assert.Contains(page.Descendants("bdi"), reason => reason.Value == shown && reason.Parent!.Attribute("class")?.Value == "reason");
        Assert.DoesNotContain('\u0007', text);
    }

    [Fact]
    public void Lines_keep_their_lane_and_bend_where_they_end()
    {
        IReadOnlyList<GraphRow> rows = GraphLanes.Of(SliceHistory.Of([Slice("v1", null, 1), Slice("v2", "v1", 2), Slice("side", "v1", 3), Slice("v3", "v2", 4)]));

        // v3, side, v2, v1.
        Assert.Equal([0, 1, 0, 0], rows.Select(static row => row.Node));
        Assert.Equal([[], [], [0], [0, 1]], rows.Select(static row => row.Joins));
        Assert.Equal([[], [0], [1], []], rows.Select(static row => row.Passing));
        Assert.Equal([true, true, true, false], rows.Select(static row => row.Continues));
    }

    [Fact]
    public void A_lane_that_ended_is_used_again()
    {
        IReadOnlyList<SliceHistoryEntry> history = SliceHistory.Of([Slice("a1", null, 1), Slice("b1", null, 2), Slice("a2", "a1", 3), Slice("b2", "b1", 4), Slice("c", null, 5)]);
        IReadOnlyList<GraphRow> rows = GraphLanes.Of(history);

        Assert.Equal(["c", "b2", "a2", "b1", "a1"], history.Select(static entry => entry.Version));
        Assert.Equal([0, 0, 1, 0, 1], rows.Select(static row => row.Node));
    }

    [Fact]
    public void Slices_that_name_each_other_or_nobody_known_are_drawn()
    {
        string text = Page(Slice("v1", "v2", 1), Slice("v2", "v1", 2), Slice("v3", "v3", 3), Slice("v4", "gone", 4));

        Assert.Equal(4, Parse(text).Descendants("circle").Count());
        Assert.Contains("after gone, which is not here", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_models_and_metrics_are_told_against_the_slices_before()
    {
        SliceOutput Output(long rows, string table = "boxes") => new() { Table = table, Export = new string('a', 64), Rows = rows, Sha256 = new string('b', 64) };
        string text = Page(
            Slice("v1", null, 1) with { Outputs = [Output(1000)], Runs = [new SliceRun { Name = "hand", Metrics = new() { ["pck"] = 0.9 } }] },
            Slice("v2", "v1", 2) with { Outputs = [Output(1500)] },
            Slice("v3", "v2", 3) with { Outputs = [Output(1200), Output(7, "rejected")], Runs = [new SliceRun { Name = "hand", Metrics = new() { ["pck"] = 0.875 } }] });

        Assert.Contains(">+500<", text, StringComparison.Ordinal);
        Assert.Contains(">\u2212300<", text, StringComparison.Ordinal);
        Assert.Contains("and 7 rejected", text, StringComparison.Ordinal);
        Assert.Contains("0.875 (\u22120.025)", text, StringComparison.Ordinal);
        Assert.Equal(2, Parse(text).Descendants("circle").Count(static node => node.Attribute("class")!.Value.Contains("trained", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_file_is_replaced_and_the_same_under_any_culture()
    {
        _temporary.Add("hands.json", ExportPlan.ForTasks(SampleKind.Hands, 8), "b");
        _temporary.New("v1");
        _temporary.WriteText("slices/broken/slice.json", "{");
        _temporary.WriteText("out/report.html", "<!DOCTYPE html>old");
        string path = _temporary.PathOf("out/report.html");

        WrittenReport written = WriteReport.Run(_temporary.Repository, path, ReportCheck.Full, _temporary.Context);
        byte[] first = File.ReadAllBytes(path);
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        WriteReport.Run(_temporary.Repository, path, ReportCheck.Full, _temporary.Context);
        CultureInfo.CurrentCulture = culture;

        Assert.Equal(first, File.ReadAllBytes(path));
        Assert.Equal((1, 0, 0, first.Length), (written.Slices, written.Models, written.Drifted, written.Bytes));
        Assert.Single(written.Faults);
        string text = File.ReadAllText(path);
        Assert.Contains("broken cannot be shown", text, StringComparison.Ordinal);
        Assert.Contains("badge clean", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_temporary.Folder, Parse(text).Root!.Element("head")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Drift_shows_on_the_slice()
    {
        _temporary.Add("hands.json", ExportPlan.ForTasks(SampleKind.Hands, 8), "b");
        _temporary.New("v1");
        _temporary.Write("hands.json", ExportPlan.ForTasks(SampleKind.Hands, 9));

        WrittenReport written = WriteReport.Run(_temporary.Repository, _temporary.PathOf("r.html"), ReportCheck.Quick, _temporary.Context);

        Assert.Equal(1, written.Drifted);
        string text = File.ReadAllText(_temporary.PathOf("r.html"));
        Assert.Contains("badge drifted", text, StringComparison.Ordinal);
        Assert.Contains("<b>ExportRewritten</b>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_repository_has_a_page_and_a_folder_is_no_page()
    {
        WrittenReport written = WriteReport.Run(_temporary.Repository, _temporary.PathOf("r.html"), ReportCheck.Full, _temporary.Context);

        Assert.Equal((0, 0), (written.Slices, written.Drifted));
        Assert.Contains("There are no slices yet.", File.ReadAllText(_temporary.PathOf("r.html")), StringComparison.Ordinal);
        Assert.Equal(
            "NotAFile",
            Assert.Throws<HarvestException>(() => WriteReport.Run(_temporary.Repository, _temporary.PathOf("slices"), ReportCheck.None, _temporary.Context)).ErrorId);
    }

    private static string Page(params SliceManifest[] slices) => ReportPage.Render(new ReportData(
        "repository", SliceHistory.Of(slices), slices.ToDictionary(static slice => slice.Version), null, [], NeutralSpelling.Instance));

    // HTML of this kind is XML but for the first line; a tag that is left open does not get through.
    private static XDocument Parse(string page) => XDocument.Parse(Doctype().Replace(page, ""), LoadOptions.PreserveWhitespace);

    private static SliceManifest Slice(string version, string? parent, int hour) => new()
    {
        Version = version,
        Parent = parent,
        CreatedAt = Timestamp.From(new DateTimeOffset(2026, 5, 4, hour, 0, 0, TimeSpan.Zero)),
        Exports = [new SliceExport { Project = "b", Sha256 = new string('a', 64), Path = "exports/b.json" }],
        HarvestVersion = "harvest@v1.0.0",
    };

    [GeneratedRegex("^<!DOCTYPE html>\n")]
    private static partial Regex Doctype();
}
