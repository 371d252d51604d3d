using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Files;

/// <summary>
/// Every write is: temporary file, flush, rename, flush of the folder. No reader sees that a flush was left out, so each way to a
/// final name is watched: when a file gets its name its bytes were flushed after the last write, and the folder is flushed after.
/// </summary>
public sealed class DiskFlushTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_file_is_flushed_before_its_rename_and_its_folder_after() =>
        Watch("a.txt", path => AtomicFile.WriteAllText(path, "whole"));

    [Fact]
    public void A_streamed_file_is() => Watch("a.txt", path => AtomicFile.Write(path, static stream => stream.Write(new byte[300_000])));

    [Fact]
    public void A_new_file_is() => Watch("a.txt", path => Assert.True(AtomicFile.TryCreateNew(path, "new"u8)));

    [Fact]
    public void A_file_that_goes_to_disk_while_it_is_written_is_flushed_once_more_at_its_end() => Watch("a.bin", path =>
    {
        using PendingFile pending = PendingFile.Create(Path.GetDirectoryName(path)!);
        for (int i = 0; i < 9; i++)
        {
            pending.FlushedStream.Write(new byte[1 << 20]);
        }

        pending.BeginFlush();
        pending.FlushedStream.Write([1]);
        pending.Commit(path, readOnly: true);
    });

    [Fact]
    public void A_copy_in_place_of_a_link_is()
    {
        string source = _folder.Write("source", "bytes");
        var watch = new Watching();
        using IDisposable observed = DiskFlush.Observe(watch);
        AtomicFile.HardLinkOrCopy(source, _folder["linked"]);

        // The link's bytes are the source's; its name is new.
        Assert.Contains($"folder {_folder.Path} linked,source", watch.Events);
    }

    [Fact]
    public void An_object_and_its_new_folder_are()
    {
        var store = new LocalObjectStore(_folder["archive"]);
        var watch = new Watching();
        string sha256;
        using (DiskFlush.Observe(watch))
        {
            (sha256, _) = store.AddBytes("abc"u8);
        }

        string folder = Path.GetDirectoryName(store.PathOf(sha256))!;
        watch.RequireFlushed(store.PathOf(sha256), bytes: 3);

        // Each folder that was made is flushed into its parent.
        Assert.Contains(watch.Events, flush => flush == $"folder {_folder.Path} ");
        Assert.Contains(watch.Events, flush => flush.StartsWith($"folder {_folder["archive"]} ", StringComparison.Ordinal));
        Assert.Contains(watch.Events, flush => flush.StartsWith($"folder {Path.GetDirectoryName(folder)} ", StringComparison.Ordinal));

        watch.Events.Clear();
        using (DiskFlush.Observe(watch))
        {
            store.Remove(sha256);
        }

        Assert.Equal($"folder {folder} ", Assert.Single(watch.Events));
    }

    [Fact]
    public void All_that_a_slice_writes_under_a_final_name_is()
    {
        using var temporary = new TemporaryRepository();
        string export = temporary.Write("a.json", ExportPlan.ForTasks(SampleKind.Body, 5));
        Repository repository = temporary.Repository;
        var watch = new Watching();
        using (DiskFlush.Observe(watch))
        {
            AddExport.Run(repository, export, "a", temporary.Context);
            NewSlice.Run(repository, new NewSliceRequest("v1"), temporary.Context);
        }

        string[] written =
        [
            .. Directory.GetFiles(temporary.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Where(path => path != export && !path.EndsWith("harvest.json", StringComparison.Ordinal))
                .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}locks{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Where(static path => Path.GetFileName(path) != ".gitignore")
                .Where(static path => !ShowsByItselfWhetherItIsWhole(path)),
        ];
        Assert.Contains(written, static path => path.EndsWith("slice.json", StringComparison.Ordinal));
        Assert.Contains(written, static path => path.EndsWith("part.json", StringComparison.Ordinal));
        Assert.Contains(written, static path => path.EndsWith(".parquet", StringComparison.Ordinal));
        Assert.All(written, path => Assert.True(watch.IsNameFlushed(path), $"the name '{path}' was not flushed"));
        Assert.All(
            written.Where(static path => !path.EndsWith(".parquet", StringComparison.Ordinal) || path.Contains("parts", StringComparison.Ordinal)),
            path => watch.RequireFlushed(path, new FileInfo(path).Length));
    }

    /// <summary>One flush for all of them: a folder's flush waits for the disk however few names are new.</summary>
    [Fact]
    public void The_names_of_a_parts_tables_are_flushed_together_and_before_its_record_has_its_own()
    {
        using var temporary = new TemporaryRepository();
        string export = temporary.Write("a.json", ExportPlan.ForTasks(SampleKind.Body, 5));
        AddExport.Run(temporary.Repository, export, "a", temporary.Context);
        var watch = new Watching();
        using (DiskFlush.Observe(watch))
        {
            NewSlice.Run(temporary.Repository, new NewSliceRequest("v1"), temporary.Context);
        }

        string record = Assert.Single(Directory.GetFiles(temporary.PathOf(".harvest/cache/parts"), "part.json", SearchOption.AllDirectories));
        string folder = $"folder {Path.GetDirectoryName(record)} ";
        string[][] flushed =
        [
            .. watch.Events.Where(flush => flush.StartsWith(folder, StringComparison.Ordinal))
                .Select(flush => flush[folder.Length..].Split(',').Where(static name => !PendingFile.IsOwn(name)).ToArray()),
        ];
        Assert.Equal(2, flushed.Length);
        Assert.DoesNotContain("part.json", flushed[0]);
        Assert.Equal(flushed[0].Append("part.json").Order(StringComparer.Ordinal), flushed[1].Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Path.GetDirectoryName(record)!, "*.parquet"), table => Assert.Contains(Path.GetFileName(table), flushed[0]));
    }

    // Each carries a digest of all its bytes, and is made again where that is wrong.
    private static bool ShowsByItselfWhetherItIsWhole(string path) =>
        Path.GetFileName(path) is "stat-cache.txt" or "people.index" || Path.GetFileName(Path.GetDirectoryName(path)) == "tasks";

    /// <summary>A closed file is the one that only the system's own call refuses: what flushes nothing would not see that it is closed.</summary>
    [Fact]
    public void The_system_is_asked_to_flush_a_file()
    {
        SafeFileHandle handle = File.OpenHandle(_folder["a"], FileMode.CreateNew, FileAccess.Write);
        DiskFlush.OfSystem.File(handle, _folder["a"]);
        handle.Dispose();

        Assert.Throws<ObjectDisposedException>(() => DiskFlush.OfSystem.File(handle, _folder["a"]));
    }

    [Fact]
    public void The_system_is_asked_to_flush_a_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the names of a folder in a journal");

        Assert.True(UnixNative.FlushFolder(_folder.Path));
        Assert.False(UnixNative.FlushFolder(_folder["gone"]));
    }

    private void Watch(string name, Action<string> write)
    {
        var watch = new Watching();
        using (DiskFlush.Observe(watch))
        {
            write(_folder[name]);
        }

        watch.RequireFlushed(_folder[name], new FileInfo(_folder[name]).Length);
    }

    /// <summary>Notes each flush with what was there at that moment, and flushes.</summary>
    private sealed class Watching : IDiskFlush
    {
        private readonly Lock _gate = new();
        private readonly List<(string Folder, long Bytes)> _files = [];

        /// <summary><c>file PATH BYTES</c>, <c>folder PATH NAMES</c>.</summary>
        public List<string> Events { get; } = [];

        public void File(SafeFileHandle file, string path)
        {
            DiskFlush.OfSystem.File(file, path);
            lock (_gate)
            {
                // Under its temporary name, so before the rename.
                Assert.StartsWith(PendingFile.TemporaryPrefix, Path.GetFileName(path), StringComparison.Ordinal);
                Assert.True(System.IO.File.Exists(path));
                long bytes = RandomAccess.GetLength(file);
                _files.Add((Path.GetDirectoryName(path)!, bytes));
                Events.Add($"file {path} {bytes}");
            }
        }

        public void Folder(string folder)
        {
            DiskFlush.OfSystem.Folder(folder);
            lock (_gate)
            {
                Events.Add($"folder {folder} {string.Join(',', Names(folder))}");
            }
        }

        public bool IsNameFlushed(string path)
        {
            string folder = Path.GetDirectoryName(path)!;
            return Events.Any(flush => flush.StartsWith($"folder {folder} ", StringComparison.Ordinal)
                && flush[(folder.Length + 8)..].Split(',').Contains(Path.GetFileName(path)));
        }

        /// <summary>A file of so many bytes was flushed whole, and after that the folder in which it had its name.</summary>
        public void RequireFlushed(string path, long bytes)
        {
            string folder = Path.GetDirectoryName(path)!;
            int whole = Events.FindIndex(flush => flush.StartsWith("file ", StringComparison.Ordinal) && flush.EndsWith($" {bytes}", StringComparison.Ordinal));
            int named = Events.FindLastIndex(flush => flush.StartsWith($"folder {folder} ", StringComparison.Ordinal)
                && flush[(folder.Length + 8)..].Split(',').Contains(Path.GetFileName(path)));
            Assert.True(whole >= 0, $"no file of {bytes} bytes was flushed for '{path}': {string.Join("; ", Events)}");
            Assert.True(named > whole, $"the folder of '{path}' was not flushed after it had its name: {string.Join("; ", Events)}");
        }

        private static IEnumerable<string> Names(string folder) =>
            Directory.GetFiles(folder).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
    }
}
