using System.Diagnostics;
using System.Net.Sockets;

namespace HarvestTools.Tests.Harness;

/// <summary>Makes what has a file's name without being a file.</summary>
internal static class SpecialFile
{
    /// <summary>A named pipe that nobody writes into; skips the test where the system has none.</summary>
    public static string Pipe(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no named pipes among the files of Windows");
        Assert.Equal(0, Run("mkfifo", path));
        return path;
    }

    /// <summary>A device node that reads without end (a character device) or has no driver behind it (a block device); skips the test where this account may make none.</summary>
    public static string Device(string path, bool block)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "devices are no files of Windows");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may make device nodes");

        // The numbers of /dev/zero; and of a driver that the systems leave to local use, so that opening the node is an error.
        string[] numbers = block ? ["b", "240", "0"] : OperatingSystem.IsMacOS() ? ["c", "3", "3"] : ["c", "1", "5"];
        Assert.SkipUnless(Run("mknod", [path, .. numbers]) == 0, "root of this container or file system may not make device nodes");
        return path;
    }

    /// <summary>A socket that stays when its owner is gone.</summary>
    public static void Socket(ScratchFolder scratch, string relative)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sockets of Windows are files of another kind");

        // Its path may have about a hundred bytes: it is bound under a short one and moved.
        string at = Path.Combine(Path.GetTempPath(), $"s{Environment.ProcessId}{Path.GetRandomFileName()}");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(at));
            Assert.Equal(0, Run("mv", at, scratch[relative]));
        }

        Assert.True(File.Exists(scratch[relative]));
    }

    /// <summary>A link; skips the test where the account may not make one.</summary>
    public static void Link(string path, string target)
    {
        try
        {
            if (Directory.Exists(target))
            {
                Directory.CreateSymbolicLink(path, target);
            }
            else
            {
                File.CreateSymbolicLink(path, target);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"this account may not make links: {refused.Message}");
        }
    }

    /// <summary>Exit code of another program; -1 where it is not there.</summary>
    public static int Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
            {
                process.Kill(entireProcessTree: true);
            }

            Task.WaitAll(error, output);
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
