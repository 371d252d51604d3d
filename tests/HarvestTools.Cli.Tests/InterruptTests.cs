using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Ctrl-C in the middle of the work.</summary>
public sealed partial class InterruptTests
{
    private const int SigInt = 2;
    private const int ExportBytes = 160_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public void Ctrl_C_during_add_leaves_nothing_half_written_and_exits_with_130()
    {
        Skip.If(OperatingSystem.IsWindows(), "a console's Ctrl-C cannot be sent to one process there");
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        WriteLargeExport(scratch["large.json"]);
        string objects = scratch[".harvest/archive/sha256"];
        using Process process = HarvestProgram.Start(scratch.Path, new Dictionary<string, string>(), "add", "large.json", "--threads", "1", "--json");

        // The copy has begun once its temporary file is there.
        var waited = Stopwatch.StartNew();
        while (!Directory.Exists(objects) || !Directory.EnumerateFiles(objects).Any())
        {
            Assert.True(waited.Elapsed < s_patience && !process.HasExited, "the copy did not begin");
            Thread.Sleep(1);
        }

        Assert.Equal(0, Kill(process.Id, SigInt));
        HarvestResult stopped = HarvestProgram.Finish(process, "add").Exits(130);
        Assert.Equal(["Interrupted"], stopped.ErrorIds());
        Assert.Empty(stopped.Document().GetProperty("exports").EnumerateArray());
        Assert.Empty(Directory.EnumerateFiles(objects, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
        scratch.Run("fsck").Exits(0);
        Assert.Equal(0, scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").GetArrayLength());
    }

    private static void WriteLargeExport(string path)
    {
        byte[] task = Encoding.UTF8.GetBytes(SmallExport.Hands(tasks: 2)[1..^1] + ",\n");
        byte[] block = [.. Enumerable.Repeat(task, 1000).SelectMany(static bytes => bytes)];
        using FileStream file = File.Create(path);
        file.Write("["u8);
        while (file.Length < ExportBytes)
        {
            file.Write(block);
        }

        file.Write(task.AsSpan(0, task.Length - 2));
        file.Write("]"u8);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
