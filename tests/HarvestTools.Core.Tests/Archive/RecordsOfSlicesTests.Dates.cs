using HarvestTools.Archive;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Archive;

/// <content>Which dates count where records, slices and exports say different ones, or none.</content>
public sealed partial class RecordsOfSlicesTests
{
    /// <summary>Its record is written before that of the other one, whose dates are then those of its labels, whether or not slices have them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_slice_is_the_one_that_was_made_last_whatever_its_name(bool dated)
    {
        string full = Add("full.json", day: 4);
        _ = New("v2");
        string deleted = Add("deleted.json", day: 3, newest: true);
        _ = New("v1");
        ForgetRecords();
        if (!dated)
        {
            Edit("v1", static (_, export) => export.Remove("labels_through"));
            Edit("v2", static (_, export) => export.Remove("labels_through"));
        }

        _ = Write();

        Assert.Equal([full], Record(deleted).NewerThan);
    }

    [Fact]
    public void The_dates_of_a_record_that_is_here_count_where_slices_have_none()
    {
        string full = Add("full.json", day: 4);
        _ = New("v1");
        string deleted = Add("deleted.json", day: 3, newest: true);
        _ = New("v2");
        Edit("v1", static (_, export) => export.Remove("labels_through"));
        File.Delete(RecordFile(deleted));

        _ = Write();

        Assert.Equal([full], Record(deleted).NewerThan);
    }

    [Fact]
    public void What_is_not_of_the_last_slice_is_newer_than_nothing_and_what_is_names_the_others_in_order()
    {
        string[] before = [Add("a.json", day: 5), Add("b.json", day: 4, newest: true), ""];
        _ = _team.New(new NewSliceRequest("v1") { Exports = [before[0]] });
        _ = _team.New(new NewSliceRequest("v2") { Exports = [before[1]] });
        before[2] = Add("c.json", day: 6);
        _ = New("v3");
        string last = Add("d.json", day: 3, newest: true);
        _ = New("v4");
        ForgetRecords();

        _ = Write();

        Assert.Equal(before.Order(StringComparer.Ordinal), Record(last).NewerThan);
        Assert.All(before, export => Assert.Empty(Record(export).NewerThan));
    }

    /// <summary>The first slice that names it is the only date that there is.</summary>
    [Fact]
    public void Of_exports_without_dates_the_one_that_was_used_first_later_is_newer()
    {
        string last = AddText("a.json", s_undated);
        _ = New("v1");
        string gone = AddText("b.json", s_undated + " ");
        _ = _team.New(new NewSliceRequest("v2") { Exports = [gone] });
        _ = _team.New(new NewSliceRequest("v3") { Exports = [last] });
        ForgetRecords();
        ForgetObject(gone);

        _ = Write();

        Assert.Equal([gone], Record(last).NewerThan);
    }

    [Fact]
    public void One_that_came_from_outside_and_is_inside_since_has_its_path_alone()
    {
        using var outside = new TemporaryRepository();
        string sha256 = AddExport.Run(_team.Repository, outside.WriteText("hands.json", Export(2)), "b", _team.Context).Sha256;
        _ = New("v1");
        Assert.Equal(sha256, Add("in.json", day: 2));
        _ = New("v2");
        ForgetRecords();

        _ = Write();

        Assert.Equal(("in.json", null), (Record(sha256).Path, Record(sha256).Name));
    }

    [Fact]
    public void Of_a_slice_that_says_no_more_than_the_hash_the_record_has_the_time_of_the_object()
    {
        string sha256 = Add("a.json", day: 2);
        _ = New("v1");
        ForgetRecords();
        Edit("v1", static (slice, export) =>
        {
            slice.Remove("created_at");
            export.Remove("path");
        });
        DateTime time = DateTime.UnixEpoch.AddDays(7);
        string path = _team.Repository.Archive.PathOf(sha256);
        ArchiveFixture.MakeWritable(path);
        File.SetLastWriteTimeUtc(path, time);

        ArchiveFinding finding = Assert.Single(Write());

        Assert.EndsWith("; it records what is archived already.", finding.Fix.ToString(), StringComparison.Ordinal);
        Assert.Equal([new RemedyAction.AddExport(Project: "b")], finding.Fix.Actions);
        Assert.Equal(time, Record(sha256).AddedAt.Instant.UtcDateTime);
        Assert.Equal((null, null), (Record(sha256).Path, Record(sha256).Name));
    }
}
