using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What the commands leave on disk: flushed before it has its name, and protected where it is never to change.</summary>
public sealed partial class DurabilityTests
{
    private const UnixFileMode AnyWrite = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>As the system itself saw it: no observer of ours is between the two.</summary>
    [Fact]
    public void Every_file_is_flushed_before_it_has_its_name_and_its_folder_after()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "strace is a program of Linux");
        ProgramOnPath.Require("strace");
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("hands.json", SmallExport.Hands(tasks: 6));
        List<(string Call, string Path, string Target)> calls = [.. Trace(scratch, "add", "hands.json", "-p", "b", "-q"), .. Trace(scratch, "new", "v1", "-q")];

        (int At, string From, string To)[] named =
        [
            .. calls.Select(static (call, at) => (at, call.Path, call.Target))
                .Where(static call => call.Target.Length > 0 && Path.GetFileName(call.Path).StartsWith(".tmp-", StringComparison.Ordinal))

                // These two show by themselves whether they are whole, and are made again where they are not.
                .Where(static call => Path.GetFileName(call.Target) is not ("stat-cache.txt" or "people.index") && !call.Target.Contains("/cache/tasks/", StringComparison.Ordinal)),
        ];
        foreach (string kept in (string[])["sha256/", "exports/b-", "slices/v1/slice.json", "part.json", ".parquet"])
        {
            Assert.Contains(named, call => call.To.Contains(kept, StringComparison.Ordinal));
        }

        Assert.All(named, call =>
        {
            string folder = Path.GetDirectoryName(call.To)!;
            Assert.True(calls.FindIndex(one => one.Call == "fsync" && one.Path == call.From) is >= 0 and var file && file < call.At, $"'{call.To}' has its name before its bytes are on disk");
            Assert.True(calls.FindLastIndex(one => one.Call == "fsync" && one.Path == folder) > call.At, $"the name '{call.To}' is not flushed");
        });
    }

    [Fact]
    public void Objects_and_tables_are_read_only_and_as_readable_as_any_new_file()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string plain = scratch.Write("plain.txt", "");
        string[] kept =
        [
            .. Directory.GetFiles(scratch[".harvest/archive/sha256"], "*", SearchOption.AllDirectories),
            .. Directory.GetFiles(scratch[".harvest/cache"], "*.parquet", SearchOption.AllDirectories),
        ];
        Assert.True(kept.Length > 10);
        Assert.All(kept, static file => Assert.True(File.GetAttributes(file).HasFlag(FileAttributes.ReadOnly), $"'{file}' may be written"));
        if (!OperatingSystem.IsWindows())
        {
            // Whoever the umask lets read other files may read these.
            UnixFileMode expected = File.GetUnixFileMode(plain) & ~AnyWrite;
            foreach (string file in kept)
            {
                Assert.Equal(expected, File.GetUnixFileMode(file));
            }
        }

        // What people edit and git merges stays writable.
        foreach (string file in (string[])["harvest.json", "slices/v1/slice.json"])
        {
            Assert.False(File.GetAttributes(scratch[file]).HasFlag(FileAttributes.ReadOnly));
        }
    }

    /// <summary>The calls that flush and name files below the folder, in order.</summary>
    private static IEnumerable<(string Call, string Path, string Target)> Trace(ScratchFolder scratch, params string[] arguments)
    {
        string log = scratch["trace.txt"];
        scratch.RunWithProgram(
            "strace", ["-f", "-qq", "-y", "-s", "4096", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat", "-o", log, "dotnet", HarvestProgram.AssemblyPath, .. arguments]).Exits(0);
        foreach (string line in File.ReadLines(log))
        {
            if (Flush().Match(line) is { Success: true } flush)
            {
                yield return ("fsync", Unescaped(flush.Groups[1].Value), "");
            }
            else if (Naming().Match(line) is { Success: true } naming)
            {
                yield return ("name", Unescaped(naming.Groups[1].Value), Unescaped(naming.Groups[2].Value));
            }
        }
    }

    /// <summary>Letters beyond ASCII are in the log as octal bytes.</summary>
    private static string Unescaped(string text)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < text.Length; i++)
        {
            bool octal = text[i] == '\\' && i + 3 < text.Length && text[i + 1] is >= '0' and <= '3';
            bytes.Add(octal ? (byte)Convert.ToInt32(text.Substring(i + 1, 3), 8) : (byte)text[i]);
            i += octal ? 3 : 0;
        }

        return System.Text.Encoding.UTF8.GetString([.. bytes]);
    }

    // Of a call that another thread's interrupts in the log, the first half has all that matters.
    [GeneratedRegex(@"^\d+ +f(?:data)?sync\(\d+<(.*?)>")]
    private static partial Regex Flush();

    [GeneratedRegex("^\\d+ +(?:rename|link)[a-z0-9]*\\((?:AT_FDCWD(?:<.*?>)?, )?\"(.*?)\", (?:AT_FDCWD(?:<.*?>)?, )?\"(.*?)\"")]
    private static partial Regex Naming();
}
