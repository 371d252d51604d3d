using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The program as a folder with its own runtime: it needs no .NET on the machine and derives the same bytes.</summary>
public sealed partial class StandaloneTests : IClassFixture<StandaloneTests.Published>
{
    private static readonly string s_project =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "src", "HarvestTools.Cli"));

    private readonly Published _published;

    public StandaloneTests(Published published)
    {
        _published = published;
        Assert.SkipUnless(published.Refusal is null, $"the runtime or its compiler cannot be restored here: {published.Refusal}");
    }

    [Fact]
    public void It_runs_where_there_is_no_dotnet()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal($"harvest {typeof(HarvestException).Assembly.GetName().Version!.ToString(3)}", Run(scratch, "--version").Exits(0).Out.Trim());
        Assert.Contains("COMMAND", Run(scratch, "--help").Exits(0).Out, StringComparison.Ordinal);
        // What the parser explains, and an error with its remedy: texts that code left out would take with it.
        Assert.Equal(scratch.Run("new", "--help").Exits(0).Out, Run(scratch, "new", "--help").Exits(0).Out);
        Assert.Equal(scratch.Run("slices").Exits(4).Error, Run(scratch, "slices").Exits(4).Error);
    }

    [Fact]
    public void It_tells_the_same_story_and_derives_the_same_bytes()
    {
        using var scratch = new ScratchFolder();
        string alone = Run(scratch, "demo", "alone").Exits(0).Out;
        string other = scratch.Run("demo", "other").Exits(0).Out;
        Assert.Equal(CommandsByName(other.Replace("other", "alone", StringComparison.Ordinal)), CommandsByName(alone));

        string[] expected = Tables(scratch["other"]);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Tables(scratch["alone"]));

        // The demonstration's last slice, derived by each from what the other archived.
        Directory.Delete(scratch["other/.harvest/cache"], recursive: true);
        Run(scratch, "build", "v4", "-C", scratch["other"]).Exits(0);
        Assert.Equal(
            scratch.Run("check", "v4", "--json", "-C", scratch["other"]).Document().GetRawText(),
            Run(scratch, "check", "v4", "--json", "-C", scratch["other"]).Document().GetRawText());

        // Rows read back: of the packages that do it, nothing that is needed was left out.
        string[] rows = ["diff", "v1", "v4", "--rows", "--limit", "2000", "--json", "-C", scratch["other"]];
        JsonElement differing = Run(scratch, rows).Document();
        Assert.Equal(2000, differing.GetProperty("rows").GetArrayLength());
        Assert.Equal(scratch.Run(rows).Document().GetRawText(), differing.GetRawText());
    }

    [Fact]
    public void The_folder_carries_every_licence_and_no_more_than_it_needs()
    {
        string[] files = [.. Directory.GetFiles(_published.Folder).Select(static file => Path.GetFileName(file))];
        Assert.All(["README.md", "LICENSE", "ThirdPartyNotices.txt", "dotnet-LICENSE.txt", "dotnet-ThirdPartyNotices.txt"], file => Assert.Contains(file, files));
        // One image of all; a framework library that nothing uses would be there if nothing had been left out.
        Assert.Contains("harvest.r2r.dll", files);
        Assert.DoesNotContain("System.Private.Xml.Linq.dll", files);
    }

    /// <summary>The SHA-256 of every table that the manifests below a folder record, by slice.</summary>
    private static string[] Tables(string repository) =>
    [
        .. Directory.GetDirectories(Path.Combine(repository, "slices")).Order(StringComparer.Ordinal).SelectMany(static slice =>
        {
            using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(slice, "slice.json")));
            return manifest.RootElement.GetProperty("outputs").EnumerateArray()
                .Select(output => $"{Path.GetFileName(slice)} {output.GetProperty("table")} {output.GetProperty("export")} {output.GetProperty("sha256")}")
                .ToArray();
        }),
    ];

    /// <summary>Each program proposes commands by the name it was started with, which is its file where the path has none.</summary>
    private static string CommandsByName(string story) => ProgramInCommand().Replace(story, "> harvest -C ");

    [GeneratedRegex("> .* -C ")]
    private static partial Regex ProgramInCommand();

    private HarvestResult Run(ScratchFolder scratch, params string[] arguments)
    {
        string program = Path.Combine(_published.Folder, OperatingSystem.IsWindows() ? "harvest.exe" : "harvest");
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = scratch.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(static name => name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_ROOT"] = scratch["nowhere"];
        start.Environment["DOTNET_MULTILEVEL_LOOKUP"] = "0";
        start.Environment["PATH"] = scratch["nowhere"];
        using Process process = Process.Start(start)!;
        return HarvestProgram.Finish(process, arguments);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    /// <summary>Published once for all tests of the class, for the machine that runs them, without touching the checkout's own builds.</summary>
    public sealed class Published : IDisposable
    {
        private readonly ScratchFolder _scratch = new();

        public Published()
        {
            Folder = _scratch["published"];
            HarvestResult run = Dotnet([
                "publish", s_project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "-p:RunAnalyzers=false",
                "--artifacts-path", _scratch["artifacts"], "-o", Folder, "-v", "q", "-nologo"]);
            // Missing packages alone excuse: whatever else goes wrong is a fault of the project.
            Refusal = run.Out.Split('\n').FirstOrDefault(static line => line.Contains("error NU110", StringComparison.Ordinal))?.Trim();
            if (Refusal is null)
            {
                run.Exits(0);
            }
        }

        public string Folder { get; }

        /// <summary>Why it could not be published; null where it was.</summary>
        public string? Refusal { get; }

        public void Dispose() => _scratch.Dispose();

        private static HarvestResult Dotnet(string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
            using Process process = Process.Start(start)!;
            return HarvestProgram.Finish(process, arguments);
        }
    }
}
