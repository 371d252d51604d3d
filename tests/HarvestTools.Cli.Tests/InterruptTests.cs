using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Ctrl-C or a request to end, in the middle of the work.</summary>
public sealed partial class InterruptTests
{
    private const int SigInt = 2;
    private const int SigTerm = 15;
    private const int ExportBytes = 160_000_000;
    private const int Attempts = 5;
    private const string Objects = ".harvest/archive/sha256";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(SigInt, 130)]
    [InlineData(SigTerm, 143)]
    public void A_signal_during_add_leaves_nothing_half_written_and_exits_with_its_code(int signal, int exit)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a console's Ctrl-C cannot be sent to one process there");
        using var outside = new ScratchFolder();
        WriteLargeExport(outside["large.json"]);

        // The test may itself be kept from the processor until all is copied, and its signal then comes too late.
        for (int attempt = 1; !IsStopped(outside["large.json"], signal, exit); attempt++)
        {
            Assert.True(attempt < Attempts, "every signal came too late");
        }
    }

    /// <summary>
    /// Before the runtime runs any code of the program the signal itself ends the process, which the system reports with the same
    /// code; from then on the program answers. A signal that comes when the process has ended changes nothing.
    /// </summary>
    [Theory]
    [InlineData(SigInt, 130, "slices")]
    [InlineData(SigTerm, 143, "slices")]
    [InlineData(SigInt, 130, "check")]
    [InlineData(SigTerm, 143, "build", "--json")]
    [InlineData(SigTerm, 143, "--help")]
    [InlineData(SigInt, 130, "new", "v2")]
    public void A_signal_in_the_first_moments_exits_with_its_code_too(int signal, int exit, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a console's Ctrl-C cannot be sent to one process there");
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        int stopped = 0;
        for (int delay = 0; delay <= 100; delay += 10)
        {
            using Process process = HarvestProgram.Start(scratch.Path, new Dictionary<string, string>(), arguments);
            Thread.Sleep(delay);
            bool late = process.HasExited;
            _ = Kill(process.Id, signal);
            HarvestResult result = HarvestProgram.Finish(process, arguments);

            // Between the look and the signal the process may have ended as well.
            Assert.True(result.Exit == exit || result.Exit is 0 or 2, $"after {delay} ms: {result.Exit}\n{result.Error}");
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
            stopped += !late && result.Exit == exit ? 1 : 0;
            scratch.Run("fsck", "-q").Exits(0);
        }

        // How many depends on how fast the machine is; that none did would show nothing.
        Assert.True(stopped >= 2, $"only {stopped} of 11 signals came in time");
    }

    /// <summary>Adds the export and interrupts that; false when everything was done before and therefore is there.</summary>
    private static bool IsStopped(string export, int signal, int exit)
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        HarvestResult add = InterruptedAdd(scratch, export, signal);
        scratch.Run("fsck").Exits(0);
        int archived = scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").GetArrayLength();
        if (add.Exit == 0)
        {
            Assert.Equal(1, archived);
            return false;
        }

        add.Exits(exit);
        Assert.Equal(["Interrupted"], add.ErrorIds());
        Assert.Empty(add.Document().GetProperty("exports").EnumerateArray());
        Assert.Empty(Directory.EnumerateFiles(scratch[Objects], "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
        Assert.Equal(0, archived);
        return true;
    }

    private static HarvestResult InterruptedAdd(ScratchFolder scratch, string export, int signal)
    {
        string objects = scratch[Objects];
        using Process process = HarvestProgram.Start(scratch.Path, new Dictionary<string, string>(), "add", export, "--threads", "1", "--json");

        // The copy has begun once its temporary file is there.
        var waited = Stopwatch.StartNew();
        while (!process.HasExited && (!Directory.Exists(objects) || !Directory.EnumerateFiles(objects).Any()))
        {
            Assert.True(waited.Elapsed < s_patience, "the copy did not begin");
            Thread.Sleep(1);
        }

        _ = Kill(process.Id, signal);
        return HarvestProgram.Finish(process, "add");
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
