using HarvestTools.Reports;
using Microsoft.Playwright;

namespace HarvestTools.Tests.Page;

/// <summary>The installed Chromium, once for all tests; where there is none, each of them is skipped and says so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] s_names = OperatingSystem.IsWindows() ? ["chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome"];

    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-page-").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>From HARVEST_TEST_CHROMIUM, else from PATH; null where there is none.</summary>
    private static string? Program => Environment.GetEnvironmentVariable("HARVEST_TEST_CHROMIUM") is { Length: > 0 } given ? given
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(static folder => s_names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Program is { } program)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = program,

                // Chromium's own sandbox does not start for root, as which CI runs.
                Args = OperatingSystem.IsLinux() && Environment.UserName == "root" ? ["--no-sandbox"] : [],
            });
        }
    }

    /// <summary>Opens a page as a file, as a reader does who got it by mail.</summary>
    internal async Task<OpenedPage> Open(ReportData data, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light, bool script = true, string hash = "")
    {
        Assert.SkipWhen(_browser is null, "There is no Chromium on this machine: install it, or name it in HARVEST_TEST_CHROMIUM.");
        string path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".html");
        await File.WriteAllTextAsync(path, ReportPage.Render(data));
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme, JavaScriptEnabled = script, Offline = true,

            // A colour that is on its way to another one has no contrast to speak of.
            ReducedMotion = ReducedMotion.Reduce,
        });
        var opened = new OpenedPage(await context.NewPageAsync(), script);
        await opened.Page.GotoAsync(new Uri(path).AbsoluteUri + hash);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A page with everything that went wrong on it: a test that closes it fails where anything did.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    // A page of a file is there at once; what is not there after so long does not come.
    private const float Patience = 5000;

    private readonly bool _script;

    public OpenedPage(IPage page, bool script)
    {
        (Page, _script) = (page, script);
        page.SetDefaultTimeout(Patience);

        // A violation of the policy is an error on the console too.
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _faults.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _faults.Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("file:", StringComparison.Ordinal))
            {
                _faults.Add($"asked for {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Faults => _faults;

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>The first of them that has the text.</summary>
    public ILocator this[string selector, string text] => Page.Locator(selector, new PageLocatorOptions { HasText = text }).First;

    public async Task<string> Text(string selector)
    {
        await Settle();
        return await Page.Locator(selector).InnerTextAsync();
    }

    public async Task Press(string key)
    {
        await Page.Keyboard.PressAsync(key);
        await Settle();
    }

    /// <summary>Until the page has answered a change of its address, of which it hears a moment later.</summary>
    /// <remarks>Without scripts nothing answers, and no timer of the page ever ends; a frame is drawn only where the browser shows the page.</remarks>
    public async Task Settle()
    {
        if (_script)
        {
            await Page.EvaluateAsync("() => new Promise(done => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 200); })")
                .WaitAsync(TimeSpan.FromMilliseconds(Patience));
        }
    }

    /// <summary>How far the page reaches beyond the window to the right, in pixels.</summary>
    public Task<int> Overflow() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Keeps a picture where HARVEST_TEST_PICTURES names a folder, for those who look.</summary>
    public async Task Picture(string name, bool full = false)
    {
        if (Environment.GetEnvironmentVariable("HARVEST_TEST_PICTURES") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = full });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.Empty(_faults);
    }
}
