using HarvestTools.Reports;
using HarvestTools.Tests.Shared;
using Microsoft.Playwright;

namespace HarvestTools.Tests.Page;

/// <summary>The report in a browser, as its readers use it. Closing a page asserts that nothing was on the console.</summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Hostile = "</script><img src=x onerror=alert(1)> \u202e\u2028 &amp;";

    [Fact]
    public async Task A_click_shows_the_slice_with_rows_rules_exports_models_and_pins()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(60));
        Assert.Equal("v60", await page.Text("#panel h2"));

        await page["#slice-v41 a.row"].ClickAsync();

        Assert.Equal("v41", await page.Text("#panel h2"));
        string text = await page.Text("#panel");
        Assert.Contains("week 9: corrections of task 05 after the review", text, StringComparison.Ordinal);
        Assert.Contains("min_pixel_agreement\t5\t6", text, StringComparison.Ordinal);
        Assert.Contains("6 exports +1 new", text, StringComparison.Ordinal);
        Assert.Contains("A100 80 GB", text, StringComparison.Ordinal);
        Assert.Contains("with uncommitted changes", text, StringComparison.Ordinal);
        Assert.Contains("uv.lock", text, StringComparison.Ordinal);
        Assert.Contains("940 files", text, StringComparison.Ordinal);
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => Math.round(scrollY)"));
        Assert.Equal("https://tracking.example/runs/40", await page["#panel a[target=_blank]"].GetAttributeAsync("href"));
        await page.Picture("details");
    }

    [Fact]
    public async Task Rows_are_there_by_table_label_annotator_and_reason()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(3));

        Assert.Contains("keypoints", await page.Text("#panel .tab.on"), StringComparison.Ordinal);
        await page["role=tab[name='Label']"].ClickAsync();
        Assert.Contains("joint_24", await page.Text("#panel .tab.on"), StringComparison.Ordinal);
        await page["role=tab[name='Label']"].PressAsync("ArrowRight");
        Assert.Contains("annotator 8", await page.Text("#panel .tab.on"), StringComparison.Ordinal);
        await page["role=tab[name='Rejected']"].ClickAsync();
        Assert.Contains("disagreement", await page.Text("#panel .tab.on"), StringComparison.Ordinal);

        // Who goes on to another slice goes on looking at the same figures.
        await page["#slice-v1 a.row"].ClickAsync();
        Assert.Contains("disagreement", await page.Text("#panel .tab.on"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figures_are_those_of_the_data()
    {
        ReportData made = MadeReport.Of(3);
        await using OpenedPage page = await chromium.Open(made);
        long rows = made.Facts["v3"].Counts.Sum(static tally => tally!.ByLabel["joint_01"].Rows);
        long before = made.Facts["v2"].Counts.Sum(static tally => tally!.ByLabel["joint_01"].Rows);
        string Count(long number) => number.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture);

        await page["role=tab[name='Label']"].ClickAsync();

        string line = await page["#panel .tab.on tr", "joint_01"].InnerTextAsync();
        Assert.StartsWith($"joint_01\t{Count(rows)}\t{(rows > before ? "+" : "\u2212")}{Count(Math.Abs(rows - before))}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_cache_lacks_is_not_known_and_no_zero()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(3, facts: false));

        await page["role=tab[name='Label']"].ClickAsync();
        Assert.Contains("Not known here", await page.Text("#panel .tab.on"), StringComparison.Ordinal);
        Assert.Contains("is not known here: a definition is missing", await page.Text("#panel"), StringComparison.Ordinal);
        await page.Press("2");
        Assert.Contains("Not known here", await page.Text("#compare"), StringComparison.Ordinal);
        await page.Press("3");
        Assert.Contains("No pre-annotating model version is known here.", await page.Text("#charts"), StringComparison.Ordinal);
        await page.Picture("unknown");
    }

    [Fact]
    public async Task Keys_walk_the_list_search_and_compare()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(60));

        await page["#slice-v60 a.row"].FocusAsync();
        await page.Press("ArrowDown");
        await page.Press("j");
        Assert.Equal("v58", await page.Text("#panel h2"));
        Assert.Equal("slice-v58", await page.Page.EvaluateAsync<string>("() => document.activeElement.closest('li').id"));
        await page.Press("End");
        Assert.Equal("v1", await page.Text("#panel h2"));
        await page.Press("/");
        await page.Page.Keyboard.TypeAsync("week 3");
        Assert.Contains(" of 60 versions", await page.Text("#found"), StringComparison.Ordinal);
        await page.Press("Escape");
        Assert.Equal(60, await page["#list li:visible"].CountAsync());

        await page["#slice-v30 a.row"].FocusAsync();
        await page.Page.EvaluateAsync("() => { location.hash = '#slice-v30'; }");
        await page.Settle();
        await page.Press("c");
        await page.Press("k");
        await page.Press("c");
        Assert.EndsWith("#compare=v30,v31", page.Page.Url, StringComparison.Ordinal);
        await page.Press("1");
        await page.Press("p");
        await page.Press("?");
        Assert.True(await page["#help"].IsVisibleAsync());
        await page.Press("Escape");
        Assert.False(await page["#help"].IsVisibleAsync());
    }

    [Fact]
    public async Task One_row_is_in_the_order_of_Tab_and_focus_is_seen()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(30));

        Assert.Equal(1, await page["a.row[tabindex='0']"].CountAsync());
        await page["#find"].FocusAsync();
        await page.Press("Tab");
        Assert.Equal("row", await page.Page.EvaluateAsync<string>("() => document.activeElement.className"));
        Assert.Equal("solid", await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
    }

    [Theory]
    [InlineData("v17", 1)]
    [InlineData("joint_07", 60)]
    [InlineData("project_c_002", 6)]
    [InlineData("hand_box", 10)]
    [InlineData("nothing-of-this-name", 0)]
    public async Task A_search_finds_versions_labels_exports_and_models(string text, int found)
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(60));

        await page["#find"].FillAsync(text);

        Assert.Equal(found, await page["#list li:visible"].CountAsync());
    }

    [Fact]
    public async Task Two_slices_are_compared_in_exports_rules_rows_and_metrics()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(60));

        await page["nav a[href='#compare']"].ClickAsync();
        await page["#compare select >> nth=0"].SelectOptionAsync("v21");
        await page["#compare select >> nth=1"].SelectOptionAsync("v43");

        string text = await page.Text("#compare");
        Assert.Contains("0 exports in both, 6 differ.", text, StringComparison.Ordinal);
        Assert.Contains("min_pixel_agreement\t5\t6", text, StringComparison.Ordinal);
        Assert.Contains("keypoints", text, StringComparison.Ordinal);
        Assert.Contains("hand_keypoint\tpck", text, StringComparison.Ordinal);
        await page["#compare >> role=tab[name='Label']"].ClickAsync();
        Assert.Contains("joint_01", await page.Text("#compare .tab.on"), StringComparison.Ordinal);
        await page.Picture("compare");
        await page["#compare .swap"].ClickAsync();
        Assert.EndsWith("#compare=v43,v21", page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charts_show_a_metric_the_corrections_and_the_gates()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(60));

        await page["nav a[href='#charts']"].ClickAsync();
        await page.Settle();

        Assert.Equal(5, await page["#charts svg.chart g[role=img]"].CountAsync());
        Assert.Contains("corrections an episode over 40 episodes", await page["#charts g[role=img] >> nth=0"].GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        Assert.Equal(40, await page["#charts .dot"].CountAsync());
        await page["#charts select >> nth=1"].SelectOptionAsync("=hand_box");
        Assert.Equal(10, await page["#charts .dot"].CountAsync());
        Assert.Contains("threshold: at least 10%", await page.Text("#gates"), StringComparison.Ordinal);
        await page.Picture("charts", full: true);
        await page["#charts .chart a >> nth=2"].ClickAsync();
        Assert.Equal("v13", await page.Text("#panel h2"));
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task Nothing_reaches_beyond_the_window(int width)
    {
        await using OpenedPage page = await chromium.Open(Odd(), width);
        foreach (string at in new[] { "#versions", "#" + ReportPage.IdOf("v2"), "#compare=v1,v2", "#charts" })
        {
            await page.Page.EvaluateAsync("hash => { location.hash = hash; }", at);
            await page.Settle();
            await page.Picture($"odd-{width}-{at.TrimStart('#').Split('=')[0]}", full: true);
            Assert.Equal(0, await page.Overflow());

            // A column that is a letter wide makes a page of many screens.
            Assert.InRange(await page.Page.EvaluateAsync<int>("() => document.documentElement.scrollHeight"), 1, 9000);
        }
    }

    [Fact]
    public async Task A_narrow_window_shows_the_list_or_the_slice_and_goes_back()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(20), 390);
        Assert.False(await page["#panel"].IsVisibleAsync());
        await page.Picture("narrow-list");

        await page["#slice-v15 a.row"].ClickAsync();
        await page.Settle();
        Assert.True(await page["#panel"].IsVisibleAsync());
        Assert.False(await page["#list"].IsVisibleAsync());
        await page.Picture("narrow-details");
        await page["a.back"].ClickAsync();
        await page.Settle();
        Assert.True(await page["#list"].IsVisibleAsync());
    }

    [Fact]
    public async Task What_people_wrote_stays_text()
    {
        await using OpenedPage page = await chromium.Open(Odd());

        await page["#" + ReportPage.IdOf("v2") + " a.row"].ClickAsync();

        Assert.Equal(0, await page["img"].CountAsync());
        Assert.Contains("</script><img src=x onerror=alert(1)> \\u202e", await page.Text("#panel .reason"), StringComparison.Ordinal);
        Assert.Equal(0, await page["#panel a[href^='javascript']"].CountAsync());
        Assert.Equal(0, await page["#panel a[target=_blank]"].CountAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_has_enough_contrast_and_the_switch_turns_it(ColorScheme scheme)
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(20), scheme: scheme);
        string before = await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        foreach (string at in new[] { "#slice-v15", "#compare=v14,v15", "#charts" })
        {
            await page.Page.EvaluateAsync("hash => { location.hash = hash; }", at);
            await page.Settle();
            Assert.Empty(await page.Page.EvaluateAsync<string[]>(Contrast));
        }

        await page.Picture($"scheme-{scheme}");
        await page.Press("t");
        await page.Press(scheme == ColorScheme.Light ? "t" : "Shift");
        Assert.NotEqual(before, await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(Contrast));
        await page.Picture($"scheme-{scheme}-switched", full: true);
    }

    [Fact]
    public async Task Without_a_script_the_graph_the_list_and_the_gates_are_there()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(20), script: false);

        Assert.True(await page["#slice-v15"].IsVisibleAsync());
        Assert.True(await page["#gates"].IsVisibleAsync());
        Assert.False(await page["#find"].IsVisibleAsync());
        Assert.Contains("Without JavaScript", await page.Text("main"), StringComparison.Ordinal);
        await page.Picture("no-script");
    }

    [Fact]
    public async Task Paper_has_the_list_the_slice_and_the_charts_and_no_controls()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(12), hash: "#slice-v9");
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Microsoft.Playwright.Media.Print });
        await page.Page.EvaluateAsync("() => window.dispatchEvent(new Event('beforeprint'))");

        Assert.True(await page["#slice-v1"].IsVisibleAsync());
        Assert.True(await page["#panel h2"].IsVisibleAsync());
        Assert.True(await page["#charts .chart >> nth=0"].IsVisibleAsync());
        Assert.Equal(4, await page["#panel .tab:visible"].CountAsync());
        Assert.False(await page["#find"].IsVisibleAsync());
        Assert.False(await page["nav"].IsVisibleAsync());
        await page.Picture("print", full: true);
        Assert.NotEmpty(await page.Page.PdfAsync());
    }

    /// <summary>No time is asserted; what the browser measured is printed, for those who read.</summary>
    [Fact]
    public async Task Five_hundred_slices_are_used_like_twenty()
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(500));
        Assert.Equal(500, await page["#list li"].CountAsync());

        double[] times = await page.Page.EvaluateAsync<double[]>(Lag);

        TestContext.Current.TestOutputHelper?.WriteLine($"500 slices: loaded in {times[0]:0} ms; a click to the next frame {times[1]:0} ms, a search {times[2]:0} ms, charts {times[3]:0} ms.");
        Assert.Equal("v250", await page.Text("#panel h2"));
        await page.Picture("many");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task None_or_one_slice_has_a_page(int count)
    {
        await using OpenedPage page = await chromium.Open(MadeReport.Of(count));

        foreach (string key in new[] { "j", "c", "p", "2", "3", "1", "/" })
        {
            await page.Press(key);
        }

        Assert.Equal(count == 0, (await page.Text("#versions")).Contains("There are no slices yet.", StringComparison.Ordinal));
        await page.Picture($"slices-{count}");
    }

    /// <summary>Names that are long, hostile, from right to left, and of letters that are two in UTF-16.</summary>
    private static ReportData Odd()
    {
        ReportData made = MadeReport.Of(4);
        string label = string.Concat(Enumerable.Repeat("a_very_long_name_of_a_label_that_has_no_place_to_break_", 4));
        return MadeReport.Of(
        [
            .. made.Slices.Values.Select(slice => slice.Version != "v2" ? slice : slice with
            {
                Reason = Hostile + " תיקונים של השבוע 🎬🖐🏽 " + label,
                Runs =
                [
                    .. slice.Runs, new Manifests.SliceRun { Name = "مدل دست 👩‍🔬 " + label, Artifact = label, Metrics = new() { [label] = 0.5 }, Tracking = "javascript:alert(1)" },
                ],
                Exports = [.. slice.Exports.Select(export => export with { Path = $"{label}/{label}.json", Project = "פרויקט_א" })],
            }),
        ]) with { Facts = made.Facts, Title = "כפות ידיים 🖐 " + label };
    }

    // Every text that is seen, against the ground behind it, as WCAG 2 counts it: 4.5, or 3 where it is large.
    private const string Contrast = """
        () => {
          const channel = c => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
          const parse = c => { const n = c.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
          const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const ground = node => { for (let at = node; at; at = at.parentElement) { const c = parse(getComputedStyle(at).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
          const found = new Set();
          for (const node of document.querySelectorAll('body *')) {
            if (!node.checkVisibility() || node.closest('svg, .away, .skip') || ![...node.childNodes].some(one => one.nodeType === 3 && one.data.trim())) continue;
            const style = getComputedStyle(node), a = light(parse(style.color)), b = light(ground(node));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
            if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) found.add(`${node.tagName}.${node.className}: ${ratio.toFixed(2)}`);
          }
          return [...found];
        }
        """;

    private const string Lag = """
        async () => {
          const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
          const timed = async act => { const from = performance.now(); act(); await frame(); return performance.now() - from; };
          const load = performance.getEntriesByType('navigation')[0].domComplete;
          const find = document.getElementById('find');
          const charts = await timed(() => { location.hash = '#charts'; });
          location.hash = '#versions';
          await frame();
          const search = await timed(() => { find.value = 'joint_07 week'; find.dispatchEvent(new Event('input')); });
          find.value = ''; find.dispatchEvent(new Event('input'));
          await frame();
          const click = await timed(() => document.querySelector('#slice-v250 a.row').click());
          await frame();
          return [load, click, search, charts];
        }
        """;
}
