using System.Diagnostics;
using System.Runtime.CompilerServices;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The plain script for builds, run as a build runs it.</summary>
public sealed class BuildScriptTests
{
    [Fact]
    public void The_script_passes_and_fails_with_the_check()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        using var scratch = new ScratchFolder().WithSlice();
        string program = scratch.Write("bin/harvest", $"#!/bin/sh\nexec dotnet '{HarvestProgram.AssemblyPath}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(0, Run(scratch));
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));
        Assert.Equal(1, Run(scratch));
    }

    private static int Run(ScratchFolder scratch)
    {
        var start = new ProcessStartInfo("sh") { WorkingDirectory = scratch["."], RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "ci", "check.sh")));
        start.Environment["PATH"] = scratch["bin"] + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        using Process process = Process.Start(start)!;
        _ = HarvestProgram.Finish(process, "check.sh");
        return process.ExitCode;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
