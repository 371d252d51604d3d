using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests;

/// <summary>The examples of docs/own-program-examples.md against that of docs/own-program.md, which needs Python alone.</summary>
public sealed class OwnProgramExampleTests
{
    [Fact]
    public void The_example_in_PowerShell_writes_the_same_table()
    {
        ProgramOnPath.Require("python3");
        ProgramOnPath.Require("pwsh");
        using var scratch = new ScratchFolder().WithExports();
        Assert.Equal(Expected(), Counts(scratch, "powershell", "harvest.ps1", 1, ReleasedPowerShell.Bin));
    }

    [Fact]
    public void The_example_with_pyarrow_has_the_same_rows()
    {
        ProgramOnPath.Require("python3");
        using var scratch = new ScratchFolder().WithExports();
        HarvestResult found = scratch.RunWithProgram("python3", "-c", "import pyarrow.parquet");
        Assert.SkipUnless(found.Exit == 0, "pyarrow is not installed");
        JsonElement output = Made(scratch, "python", "harvest.py", 0, null);
        Assert.Equal(Expected().Split('\n').Length - 2, output.GetProperty("rows").GetInt64());
        HarvestProgram.Run(scratch.Path, Variables(scratch, null), "check", "v1").Exits(0);
    }

    [Fact]
    public void The_example_in_SQL_writes_the_same_table()
    {
        ProgramOnPath.Require("python3");
        ProgramOnPath.Require("duckdb");
        using var scratch = new ScratchFolder().WithExports();
        Assert.Equal(Expected(), Counts(scratch, "sql", "harvest.sql", 2, null));
    }

    /// <summary>What the example in Python's own library writes of the same exports.</summary>
    private static string Expected()
    {
        using var scratch = new ScratchFolder().WithExports();
        string page = Page("own-program.md");
        scratch.Write("harvest.json", Block(page, "json", 0));
        return Counts(scratch, Block(page, "python", 0), "harvest.py", null);
    }

    private static string Counts(ScratchFolder scratch, string language, string file, int definition, string? path)
    {
        _ = Made(scratch, language, file, definition, path);
        return File.ReadAllText(Assert.Single(Directory.GetFiles(scratch[".harvest/cache"], "counts.csv", SearchOption.AllDirectories)));
    }

    private static string Counts(ScratchFolder scratch, string code, string file, string? path)
    {
        _ = Run(scratch, code, file, path);
        return File.ReadAllText(Assert.Single(Directory.GetFiles(scratch[".harvest/cache"], "counts.csv", SearchOption.AllDirectories)));
    }

    private static JsonElement Made(ScratchFolder scratch, string language, string file, int definition, string? path)
    {
        string page = Page("own-program-examples.md");
        scratch.Write("harvest.json", Block(page, "json", definition));
        return Run(scratch, Block(page, language, 0), file, path);
    }

    private static JsonElement Run(ScratchFolder scratch, string code, string file, string? path)
    {
        scratch.Write(file, code);
        scratch.Write("params.yaml", Block(Page("own-program.md"), "yaml", 0));
        HarvestProgram.Run(scratch.Path, Variables(scratch, path), "new", "v1", "-q").Exits(0);
        return Assert.Single(HarvestProgram.Run(scratch.Path, "show", "v1", "--json").Exits(0).Document().GetProperty("slice").GetProperty("outputs").EnumerateArray());
    }

    private static Dictionary<string, string> Variables(ScratchFolder scratch, string? path) => new()
    {
        ["HARVEST_TRUST_FOLDER"] = scratch["trust"],
        ["HARVEST_TRUST_PROGRAMS"] = "1",
        ["PATH"] = path is null ? Environment.GetEnvironmentVariable("PATH")! : path + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
    };

    private static string Page(string name, [System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "docs", name));

    private static string Block(string page, string language, int at) => Regex.Matches(page, $"```{language}\n(.*?)```", RegexOptions.Singleline)[at].Groups[1].Value;
}
