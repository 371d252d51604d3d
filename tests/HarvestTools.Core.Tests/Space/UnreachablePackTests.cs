using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Samples;
using HarvestTools.Tests.Faults;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>What is packed and needed by nothing goes as it is, comes back as it was, and takes nothing along that is still read by it.</summary>
public sealed partial class UnreachablePackTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();
    private readonly Dictionary<string, byte[]> _bytes = [];

    public void Dispose() => _repository.Dispose();

    private LocalObjectStore Store => _repository.Repository.Archive.Local;

    [Fact]
    public void A_patch_goes_into_quarantine_as_a_pack_and_comes_back_for_who_asks_for_it()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        long packed = new FileInfo(Store.Packs.Find(patch)!).Length;
        Assert.True(packed < _bytes[patch].Length / 4);

        ReachedObject one = Assert.Single(RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(100)).Of(ObjectState.Quarantined));
        Assert.Equal((patch, packed), (one.Sha256, one.Bytes));
        Assert.Equal(packed, MeasureArchive.Run(_repository.Repository, Later(100)).UnreachableBytes);

        Gc(100);
        Assert.False(Store.Has(patch));
        Assert.Equal(packed, new FileInfo(Store.Unreachable.FindPack(patch)!).Length);
        Assert.True(Store.Has(anchor));
        RequireWhole();
        Assert.Equal(packed, Assert.Single(RemoveUnreachable.Plan(_repository.Repository, new UnreachableRequest(), Later(130)).Of(ObjectState.Removed)).Bytes);

        Assert.Equal(_bytes[patch], Read(patch));
        Assert.NotNull(Store.Packs.Find(patch));
        Assert.Null(Store.Unreachable.FindPack(patch));
        RequireWhole();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_check_names_what_is_damaged_while_it_waits_and_takes_nothing_back(bool packed)
    {
        (string patch, string anchor) = (Add(1), Add(2));
        if (packed)
        {
            Pack();
        }

        Gc(100);
        string path = (packed ? Store.Unreachable.FindPack(patch) : Store.Unreachable.Find(patch))!;
        Assert.Empty(Findings(repair: false));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 3] ^= 4;
        FileAccessBits.ClearForReplacement(path);
        File.WriteAllBytes(path, bytes);

        // Taken away by a repair it would count as lost.
        foreach (bool repair in new[] { false, true, false })
        {
            ArchiveFinding found = Assert.Single(Findings(repair));
            Assert.Equal((ArchiveFindingKind.Damaged, FindingSeverity.Warning, patch, path, false), (found.Kind, found.Severity, found.Subject, found.Path, found.Repaired));
            Assert.True(File.Exists(path));
        }

        // Its days over it goes like one that is whole.
        Assert.Equal([patch], Gc(130).Of(ObjectState.Removed).Select(static one => one.Sha256));
        Assert.Empty(Findings(repair: false));
        Assert.Equal(_bytes[anchor], Read(anchor));
    }

    [Fact]
    public void A_check_reads_a_patch_and_its_anchor_where_both_wait_and_leaves_them_there()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        foreach (string sha256 in new[] { patch, anchor })
        {
            Store.Unreachable.Put(Store.Packs.Find(sha256)!, new DateOnly(2026, 1, 1));
        }

        Assert.DoesNotContain(Findings(repair: true), static finding => finding.Kind == ArchiveFindingKind.Damaged);
        Assert.All(new[] { patch, anchor }, sha256 => Assert.NotNull(Store.Unreachable.FindPack(sha256)));
    }

    [Fact]
    public void A_check_goes_on_where_what_waits_and_the_log_of_removals_cannot_be_read()
    {
        Add(1);
        Add(2);
        Gc(100);
        File.WriteAllText(Path.Combine(_repository.Repository.Archive.Folder, RemovalLog.FileName), "x");
        using (FileFaults.Use(new Unread()))
        {
            Assert.Equal([ArchiveFindingKind.Damaged, ArchiveFindingKind.Unreadable], Findings(repair: false).Select(static finding => finding.Kind));
        }
    }

    private sealed class Unread : IFileFaults
    {
        public void Before(FileCall call, string path)
        {
            if (call is FileCall.OpenRead && (path.Contains(UnreachableObjects.FolderName, StringComparison.Ordinal) || path.EndsWith(RemovalLog.FileName, StringComparison.Ordinal)))
            {
                throw new UnauthorizedAccessException("denied");
            }
        }
    }

    private List<ArchiveFinding> Findings(bool repair) =>
        [.. new ArchiveCheck(CheckArchive.Of(_repository.Repository)) { Repair = repair }.Run().Where(static finding => finding.Severity != FindingSeverity.Information)];

    [Fact]
    public void Its_days_over_it_is_removed_and_remembered()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        Gc(100);
        Assert.Empty(Gc(129).Of(ObjectState.Removed));

        Assert.Equal([patch], Gc(130).Of(ObjectState.Removed).Select(static one => one.Sha256));

        Assert.Empty(Directory.EnumerateFiles(_repository.Repository.Archive.Folder, patch + "*", SearchOption.AllDirectories));
        Assert.NotNull(_repository.Repository.Archive.RemovedByRetention(patch));
        Assert.Equal(_bytes[anchor], Read(anchor));
        RequireWhole();

        // Archived and packed again it was not removed.
        File.WriteAllBytes(_repository.PathOf("exports/1.json"), _bytes[patch]);
        AddExport.Run(_repository.Repository, _repository.PathOf("exports/1.json"), "a", _repository.Context);
        Pack();
        Assert.Null(Store.LocalPath(patch));
        Assert.Null(_repository.Repository.Archive.RemovedByRetention(patch));
    }

    [Fact]
    public void An_anchor_is_kept_while_a_patch_against_it_is_and_says_so()
    {
        (string first, string anchor) = (Add(1), Add(2));
        Pack();
        string newest = Add(3);
        Pack();
        Assert.Equal(anchor, LayoutOf(newest).Anchor);

        UnreachableReport report = Gc(100);

        Assert.Equal([first], report.Of(ObjectState.Quarantined).Select(static one => one.Sha256));
        ReachedObject kept = Assert.Single(report.Objects, one => one.Sha256 == anchor);
        Assert.Equal(ObjectState.Kept, kept.State);
        Assert.Equal($"export {newest[..12]}, which is packed as a patch against it", Assert.Single(kept.Reasons));
        Assert.Equal(_bytes[newest], Read(newest));
        Assert.Equal(_bytes[first], Read(first));
        RequireWhole();
    }

    [Fact]
    public void An_anchor_goes_with_the_last_of_its_patches_and_comes_back_with_the_first()
    {
        (string first, string second, string third) = (Add(1), Add(2), Add(3));
        Pack();
        string newest = _repository.Add("exports/4.json", ExportPlan.ForTasks(SampleKind.Hands, 40) with { Seed = 99, Relabelled = [1], RelabelRound = 50 }, "a").Sha256;
        Pack();
        Assert.Equal((third, third, null), (LayoutOf(first).Anchor, LayoutOf(second).Anchor, LayoutOf(newest).Anchor));

        UnreachableReport report = Gc(100);
        Assert.Equal(new[] { first, second, third }.Order(StringComparer.Ordinal), report.Of(ObjectState.Quarantined).Select(static one => one.Sha256));
        Assert.Equal(3, Directory.GetFiles(Store.Unreachable.Folder, "*.pack", SearchOption.AllDirectories).Length);
        RequireWhole();

        // One of the two patches is needed after all: the anchor comes with it, and the other one stays, and is read by it.
        _repository.New(new NewSliceRequest("v1") { Exports = [first], AllowShrink = true });
        Assert.NotNull(Store.Packs.Find(first));
        Assert.NotNull(Store.Packs.Find(third));
        Assert.Null(Store.Packs.Find(second));
        Assert.Equal([second], Gc(130).Of(ObjectState.Removed).Select(static one => one.Sha256));
        Assert.Equal(_bytes[first], Read(first));
        RequireWhole();
    }

    [Fact]
    public void What_is_needed_again_comes_back_with_what_it_is_a_patch_against()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        _repository.New(new NewSliceRequest("v1") { Exports = [patch], AllowShrink = true });
        Pack();
        _repository.Add("exports/4.json", ExportPlan.ForTasks(SampleKind.Hands, 40) with { Seed = 99, Relabelled = [1], RelabelRound = 50 }, "a");
        Pack();
        string slice = Path.GetDirectoryName(_repository.Repository.Slices.PathOf("v1"))!;
        Directory.Move(slice, _repository.PathOf("aside"));
        Assert.Contains(anchor, Gc(100).Of(ObjectState.Quarantined).Select(static one => one.Sha256));

        Directory.Move(_repository.PathOf("aside"), slice);
        UnreachableReport report = Gc(500);

        Assert.Empty(((string[])[patch, anchor]).Except(report.Of(ObjectState.Returned).Select(static one => one.Sha256)));
        Assert.Empty(report.Of(ObjectState.Removed));
        Assert.Equal(_bytes[patch], Read(patch));
        RequireWhole();
    }

    [Fact]
    public void An_anchor_in_quarantine_waits_for_its_patches()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        Add(9);
        Store.Unreachable.Put(Store.Packs.Find(anchor)!, DateOnly.FromDateTime(DateTime.UtcNow));
        Store.Unreachable.Put(Store.Packs.Find(patch)!, DateOnly.FromDateTime(DateTime.UtcNow.AddDays(100)));

        UnreachableReport report = Gc(120);
        Assert.Empty(report.Of(ObjectState.Removed));
        Assert.Equal(Store.Unreachable.FindPack(patch) is not null, report.Objects.Single(one => one.Sha256 == anchor).State == ObjectState.Waiting);
        Assert.Equal(_bytes[patch], Read(patch));

        Assert.Equal(2, Gc(240).Of(ObjectState.Quarantined).Count(one => one.Sha256 == patch || one.Sha256 == anchor));
        Assert.Equal(2, Gc(280).Of(ObjectState.Removed).Count(one => one.Sha256 == patch || one.Sha256 == anchor));
    }

    [Fact]
    public void A_removal_that_is_cut_off_leaves_no_patch_without_its_anchor()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        Add(9);
        byte[][] packs = [File.ReadAllBytes(Store.Packs.Find(patch)!), File.ReadAllBytes(Store.Packs.Find(anchor)!)];
        Assert.True(Store.Packs.Remove(patch) && Store.Packs.Remove(anchor));
        string day = Directory.CreateDirectory(Path.Combine(Store.Unreachable.Folder, "2026-01-01")).FullName;
        int left = 0;
        for (int at = 1; at < 100; at++)
        {
            Directory.CreateDirectory(day);
            File.WriteAllBytes(Path.Combine(day, patch + ".pack"), packs[0]);
            File.WriteAllBytes(Path.Combine(day, anchor + ".pack"), packs[1]);
            var fault = new InjectedFault(at, FaultKind.Cut);
            using (fault.Use())
            {
                _ = Record.Exception(() => Gc(100));
            }

            Assert.True(!File.Exists(Path.Combine(day, patch + ".pack")) || File.Exists(Path.Combine(day, anchor + ".pack")), fault.Failed);
            left += File.Exists(Path.Combine(day, anchor + ".pack")) && !File.Exists(Path.Combine(day, patch + ".pack")) ? 1 : 0;
        }

        Assert.True(left > 0, "no removal ended between the two");
    }

    [Fact]
    public void A_damaged_pack_does_not_come_back_and_a_damaged_anchor_costs_no_patch_its_place()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        Gc(100);
        Flip(Store.Packs.Find(anchor)!);
        Assert.False(_repository.Repository.Archive.RemovedByRetention(patch) is not null);
        Assert.NotNull(Store.Unreachable.FindPack(patch));

        Flip(Store.Packs.Find(anchor)!);
        Flip(Store.Unreachable.FindPack(patch)!);
        Assert.False(Store.Holds(patch));
        Assert.Null(Store.Unreachable.FindPack(patch));
        Assert.Single(Directory.GetFiles(Store.QuarantineFolder), path => Path.GetFileName(path).StartsWith(patch, StringComparison.Ordinal));
        File.WriteAllBytes(_repository.PathOf("exports/1.json"), _bytes[patch]);
        Assert.True(AddExport.Run(_repository.Repository, _repository.PathOf("exports/1.json"), "a", _repository.Context).Added);
        RequireWhole();
    }

    [Fact]
    public void An_anchor_that_is_erased_leaves_patches_in_quarantine_with_bytes_of_their_own()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        Gc(100);

        Assert.True(Store.Remove(anchor));

        Assert.False(Store.Has(anchor));
        Assert.Equal(_bytes[patch], Read(patch));
    }

    [Fact]
    public void The_proof_of_an_erasure_looks_into_packs_in_quarantine()
    {
        string patch = Add(1);
        Add(2);
        Pack();
        Gc(100);

        // Of an export with a record the proof looks for other names of the person first, which takes it back.
        File.Delete(Assert.Single(Directory.GetFiles(Path.Combine(_repository.Repository.Archive.Folder, "exports"), $"*{patch}.json")));
        ErasureProof proof = ProveErasure.Run(_repository.Repository, SourceQuery.OfAnnotator(Plan(1).Annotators[0]), _repository.Context);

        Assert.Contains(proof.Traces, one => one.Path.EndsWith(patch + ".pack", StringComparison.Ordinal));
        Assert.NotNull(Store.Unreachable.FindPack(patch));
    }

    /// <summary>As a stopped undoing leaves it: the anchor as plain bytes alone, its patches packed.</summary>
    [Fact]
    public void An_anchor_as_plain_bytes_is_kept_for_its_patches_and_packed_whole_again()
    {
        (string patch, string anchor) = (Add(1), Add(2));
        Pack();
        using (UnpackExports unpacking = UnpackExports.Begin(_repository.Repository, [], _repository.Context))
        {
            unpacking.Unpack(unpacking.Targets.Single(target => target.Sha256 == anchor), _repository.Context);
        }

        _repository.New(new NewSliceRequest("v1") { Exports = [patch], AllowShrink = true });
        string newest = Add(3);
        Assert.Equal(ObjectState.Proposed, Gc(100).Objects.Single(one => one.Sha256 == anchor).State);

        Pack();
        Assert.Null(LayoutOf(anchor).Anchor);
        Assert.All([patch, anchor, newest], sha256 => Assert.Equal(_bytes[sha256], Read(sha256)));
        RequireWhole();
    }

    [Fact]
    public void A_pack_is_as_old_as_the_export_that_was_archived()
    {
        string patch = Add(1);
        Add(2);
        var time = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetAttributes(Store.PathOf(patch), FileAttributes.Normal);
        File.SetLastWriteTimeUtc(Store.PathOf(patch), time);
        Pack();
        Assert.Equal(time, File.GetLastWriteTimeUtc(Store.Packs.Find(patch)!));

        // One that was archived again is as new as its pack.
        File.SetAttributes(Store.Packs.Find(patch)!, FileAttributes.Normal);
        File.SetLastWriteTimeUtc(Store.Packs.Find(patch)!, DateTime.UtcNow.AddDays(50));
        Assert.Equal(ObjectState.Kept, Gc(100).Objects.Single(one => one.Sha256 == patch).State);
    }

    private static ExportPlan Plan(int week) => ExportPlan.ForTasks(SampleKind.Hands, 40) with { Relabelled = [week], RelabelRound = week };

    private string Add(int week)
    {
        string sha256 = _repository.Add($"exports/{week}.json", Plan(week), "a").Sha256;
        _bytes[sha256] = File.ReadAllBytes(_repository.PathOf($"exports/{week}.json"));
        File.Delete(_repository.PathOf($"exports/{week}.json"));
        return sha256;
    }

    private void Pack()
    {
        using PackExports packing = PackExports.Begin(_repository.Repository, [], _repository.Context);
        foreach (PackTarget target in packing.Targets)
        {
            packing.Pack(target, _repository.Context);
        }
    }

    private UnreachableReport Gc(int days) => RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later(days));

    private byte[] Read(string sha256)
    {
        using ObjectContent content = Store.TryOpen(sha256)!;
        using var all = new MemoryStream();
        content.Stream.CopyTo(all);
        return all.ToArray();
    }

    private PackLayout LayoutOf(string sha256) => PackReader.LayoutOf(Store.Packs.Find(sha256)!, sha256);

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[PackLayout.Mark.Length + 20] ^= 4;
        FileAccessBits.ClearForReplacement(path);
        File.WriteAllBytes(path, bytes);
    }

    private void RequireWhole() =>
        Assert.Empty(new ArchiveCheck(CheckArchive.Of(_repository.Repository)).Run().Where(static finding => finding.IsFault).Select(static finding => finding.Message));

    private WorkContext Later(int days) => _repository.Context with { Clock = new LaterClock(days) };
}
