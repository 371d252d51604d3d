using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Who made annotations, when they were changed last, and what an export holds in all, whichever worker sees which task.</summary>
public sealed class AnnotationFactsTests
{
    private const string Export = """
        [
          {"id":1,"project":7,"data":{},"updated_at":"2026-05-01T00:00:00Z","annotations":[
            {"id":10,"completed_by":3,"updated_at":"2026-05-02T08:00:00Z","result":[]},
            {"id":11,"completed_by":null,"result":[]},
            {"completed_by":9,"updated_at":"2026-05-09T08:00:00Z","result":[]}],"drafts":[{"id":1},{"id":2}]},
          {"id":2,"project":5,"data":{},"annotations":[
            {"id":12,"completed_by":{"id":4,"email":"a@b"},"updated_at":"2026-05-03T10:00:00+02:00","was_cancelled":true,"result":[
              {"id":"r","type":"rectanglelabels"},{"id":"s","type":"choices"},{"id":"t","type":"rectanglelabels"}]}]},
          {"id":3,"project":7,"data":{},"annotations":[
            {"id":10,"completed_by":2,"updated_at":"2026-05-01T08:00:00Z","result":[]}]},
          {"id":4,"data":{},"annotations":[
            {"id":10,"completed_by":5,"updated_at":"2026-05-02T07:00:00Z","result":[]}]},
          {"id":5,"data":{},"annotations":[],"total_annotations":3}
        ]
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_later_time_of_an_annotation_counts_and_only_those_that_are_wanted(int threads)
    {
        using Stream export = Open(Export);
        (IReadOnlyDictionary<long, DateTime> times, ExportPass pass) = AnnotationTimes.Read(export, "a.json", new HashSet<long> { 10, 11, 99 }, threads, null, CancellationToken.None);
        Assert.Equal([KeyValuePair.Create(10L, new DateTime(2026, 5, 2, 8, 0, 0, DateTimeKind.Utc))], times);
        Assert.Equal(Encoding.UTF8.GetByteCount(Export), pass.Bytes);

        // In the other order too.
        using Stream turned = Open("""[{"id":3,"data":{},"annotations":[{"id":10,"updated_at":"2026-05-01T08:00:00Z","result":[]}]},{"id":1,"data":{},"annotations":[{"id":10,"updated_at":"2026-05-02T08:00:00Z","result":[]}]}]""");
        Assert.Equal(2, AnnotationTimes.Read(turned, "a.json", new HashSet<long> { 10 }, threads, null, CancellationToken.None).Times[10].Day);
        using Stream all = Open(Export);
        Assert.Equal([10, 12], AnnotationTimes.Read(all, "a.json", new HashSet<long> { 10, 11, 12 }, threads, null, CancellationToken.None).Times.Keys.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Of_one_export_the_least_annotator_counts_and_of_several_the_first_that_has_one(int threads)
    {
        var index = new AnnotatorIndex(new HashSet<long> { 10, 11, 13 });
        using Stream first = Open(Export);
        index.Read(first, "a.json", threads, null, CancellationToken.None);
        Assert.Equal((2, null, null, null), (index.Of(10), index.Of(11), index.Of(12), index.Of(13)));

        using Stream second = Open("""[{"id":1,"data":{},"annotations":[{"id":10,"completed_by":1,"result":[]},{"id":11,"completed_by":8,"result":[]},{"id":13,"completed_by":0,"result":[]}]}]""");
        index.Read(second, "b.json", threads, null, CancellationToken.None);
        Assert.Equal((2, 8, null, 0), (index.Of(10), index.Of(11), index.Of(12), index.Of(13)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_an_export_holds_is_counted_whichever_worker_sees_it(int threads)
    {
        using Stream export = Open(Export);
        var found = ExportFingerprint.Compute(export, "a.json", null, withLabels: true, threads);
        Assert.Equal((5, 6, 1, 2, 1, 0), (found.Tasks, found.Annotations, found.Cancelled, found.Drafts, found.LabelsMissing, found.RepeatedTasks));
        Assert.Equal([5, 7], found.ProjectIds!);
        Assert.Equal([("choices", 1), ("rectanglelabels", 2)], found.RegionTypes!.Select(static type => (type.Key, type.Value)));
        Assert.Equal(new DateTimeOffset(2026, 5, 9, 8, 0, 0, TimeSpan.Zero), found.LabelsThrough);
        Assert.Equal(TimeSpan.Zero, found.LabelsThrough!.Value.Offset);
        Assert.False(found.LacksAllLabels);
        Assert.Equal(4, found.Digests!.Count);
        Assert.Equal(found.Digests!.Order(), found.Digests!);
    }

    [Fact]
    public void An_export_without_any_time_or_label_says_so()
    {
        using Stream none = Open("""[{"id":1,"data":{},"annotations":[],"total_annotations":0}]""");
        var found = ExportFingerprint.Compute(none, "a.json", null, withLabels: true, 1);
        Assert.Equal((1, 0, 0, null), (found.Tasks, found.Annotations, found.LabelsMissing, found.LabelsThrough));
        Assert.False(found.LacksAllLabels);
        Assert.Empty(found.ProjectIds!);
        Assert.Empty(found.Digests!);

        using Stream stripped = Open("""[{"id":1,"data":{},"annotations":[],"total_annotations":2}]""");
        Assert.True(ExportFingerprint.Compute(stripped, "a.json", null, withLabels: true, 1).LacksAllLabels);
        using Stream empty = Open("[]");
        found = ExportFingerprint.Compute(empty, "a.json", null, withLabels: true, 1);
        Assert.Equal((0, 0), (found.Tasks, found.Annotations));
        Assert.False(found.LacksAllLabels);
    }

    [Fact]
    public void Without_labels_bytes_alone_are_hashed_and_copied()
    {
        using Stream export = Open("not at all JSON");
        using var copy = new MemoryStream();
        var found = ExportFingerprint.Compute(export, "a.json", copy, withLabels: false);
        Assert.Equal(("not at all JSON"u8.Length, (long?)null, (string?)null), ((int)found.Bytes, found.Tasks, found.LabelSha256));
        Assert.Equal("not at all JSON"u8, copy.ToArray());
        Assert.Null(found.Digests);
        Assert.Throws<ArgumentException>(() => found.ChangesTo(found));

        using Stream whole = Open(Export);
        var labels = ExportFingerprint.Compute(whole, "a.json", null, withLabels: true, 1);
        Assert.Throws<ArgumentException>(() => labels.ChangesTo(found));
        Assert.Throws<ArgumentException>(() => found.ChangesTo(labels));
        Assert.Equal((0, 0, 0), (labels.ChangesTo(labels).Added, labels.ChangesTo(labels).Removed, labels.ChangesTo(labels).Relabelled));
    }

    [Fact]
    public void What_is_no_export_is_named_for_what_it_is_where_that_is_known()
    {
        Assert.Equal("ExportIsJsonMin", Refused("""[{"id":7,"image":"a","annotator":1,"annotation_id":2,"lead_time":1}]"""));
        Assert.Equal("ExportHoldsNoTasks", Refused("""[{"x":1},{"y":2}]"""));

        static string Refused(string json)
        {
            using Stream export = Open(json);
            return Assert.Throws<HarvestException>(() => ExportFingerprint.Compute(export, "a.json", null, withLabels: true, 1)).ErrorId;
        }
    }

    [Fact]
    public void Digests_are_kept_for_whoever_compares_labels()
    {
        using Stream export = Open(Export);
        ExportPass pass = AnnotationTimes.Read(export, "a.json", new HashSet<long>(), 1, null, CancellationToken.None).Pass;
        Assert.Equal((pass.Sha256, pass.Bytes), (ExportFingerprint.From(pass, "a.json", [], keepDigests: true).Sha256, ExportFingerprint.From(pass, "a.json", [], keepDigests: true).Bytes));
        Assert.Empty(ExportFingerprint.From(pass, "a.json", [], keepDigests: true).Digests!);
        ExportFingerprint bare = ExportFingerprint.From(pass, "a.json", [], keepDigests: false);
        Assert.Null(bare.Digests);
        Assert.StartsWith("both fingerprints must be taken with labels", Assert.Throws<ArgumentException>(() => bare.ChangesTo(bare)).Message, StringComparison.Ordinal);
    }

    private static MemoryStream Open(string json) => new(Encoding.UTF8.GetBytes(json));
}
