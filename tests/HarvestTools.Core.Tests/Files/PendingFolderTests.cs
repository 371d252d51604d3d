using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Files;

/// <summary>A folder that gets its name when all that is in it is complete.</summary>
public sealed class PendingFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_has_its_name_only_when_it_is_committed()
    {
        using (PendingFolder pending = Written("a", "b"))
        {
            Assert.False(Directory.Exists(_folder["made"]));
            pending.Commit(_folder["made"]);
        }

        Assert.Equal(["a", "b"], Names("made"));
        Assert.Equal("text of a", File.ReadAllText(_folder["made/a"]));
        Assert.True(FileAccessBits.IsReadOnly(_folder["made/a"]));
        Assert.False(FileAccessBits.IsReadOnly(_folder["made/b"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Without_a_commit_nothing_of_it_stays()
    {
        Written("a", "b").Dispose();
        using (PendingFolder open = PendingFolder.Create(_folder.Path))
        {
            open.Begin("a", readOnly: true).Write(new byte[100_000]);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Files_of_a_folder_that_is_there_are_replaced_and_others_stay()
    {
        _folder.Write("made/a", "old");
        _folder.Write("made/c", "other");
        File.SetAttributes(_folder["made/a"], FileAttributes.ReadOnly);
        using (PendingFolder pending = Written("a", "b"))
        {
            pending.Commit(_folder["made"]);
            pending.Commit(_folder["made"]);
        }

        Assert.Equal(["a", "b", "c"], Names("made"));
        Assert.Equal("text of a", File.ReadAllText(_folder["made/a"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_file_that_all_else_is_as_good_without_is_left_out_where_it_cannot_be_written()
    {
        Directory.CreateDirectory(_folder["made/b"]);
        using (PendingFolder pending = PendingFolder.Create(_folder.Path))
        {
            pending.Begin("b", optional: true).Write("text"u8);
            pending.Begin("a").Write("text"u8);
            pending.Complete();
            pending.Commit(_folder["made"]);
        }

        Assert.Equal("text", File.ReadAllText(_folder["made/a"]));
        Assert.True(Directory.Exists(_folder["made/b"]));
    }

    [Fact]
    public void A_file_whose_name_is_taken_by_something_else_is_named()
    {
        _folder.Write("made/a/x", "of the user");
        using PendingFolder pending = Written("a", "b");

        HarvestException fault = Assert.Throws<HarvestException>(() => pending.Commit(_folder["made"]));

        Assert.Equal(HarvestFault.FileSystem, fault.Fault);
        Assert.Contains(_folder["made/a"], fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Several folders are written at once on each thread, and a process may have few files open.</summary>
    [Fact]
    public void Small_files_are_not_open_before_their_end()
    {
        using PendingFolder pending = PendingFolder.Create(_folder.Path);
        Stream small = pending.Begin("small");
        Stream large = pending.Begin("large");
        for (int i = 0; i < 3; i++)
        {
            small.Write(new byte[2_000]);
            large.Write(new byte[3_000]);
        }

        Assert.Equal(["large"], Directory.GetFiles(pending.TemporaryPath).Select(static path => Path.GetFileName(path)));
        pending.Complete();
        Assert.Equal([9_000, 6_000], new[] { "large", "small" }.Select(name => new FileInfo(Path.Combine(pending.TemporaryPath, name)).Length));
    }

    [Fact]
    public void What_may_be_written_has_the_mode_that_other_new_files_have()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows inherits permissions");

        using (PendingFolder pending = Written("a", "b"))
        {
            pending.Commit(_folder["made"]);
        }

        File.WriteAllText(_folder["plain"], "");
        const UnixFileMode Write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        Assert.Equal(ModeOf("plain"), ModeOf("made/b"));
        Assert.Equal(ModeOf("plain") & ~Write, ModeOf("made/a"));

        UnixFileMode ModeOf(string name) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(_folder[name]);
    }

    /// <summary>What is not on disk has no name: the flush that fails is the one for all of them.</summary>
    [Fact]
    public void Each_file_is_flushed_before_the_folder_has_its_name()
    {
        var watch = new Watching();
        using (DiskFlush.Observe(watch))
        using (PendingFolder pending = Written("a", "b"))
        {
            Assert.Equal(["a 9", "b 9"], watch.Events);
            DiskFlush.Current.Rest([pending.TemporaryPath]);
            Assert.Equal("rest a,b", watch.Events[^1]);
        }
    }

    [Fact]
    public void Files_of_one_folder_are_written_with_one_wait()
    {
        _folder.Write("a", "old");
        var watch = new Watching();
        using (DiskFlush.Observe(watch))
        {
            AtomicFile.WriteAll(_folder.Path, [(_folder["a"], "new a"u8.ToArray()), (_folder["b"], "b"u8.ToArray())]);
        }

        Assert.Equal(2, watch.Events.Count(static one => one.EndsWith(" 5", StringComparison.Ordinal) || one.EndsWith(" 1", StringComparison.Ordinal)));

        // None has its name when all of them are on disk, and the names are flushed at the end.
        Assert.StartsWith("rest .tmp-", watch.Events[2], StringComparison.Ordinal);
        Assert.EndsWith(",a", watch.Events[2], StringComparison.Ordinal);
        Assert.Equal("folder a,b", watch.Events[^1]);
        Assert.Equal(4, watch.Events.Count);
        Assert.Equal("new a", File.ReadAllText(_folder["a"]));
        Assert.Equal("b", File.ReadAllText(_folder["b"]));
    }

    [Fact]
    public void Where_one_cannot_be_written_none_is()
    {
        _folder.Write("a", "old");
        var faults = new HarvestTools.Tests.Faults.InjectedFault(6, HarvestTools.Tests.Faults.FaultKind.Broken);
        using (faults.Use())
        {
            Assert.Equal(
                HarvestFault.FileSystem,
                Assert.Throws<HarvestException>(() => AtomicFile.WriteAll(_folder.Path, [(_folder["a"], "new"u8.ToArray()), (_folder["b"], "b"u8.ToArray())])).Fault);
        }

        Assert.Equal("old", File.ReadAllText(_folder["a"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_system_flushes_a_file_system_as_a_whole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems flush each file");

        Assert.SkipUnless(UnixNative.FlushFileSystem(_folder.Path), "the temporary folder is on a file system that is flushed file by file");
        Assert.False(UnixNative.FlushFileSystem(_folder["gone"]));

        // That of the kernel's own files is none that keeps anything.
        Assert.False(UnixNative.FlushFileSystem("/proc"));
    }

    /// <summary>File by file, where the system has nothing better: of another folder those alone that have temporary names.</summary>
    [Fact]
    public void What_is_left_for_later_can_be_flushed_file_by_file()
    {
        using PendingFolder pending = Written("a", "b");
        DiskFlush.OfSystem.Rest([pending.TemporaryPath]);
        DiskFlush.OfSystem.Rest([]);
        pending.Commit(_folder["made"]);

        Assert.Equal(["a", "b"], Names("made"));
    }

    private PendingFolder Written(params string[] names)
    {
        PendingFolder pending = PendingFolder.Create(_folder.Path);
        foreach (string name in names)
        {
            pending.Begin(name, readOnly: name == "a").Write(System.Text.Encoding.UTF8.GetBytes($"text of {name}"));
        }

        pending.Complete();
        return pending;
    }

    private string[] Names(string folder) => [.. Directory.GetFileSystemEntries(_folder[folder]).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private sealed class Watching : IDiskFlush
    {
        public List<string> Events { get; } = [];

        public void File(SafeFileHandle file, string path) => Events.Add($"{Path.GetFileName(path)} {RandomAccess.GetLength(file)}");

        public void Folder(string folder) => Events.Add($"folder {Names(folder)}");

        public void Rest(IReadOnlyList<string> folders) => Events.Add($"rest {string.Join(' ', folders.Select(Names))}");

        private static string Names(string folder) =>
            string.Join(',', Directory.GetFileSystemEntries(folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }
}
