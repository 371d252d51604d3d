using System.Diagnostics;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What a command does not need is not loaded: the program starts as if the packages that read tables or reach a bucket were not there.</summary>
public sealed class StartupTests
{
    // Everything that reading a table takes and writing one does not.
    private static readonly string[] s_readers =
        ["Parquet", "Snappier", "ZstdSharp", "YamlDotNet", "K4os.Compression.LZ4", "Microsoft.IO.RecyclableMemoryStream", "CommunityToolkit.HighPerformance"];

    // What a remote takes that is no folder.
    private static readonly string[] s_remotes = ["HarvestTools.Remotes", "AWSSDK.Core", "AWSSDK.S3"];

    [Fact]
    public void Only_commands_that_compare_rows_load_what_reads_tables()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/hands2.json", SmallExport.Hands(tasks: 8));
        scratch.Run("add", "exports/hands2.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        string program = WithoutReaders(scratch["program"]);

        Run(scratch, program, "--help").Exits(0);
        Run(scratch, program, "slices").Exits(0);
        Run(scratch, program, "check", "--quick").Exits(0);
        Run(scratch, program, "check").Exits(0);
        Run(scratch, program, "new", "v3", "--set", "min_pixel_agreement=2").Exits(0);

        // Nothing was missed above: with the same files the comparison does not work, and with the real ones it does.
        Assert.NotEqual(0, Run(scratch, program, "diff", "v1", "v2", "--rows").Exit);
        Assert.Contains("+ keypoints", scratch.Run("diff", "v1", "v2", "--rows").Exits(0).Out, StringComparison.Ordinal);
    }

    /// <summary>A copy of the program in which files that are no assemblies are in the place of those that read tables.</summary>
    private static string WithoutReaders(string folder)
    {
        Directory.CreateDirectory(folder);
        string built = Path.GetDirectoryName(HarvestProgram.AssemblyPath)!;
        foreach (string file in Directory.GetFiles(built).Where(static file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        foreach (string reader in s_readers.Concat(s_remotes))
        {
            string file = Path.Combine(folder, reader + ".dll");
            Assert.True(File.Exists(file), $"{reader}.dll is not beside the program");
            File.WriteAllText(file, "no assembly");
        }

        return Path.Combine(folder, Path.GetFileName(HarvestProgram.AssemblyPath));
    }

    private static HarvestResult Run(ScratchFolder scratch, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = scratch.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        return HarvestProgram.Finish(process, arguments);
    }
}
