using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Archive;

/// <summary>Records that are gone are written again of what slices name, as in a clone whose objects were restored.</summary>
public sealed partial class RecordsOfSlicesTests : IDisposable
{
    private static readonly string s_undated = Export(1).Replace("\"updated_at\":\"2026-05-01T12:00:00Z\",", "", StringComparison.Ordinal);
    private readonly TemporaryRepository _team = new();

    [Fact]
    public void A_record_has_the_path_of_the_slice_and_the_time_of_the_first_one()
    {
        string sha256 = Add("exports/a.json", day: 2);
        Timestamp first = New("v1").CreatedAt!.Value;
        _ = New("v2");
        ExportRecord before = Record(sha256);
        ForgetRecords();

        ArchiveFinding finding = Assert.Single(Write());

        Assert.True(finding.Repaired);
        Assert.Contains("slices v1 and v2 refer to it. It was recorded again.", finding.Message, StringComparison.Ordinal);
        ExportRecord after = Record(sha256);
        Assert.Equal(first, after.AddedAt);
        Assert.Equal(
            (before.Path, before.Bytes, before.LabelSha256, before.LabelsThrough, before.Tasks, before.Annotations),
            (after.Path, after.Bytes, after.LabelSha256, after.LabelsThrough, after.Tasks, after.Annotations));
        Assert.Equal(before.ProjectIds, after.ProjectIds);
        Assert.Empty(after.NewerThan);
        Assert.Empty(Write());
    }

    [Fact]
    public void One_from_outside_the_repository_gets_its_name_back()
    {
        using var outside = new TemporaryRepository();
        string sha256 = AddExport.Run(_team.Repository, outside.WriteText("hands.json", Export(2)), "b", _team.Context).Sha256;
        _ = New("v1");
        ForgetRecords();

        Assert.True(Assert.Single(Write()).Repaired);

        Assert.Null(Record(sha256).Path);
        Assert.Equal("hands.json", Record(sha256).Name);
    }

    [Fact]
    public void Without_a_slice_that_says_when_it_was_made_it_has_the_time_of_the_file_also_of_a_pack()
    {
        string sha256 = _team.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Hands, 40), "b").Sha256;
        _ = New("v1");
        _team.Repository.Slices.Rewrite("v1", static slice => slice with { CreatedAt = null });
        var time = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);
        string path = _team.Repository.Archive.PathOf(sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        File.SetLastWriteTimeUtc(path, time);
        File.SetAttributes(path, FileAttributes.ReadOnly);
        using (PackExports packing = PackExports.Begin(_team.Repository, [], _team.Context))
        {
            Assert.Equal(PackOutcome.Packed, packing.Pack(Assert.Single(packing.Targets), _team.Context).Outcome);
        }

        ForgetRecords();

        Assert.True(Assert.Single(Write()).Repaired);

        Assert.Null(_team.Repository.Archive.Local.LocalPath(sha256));
        Assert.Equal(Timestamp.From(time), Record(sha256).AddedAt);
    }

    [Fact]
    public void What_is_archived_and_recorded_or_not_archived_at_all_is_left_alone()
    {
        string kept = Add("a.json", day: 1);
        _ = New("v1");
        string gone = Add("b.json", day: 2);
        _ = New("v2");
        byte[] before = File.ReadAllBytes(RecordFile(kept));
        File.Delete(RecordFile(gone));
        ForgetObject(gone);

        Assert.Empty(Write());

        Assert.Equal(before, File.ReadAllBytes(RecordFile(kept)));
        Assert.False(File.Exists(RecordFile(gone)));
    }

    [Fact]
    public void A_damaged_object_gets_no_record()
    {
        string sha256 = Add("a.json", day: 1);
        _ = New("v1");
        ForgetRecords();
        string path = _team.Repository.Archive.PathOf(sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, Export(3));

        ArchiveFinding finding = Assert.Single(Write());

        Assert.False(finding.Repaired);
        Assert.False(File.Exists(RecordFile(sha256)));
    }

    [Fact]
    public void A_renamed_project_is_recorded_under_the_name_it_has()
    {
        string sha256 = Add("a.json", day: 1);
        _ = New("v1");
        _ = ProjectList.Rename(_team.Repository, "b", "hands");
        ForgetRecords();

        Assert.True(Assert.Single(Write()).Repaired);

        Assert.Equal(["hands"], _team.Repository.Archive.ProjectsOf(sha256));
        Assert.Equal(sha256, Assert.Single(New("v2").Exports).Sha256);
    }

    [Fact]
    public void What_was_said_to_be_the_newest_is_it_again()
    {
        string full = Add("full.json", day: 4);
        _ = New("v1");
        string deleted = Add("deleted.json", day: 3, newest: true);
        _ = New("v2");
        ForgetRecords();

        ArchiveFinding[] findings = Write(out IReadOnlyList<string> newer);

        Assert.Equal(2, findings.Length);
        string said = Assert.Single(newer);
        Assert.Contains("since the project's last slice, v2, is made of it", said, StringComparison.Ordinal);
        Assert.EndsWith(said, findings.Single(finding => finding.Subject == deleted).Message, StringComparison.Ordinal);
        Assert.Equal([full], Record(deleted).NewerThan);
        Assert.Empty(Record(full).NewerThan);
        Assert.Equal(deleted, Assert.Single(New("v3").Exports).Sha256);

        // One that goes further than both is newer than both.
        string later = Add("later.json", day: 5);
        Assert.Equal(later, Assert.Single(New("v4").Exports).Sha256);
    }

    [Fact]
    public void Nothing_is_said_where_dates_say_the_same()
    {
        string first = Add("a.json", day: 2);
        _ = New("v1");
        string second = Add("b.json", day: 4);
        _ = New("v2");
        ForgetRecords();

        ArchiveFinding[] findings = Write(out IReadOnlyList<string> newer);

        Assert.Equal(2, findings.Length);
        Assert.Empty(newer);
        Assert.Empty(Record(first).NewerThan);
        Assert.Empty(Record(second).NewerThan);
        Assert.Equal(second, Assert.Single(New("v3").Exports).Sha256);
    }

    [Fact]
    public void It_is_newer_than_one_that_is_not_here_yet()
    {
        string full = Add("full.json", day: 4);
        _ = New("v1");
        string deleted = Add("deleted.json", day: 3, newest: true);
        _ = New("v2");
        ForgetRecords();
        ForgetObject(full);

        Assert.Equal(deleted, Assert.Single(Write()).Subject);

        Assert.Equal([full], Record(deleted).NewerThan);
        Assert.Equal(full, Add("full.json", day: 4));
        Assert.Equal(deleted, Assert.Single(New("v3").Exports).Sha256);
    }

    [Fact]
    public void What_a_record_that_is_here_says_counts_before_the_slices()
    {
        string full = Add("full.json", day: 4);
        _ = New("v1");
        string deleted = Add("deleted.json", day: 3, newest: true);
        _ = New("v2");
        _ = _team.New(new NewSliceRequest("v3") { Exports = [full] });
        File.Delete(RecordFile(full));

        Assert.Equal(full, Assert.Single(Write()).Subject);

        Assert.Empty(Record(full).NewerThan);
        Assert.Equal(deleted, Assert.Single(New("v4").Exports).Sha256);
    }

    [Fact]
    public void The_repair_of_a_clone_says_which_export_counts_as_newer()
    {
        _ = Add("full.json", day: 4);
        _ = New("v1");
        string deleted = Add("deleted.json", day: 3, newest: true);
        _ = New("v2");
        Directory.Move(_team.PathOf(".harvest"), _team.PathOf("gone"));

        ArchiveFinding absent = Assert.Single(
            new ArchiveCheck(CheckArchive.Of(_team.Repository)) { Repair = true }.Run(),
            static finding => finding.Kind == ArchiveFindingKind.StoreAbsent);

        Assert.Contains("2 exports are archived and recorded again. The export", absent.Message, StringComparison.Ordinal);
        Assert.Contains("since the project's last slice, v2, is made of it.", absent.Message, StringComparison.Ordinal);
        Assert.Equal(deleted, Assert.Single(New("v3").Exports).Sha256);
    }

    public void Dispose() => _team.Dispose();

    private ArchiveFinding[] Write() => Write(out _);

    private ArchiveFinding[] Write(out IReadOnlyList<string> newer)
    {
        Repository repository = _team.Repository;
        var records = new RecordsOfSlices(repository.Archive, ArchiveReferences.Collect(repository.Archive, repository.Slices, default));
        ArchiveFinding[] findings = [.. records.Write(default)];
        newer = records.Newer;
        return findings;
    }

    private string Add(string name, int day, bool newest = false) =>
        AddExport.Run(_team.Repository, _team.WriteText(name, Export(day)), "b", _team.Context, newest: newest).Sha256;

    private string AddText(string name, string text) => AddExport.Run(_team.Repository, _team.WriteText(name, text), "b", _team.Context).Sha256;

    /// <summary>Changes what a slice with one export says, as an earlier build or a person would have written it.</summary>
    private void Edit(string version, Action<JsonObject, JsonObject> change)
    {
        string path = _team.PathOf($"slices/{version}/slice.json");
        JsonObject slice = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(slice, Assert.Single(slice["exports"]!.AsArray())!.AsObject());
        File.WriteAllText(path, slice.ToJsonString());
    }

    private SliceManifest New(string version) => _team.New(version).Slice;

    private ExportRecord Record(string sha256) => Assert.Single(_team.Repository.Archive.List(), record => record.Sha256 == sha256);

    private string RecordFile(string sha256) => Path.Combine(_team.Repository.Archive.RecordsFolder, $"b-{sha256}.json");

    private void ForgetRecords() => Directory.Delete(_team.Repository.Archive.RecordsFolder, recursive: true);

    private void ForgetObject(string sha256)
    {
        string path = _team.Repository.Archive.PathOf(sha256);
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    private static string Export(int day) => $$$"""
        [{"id":1,"data":{"image":"task_01/episode_1/frame_{{{day}}}.jpg"},"project":12,"annotations":[{"id":{{{day}}},"completed_by":1,
        "updated_at":"2026-05-0{{{day}}}T12:00:00Z","result":[{"id":"r","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,
        "value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}]}]}]
        """;
}
