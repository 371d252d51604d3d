using HarvestTools.Archive;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Exports that were added unread: the first slice of them reads their labels on the way.</summary>
public sealed class AddWithoutLabelsTests : IDisposable
{
    private readonly TemporaryRepository _read = new();
    private readonly TemporaryRepository _unread = new();

    public void Dispose()
    {
        _read.Dispose();
        _unread.Dispose();
    }

    [Theory]
    [InlineData(nameof(SampleKind.Actions))]
    [InlineData(nameof(SampleKind.Body))]
    [InlineData(nameof(SampleKind.Hands))]
    public void A_slice_of_one_is_the_slice_of_an_export_added_with_its_labels(string kind)
    {
        ExportPlan plan = ExportPlan.ForTasks(Enum.Parse<SampleKind>(kind), 40);
        _read.Add("label_studio/a.json", plan, "a");
        AddExport.Run(_unread.Repository, _unread.Write("label_studio/a.json", plan), "a", _unread.Context, labels: false);
        Assert.Null(_unread.Repository.Archive.List().Single().LabelSha256);

        NewSliceResult expected = _read.New("v1");
        NewSliceResult made = _unread.New("v1");

        Assert.NotNull(made.Slice.Exports.Single().LabelSha256);
        Assert.Equal(expected.Slice.Exports.Single().LabelSha256, made.Slice.Exports.Single().LabelSha256);
        Assert.Equal(expected.Slice.Outputs, made.Slice.Outputs);
        ExportRecord record = _unread.Repository.Archive.List().Single();
        ExportRecord wanted = _read.Repository.Archive.List().Single();
        Assert.Equal(
            (wanted.LabelSha256, wanted.Tasks, wanted.Annotations, wanted.Cancelled, wanted.Drafts),
            (record.LabelSha256, record.Tasks, record.Annotations, record.Cancelled, record.Drafts));
        Assert.Equal(wanted.RegionTypes, record.RegionTypes);
        Assert.All(_unread.New("v2").Built!.Tables, static table => Assert.NotEqual(BuildStatus.Regenerated, table.Status));
    }

    [Fact]
    public void What_is_no_export_is_refused_and_nothing_is_kept_of_it()
    {
        string path = _unread.WriteText("label_studio/a.json", "[{\"id\":1,\"data\":{},\"annotations\":[{\"id\":\"x\"}]}]");
        AddExport.Run(_unread.Repository, path, "a", _unread.Context, labels: false);

        Assert.Equal("ExportValueUnusable", Assert.Throws<HarvestException>(() => _unread.New("v1")).ErrorId);

        Assert.Null(_unread.Repository.Archive.List().Single().LabelSha256);
        Assert.Empty(_unread.Repository.Slices.Versions());
        Assert.Empty(Directory.EnumerateFiles(_unread.PathOf(".harvest/cache"), "*", SearchOption.AllDirectories));
    }

    /// <summary>The first attempt recorded the labels of its exports, so that the second knows more of them.</summary>
    [Fact]
    public void A_slice_whose_making_was_stopped_before_its_end_is_finished()
    {
        foreach (string name in new[] { "a", "b" })
        {
            ExportPlan plan = ExportPlan.ForTasks(SampleKind.Body, 3) with { FirstTaskId = name[0] * 100, FirstAnnotationId = name[0] * 1000 };
            AddExport.Run(_unread.Repository, _unread.Write($"label_studio/{name}.json", plan), "a", _unread.Context, labels: false);
        }

        var request = new NewSliceRequest("v1") { Exports = [.. _unread.Repository.Archive.List().Select(static record => record.Sha256)] };
        string path = _unread.New(request).ManifestPath;
        byte[] made = File.ReadAllBytes(path);
        File.Delete(Path.Combine(Path.GetDirectoryName(path)!, "definition.json"));

        Assert.True(_unread.New(request).Made);

        Assert.Equal(made, File.ReadAllBytes(path));
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "definition.json")));
    }

    /// <summary>Unread, two projects under one name are not refused when they are added: the newest of both would pass for the newest of one.</summary>
    [Fact]
    public void Exports_of_two_projects_under_one_name_make_no_slice_of_the_newest_alone()
    {
        string first = AddUnread("first", 1, project: 21);
        string second = AddUnread("second", 101, project: 22);

        var fault = Assert.Throws<HarvestException>(() => _unread.New("v1"));

        Assert.Equal(("ProjectOfSeveralIds", HarvestFault.InvalidData), (fault.ErrorId, fault.Fault));
        Assert.Contains("21 (label_studio/first.json), 22 (label_studio/second.json)", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_unread.Repository.Slices.Versions());

        // What the remedy names is of both.
        var named = new NewSliceRequest("v1") { Exports = [$"p-{first[..12]}", $"p-{second[..12]}"] };
        Assert.Equal(2, _unread.New(named).Slice.Exports.Count);
        Assert.Contains(fault.Remedy.Actions, action => action is RemedyAction.NewSlice make && make.Exports?.SequenceEqual(named.Exports) == true);
    }

    [Fact]
    public void An_id_that_the_settings_give_to_the_name_is_of_the_same_project()
    {
        AddUnread("first", 1, project: 21);
        string second = AddUnread("second", 101, project: 22);
        _ = ProjectList.AddId(_unread.Repository, "p", 22);

        Assert.Equal(second, _unread.New("v1").Slice.Exports.Single().Sha256);
    }

    [Fact]
    public void A_file_that_is_no_export_is_left_out_once_another_came_in_after_it_and_no_sooner()
    {
        AddUnread("first", 1, project: 21);
        AddExport.Run(_unread.Repository, _unread.WriteText("label_studio/cut.json", "[{\"id\":1,\"data\":{},\"annotations\":[{\"id\":2"), "p", _unread.Context, labels: false);
        Assert.Equal("ExportTruncated", Assert.Throws<HarvestException>(() => _unread.New("v1")).ErrorId);

        string again = AddUnread("again", 201, project: 21);

        Assert.Equal(again, _unread.New("v1").Slice.Exports.Single().Sha256);
    }

    private string AddUnread(string name, int firstTask, int project)
    {
        ExportPlan plan = ExportPlan.ForTasks(SampleKind.Body, 3) with { FirstTaskId = firstTask, FirstAnnotationId = firstTask * 10, ProjectId = project };
        return AddExport.Run(_unread.Repository, _unread.Write($"label_studio/{name}.json", plan), "p", _unread.Context, labels: false).Sha256;
    }
}
