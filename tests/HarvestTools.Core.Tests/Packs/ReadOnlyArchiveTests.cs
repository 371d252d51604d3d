using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Packs;

/// <summary>What only reads packed exports writes nothing into the archive, so that it works where that may not be written.</summary>
public sealed class ReadOnlyArchiveTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();
    private readonly string[] _weeks;

    public ReadOnlyArchiveTests()
    {
        _weeks = [.. new[] { 3, 2 }.Select(Add)];
        Pack(_repository);
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void Packed_exports_are_compared_out_of_temporary_files()
    {
        string[] before = Files();
        ExportComparison comparison;
        List<TaskChange> tasks;
        using (FileFaults.Use(new NoWriting(Archive.Folder)))
        {
            ComparedExport reference = ComparedExport.OfArchive(_repository.Repository, _weeks[1]);
            ComparedExport difference = ComparedExport.OfArchive(_repository.Repository, _weeks[0]);
            comparison = CompareExport.Run(reference, difference, each: null, _repository.Context);
            tasks = [.. CompareExport.Tasks(reference, difference, _repository.Context)];
        }

        Assert.Equal((_weeks[1], _weeks[0]), (comparison.ReferenceSha256, comparison.DifferenceSha256));
        Assert.Equal(Archive.Local.Packs.PathOf(_weeks[1]), comparison.Reference);
        Assert.Equal([TaskChangeKind.Relabelled], tasks.Select(static task => task.Change).Distinct());
        Assert.Equal(comparison.Relabelled, tasks.Count);
        Assert.Equal(before, Files());
    }

    [Fact]
    public void So_is_what_a_pointer_of_git_lfs_names()
    {
        string pointer = _repository.WriteText("pointer.json", $"version https://git-lfs.github.com/spec/v1\noid sha256:{_weeks[1]}\nsize {LengthOf(_weeks[1])}\n");
        string[] before = Files();
        using (FileFaults.Use(new NoWriting(Archive.Folder)))
        {
            Assert.Equal(_weeks[1], HashExport.Run(pointer, labels: true, _repository.Context).Sha256);
            Assert.True(CompareExport.Run(ComparedExport.OfFile(pointer), ComparedExport.OfArchive(_repository.Repository, _weeks[0]), null, _repository.Context).Relabelled > 0);
        }

        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_patch_against_one_that_is_a_patch_here_is_read_by_a_temporary_file_elsewhere()
    {
        string end = EndOfChain();
        string[] before = Files();
        using (FileFaults.Use(new NoWriting(Archive.Folder)))
        {
            Assert.Equal(end, Archive.Local.PackedHashNow(end));
            Assert.True(CompareExport.Run(ComparedExport.OfArchive(_repository.Repository, end), ComparedExport.OfArchive(_repository.Repository, _weeks[0]), null, _repository.Context).Relabelled > 0);
        }

        Assert.Equal(before, Files());
    }

    [Fact]
    public void Where_the_archive_may_be_written_it_is_there_and_goes()
    {
        string end = EndOfChain();
        var seen = new Writes(Archive.Local.Packs.Folder);
        using (FileFaults.Use(seen))
        {
            Assert.Equal(end, Archive.Local.PackedHashNow(end));
        }

        Assert.True(seen.Any);
        Assert.DoesNotContain(Directory.GetFiles(Archive.Folder, "*", SearchOption.AllDirectories), static path => PendingFile.IsTemporary(Path.GetFileName(path)));
    }

    private ExportArchive Archive => _repository.Repository.Archive;

    private string Add(int week) => _repository.Add("exports/a.json", PlanOf(week), "a").Sha256;

    private static ExportPlan PlanOf(int week) => ExportPlan.ForTasks(SampleKind.Hands, 40) with { Relabelled = [week], RelabelRound = week };

    private long LengthOf(string sha256)
    {
        using ObjectContent content = Archive.Local.Open(sha256);
        return content.Bytes;
    }

    /// <summary>The first week as a patch against the second, as another machine packed it; here that one is a patch against the third.</summary>
    private string EndOfChain()
    {
        using var other = new TemporaryRepository();
        other.Add("exports/a.json", PlanOf(2), "a");
        Pack(other);
        string end = other.Add("exports/a.json", PlanOf(1), "a").Sha256;
        Pack(other);
        Assert.Equal(_weeks[1], other.Repository.Archive.Local.TryPackLayout(end)!.Anchor);
        string path = Archive.Local.Packs.PathOf(end);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(other.Repository.Archive.Local.Packs.PathOf(end), path);
        return end;
    }

    private string[] Files() => [.. Directory.GetFiles(Archive.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(static path => $"{path} {new FileInfo(path).Length}")];

    private static void Pack(TemporaryRepository repository)
    {
        using PackExports packing = PackExports.Begin(repository.Repository, [], repository.Context);
        Assert.All(packing.Targets.Select(target => packing.Pack(target, repository.Context)), static packed => Assert.NotEqual(PackOutcome.KeptPlain, packed.Outcome));
    }

    /// <summary>A disk that is mounted read-only.</summary>
    private sealed class NoWriting(string folder) : IFileFaults
    {
        public void Before(FileCall call, string path)
        {
            if (call is not (FileCall.OpenRead or FileCall.Read) && path.StartsWith(folder, StringComparison.Ordinal))
            {
                throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.");
            }
        }
    }

    private sealed class Writes(string folder) : IFileFaults
    {
        public bool Any { get; private set; }

        public void Before(FileCall call, string path) => Any |= call == FileCall.OpenWrite && path.StartsWith(folder, StringComparison.Ordinal);
    }
}
