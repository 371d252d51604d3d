using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>What is kept and why, quarantine and removal.</summary>
public sealed class UnreachableTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void What_slices_and_records_need_is_kept_and_each_object_says_why()
    {
        string old = Add(1);
        _repository.New("v1");
        string newest = Add(2);

        UnreachableReport report = RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(200));

        Assert.False(report.Done);
        Assert.Equal([old], report.Objects.Where(static one => one.Reasons.Contains("slice v1") && one.What.StartsWith("export", StringComparison.Ordinal)).Select(static one => one.Sha256));
        Assert.Equal(["the newest export of project a"], Of(report, newest).Reasons);
        Assert.Contains(report.Objects, static one => one.What.StartsWith("definition harvest@", StringComparison.Ordinal) && one.Reasons.SequenceEqual(["slice v1"]));
        Assert.All(report.Objects, static one => Assert.True(one.State is ObjectState.Kept or ObjectState.Proposed));
    }

    [Fact]
    public void An_added_export_that_no_slice_names_is_kept_for_its_days_and_not_longer()
    {
        string first = Add(1);
        string second = Add(2);

        Assert.Equal(ObjectState.Kept, Of(RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(89)), first).State);
        UnreachableReport late = RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(91));
        Assert.Equal((ObjectState.Quarantined, "export of project a"), (Of(late, first).State, Of(late, first).What));
        Assert.Empty(Of(late, first).Reasons);
        Assert.Equal(ObjectState.Kept, Of(late, second).State);
        Assert.Equal(2, _repository.Repository.Archive.Local.List().Count());
    }

    [Theory]
    [InlineData("\"objects\"", "\"objectr\"")]
    [InlineData("\"path\": \"", "\"path\": \"x")]
    [InlineData("a", "b")]
    public void What_a_repository_needs_of_a_shared_archive_is_not_believed_where_it_is_not_as_it_was_written(string written, string damaged)
    {
        Add(1);
        _repository.New("v1");
        string own = Assert.Single(Directory.GetFiles(Path.Combine(_repository.Repository.Archive.Folder, "repositories")));
        string text = File.ReadAllText(own);

        // Of a hash one digit, which leaves a hash.
        int at = text.IndexOf(written, written.Length > 1 ? 0 : text.IndexOf("\"objects\": [", StringComparison.Ordinal) + 20, StringComparison.Ordinal);
        string wrong = text[..at] + damaged + text[(at + written.Length)..];
        string others = Path.Combine(Path.GetDirectoryName(own)!, "0123456789abcdef.json");
        File.WriteAllText(others, wrong);
        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(200)));
        Assert.Equal("RegistrationUnreadable", fault.ErrorId);
        Assert.Contains("0123456789abcdef.json", fault.Message, StringComparison.Ordinal);
        Assert.Contains(Findings(), finding => finding.Kind == ArchiveFindingKind.Unreadable && finding.Path == others);

        // Its own a repository says again.
        File.Delete(others);
        File.WriteAllText(own, wrong);
        Assert.Contains(Findings(), finding => finding.Kind == ArchiveFindingKind.Unreadable && finding.Path == own);
        _repository.New("v2");
        Assert.Empty(Findings());
        Assert.Equal(text.Split('\n').Count(static line => line.Length > 64), File.ReadAllText(own).Split('\n').Count(static line => line.Length > 64));
        File.WriteAllText(own, wrong);
        Assert.True(RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(0)).Done);
        Assert.Empty(Findings());
    }

    [Fact]
    public void What_went_comes_back_for_who_asks_for_it_and_is_removed_once_its_days_are_over()
    {
        string first = Add(1);
        Add(2);
        string place = _repository.Repository.Archive.Local.PathOf(first);
        byte[] bytes = File.ReadAllBytes(place);

        UnreachableReport report = RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(100));
        Assert.True(report.Done);
        Assert.Equal([first], report.Of(ObjectState.Quarantined).Select(static one => one.Sha256));
        Assert.False(File.Exists(place));

        // Listing it as waiting takes nothing back.
        ReachedObject waiting = Of(RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(110)), first);
        Assert.Equal(ObjectState.Waiting, waiting.State);
        Assert.False(File.Exists(place));

        // So does a check of the archive: its record alone names it.
        Assert.DoesNotContain(new ArchiveCheck(CheckArchive.Of(_repository.Repository)).Run(), static finding => finding.Severity == FindingSeverity.Error);
        Assert.False(File.Exists(place));

        // A slice of it, and the object is at its place.
        _repository.New(new NewSliceRequest("v1") { Exports = [first], AllowShrink = true });
        Assert.Equal(bytes, File.ReadAllBytes(place));
        Assert.Equal(DriftStatus.Clean, Check().Status);

        // Gone again with its slice, and this time for good.
        RemoveSlice.Run(_repository.Repository, "v1", _repository.Context);
        Assert.Contains(first, RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(100)).Of(ObjectState.Quarantined).Select(static one => one.Sha256));
        Assert.DoesNotContain(first, RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(129)).Of(ObjectState.Removed).Select(static one => one.Sha256));
        Assert.Contains(first, RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(130)).Of(ObjectState.Removed).Select(static one => one.Sha256));
        Assert.DoesNotContain(Directory.EnumerateFiles(_repository.Repository.Archive.Folder, first, SearchOption.AllDirectories), static _ => true);

        // It is remembered: nobody misses it.
        Assert.DoesNotContain(new ArchiveCheck(CheckArchive.Of(_repository.Repository)).Run(), static finding => finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void What_is_needed_again_while_it_waits_comes_back_with_the_next_run()
    {
        string first = Add(1);
        _repository.New("v1");
        string slice = Path.GetDirectoryName(_repository.Repository.Slices.PathOf("v1"))!;
        Add(2);
        Directory.Move(slice, _repository.PathOf("aside"));
        Assert.Contains(first, RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(100)).Of(ObjectState.Quarantined).Select(static one => one.Sha256));

        // As a checkout of git brings it, which asks nobody.
        Directory.Move(_repository.PathOf("aside"), slice);
        UnreachableReport report = RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(500));
        Assert.Contains(first, report.Of(ObjectState.Returned).Select(static one => one.Sha256));
        Assert.Empty(report.Of(ObjectState.Removed));
        Assert.True(File.Exists(_repository.Repository.Archive.Local.PathOf(first)));
        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void What_waits_and_is_added_again_comes_back_and_what_was_damaged_there_does_not()
    {
        string first = Add(1);
        Add(2);
        string place = _repository.Repository.Archive.Local.PathOf(first);
        byte[] bytes = File.ReadAllBytes(place);
        RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(100));
        Assert.False(_repository.Add("exports/1.json", Plan(1), "a").Added);
        Assert.True(File.Exists(place));

        RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(100));
        string aside = _repository.Repository.Archive.Local.Unreachable.Find(first)!;
        File.SetAttributes(aside, FileAttributes.Normal);
        File.WriteAllBytes(aside, bytes[..^1]);
        Assert.Null(_repository.Repository.Archive.Local.LocalPath(first));
        Assert.Single(Directory.GetFiles(_repository.Repository.Archive.Local.QuarantineFolder));
        Assert.True(_repository.Add("exports/1.json", Plan(1), "a").Added);
        Assert.Equal(bytes, File.ReadAllBytes(place));
    }

    [Fact]
    public void A_slice_whose_export_was_removed_says_so_and_is_no_drift()
    {
        string first = Add(1);
        _repository.New("v1");
        Add(2);
        string slice = Path.GetDirectoryName(_repository.Repository.Slices.PathOf("v1"))!;
        Directory.Move(slice, _repository.PathOf("aside"));
        RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(100));
        RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(130));
        File.Delete(_repository.PathOf("exports/1.json"));
        Directory.Delete(_repository.PathOf(".harvest/cache"), recursive: true);
        Directory.Move(_repository.PathOf("aside"), slice);

        DriftReport report = Check();
        Assert.Equal(DriftStatus.Unverifiable, report.Status);
        DriftFinding finding = Assert.Single(report.Findings, static finding => finding.Kind == DriftKind.RemovedByRetention);
        Assert.Contains("was removed by retention on ", finding.Message, StringComparison.Ordinal);
        HarvestException fault = Assert.Throws<HarvestException>(() => BuildSlice.Run(_repository.Repository, _repository.Repository.Slices.Load("v1"), _repository.Context));
        Assert.Equal("ExportRemoved", fault.ErrorId);

        // Archived again it is there, whatever the log says.
        _repository.Add("exports/1.json", Plan(1), "a");
        Assert.Equal(DriftStatus.Clean, Check().Status);
        Assert.Equal(first, _repository.Repository.Slices.Load("v1").Exports[0].Sha256);
    }

    [Fact]
    public void A_slice_that_cannot_be_read_keeps_everything_and_is_named()
    {
        Add(1);
        Add(2);
        _repository.New("v1");
        File.WriteAllText(_repository.Repository.Slices.PathOf("v1"), "{");

        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(200)));
        Assert.Equal("ReachUnknown", fault.ErrorId);
        Assert.Contains(Path.Combine("slices", "v1", "slice.json"), fault.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_repository.Repository.Archive.Local.Unreachable.Folder));
    }

    [Fact]
    public void An_export_whose_record_cannot_be_read_is_kept()
    {
        string first = Add(1);
        Add(2);
        string record = Assert.Single(Directory.GetFiles(Path.Combine(_repository.Repository.Archive.Folder, "exports"), $"*{first}.json"));
        File.WriteAllText(record, "{");
        Assert.Equal(ObjectState.Kept, Of(RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(200)), first).State);
    }

    [Fact]
    public void Sizes_are_those_of_the_files_and_say_what_nothing_needs()
    {
        string first = Add(1);
        Add(2);
        _repository.New("v1");
        ArchiveSpace before = MeasureArchive.Run(_repository.Repository, Later(100));
        long loose = Directory.EnumerateFiles(Path.Combine(before.Folder, "sha256"), "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length);
        Assert.Equal((loose, 1, new FileInfo(_repository.Repository.Archive.Local.PathOf(first)).Length), (before.LooseBytes, before.UnreachableObjects, before.UnreachableBytes));
        ProjectSpace project = Assert.Single(before.Projects);
        Assert.Equal(loose, project.LooseBytes + before.OtherBytes);

        // A table of a slice and that of its part are one file.
        Assert.True(project.CachedBytes > 0);
        Assert.True(before.CachedBytes < Directory.EnumerateFiles(_repository.PathOf(".harvest/cache"), "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length));

        RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(100));
        ArchiveSpace after = MeasureArchive.Run(_repository.Repository, Later(130));
        Assert.Equal((before.UnreachableBytes!.Value, before.UnreachableBytes, loose - before.UnreachableBytes.Value, (int?)0), (after.QuarantinedBytes, after.RemovableBytes, after.LooseBytes, after.UnreachableObjects));
        Assert.Equal(after.QuarantinedBytes, Assert.Single(after.Projects).QuarantinedBytes);
    }

    private IEnumerable<ArchiveFinding> Findings() => new ArchiveCheck(CheckArchive.Of(_repository.Repository)).Run().Where(static finding => finding.Severity != FindingSeverity.Information);

    private DriftReport Check() => new CheckSlice(_repository.Repository, _repository.Context).Run(_repository.Repository.Slices.Load("v1"), quick: false);

    private static ReachedObject Of(UnreachableReport report, string sha256) => Assert.Single(report.Objects, one => one.Sha256 == sha256);

    private static ExportPlan Plan(int seed) => ExportPlan.ForTasks(SampleKind.Hands, 6 + seed) with { Seed = (ulong)seed };

    private string Add(int seed) => _repository.Add($"exports/{seed}.json", Plan(seed), "a").Sha256;

    /// <summary>From now on, since an object's file is as old as this test.</summary>
    private WorkContext Later(int days) => _repository.Context with { Clock = new LaterClock(days) };
}
