using System.Security.Cryptography;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Workflows;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Workflows;

/// <summary>Small exports that are derived side by side, and get their places in the cache together.</summary>
public sealed class ManySmallExportsTests : IDisposable
{
    private const int Many = 12;

    private readonly TemporaryRepository _many = new();
    private readonly TemporaryRepository _single = new();

    public void Dispose()
    {
        _many.Dispose();
        _single.Dispose();
    }

    /// <summary>The oracle is each export's slice of its own, which is derived on all threads, file by file.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void Files_of_their_parts_are_those_of_exports_derived_one_by_one(int threads, bool labels)
    {
        string[] exports = [.. Enumerable.Range(0, Many).Select(i => Archive(_many, i, labels))];
        foreach (string export in exports)
        {
            Archive(_single, Array.IndexOf(exports, export), labels);
            NewSlice.Run(_single.Repository, new NewSliceRequest($"v{Array.IndexOf(exports, export)}") { Exports = [export], AllowShrink = true }, _single.Context);
        }

        NewSliceResult made = NewSlice.Run(_many.Repository, new NewSliceRequest("v1"), _many.Context with { Threads = threads });

        Assert.Equal(Digests(_single, ".harvest/cache/parts"), Digests(_many, ".harvest/cache/parts"));
        Assert.All(made.Built!.Tables, static table => Assert.Equal(BuildStatus.Regenerated, table.Status));
        Assert.Equal(
            _single.Repository.Archive.List().Select(static record => (record.Project, record.LabelSha256, record.Tasks, record.Annotations)),
            _many.Repository.Archive.List().Select(static record => (record.Project, record.LabelSha256, record.Tasks, record.Annotations)));
        Assert.All(_many.Repository.Archive.List(), static record => Assert.NotNull(record.LabelSha256));
        Assert.All(Directory.GetFiles(_many.PathOf(".harvest/cache/parts"), "*.parquet", SearchOption.AllDirectories), static table => Assert.True(FileAccessBits.IsReadOnly(table)));
        Assert.All(_many.New("v2").Built!.Tables, static table => Assert.NotEqual(BuildStatus.Regenerated, table.Status));
    }

    [Fact]
    public void Their_slice_is_built_again_without_a_cache()
    {
        for (int i = 0; i < Many; i++)
        {
            Archive(_many, i, labels: true);
        }

        SliceManifest slice = _many.New("v1").Slice;
        IReadOnlyDictionary<string, string> before = Digests(_many, ".harvest/cache");
        DeleteCache();
        BuiltSlice built = BuildSlice.Run(_many.Repository, slice, _many.Context);

        Assert.All(built.Tables, static table => Assert.Equal(BuildStatus.Regenerated, table.Status));
        Assert.Equal(before, Digests(_many, ".harvest/cache"));
    }

    /// <summary>A part of each of the others is there, and the same command goes on from them.</summary>
    [Fact]
    public void A_fault_of_one_keeps_what_is_derived_of_others()
    {
        string[] exports = [.. Enumerable.Range(0, Many).Select(i => Archive(_many, i, labels: true))];
        Damage(exports[2]);
        Damage(exports[9]);

        HarvestException fault = Assert.Throws<HarvestException>(() => NewSlice.Run(_many.Repository, new NewSliceRequest("v1"), _many.Context with { Threads = 3 }));

        Assert.Contains(exports[2][..12], fault.Message, StringComparison.Ordinal);
        Assert.Empty(_many.Repository.Slices.Versions());

        // Those before the first fault were begun before it. Of those behind it some may be done.
        Assert.InRange(Parts().Length, 2, Many - 2);
        NewSliceResult made = _many.New(new NewSliceRequest("v1") { Exports = [exports[0], exports[1]] });
        Assert.All(made.Built!.Tables, static table => Assert.NotEqual(BuildStatus.Regenerated, table.Status));
    }

    [Fact]
    public void A_batch_that_fails_leaves_the_one_before_it_in_its_place()
    {
        // More than get their places at once.
        string[] exports = [.. Enumerable.Range(0, 140).Select(i => Archive(_many, i, labels: true))];
        Damage(exports[135]);

        Assert.Contains(exports[135][..12], Assert.Throws<HarvestException>(() => _many.New("v1")).Message, StringComparison.Ordinal);

        Assert.InRange(Parts().Length, 135, 139);
        Assert.DoesNotContain(Directory.GetDirectories(_many.PathOf(".harvest/cache/parts")), static folder => PendingFile.IsTemporary(Path.GetFileName(folder)));
        NewSliceResult made = _many.New(new NewSliceRequest("v1") { Exports = exports[..135] });
        Assert.Equal(135 * 6, made.Built!.Tables.Count);
        Assert.All(made.Built.Tables, static table => Assert.NotEqual(BuildStatus.Regenerated, table.Status));
    }

    [Fact]
    public void Of_several_faults_the_first_export_says_its_own()
    {
        for (int i = 0; i < Many; i++)
        {
            string path = _many.WriteText($"label_studio/p{i:D3}.json", $"[{{\"id\":{i},\"data\":{{}},\"annotations\":[{{\"id\":\"x\"}}]}}]");
            AddExport.Run(_many.Repository, path, $"p{i:D3}", _many.Context, labels: false);
        }

        HarvestException fault = Assert.Throws<HarvestException>(() => NewSlice.Run(_many.Repository, new NewSliceRequest("v1"), _many.Context with { Threads = 4 }));

        Assert.StartsWith("p000-", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Parts());
    }

    [Fact]
    public void One_without_all_of_its_labels_is_refused()
    {
        for (int i = 0; i < Many; i++)
        {
            Archive(_many, i, labels: false);
        }

        string path = _many.WriteText("label_studio/none.json", "[{\"id\":1,\"data\":{},\"total_annotations\":2,\"annotations\":[]}]");
        AddExport.Run(_many.Repository, path, "zz", _many.Context, labels: false);

        Assert.Equal("CandidateHasNoLabels", Assert.Throws<HarvestException>(() => _many.New("v1")).ErrorId);
        Assert.Empty(_many.Repository.Slices.Versions());
    }

    [Fact]
    public void Those_of_one_project_that_share_tasks_are_refused_and_resolved()
    {
        string[] exports = [.. Enumerable.Range(0, Many).Select(i => Add($"label_studio/e{i:D3}.json", Plan(i) with { ProjectId = 7 }, labels: i % 2 == 0))];
        exports = [.. exports, Add("label_studio/again.json", Plan(3) with { ProjectId = 7, Seed = 99 }, labels: false)];

        var request = new NewSliceRequest("v1") { Exports = exports };
        HarvestException fault = Assert.Throws<HarvestException>(() => _many.New(request));
        Assert.Equal("ExportsOverlap", fault.ErrorId);

        NewSliceResult made = _many.New(request with { Prefer = "newest" });
        Assert.Equal([exports[3]], made.Slice.Exports.Where(static export => export.SupersededBy.Count > 0).Select(static export => export.Sha256));
        Assert.Equal(DriftStatus.Clean, new CheckSlice(_many.Repository, _many.Context).Run(made.Slice, quick: false).Status);

        string Add(string path, ExportPlan plan, bool labels) => AddExport.Run(_many.Repository, _many.Write(path, plan), "p", _many.Context, labels: labels).Sha256;
    }

    /// <summary>A cache with the folders of parts and nothing in them: somebody deleted files.</summary>
    [Fact]
    public void A_part_that_is_not_whole_is_replaced_where_it_is()
    {
        for (int i = 0; i < Many; i++)
        {
            Archive(_many, i, labels: true);
        }

        SliceManifest slice = _many.New("v1").Slice;
        IReadOnlyDictionary<string, string> before = Digests(_many, ".harvest/cache/parts");
        foreach (string record in Parts())
        {
            File.SetAttributes(record, FileAttributes.Normal);
            File.WriteAllText(record, "{}");
        }

        BuildSlice.Run(_many.Repository, slice, _many.Context);

        Assert.Equal(before, Digests(_many, ".harvest/cache/parts"));
    }

    [Fact]
    public void What_is_stopped_leaves_no_part_half_written()
    {
        for (int i = 0; i < Many; i++)
        {
            Archive(_many, i, labels: true);
        }

        using var stop = new CancellationTokenSource();
        var progress = new StoppingProgress(stop);
        Assert.ThrowsAny<OperationCanceledException>(
            () => NewSlice.Run(_many.Repository, new NewSliceRequest("v1"), _many.Context with { Cancellation = stop.Token, Progress = progress }));

        Assert.Empty(Directory.Exists(_many.PathOf(".harvest/cache/parts")) ? Directory.GetFileSystemEntries(_many.PathOf(".harvest/cache/parts")) : []);
        Assert.Equal(Many * 6, _many.New("v1").Built!.Tables.Count);
    }

    /// <summary>A cache may be deleted at any time, also between the files of parts and their names.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cache_that_is_deleted_meanwhile_is_filled_again(bool labels)
    {
        for (int i = 0; i < Many; i++)
        {
            Archive(_many, i, labels);
        }

        NewSliceResult made;
        using (DiskFlush.Observe(new Deleting(_many.PathOf(".harvest/cache/parts"))))
        {
            made = _many.New("v1");
        }

        Assert.Equal(Many * 6, made.Built!.Tables.Count);
        Assert.All(made.Built.Tables, static table => Assert.True(File.Exists(table.Path)));
        Assert.Equal(DriftStatus.Clean, new CheckSlice(_many.Repository, _many.Context).Run(made.Slice, quick: false).Status);
        Assert.Equal(Many, Parts().Length);
    }

    /// <summary>However many threads there are, what they have under way stays a few megabytes.</summary>
    [Theory]
    [InlineData(1, 4096)]
    [InlineData(2, 4096)]
    [InlineData(8, 1024)]
    [InlineData(64, 128)]
    public void What_is_small_depends_on_how_many_are_derived_at_once(int threads, int kilobytes) =>
        Assert.Equal(kilobytes * 1024, PartSource.SmallBytes(threads));

    /// <summary>As of a process that was killed between its files and their name.</summary>
    [Fact]
    public void A_folder_that_is_being_written_is_no_part()
    {
        Archive(_many, 0, labels: true);
        _many.New("v1");
        string part = Path.GetDirectoryName(Assert.Single(Parts()))!;
        string pending = PendingFile.TemporaryName(Path.GetDirectoryName(part)!);
        Directory.Move(part, pending);

        Assert.Empty(new PartStore(_many.Repository.CacheFolder, new Lazy<StatCache>(() => StatCache.Open(_many.PathOf("x"), trusted: false))).Records());
        Assert.All(_many.New("v2").Built!.Tables, static table => Assert.Equal(BuildStatus.Regenerated, table.Status));
        Assert.True(Directory.Exists(pending));
    }

    [Fact]
    public void All_of_their_files_are_on_disk_before_one_of_them_has_its_name()
    {
        for (int i = 0; i < Many; i++)
        {
            Archive(_many, i, labels: false);
        }

        var watch = new Watching(_many.PathOf(".harvest/cache/parts"));
        using (DiskFlush.Observe(watch))
        {
            _many.New("v1");
        }

        // Six tables, the record and the people of each; the one wait; then their names.
        Assert.Equal(Many * 8, watch.FilesBeforeRest);
        Assert.Equal((Many, 0), watch.AtRest);
        Assert.Equal((0, Many), watch.AtFolder);
    }

    private string[] Parts() => !Directory.Exists(_many.PathOf(".harvest/cache/parts")) ? []
        : Directory.GetFiles(_many.PathOf(".harvest/cache/parts"), "part.json", SearchOption.AllDirectories);

    private void Damage(string sha256)
    {
        string path = _many.Repository.Archive.Local.PathOf(sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, "[]");
    }

    private static ExportPlan Plan(int i) => ExportPlan.ForTasks((SampleKind)(i % 3), 1 + (i % 4)) with
    {
        ProjectId = 100 + i, Seed = (ulong)i + 1, UnlabeledShare = 0, FirstTaskId = 1000 * (i + 1), FirstAnnotationId = 5000 * (i + 1),
    };

    private static string Archive(TemporaryRepository at, int i, bool labels) =>
        AddExport.Run(at.Repository, at.Write($"label_studio/e{i:D3}.json", Plan(i)), $"p{i:D3}", at.Context, labels: labels).Sha256;

    private void DeleteCache()
    {
        foreach (string file in Directory.EnumerateFiles(_many.PathOf(".harvest/cache"), "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(_many.PathOf(".harvest/cache"), recursive: true);
    }

    /// <summary>Hashes of tables and of what is beside them, by their paths.</summary>
    private static SortedDictionary<string, string> Digests(TemporaryRepository at, string folder) => new(
        Directory.EnumerateFiles(at.PathOf(folder), "*", SearchOption.AllDirectories)
            .Where(static path => Path.GetExtension(path) == ".parquet" || Path.GetFileName(path) is "part.json" or "people.index")
            .ToDictionary(path => Path.GetRelativePath(at.PathOf(folder), path), static path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))),
        StringComparer.Ordinal);

    /// <summary>Notes how many folders have a temporary name, and how many their own.</summary>
    private sealed class Watching(string parts) : IDiskFlush
    {
        private int _files;

        public int FilesBeforeRest { get; private set; }

        public (int Pending, int Named) AtRest { get; private set; }

        public (int Pending, int Named) AtFolder { get; private set; }

        public void File(SafeFileHandle file, string path)
        {
            if (path.StartsWith(parts, StringComparison.Ordinal))
            {
                Assert.False(file.IsClosed);
                Interlocked.Increment(ref _files);
            }
        }

        public void Folder(string folder) => AtFolder = folder == parts ? Folders() : AtFolder;

        public void Rest(IReadOnlyList<string> folders)
        {
            if (folders[0].StartsWith(parts, StringComparison.Ordinal))
            {
                (FilesBeforeRest, AtRest) = (_files, Folders());
            }
        }

        private (int Pending, int Named) Folders()
        {
            string[] all = Directory.GetDirectories(parts);
            int pending = all.Count(static folder => PendingFile.IsTemporary(Path.GetFileName(folder)));
            return (pending, all.Length - pending);
        }
    }

    /// <summary>Deletes the parts that are on disk and have no name yet.</summary>
    private sealed class Deleting(string parts) : IDiskFlush
    {
        private bool _done;

        public void File(SafeFileHandle file, string path)
        {
        }

        public void Folder(string folder)
        {
        }

        public void Rest(IReadOnlyList<string> folders)
        {
            if (!_done && folders.Any(folder => folder.StartsWith(parts, StringComparison.Ordinal)))
            {
                _done = true;
                Directory.Delete(parts, recursive: true);
            }
        }
    }

    private sealed class StoppingProgress(CancellationTokenSource stop) : IProgress<HarvestTools.Work.WorkProgress>
    {
        private int _derived;

        public void Report(HarvestTools.Work.WorkProgress value)
        {
            if (value is { Activity: "Deriving" } && value.Done == value.Total && Interlocked.Increment(ref _derived) == 5)
            {
                stop.Cancel();
            }
        }
    }
}
