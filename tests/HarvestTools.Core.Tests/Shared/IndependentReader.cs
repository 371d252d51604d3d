using System.Diagnostics;
using System.Text;

namespace HarvestTools.Tests.Shared;

/// <summary>
/// The scripts of <c>tests/interop</c>: readers that share no code with the engine. They need Node.js and the packages
/// of that folder; tests that call them are <c>[Fact]</c>s, so that their absence shows as a skip.
/// </summary>
internal static class IndependentReader
{
    private static readonly Lazy<string?> Folder = new(Find);

    /// <summary>Path of a script; skips the test where Node.js or the packages are absent.</summary>
    public static string Require(string script)
    {
        Assert.SkipWhen(Folder.Value is null, "the independent readers are not installed: run `npm ci` in tests/interop (needs Node.js 20 or later)");
        return Path.Combine(Folder.Value!, script);
    }

    /// <summary>The lines that a script prints; a script that fails fails the test with what it said.</summary>
    public static List<string> Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(script)} failed: {errors.Result}");
        return lines;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string interop = Path.Combine(folder.FullName, "tests", "interop");
            if (File.Exists(Path.Combine(interop, "read.mjs")))
            {
                return Directory.Exists(Path.Combine(interop, "node_modules", "hyparquet"))
                    && Directory.Exists(Path.Combine(interop, "node_modules", "@duckdb", "node-api"))
                    && NodeRuns()
                        ? interop
                        : null;
            }
        }

        return null;
    }

    private static bool NodeRuns()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
