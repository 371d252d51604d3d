using System.IO.Compression;
using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lfs;

/// <summary>A Git LFS pointer is the export that it names, for every command that is given one.</summary>
public sealed class PointerTests : IDisposable
{
    private const string Name = "label_studio/hands.json";
    private static readonly ExportPlan s_plan = ExportPlan.ForTasks(SampleKind.Hands, 30);

    private readonly TemporaryRepository _team = new();
    private readonly byte[] _bytes;

    public PointerTests()
    {
        _team.MakeCheckout();
        _team.Write(Name, s_plan);
        _bytes = _team.ToPointer(Name);
    }

    private string Oid => LfsCheckout.Hash(_bytes);

    [Theory]
    [InlineData("git-lfs")]
    [InlineData("archive")]
    [InlineData("remote")]
    public void Adding_a_pointer_archives_what_it_names(string place)
    {
        switch (place)
        {
            case "git-lfs":
                _team.Keep(_bytes);
                break;
            case "archive":
                _team.Repository.Archive.Objects.BeginAdd().Dispose();
                using (var stream = new MemoryStream(_bytes))
                {
                    _ = HarvestTools.Archive.ObjectStores.TryAdd(_team.Repository.Archive.Local, Oid, stream, "it");
                }

                break;
            default:
                LfsCheckout.Share(_team.SetRemote(), _bytes);
                break;
        }

        AddedExport added = AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context);

        Assert.Equal((Oid, (long)_bytes.Length, Name, place != "archive"), (added.Sha256, added.Bytes, added.Path, added.Added));
        Assert.Equal(30, added.Tasks);
        Assert.Equal(_bytes, File.ReadAllBytes(_team.Repository.Archive.PathOf(Oid)));
        Assert.Equal(Name, _team.Repository.Archive.TryRecord("b", Oid)!.Path);
    }

    [Fact]
    public void What_is_nowhere_is_named_with_the_way_to_get_it_and_nothing_is_archived()
    {
        foreach (bool labels in (bool[])[true, false])
        {
            HarvestException fault = Assert.Throws<HarvestException>(() => AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context, labels));
            Assert.Equal("ExportIsLfsPointer", fault.ErrorId);
            Assert.Contains("git lfs pull", fault.Remedy.Spell(_team.Context.Commands), StringComparison.Ordinal);
        }

        Assert.Empty(_team.Repository.Archive.List());
        Assert.False(_team.Repository.HasArchived(Oid));
    }

    [Fact]
    public void A_damaged_file_of_git_lfs_is_passed_over_and_named_where_there_is_no_other()
    {
        string damaged = _team.Keep(LfsCheckout.Damaged(_bytes), oid: Oid);
        HarvestException fault = Assert.Throws<HarvestException>(() => AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context));
        Assert.Equal(("LfsObjectDamaged", damaged), (fault.ErrorId, fault.Subject));
        Assert.False(_team.Repository.HasArchived(Oid));

        LfsCheckout.Share(_team.SetRemote(), _bytes);
        Assert.Equal(Oid, AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context).Sha256);
    }

    [Fact]
    public void A_pointer_may_be_to_a_packed_export()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(_bytes);
        }

        byte[] file = packed.ToArray();
        string path = _team.WriteText("label_studio/hands.json.gz", LfsCheckout.Pointer(file));
        Assert.Equal(LfsCheckout.Hash(file), HashExport.Run(path, labels: false, _team.Context).Sha256);
        _team.Keep(file);

        Assert.Equal((Oid, "hands.json"), (HashExport.Run(path, labels: false, _team.Context).Sha256, HashExport.Run(path, labels: true, _team.Context).Entry));
        Assert.Equal(Oid, AddExport.Run(_team.Repository, path, "b", _team.Context).Sha256);
        _team.New("v1");
        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void A_hash_without_labels_is_known_without_the_file_and_says_so()
    {
        ExportHash hash = HashExport.Run(_team.PathOf(Name), labels: false, _team.Context);
        Assert.Equal((Oid, (long)_bytes.Length, "ExportIsLfsPointer"), (hash.Sha256, hash.Bytes, hash.Notice?.Id));
        Assert.Throws<HarvestException>(() => HashExport.Run(_team.PathOf(Name), labels: true, _team.Context));

        _team.Keep(_bytes);
        hash = HashExport.Run(_team.PathOf(Name), labels: true, _team.Context);
        Assert.Equal((Oid, 30L, null), (hash.Sha256, hash.Tasks, hash.Notice));
    }

    [Fact]
    public void Two_pointers_are_compared_by_their_tasks()
    {
        _team.Keep(_bytes);
        _team.Write("label_studio/later.json", s_plan with { Relabelled = [3, 4] });
        byte[] later = _team.ToPointer("label_studio/later.json");
        LfsCheckout.Share(_team.SetRemote(), later);

        ExportComparison comparison = CompareExport.Run(ComparedExport.OfFile(_team.PathOf(Name)), ComparedExport.OfFile(_team.PathOf("label_studio/later.json")), each: null, _team.Context);

        Assert.Equal((2, 28), (comparison.Relabelled, comparison.Identical + comparison.VolatileOnly));
        Assert.Equal((Oid, LfsCheckout.Hash(later)), (comparison.ReferenceSha256, comparison.DifferenceSha256));
    }

    [Fact]
    public void No_remote_is_asked_for_it_offline()
    {
        LfsCheckout.Share(_team.SetRemote(), _bytes);
        Assert.Throws<HarvestException>(() => HashExport.Run(_team.PathOf(Name), labels: true, _team.Context with { Offline = true }));
        Assert.Equal(Oid, HashExport.Run(_team.PathOf(Name), labels: true, _team.Context).Sha256);
    }

    [Fact]
    public void A_pointer_names_the_export_of_a_new_slice()
    {
        _team.Keep(_bytes);
        AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context);
        NewSliceResult made = _team.New(new NewSliceRequest("v1") { Exports = [_team.PathOf(Name)] });

        Assert.Equal((Oid, Name), (Assert.Single(made.Slice.Exports).Sha256, made.Slice.Exports[0].Path));
        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void A_pointer_to_another_export_at_a_recorded_path_is_compared_by_what_it_names()
    {
        _team.Keep(_bytes);
        AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context);
        _team.New("v1");
        _team.Write(Name, s_plan with { Relabelled = [3] });
        byte[] other = _team.ToPointer(Name);

        DriftFinding unknown = Assert.Single(Check().Findings);
        Assert.Equal(("ExportRewritten", DriftSeverity.Error, LfsCheckout.Hash(other)), (unknown.Kind, unknown.Severity, unknown.Actual));
        Assert.Contains("git lfs pull", unknown.Remedy, StringComparison.Ordinal);

        _team.Keep(other);
        DriftFinding found = Assert.Single(Check().Findings);
        Assert.Equal(("ExportRewritten", 1L), (found.Kind, found.Labels!.Relabelled));
    }

    [Fact]
    public void An_export_that_only_git_lfs_has_is_read_there_and_not_copied()
    {
        _team.Keep(_bytes);
        AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context);
        _team.New("v1");
        string archived = _team.Repository.Archive.PathOf(Oid);
        FileAccessBits.ClearForReplacement(archived);
        File.Delete(archived);
        File.Delete(_team.PathOf(Name));

        Assert.Equal(DriftStatus.Clean, Check().Status);
        Assert.False(_team.Repository.HasArchived(Oid));

        // Whose bytes are to be a file again comes into the archive first.
        RestoreTarget target = Assert.Single(RestoreExport.PlanSlice(_team.Repository, "v1", to: null));
        Assert.Equal(RestoreOutcome.Restored, RestoreExport.Run(_team.Repository, target, force: false, _team.Context).Outcome);
        Assert.Equal(_bytes, File.ReadAllBytes(_team.PathOf(Name)));
    }

    [Fact]
    public void A_pointer_to_what_is_nowhere_is_no_copy_of_the_export()
    {
        string kept = _team.Keep(_bytes);
        AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context);
        _team.New("v1");
        string archived = _team.Repository.Archive.PathOf(Oid);
        FileAccessBits.ClearForReplacement(archived);
        File.Delete(archived);
        File.Delete(kept);

        DriftReport report = Check();
        Assert.Equal("ExportMissing", Assert.Single(report.Findings).Kind);
    }

    [Fact]
    public void A_pointer_to_the_export_is_replaced_by_it_and_one_to_another_is_kept()
    {
        _team.Keep(_bytes);
        AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context);
        _team.New("v1");
        RestoreTarget target = Assert.Single(RestoreExport.PlanSlice(_team.Repository, "v1", to: null));
        RestoreExport.Check(_team.Repository, target, force: false, _team.Context);

        Assert.Equal(RestoreOutcome.Restored, RestoreExport.Run(_team.Repository, target, force: false, _team.Context).Outcome);
        Assert.Equal(_bytes, File.ReadAllBytes(_team.PathOf(Name)));

        string other = LfsCheckout.Pointer("other"u8.ToArray());
        _team.WriteText(Name, other);
        HarvestException fault = Assert.Throws<HarvestException>(() => RestoreExport.Run(_team.Repository, target, force: false, _team.Context));
        Assert.Equal("RestoreTargetDiffers", fault.ErrorId);
        Assert.Equal(other, File.ReadAllText(_team.PathOf(Name)));
    }

    [Fact]
    public void A_damaged_object_of_the_archive_is_repaired_from_git_lfs()
    {
        _team.Keep(_bytes);
        AddExport.Run(_team.Repository, _team.PathOf(Name), "b", _team.Context);
        string archived = _team.Repository.Archive.PathOf(Oid);
        FileAccessBits.ClearForReplacement(archived);
        File.WriteAllBytes(archived, LfsCheckout.Damaged(_bytes));

        _ = new ArchiveCheck(CheckArchive.Of(_team.Repository)) { Repair = true }.Run().ToArray();

        Assert.Equal(_bytes, File.ReadAllBytes(archived));
    }

    public void Dispose() => _team.Dispose();

    private DriftReport Check() => new CheckSlice(_team.Repository, _team.Context).Run(_team.Repository.Slices.Load("v1"), quick: false);
}
