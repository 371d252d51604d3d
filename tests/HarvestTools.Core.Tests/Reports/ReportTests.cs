using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HarvestTools.Drift;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Reports;
using HarvestTools.Samples;
using HarvestTools.Tests.Shared;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Reports;

public sealed partial class ReportTests : IDisposable
{
    private const string Hostile = "</p><script>alert('1')</script><img src=x onerror=\"y\"> & \u0007\u202e\u2028\ud800";

    private readonly TemporaryRepository _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_from_anywhere()
    {
        string text = Page(Slice("v1", null, 1), Slice("v2", "v1", 2), Slice("side", "v1", 3));
        XDocument page = Parse(text);

        Assert.DoesNotContain(page.Descendants(), static element => element.Name.LocalName is "link" or "img" or "iframe" or "object");
        Assert.DoesNotContain(page.Descendants().Attributes(), static attribute => attribute.Name.LocalName is "src" or "style" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(page.Descendants().Attributes("href"), static link => Assert.StartsWith("#", link.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", ReportAssets.Style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", ReportAssets.Style, StringComparison.Ordinal);
        string[] ids = [.. page.Descendants("li").Attributes("id").Select(static id => id.Value)];
        Assert.Equal(["slice-side", "slice-v2", "slice-v1"], ids);
        string[] all = [.. page.Descendants().Attributes("id").Select(static id => id.Value)];
        Assert.Equal(all.Distinct(), all);
        Assert.All(page.Descendants().Attributes("href"), link => Assert.Contains(link.Value[1..], all));
    }

    /// <summary>What a browser compares: the bytes between the tags as they are in the file, and no word that would let others in.</summary>
    [Fact]
    public void The_policy_names_the_script_and_the_style_sheet_by_hash_and_nothing_else()
    {
        string text = Page(Slice("v1", null, 1));

        string policy = PolicyPattern().Match(text).Groups[1].Value;
        string style = StylePattern().Match(text).Groups[1].Value;
        string script = ScriptPattern().Match(text).Groups[1].Value;
        Assert.Equal(
            $"default-src 'none'; script-src 'sha256-{Sha256(script)}'; style-src 'sha256-{Sha256(style)}'; base-uri 'none'; form-action 'none'", policy);
        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain("</", script, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", script, StringComparison.Ordinal);
        Assert.DoesNotContain("insertAdjacentHTML", script, StringComparison.Ordinal);
        Assert.DoesNotContain("eval(", script, StringComparison.Ordinal);
        Assert.DoesNotContain("new Function", script, StringComparison.Ordinal);
        Assert.DoesNotContain("fetch(", script, StringComparison.Ordinal);
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
            Runs = [new SliceRun { Name = Hostile, Artifact = "javascript:" + Hostile, Metrics = new() { [Hostile] = 0.5 }, Tracking = Hostile }],
        };
        var finding = new DriftFinding(DriftKind.ExportMissing, DriftSeverity.Error, Hostile, Hostile, Hostile, Hostile, Hostile);
        var fault = new HarvestException("X", HarvestFault.InvalidData, Hostile, Hostile);
        string text = ReportPage.Render(MadeReport.Of(slice) with
        {
            Title = Hostile,
            Drift = new Dictionary<string, DriftReport> { ["v1"] = new DriftReport("v1", DriftStatus.Drifted, [finding], Quick: true, 0) },
            Faults = [(Hostile, fault)],
            DecisionUnknown = Hostile,
        });

        XDocument page = Parse(text);
        Assert.DoesNotContain(page.Descendants(), static element => element.Name.LocalName is "img");
        string shown = Hostile.Replace("\u0007", "\uFFFD", StringComparison.Ordinal).Replace("\ud800", "\uFFFD", StringComparison.Ordinal).Replace("\u202e", "\\u202e", StringComparison.Ordinal).Replace("\u2028", "\\u2028", StringComparison.Ordinal);
        Assert.Equal(shown, page.Descendants("h1").Single().Value);
        Assert.Contains(page.Descendants("bdi"), reason => reason.Value.StartsWith(shown, StringComparison.Ordinal) && reason.Attribute("class")?.Value == "why");

        // Two scripts are the page's own; nothing that was written ends one of them, and no line separator ends a line of one.
        Assert.Equal(2, ScriptEnd().Count(text));
        Assert.Equal(2, ScriptStart().Count(text));
        string data = DataPattern().Match(text).Groups[1].Value;
        Assert.DoesNotContain(data, static letter => letter is '<' or '>' or '&' or '\u2028' or '\u2029' or '\u202e' || char.IsControl(letter));
        string written = PageText.Of(Hostile);
        JsonElement read = JsonDocument.Parse(data).RootElement;
        Assert.Equal(written, read.GetProperty("title").GetString());
        JsonElement one = read.GetProperty("slices")[0];
        Assert.Equal(written, one.GetProperty("reason").GetString());
        Assert.Equal(written, one.GetProperty("runs")[0].GetProperty("tracking").GetString());
        Assert.Equal(written, one.GetProperty("filter_overrides").GetProperty(written).GetString());
        Assert.Equal(written, one.GetProperty("drift").GetProperty("findings")[0].GetProperty("message").GetString());
        Assert.Equal(written, read.GetProperty("exports")[0].GetProperty("path").GetString());
        Assert.DoesNotContain('\u0007', text);
        Assert.DoesNotContain('\u202e', text);
    }

    [Fact]
    public void Lines_keep_their_lane_and_bend_where_they_end()
    {
        IReadOnlyList<GraphRow> rows = GraphLanes.Of([new("v3", ["v2"]), new("side", ["v1"]), new("v2", ["v1"]), new("v1", [])]);

        Assert.Equal([0, 1, 0, 0], rows.Select(static row => row.Node));
        Assert.Equal([[], [], [0], [0, 1]], rows.Select(static row => row.Joins));
        Assert.Equal([[], [0], [1], []], rows.Select(static row => row.Passing));
        Assert.Equal([true, true, true, false], rows.Select(static row => row.Continues));
        Assert.All(rows, static row => Assert.Empty(row.Forks));
    }

    [Fact]
    public void A_merge_has_a_line_to_each_parent_and_meets_one_that_is_there()
    {
        IReadOnlyList<GraphRow> rows = GraphLanes.Of(
            [new("next", ["b"]), new("merge", ["a", "b", "gone"]), new("b", ["root"]), new("a", ["root"]), new("root", [])]);

        // "next" goes down to "b" in the first lane already, which the merge's second line joins.
        Assert.Equal([0, 1, 0, 1, 0], rows.Select(static row => row.Node));
        Assert.Equal([[], [0], [], [], []], rows.Select(static row => row.Forks));

        IReadOnlyList<GraphRow> alone = GraphLanes.Of([new("merge", ["a", "b"]), new("b", ["root"]), new("a", ["root"]), new("root", [])]);
        Assert.Equal([[1], [], [], []], alone.Select(static row => row.Forks));
        Assert.Equal([0, 1, 0, 0], alone.Select(static row => row.Node));
    }

    [Fact]
    public void Each_slice_is_above_all_of_its_parents_whatever_the_dates_say()
    {
        IReadOnlyList<GraphNode> ordered = GraphLanes.Order([new("late", ["v1"]), new("merge", ["v2", "late"]), new("v2", ["v1"]), new("v1", [])]);

        Assert.Equal(["merge", "late", "v2", "v1"], ordered.Select(static node => node.Version));
        Assert.Equal(["x", "y"], GraphLanes.Order([new("x", ["y"]), new("y", ["x"])]).Select(static node => node.Version));
    }

    [Fact]
    public void A_lane_that_ended_is_used_again()
    {
        IReadOnlyList<GraphRow> rows = GraphLanes.Of([new("c", []), new("b2", ["b1"]), new("a2", ["a1"]), new("b1", []), new("a1", [])]);

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
    public void Rows_are_shown_against_the_slice_before_and_trained_slices_are_filled()
    {
        SliceOutput Output(long rows, string table = "boxes") => new() { Table = table, Export = new string('a', 64), Rows = rows, Sha256 = new string('b', 64) };
        string text = Page(
            Slice("v1", null, 1) with { Outputs = [Output(1000)], Runs = [new SliceRun { Name = "hand", Metrics = new() { ["pck"] = 0.9 } }] },
            Slice("v2", "v1", 2) with { Outputs = [Output(1500)] },
            Slice("v3", "v2", 3) with { Outputs = [Output(1200), Output(7, "rejected")], Runs = [new SliceRun { Name = "hand", Metrics = new() { ["pck"] = 0.875 } }] });

        Assert.Contains(">+500<", text, StringComparison.Ordinal);
        Assert.Contains(">\u2212300<", text, StringComparison.Ordinal);
        Assert.Contains(">1,200 rows", text, StringComparison.Ordinal);
        Assert.Equal(2, Parse(text).Descendants("circle").Count(static node => node.Attribute("class")!.Value.Contains("trained", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_not_known_is_left_out_and_never_zero()
    {
        JsonElement known = Data(MadeReport.Of(3));
        JsonElement unknown = Data(MadeReport.Of(3, facts: false));

        Assert.All(known.GetProperty("parts").EnumerateArray(), static part => Assert.Equal(24 * 4, part.GetProperty("labels").GetArrayLength()));
        Assert.NotEmpty(known.GetProperty("definitions").EnumerateArray());
        Assert.All(unknown.GetProperty("parts").EnumerateArray(), static part => Assert.False(part.TryGetProperty("labels", out _)));
        Assert.All(unknown.GetProperty("slices").EnumerateArray(), static slice => Assert.False(slice.TryGetProperty("definition", out _) || slice.TryGetProperty("key", out _)));
        Assert.Contains("Not known here. Exports that the gates compare are not on this machine.", ReportPage.Render(MadeReport.Of(3, facts: false)), StringComparison.Ordinal);
    }

    /// <summary>What slices share is written once: a part of the next slice is a number.</summary>
    [Fact]
    public void Exports_that_slices_share_are_there_once_and_lead_back_to_each_slice()
    {
        ReportData made = MadeReport.Of(40);
        JsonElement data = Data(made);

        Assert.Equal(made.Slices.Values.SelectMany(static slice => slice.Exports).DistinctBy(static export => export.Sha256).Count(), data.GetProperty("exports").GetArrayLength());
        foreach (JsonElement slice in data.GetProperty("slices").EnumerateArray())
        {
            long[] ranges = [.. slice.GetProperty("parts").EnumerateArray().Select(static number => number.GetInt64())];
            string[] exports =
            [
                .. ranges.Chunk(2).SelectMany(static range => Enumerable.Range((int)range[0], (int)range[1]))
                    .Select(part => data.GetProperty("exports")[data.GetProperty("parts")[part].GetProperty("export").GetInt32()].GetProperty("sha256").GetString()!),
            ];
            Assert.Equal(made.Slices[slice.GetProperty("version").GetString()!].Exports.Select(static export => export.Sha256), exports);
        }
    }

    [Fact]
    public void Five_hundred_slices_are_less_than_one_and_a_half_megabytes()
    {
        string page = ReportPage.Render(MadeReport.Of(500));

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 300_000, 1_500_000);
        Assert.Equal(500, Parse(page).Descendants("circle").Count());
    }

    [Fact]
    public void The_gates_are_there_without_a_script_each_with_its_threshold()
    {
        XDocument page = Parse(ReportPage.Render(MadeReport.Of(3)));

        XElement gates = page.Descendants("section").Single(static section => section.Attribute("id")?.Value == "gates");
        Assert.Equal(["Regression", "Delta", "Gini", "TopTaskShare", "EvalSet"], gates.Descendants("h3").Select(static gate => gate.Value.Split(' ')[0]));
        Assert.Contains("threshold: at least 10%", gates.Value, StringComparison.Ordinal);
        Assert.Contains(gates.Descendants("svg"), static bar => bar.Attribute("aria-label")!.Value.StartsWith("Delta: 19.3%", StringComparison.Ordinal));
    }

    [Fact]
    public void Counts_come_from_the_cache_and_a_report_derives_nothing_without_it()
    {
        _temporary.Add("hands.json", ExportPlan.ForTasks(SampleKind.Hands, 8), "b");
        NewSliceResult made = _temporary.New("v1");
        WriteReport.Run(_temporary.Repository, _temporary.PathOf("r.html"), ReportCheck.None, _temporary.Context);
        JsonElement part = DataOf(File.ReadAllText(_temporary.PathOf("r.html"))).GetProperty("parts")[0];
        Assert.NotEqual(0, part.GetProperty("labels").GetArrayLength());
        Assert.NotEqual(0, part.GetProperty("people").GetArrayLength());

        string cache = _temporary.PathOf(".harvest/cache");
        foreach (string file in Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(cache, recursive: true);
        WriteReport.Run(_temporary.Repository, _temporary.PathOf("r.html"), ReportCheck.None, _temporary.Context);

        string text = File.ReadAllText(_temporary.PathOf("r.html"));
        Assert.False(DataOf(text).GetProperty("parts")[0].TryGetProperty("labels", out _));
        Assert.Contains("Not known here. Rows that the gates count are not in the cache", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(cache, "parts")));
        Assert.NotNull(made);
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
        Assert.Contains("<bdi>broken</bdi> cannot be shown", text, StringComparison.Ordinal);
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
        Assert.Equal("ExportRewritten", DataOf(text).GetProperty("slices")[0].GetProperty("drift").GetProperty("findings")[0].GetProperty("kind").GetString());
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

    private static string Page(params SliceManifest[] slices) => ReportPage.Render(MadeReport.Of(slices));

    private static JsonElement Data(ReportData data) => DataOf(ReportPage.Render(data));

    private static JsonElement DataOf(string page) => JsonDocument.Parse(DataPattern().Match(page).Groups[1].Value).RootElement;

    private static string Sha256(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // HTML of this kind is XML but for the first line and what is in scripts and style; a tag that is left open does not get through.
    private static XDocument Parse(string page) => XDocument.Parse(
        ScriptPattern().Replace(StylePattern().Replace(Doctype().Replace(page, ""), ""), ""), LoadOptions.PreserveWhitespace);

    private static SliceManifest Slice(string version, string? parent, int hour) => new()
    {
        Version = version,
        Parent = parent,
        CreatedAt = Timestamp.From(new DateTimeOffset(2026, 5, 4, hour, 0, 0, TimeSpan.Zero)),
        Exports = [new SliceExport { Project = "b", Sha256 = new string('a', 64), Path = "exports/b.json" }],
        HarvestVersion = "harvest@v1.0.0",
    };

    [GeneratedRegex("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"/>")]
    private static partial Regex PolicyPattern();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StylePattern();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptPattern();

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex DataPattern();

    [GeneratedRegex("</script")]
    private static partial Regex ScriptEnd();

    [GeneratedRegex("<script")]
    private static partial Regex ScriptStart();

    [GeneratedRegex("^<!DOCTYPE html>\n")]
    private static partial Regex Doctype();
}
