using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary><c>check --twice</c>: what a program's tables depend on is found by changing one condition at a time.</summary>
public sealed class CheckTwiceTests
{
    [Theory]
    [InlineData("printf 'a\\n1\\n' > \"$1/t.csv\"", "")]
    [InlineData("printf 'a,zone\\n1,%s\\n' \"$(date -d @0 +%H:%M)\" > \"$1/t.csv\"", "TimeZone")]
    [InlineData("printf 'a,b\\n1,%s\\n' \"${LC_ALL:-$LANG}\" > \"$1/t.csv\"", "Locale")]
    [InlineData("printf 'a,b\\n1,%s\\n' \"$PYTHONHASHSEED\" > \"$1/t.csv\"", "HashSeed")]
    [InlineData("printf 'a,b\\n1,%s\\n' \"$(pwd)\" > \"$1/t.csv\"", "FolderName")]
    [InlineData("printf 'a,b\\n1,%s\\n' \"$(nproc)\" > \"$1/t.csv\"", "Threads")]
    [InlineData("printf 'a,b\\n1,%s\\n' \"$(date -r run.sh +%Y)\" > \"$1/t.csv\"", "FileTimes")]
    [InlineData("printf 'a,b\\n1,%s %s\\n' \"$TZ\" \"$PYTHONHASHSEED\" > \"$1/t.csv\"", "TimeZone HashSeed")]
    [InlineData("printf 'a,b\\n1,%s\\n' \"$(date +%N)\" > \"$1/t.csv\"", "random")]
    public void The_cause_is_determined(string script, string expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are those of Linux.");
        using ScratchFolder scratch = Scratch(["sh", "run.sh", "{out}"], "run.sh", script + "\n");
        Require(scratch, expected);
    }

    [Fact]
    public void The_order_of_a_set_is_one_of_the_hash_seed()
    {
        ProgramOnPath.Require("python3");
        using ScratchFolder scratch = Scratch(["python3", "h.py", "{out}"], "h.py", """
            import sys
            with open(sys.argv[1] + "/t.csv", "w") as file:
                file.write("label\n" + "".join(label + "\n" for label in {"left", "right", "thumb", "wrist", "palm"}))

            """);
        JsonElement twice = Require(scratch, "HashSeed");
        Assert.Equal("label", twice.GetProperty("difference").GetProperty("column").GetString());
        Assert.True(twice.GetProperty("difference").GetProperty("row").GetInt64() >= 1);
    }

    [Fact]
    public void The_order_of_files_in_a_folder_is_a_cause_where_the_file_system_keeps_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are those of Linux.");
        using ScratchFolder scratch = Scratch(["sh", "run.sh", "{out}", "{exports_folder}"], "run.sh", "{ echo file; ls -U \"$2\"; } > \"$1/t.csv\"\n");
        Assert.SkipUnless(KeepsOrder(scratch.Path), "The temporary folder's file system orders names by itself.");
        Require(scratch, "DirectoryOrder");

        static bool KeepsOrder(string root)
        {
            string folder = Directory.CreateDirectory(Path.Combine(root, "order")).FullName;
            try
            {
                string[] names = ["a", "b", "c", "d", "e", "f", "g", "h"];
                Array.ForEach(names, name => File.WriteAllText(Path.Combine(folder, name), ""));
                string[] first = [.. Directory.EnumerateFiles(folder).Select(static path => Path.GetFileName(path))];
                Array.ForEach(names, name => File.Delete(Path.Combine(folder, name)));
                Array.ForEach([.. names.Reverse()], (string name) => File.WriteAllText(Path.Combine(folder, name), ""));
                return !first.SequenceEqual(Directory.EnumerateFiles(folder).Select(static path => Path.GetFileName(path)));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [Fact]
    public void A_run_that_fails_under_another_condition_is_a_difference()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The programs are those of Linux.");
        using ScratchFolder scratch = Scratch(["sh", "run.sh", "{out}"], "run.sh", "printf 'a\\n1\\n' > \"$1/t.csv\"; [ \"$TZ\" = UTC ]\n");
        JsonElement twice = Require(scratch, "TimeZone");
        Assert.Equal("", twice.GetProperty("difference").GetProperty("table").GetString());
    }

    [Fact]
    public void Rules_are_said_to_derive_in_one_way_and_a_quick_check_runs_nothing_twice()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.Contains("Rules derive in one fixed way", scratch.Run("check", "--twice").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["TwiceNotQuick"], scratch.Run("check", "--twice", "--quick", "--json").Exits(2).ErrorIds());
    }

    /// <summary>Makes the slice under one set of conditions, checks it twice, and compares causes and exit code; the JSON of the first program.</summary>
    private static JsonElement Require(ScratchFolder scratch, string expected)
    {
        Dictionary<string, string> variables = new() { ["HARVEST_TRUST_FOLDER"] = scratch["trust"], ["HARVEST_TRUST_PROGRAMS"] = "1", ["TMPDIR"] = scratch["tmp"] };
        Directory.CreateDirectory(scratch["tmp"]);
        HarvestProgram.Run(scratch.Path, variables, "new", "v1", "-q").Exits(0);
        JsonElement report = HarvestProgram.Run(scratch.Path, variables, "check", "--twice", "--json").Exits(expected.Length == 0 ? 0 : 1).Document().GetProperty("slices")[0];
        JsonElement twice = Assert.Single(report.GetProperty("twice").EnumerateArray());
        Assert.Equal(expected.Length == 0, twice.GetProperty("same").GetBoolean());
        Assert.Equal(expected == "random", twice.GetProperty("random").GetBoolean());
        Assert.Equal(expected == "random" ? "" : expected, string.Join(' ', twice.GetProperty("causes").EnumerateArray().Select(static cause => cause.GetString())));
        Assert.Equal(expected switch { "" => 2, "random" => 3, _ => 10 }, twice.GetProperty("runs").GetInt32());
        Assert.Equal(expected.Length == 0 ? 0 : 1, report.GetProperty("findings").EnumerateArray().Count(static finding => finding.GetProperty("kind").GetString() == "NotDeterministic"));
        Assert.Empty(Directory.GetDirectories(scratch["tmp"], "harvest-run-*"));
        return twice;
    }

    private static ScratchFolder Scratch(string[] run, string file, string text)
    {
        ScratchFolder scratch = new ScratchFolder().WithExports();
        scratch.Write(file, text);
        scratch.Write("harvest.json", $$"""
            { "harvest": { "name": "harvest", "version": "v1.0.0", "kind": "program", "run": {{JsonSerializer.Serialize(run)}}, "code": ["{{file}}"], "tables": ["*.csv"] } }
            """);
        return scratch;
    }
}
