using System.Text;
using HarvestTools.Files;

namespace HarvestTools.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_write_leaves_the_file_and_no_temporary_one()
    {
        AtomicFile.WriteAllText(_folder["deep/er/a.txt"], "é\n");

        Assert.Equal([0xC3, 0xA9, (byte)'\n'], File.ReadAllBytes(_folder["deep/er/a.txt"]));
        Assert.Equal(["a.txt"], _folder.Names("deep/er"));
    }

    [Fact]
    public void A_write_that_fails_keeps_what_was_there_and_leaves_nothing_else()
    {
        _folder.Write("a.txt", "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder["a.txt"], stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(_folder["a.txt"]));
        Assert.Equal(["a.txt"], _folder.Names());
    }

    [Fact]
    public void The_final_name_appears_only_at_the_commit()
    {
        using (PendingFile pending = PendingFile.Create(_folder.Path))
        {
            pending.Stream.Write("half"u8);
            pending.Stream.Flush();
            Assert.StartsWith($".tmp-{Environment.ProcessId}-", Assert.Single(_folder.Names()), StringComparison.Ordinal);
            pending.Commit(_folder["a"]);
            Assert.Equal(["a"], _folder.Names());
        }

        using (PendingFile pending = PendingFile.Create(_folder.Path))
        {
            pending.Stream.Write("never"u8);
        }

        Assert.Equal(["a"], _folder.Names());
        Assert.Equal("half", File.ReadAllText(_folder["a"]));
    }

    [Fact]
    public void A_read_only_file_is_marked_and_can_still_be_replaced()
    {
        AtomicFile.WriteAllText(_folder["a"], "1", readOnly: true);
        Assert.True(FileAccessBits.IsReadOnly(_folder["a"]));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder["a"]) & write);
            Assert.NotEqual(UnixFileMode.None, File.GetUnixFileMode(_folder["a"]) & UnixFileMode.UserRead);
        }

        AtomicFile.WriteAllText(_folder["a"], "2", readOnly: true);
        Assert.Equal("2", File.ReadAllText(_folder["a"]));
    }

    [Fact]
    public void Only_the_first_creates_a_name()
    {
        Assert.True(AtomicFile.TryCreateNew(_folder["a"], "1"u8));
        Assert.False(AtomicFile.TryCreateNew(_folder["a"], "2"u8));
        Assert.Equal("1", File.ReadAllText(_folder["a"]));
        Assert.Equal(["a"], _folder.Names());
    }

    [Fact]
    public void A_name_taken_after_the_first_look_is_not_replaced()
    {
        using PendingFile pending = PendingFile.Create(_folder.Path);
        pending.Stream.Write("late"u8);
        File.WriteAllText(_folder["a"], "early");

        Assert.False(pending.TryCommitNew(_folder["a"]));
        Assert.Equal("early", File.ReadAllText(_folder["a"]));
        pending.Dispose();
        Assert.Equal(["a"], _folder.Names());
    }

    [Fact]
    public void Of_many_threads_exactly_one_creates_a_name_and_its_bytes_stand_there()
    {
        for (int round = 0; round < 20; round++)
        {
            string path = _folder[$"race-{round}"];
            var won = new bool[8];
            Parallel.For(0, won.Length, i => won[i] = AtomicFile.TryCreateNew(path, Encoding.ASCII.GetBytes($"{i}")));
            int winner = Assert.Single(Enumerable.Range(0, won.Length), i => won[i]);
            Assert.Equal($"{winner}", File.ReadAllText(path));
        }
    }

    [Fact]
    public void A_link_shares_the_bytes_and_replaces_what_was_there()
    {
        _folder.Write("source", "bytes");
        _folder.Write("sub/target", "other");

        AtomicFile.HardLinkOrCopy(_folder["source"], _folder["sub/target"]);
        Assert.Equal("bytes", File.ReadAllText(_folder["sub/target"]));

        // Linked to itself a second time: rename(2) does nothing then, and the temporary name must still go.
        AtomicFile.HardLinkOrCopy(_folder["source"], _folder["sub/target"]);
        Assert.Equal(["target"], _folder.Names("sub"));
    }

    [Fact]
    public void Linking_across_file_systems_copies()
    {
        const string other = "/dev/shm";
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists(other), "needs a second file system");
        _folder.Write("source", "bytes");
        string target = Path.Combine(other, Path.GetFileName(_folder.Path));
        try
        {
            Assert.False(AtomicFile.HardLinkOrCopy(_folder["source"], target));
            Assert.Equal("bytes", File.ReadAllText(target));
        }
        finally
        {
            File.Delete(target);
        }
    }

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_an_error_with_path_and_remedy()
    {
        _folder.Write("a", "");

        HarvestException error = Assert.Throws<HarvestException>(() => AtomicFile.WriteAllText(_folder["a/b"], ""));
        Assert.Equal(HarvestFault.FileSystem, error.Fault);
        Assert.Contains(_folder["a"], error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy.ToString());
    }

    [Fact]
    public void A_full_disk_is_called_that()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "needs /dev/full");
        IOException raw = Assert.ThrowsAny<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
            full.Write(new byte[16]);
            full.Flush(flushToDisk: true);
        });

        HarvestException error = FileErrors.From(raw, "x.parquet", "write");
        Assert.Equal("DiskFull", error.ErrorId);
        Assert.Equal(HarvestFault.FileSystem, error.Fault);
    }

    [Fact]
    public void Reading_what_is_not_there_says_so()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => AtomicFile.ReadAllBytes(_folder["none"]));
        Assert.Equal("FileNotFound", error.ErrorId);
        Assert.Equal(HarvestFault.NotFound, error.Fault);
    }

    [Fact]
    public void Reading_a_folder_says_that_it_is_one()
    {
        Directory.CreateDirectory(_folder["sub"]);
        HarvestException error = Assert.Throws<HarvestException>(() => AtomicFile.ReadAllBytes(_folder["sub"]));
        Assert.Equal("NotAFile", error.ErrorId);
    }

    [Fact]
    public void A_lock_is_held_against_others_until_it_is_released()
    {
        using (FileLock.Acquire(_folder["lock"]))
        {
            IOException refused = Assert.ThrowsAny<IOException>(() => new FileStream(_folder["lock"], FileMode.Open, FileAccess.ReadWrite, FileShare.None));
            Assert.True(FileErrors.IsSharingViolation(refused));
        }

        FileLock.Acquire(_folder["lock"]).Dispose();
    }
}
