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
}
