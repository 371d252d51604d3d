using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace HarvestTools.Tests.Shared;

/// <summary>The released PowerShell and the Pester that came by restore, and how a test starts them.</summary>
internal static class ReleasedPowerShell
{
    private static readonly Lazy<string> s_bin = new(MakeBin);

    /// <summary>The version that the tests were built for, for example <c>7.6.9</c>.</summary>
    public static string Version => Metadata("PowerShellVersion");

    /// <summary>PowerShell's own assembly, which <c>dotnet</c> runs.</summary>
    public static string Assembly => Path.Combine(Metadata("PowerShellTool"), OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");

    /// <summary>Pester's module manifest.</summary>
    public static string Pester => Path.Combine(Metadata("PesterTools"), "Pester.psd1");

    /// <summary>A folder with a <c>pwsh</c> in it, to be put first on a path: scripts under test start it by name.</summary>
    public static string Bin => s_bin.Value;

    /// <summary>Prepares a process of PowerShell, without a profile and without questions.</summary>
    /// <param name="arguments">What follows <c>pwsh -NoProfile -NonInteractive</c>.</param>
    public static ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (string argument in (string[])["exec", Assembly, "-NoProfile", "-NonInteractive", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = Bin + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        return start;
    }

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    private static string MakeBin()
    {
        string folder = Directory.CreateTempSubdirectory("harvest-pwsh-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        if (OperatingSystem.IsWindows())
        {
            File.WriteAllText(Path.Combine(folder, "pwsh.cmd"), $"@\"{Host}\" exec \"{Assembly}\" %*\r\n");
            return folder;
        }

        string script = Path.Combine(folder, "pwsh");
        File.WriteAllText(script, $"#!/bin/sh\nexec '{Host}' exec '{Assembly}' \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>What the build recorded under a key.</summary>
    public static string Metadata(string key) => typeof(ReleasedPowerShell).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == key).Value!;
}
