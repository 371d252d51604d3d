using System.IO.Compression;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What no slice could be made of, whatever the rules, is refused when it is added, and as the slice would refuse it.</summary>
public sealed class UnderivableExportTests : IDisposable
{
    private const string Box = """{"id":"r","type":"rectanglelabels","original_width":10,"original_height":10,"value":{"x":1,"y":2,"width":3,"height":4,"rectanglelabels":["a"]}}""";
    private readonly TemporaryRepository _added = new();
    private readonly TemporaryRepository _unread = new();

    public void Dispose()
    {
        _added.Dispose();
        _unread.Dispose();
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "TaskWithoutId", $$"""[{"data":{},"annotations":[{"id":2,"result":[{{Box}}]}]}]""" },
        { "TaskWithoutId", """[{"id":1,"data":{},"annotations":[]},{"id":null,"data":{},"annotations":[{"id":2,"was_cancelled":true,"result":[]}]}]""" },
        { "ExportValueUnusable", Export(Box.Replace("\"x\":1", "\"x\":\"1\"", StringComparison.Ordinal)) },
        { "ExportValueUnusable", Export(Box.Replace("\"original_width\":10", "\"original_width\":[10]", StringComparison.Ordinal)) },
        { "ExportValueUnusable", Export("""{"id":"r","type":"keypointlabels","value":{"x":{},"y":2,"keypointlabels":["a"]}}""") },
        { "ExportValueUnusable", Export("""{"id":"r","type":"videorectangle","value":{"sequence":[{"enabled":true,"x":1}],"labels":["a"]}}""") },
        { "ExportValueUnusable", Export("""{"id":"r","type":"timelinelabels","value":{"ranges":[{"start":1.5,"end":2}],"timelinelabels":["a"]}}""") },
        { "TooManyFrames", Export("""{"id":"r","type":"timelinelabels","value":{"ranges":[{"start":1,"end":99999999999}],"timelinelabels":["a"]}}""") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Add_refuses_it_at_the_place_where_new_would(string id, string export)
    {
        string path = _added.WriteText("e/a.json", export);
        HarvestException refused = Assert.Throws<HarvestException>(() => AddExport.Run(_added.Repository, path, "a", _added.Context));
        Assert.Empty(_added.Repository.Archive.List());

        AddExport.Run(_unread.Repository, _unread.WriteText("e/a.json", export), "a", _unread.Context, labels: false);
        HarvestException late = Assert.Throws<HarvestException>(() => _unread.New("v1"));

        Assert.Equal((id, id), (refused.ErrorId, late.ErrorId));
        Assert.Equal(late.Message, refused.Message.Replace(path, "e/a.json", StringComparison.Ordinal));
    }

    /// <summary>Rules decide about these, so that a slice may be made of them.</summary>
    [Theory]
    [InlineData("""{"id":"r","type":"html","value":{"start":"/div[1]","end":"x"}}""")]
    [InlineData("""{"id":"r","type":"timelinelabels","origin":"prediction","value":{"ranges":[{"start":1,"end":99999999999}],"timelinelabels":["a"]}}""")]
    [InlineData("""{"id":"r","type":"timelinelabels","value":{"ranges":[{"start":1,"end":null}],"timelinelabels":["a"]}}""")]
    public void What_some_rules_can_derive_is_added(string region) =>
        Assert.Equal(1, AddExport.Run(_added.Repository, _added.WriteText("a.json", Export(region)), "a", _added.Context).Tasks);

    [Fact]
    public void A_frame_that_is_no_integer_depends_on_the_mapping_and_is_added() =>
        Assert.Equal(1, AddExport.Run(_added.Repository, _added.WriteText("a.json", Export(Box).Replace("\"data\":{}", "\"data\":{\"frame\":\"x\"}", StringComparison.Ordinal)), "a", _added.Context).Tasks);

    [Fact]
    public void A_task_list_without_its_annotations_is_archived_and_never_a_candidate()
    {
        string labelled = _added.WriteText("full.json", Export(Box));
        AddExport.Run(_added.Repository, labelled, "a", _added.Context);
        _added.New("v1");
        string list = _added.WriteText("list.json", """[{"id":1,"data":{},"annotations":null,"total_annotations":1},{"id":2,"data":{},"total_annotations":0}]""");

        AddedExport added = AddExport.Run(_added.Repository, list, "a", _added.Context);

        Assert.Equal("ExportLabelsMissing", Assert.Single(added.Notices).Id);
        Assert.Equal(1, _added.Repository.Archive.List("a").Single(record => record.Sha256 == added.Sha256).LabelsMissing);
        HarvestException refused = Assert.Throws<HarvestException>(() => _added.New("v2"));
        Assert.Equal("CandidateHasNoLabels", refused.ErrorId);
        Assert.Contains("1 of its 2 tasks", refused.Message, StringComparison.Ordinal);
        Assert.Equal("CandidateHasNoLabels", Assert.Throws<HarvestException>(() => RetrainStateReader.Run(_added.Repository, _added.Context)).ErrorId);

        // The earlier one, named, is the way out.
        Assert.NotNull(NewSlice.Run(_added.Repository, new NewSliceRequest("v2") { Exports = [labelled] }, _added.Context));
    }

    [Fact]
    public void One_that_was_added_unread_is_refused_when_its_labels_are_read()
    {
        string list = _unread.WriteText("list.json", """[{"id":1,"data":{},"annotations":[],"total_annotations":3}]""");
        Assert.Empty(AddExport.Run(_unread.Repository, list, "a", _unread.Context, labels: false).Notices);

        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.Equal("CandidateHasNoLabels", Assert.Throws<HarvestException>(() => _unread.New("v1")).ErrorId);
        }

        Assert.Empty(_unread.Repository.Slices.Versions());
    }

    [Fact]
    public void Tasks_that_nobody_labelled_are_no_reason_to_refuse()
    {
        AddedExport added = AddExport.Run(
            _added.Repository, _added.WriteText("a.json", """[{"id":1,"data":{},"annotations":[],"total_annotations":0,"cancelled_annotations":0}]"""), "a", _added.Context);

        Assert.Empty(added.Notices);
        Assert.Equal(0, _added.New("v1").Slice.Outputs.Sum(static output => output.Rows));
    }

    [Fact]
    public void Of_a_gzip_the_JSON_is_archived_and_found_again_at_its_path()
    {
        string json = Export(Box);
        string plain = _unread.WriteText("a.json", json);
        string path = _added.PathOf("e/a.json.gz");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal))
        {
            gzip.Write(File.ReadAllBytes(plain));
        }

        AddedExport added = AddExport.Run(_added.Repository, path, "a", _added.Context);
        Assert.Equal(AddExport.Run(_unread.Repository, plain, "a", _unread.Context).Sha256, added.Sha256);
        Assert.Equal(("e/a.json.gz", "a.json"), (added.Path, added.Entry));
        Assert.Equal(File.ReadAllBytes(plain), File.ReadAllBytes(_added.Repository.Archive.PathOf(added.Sha256)));
        _added.New("v1");

        // Without the archive the slice is derived from the JSON in the recorded file.
        string stored = _added.Repository.Archive.PathOf(added.Sha256);
        File.SetAttributes(stored, FileAttributes.Normal);
        File.Delete(stored);
        using var check = new CheckSlice(_added.Repository, _added.Context);
        Assert.Empty(check.Run(_added.Repository.Slices.Load("v1"), quick: false).Findings);
    }

    private static string Export(string region) =>
        $$"""[{"id":1,"data":{},"annotations":[{"id":2,"completed_by":1,"result":[{{region}}]}]}]""";
}
