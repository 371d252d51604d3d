using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The program as a package: what lies in it, and that it installs from a folder into a home that knows nothing.</summary>
public sealed partial class ToolPackageTests
{
    private const string Id = "HarvestTools.Cli";

    [Fact]
    public void The_package_installs_from_a_folder_runs_and_goes_away()
    {
        using var scratch = new ScratchFolder();
        string package = Pack(scratch);
        AssertContents(package);

        // No source but the folder, no home but an empty one: what is found here is found by anybody.
        scratch.Write("NuGet.Config", "<configuration><packageSources><clear /><add key=\"folder\" value=\"packages\" /></packageSources></configuration>");
        string tools = scratch["tools"];
        _ = Dotnet(scratch, cleanHome: true, "tool", "install", Id, "--tool-path", tools, "--configfile", scratch["NuGet.Config"]);

        string program = Path.Combine(tools, OperatingSystem.IsWindows() ? "harvest.exe" : "harvest");
        Assert.Contains("harvest check", Run(scratch, cleanHome: true, program, "demo", scratch["demo"]), StringComparison.Ordinal);
        Assert.Contains("v4", Run(scratch, cleanHome: true, program, "slices", "-C", scratch["demo"]), StringComparison.Ordinal);

        _ = Dotnet(scratch, cleanHome: true, "tool", "uninstall", Id, "--tool-path", tools);
        Assert.False(File.Exists(program));
    }

    [Theory]
    [InlineData("HarvestTools.Core")]
    [InlineData("HarvestTools.PowerShell")]
    [InlineData(Id)]
    public void A_release_is_built_without_the_folders_name(string project)
    {
        using var scratch = new ScratchFolder();
        string map = Dotnet(scratch, cleanHome: false, "msbuild", ProjectFolder(project), "-getProperty:PathMap", "-p:Configuration=Release", "-nologo");
        Assert.Equal($"{Path.GetFullPath(Path.Combine(ProjectFolder(project), "..", ".."))}{Path.DirectorySeparatorChar}=/_/", map.Trim());
    }

    private static void AssertContents(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        string[] files = [.. archive.Entries.Select(static entry => entry.FullName)];
        Assert.All(["README.md", "LICENSE", "ThirdPartyNotices.txt", "icon.png"], file => Assert.Contains(file, files));
        // A library that joins them needs its notice in ThirdPartyNotices.txt.
        Assert.Equal(
            [
                "AWSSDK.Core.dll", "AWSSDK.Extensions.Numerics.dll", "AWSSDK.S3.dll", "AWSSDK.SSO.dll", "AWSSDK.SSOOIDC.dll", "AWSSDK.SecurityToken.dll",
                "CommunityToolkit.HighPerformance.dll", "HarvestTools.Core.dll", "HarvestTools.Remotes.dll", "HarvestTools.Samples.dll", "K4os.Compression.LZ4.dll",
                "Microsoft.IO.RecyclableMemoryStream.dll", "Parquet.dll", "Snappier.dll", "System.CommandLine.dll", "System.IO.Hashing.dll",
                "YamlDotNet.dll", "ZstdSharp.dll", "harvest.dll",
            ],
            files.Where(static file => file.EndsWith(".dll", StringComparison.Ordinal)).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        using Stream stream = archive.GetEntry(Id + ".nuspec")!.Open();
        XElement about = XDocument.Load(stream).Root!.Elements().Single();
        string? Said(string name) => about.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal("MIT", Said("license"));
        Assert.Equal("icon.png", Said("icon"));
        Assert.Equal("README.md", Said("readme"));
        Assert.Equal(typeof(HarvestException).Assembly.GetName().Version!.ToString(3), Said("version"));
        Assert.False(string.IsNullOrWhiteSpace(Said("description")));
        Assert.Null(Said("projectUrl"));
    }

    /// <summary>Packs the build that these tests are of; returns the package's path.</summary>
    private static string Pack(ScratchFolder scratch)
    {
        string configuration = Configuration().Match(AppContext.BaseDirectory).Groups[1].Value;
        _ = Dotnet(scratch, cleanHome: false, "pack", ProjectFolder(Id), "--no-build", "--configuration", configuration, "--output", scratch["packages"]);
        return Assert.Single(Directory.GetFiles(scratch["packages"]));
    }

    private static string ProjectFolder(string name) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "src", name));

    private static string Dotnet(ScratchFolder scratch, bool cleanHome, params string[] arguments) => Run(scratch, cleanHome, "dotnet", arguments);

    private static string Run(ScratchFolder scratch, bool cleanHome, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = scratch.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        if (cleanHome)
        {
            string home = Directory.CreateDirectory(scratch["home"]).FullName;
            foreach (string name in new[] { "HOME", "USERPROFILE", "DOTNET_CLI_HOME" })
            {
                start.Environment[name] = home;
            }

            start.Environment["NUGET_PACKAGES"] = Path.Combine(home, "packages");
            start.Environment["DOTNET_NOLOGO"] = "1";
        }

        using Process process = Process.Start(start)!;
        HarvestResult result = HarvestProgram.Finish(process, arguments);
        return result.Exits(0).Out;
    }

    [GeneratedRegex(@"[\\/]bin[\\/]([^\\/]+)[\\/]")]
    private static partial Regex Configuration();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
