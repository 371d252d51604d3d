using System.Diagnostics;
using System.Text;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Harness;

/// <summary>Runs other programs, shells above all, that find harvest on their path.</summary>
internal static class ProgramOnPath
{
    /// <summary>Skips a test where the program is not there, or where harvest cannot stand on the path as a shell script.</summary>
    public static void Require(string program)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "harvest is on the path as a shell script");
        if (program == "pwsh")
        {
            return;
        }

        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(folder => File.Exists(Path.Combine(folder, program))), $"there is no {program}");
    }

    public static HarvestResult RunWithProgram(this ScratchFolder scratch, string program, params string[] arguments)
    {
        using Process process = scratch.StartWithProgram(program, arguments);
        return HarvestProgram.Finish(process, [program, .. arguments]);
    }

    public static Process StartWithProgram(this ScratchFolder scratch, string program, params string[] arguments)
    {
        string script = scratch[".harvest/test-bin/harvest"];
        if (!File.Exists(script))
        {
            _ = scratch.Write(".harvest/test-bin/harvest", $"#!/bin/sh\nexec dotnet '{HarvestProgram.AssemblyPath}' \"$@\"\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        // The released PowerShell is started by its path: the test's own path does not have it.
        var start = new ProcessStartInfo(program == "pwsh" ? Path.Combine(ReleasedPowerShell.Bin, program) : program)
        {
            WorkingDirectory = scratch.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = string.Join(
            Path.PathSeparator, Path.GetDirectoryName(script), ReleasedPowerShell.Bin, Environment.GetEnvironmentVariable("PATH"));
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }
}
