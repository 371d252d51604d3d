using System.Diagnostics;
using System.Globalization;
using HarvestTools.Files;

namespace HarvestTools.Tests.Files;

/// <summary>What a killed process left is gone once the next one has written there; what is in use stays.</summary>
public sealed class StaleFilesTests : IDisposable
{
    // No system gives processes such numbers.
    private const string Dead = ".tmp-2147483646-0123456789ab";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_next_write_into_a_folder_removes_what_killed_processes_left_there()
    {
        _folder.Write("a/" + Dead, "half");
        _folder.Write("a/.tmp-2147483646-0123456789ac/table.parquet", "set aside");
        _folder.Write("a/.tmp-2147483646-0123456789abcdef.rows", "rows");
        _folder.Write("other/" + Dead, "half");
        _folder.Write("a/tmp-2147483646-0123456789ab", "a file of the user");

        AtomicFile.WriteAllText(_folder["a/b.txt"], "new");

        Assert.Equal(["b.txt", "tmp-2147483646-0123456789ab"], _folder.Names("a").Order(StringComparer.Ordinal));
        Assert.Equal([Dead], _folder.Names("other"));
    }

    [Fact]
    public void Files_of_running_processes_stay()
    {
        string held = Name(Environment.ProcessId, 1);
        _folder.Write("a/" + held, "in use");
        using PendingFile pending = PendingFile.Create(_folder["a"]);
        AtomicFile.WriteAllText(_folder["a/b.txt"], "new");
        Assert.Equal(new[] { held, Path.GetFileName(pending.TemporaryPath), "b.txt" }.Order(), _folder.Names("a").Order());
    }

    /// <summary>On a share the lock that a writer holds may not be seen either.</summary>
    [Fact]
    public void The_number_of_a_process_of_another_machine_says_nothing()
    {
        string mine = $"{Dead}-{StaleFiles.Machine}";
        string theirs = $"{Dead}-{(StaleFiles.Machine == "00000000" ? "00000001" : "00000000")}";
        _folder.Write("a/" + mine, "half");
        _folder.Write("a/" + theirs, "under way");
        AtomicFile.WriteAllText(_folder["a/b.txt"], "new");
        Assert.Equal([theirs, "b.txt"], _folder.Names("a").Order(StringComparer.Ordinal));

        Assert.Null(StaleFiles.ProcessOf(theirs));
        Assert.Equal(Environment.ProcessId, StaleFiles.ProcessOf(PendingFile.TemporaryName(_folder.Path)));
    }

    [Fact]
    public void A_day_old_file_goes_whatever_its_process_is_unless_it_is_open()
    {
        string old = Name(Environment.ProcessId, 1);
        string open = Name(Environment.ProcessId, 2);
        foreach (string name in new[] { old, open })
        {
            _folder.Write("a/" + name, "x");
            File.SetLastWriteTimeUtc(_folder["a/" + name], DateTime.UtcNow.AddDays(-2));
        }

        using (new FileStream(_folder["a/" + open], FileMode.Open, FileAccess.Read, FileShare.None))
        {
            AtomicFile.WriteAllText(_folder["a/b.txt"], "new");
        }

        Assert.Equal([open, "b.txt"], _folder.Names("a").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_written_before_its_process_began_is_of_another_that_had_the_number()
    {
        string earlier = Name(Environment.ProcessId, 1);
        _folder.Write("a/" + earlier, "x");
        using var self = Process.GetCurrentProcess();
        File.SetLastWriteTimeUtc(_folder["a/" + earlier], self.StartTime.ToUniversalTime().AddMinutes(-1));
        AtomicFile.WriteAllText(_folder["a/b.txt"], "new");
        Assert.Equal(["b.txt"], _folder.Names("a"));
    }

    [Fact]
    public void Removing_a_folder_takes_the_rests_of_earlier_removals_along()
    {
        _folder.Write($"slices/{Dead}/slice.json", "{}");
        _folder.Write("slices/v1/slice.json", "{}");
        string aside = SetAsideFolder.Take(_folder["slices/v1"])!;
        Assert.Equal([Path.GetFileName(aside)], Directory.GetDirectories(_folder["slices"]).Select(Path.GetFileName));
    }

    private static string Name(int process, int number) => string.Create(CultureInfo.InvariantCulture, $".tmp-{process}-{number:x12}");
}
