using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>What a label hash is made of, and what is counted beside it.</summary>
public sealed class TaskDigestTests
{
    [Fact]
    public void Tasks_are_in_order_of_their_ids_and_one_without_an_id_is_first()
    {
        TaskDigest[] ordered = [Of(null, "z"), Of(long.MinValue, "a"), Of(-1, "a"), Of(0, "a"), Of(7, "a"), Of(long.MaxValue, "a")];
        for (int i = 0; i < ordered.Length; i++)
        {
            for (int j = 0; j < ordered.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(ordered[i].CompareTo(ordered[j])));
                Assert.Equal(i.CompareTo(j), Math.Sign(ordered[i].CompareIds(ordered[j])));
            }
        }
    }

    [Fact]
    public void Tasks_of_one_id_are_in_order_of_their_digests()
    {
        TaskDigest[] sorted = [.. Enumerable.Range(0, 40).Select(static i => Of(3, $"{i}")).Order()];
        Assert.Equal(sorted.Select(Hex).Order(StringComparer.Ordinal), sorted.Select(Hex));
        Assert.All(sorted, one => Assert.Equal(0, one.CompareIds(sorted[0])));
    }

    [Fact]
    public void The_same_labels_are_the_same_under_any_id()
    {
        Assert.True(Of(1, "a").HasLabelsOf(Of(2, "a")));
        Assert.True(Of(null, "a").HasLabelsOf(Of(2, "a")));
        Assert.False(Of(1, "a").HasLabelsOf(Of(1, "b")));
        Assert.Equal((null, 5L), (Of(null, "a").Id, Of(5, "a").Id));
    }

    [Fact]
    public void Hashes_of_two_definitions_are_never_compared()
    {
        Assert.Equal("abc", LabelHash.Comparable("abc", LabelHash.Version));
        Assert.Null(LabelHash.Comparable("abc", LabelHash.Version - 1));
        Assert.Null(LabelHash.Comparable("abc", null));
        Assert.Null(LabelHash.Comparable(null, LabelHash.Version));
    }

    [Theory]
    [InlineData("""{"id":1,"data":{},"total_annotations":2,"annotations":[]}""", 1)]
    [InlineData("""{"id":1,"data":{},"total_annotations":2}""", 1)]
    [InlineData("""{"id":1,"data":{},"total_annotations":0,"annotations":[]}""", 0)]
    [InlineData("""{"id":1,"data":{},"annotations":[]}""", 0)]
    [InlineData("""{"id":1,"data":{},"total_annotations":2,"annotations":[{"id":2,"result":[]}]}""", 0)]
    public void A_task_that_counts_annotations_and_has_none_lacks_its_labels(string task, long missing) =>
        Assert.Equal(missing, Fingerprint($"[{task}]").LabelsMissing ?? 0);

    [Fact]
    public void Types_are_counted_where_they_could_be_names()
    {
        ExportFingerprint found = Fingerprint(
            """[{"id":1,"data":{},"annotations":[{"id":2,"result":[{"id":"a","type":"choices"},{"id":"b"},{"id":"c","type":true},{"id":"d","type":{"x":1}},{"id":"e","type":"choices"}]}]}]""");
        Assert.Equal(KeyValuePair.Create("choices", 2L), Assert.Single(found.RegionTypes!, static type => type.Key == "choices"));
        Assert.DoesNotContain(found.RegionTypes!, static type => type.Key is "true" or "True" or "{");
    }

    /// <summary>Doubles would make one number of the two.</summary>
    [Fact]
    public void Large_integers_of_regions_keep_every_digit()
    {
        static string Export(long number) => $$$"""[{"id":1,"data":{},"annotations":[{"id":2,"result":[{"id":"a","type":"number","value":{"number":{{{number}}}}}]}]}]""";
        Assert.NotEqual(Fingerprint(Export(9007199254740992)).LabelSha256, Fingerprint(Export(9007199254740993)).LabelSha256);
    }

    [Theory]
    [InlineData("annotations")]
    [InlineData("completions")]
    public void Two_annotations_of_one_id_that_differ_are_named_with_their_places(string member)
    {
        string task = $$$"""{"id":1,"annotations_count":[{"id":8}],"{{{member}}}":[{"id":5,"result":[]},{"id":7,"result":[]},{"id":6,"result":[]},{"id":7,"result":[{"id":"a"}]}],"data":{"x":[{"id":7}]},"predictions":[1,2,3,4,5]}""";
        HarvestException repeated = Assert.Throws<HarvestException>(() => Fingerprint($"[{task}]"));
        Assert.Equal("ExportAnnotationRepeated", repeated.ErrorId);
        foreach (string annotation in new[] { """{"id":7,"result":[]}""", """{"id":7,"result":[{""" })
        {
            Assert.Contains($"{1 + task.IndexOf(annotation, StringComparison.Ordinal)}", repeated.Message, StringComparison.Ordinal);
        }

        // The same annotation twice counts once.
        string once = task.Replace(""","result":[{"id":"a"}]}""", ""","result":[]}""", StringComparison.Ordinal);
        string without = once.Replace(""",{"id":7,"result":[]}],""", "],", StringComparison.Ordinal);
        Assert.NotEqual(once, without);
        Assert.Equal(Fingerprint($"[{without}]").LabelSha256, Fingerprint($"[{once}]").LabelSha256);
    }

    /// <summary>Against the definition, written a second time: what is in order of what, and what takes the place of what is absent.</summary>
    [Theory]
    [InlineData("""{"id":2,"result":[{"id":"a"}],"completed_by":9},{"id":10,"result":[{"id":"b"}],"completed_by":1}""")]
    [InlineData("""{"id":10,"result":[],"completed_by":1},{"id":2,"result":[],"completed_by":9}""")]
    [InlineData("""{"result":[{"id":"b"}]},{"result":[{"id":"a"}]},{"id":-1,"result":[]}""")]
    [InlineData("""{"id":2,"result":[{"id":"b","type":"x"},{"id":"a","type":"y"},{"id":"c"},{"id":"a","type":"w"}]}""")]
    [InlineData("""{"id":2,"result":["text",7,null,{"id":"a"},[1,{"b":1,"a":2}]]}""")]
    [InlineData("""{"id":2,"result":[{"id":"a"}],"completed_by":null,"was_cancelled":true,"ground_truth":true}""")]
    public void Labels_are_hashed_as_the_definition_says(string annotations)
    {
        foreach (string task in new[] { $$"""{"id":1,"data":{"b":1,"a":2},"annotations":[{{annotations}}]}""", $$"""{"annotations":[{{annotations}}]}""" })
        {
            Assert.Equal(LabelHashReference.Of($"[{task}]"), Fingerprint($"[{task}]").LabelSha256);
        }
    }

    /// <summary>More than the text is gathered of before it is hashed: 86 bytes a task.</summary>
    [Fact]
    public void The_tasks_of_a_large_export_are_all_hashed()
    {
        IEnumerable<string> tasks = Enumerable.Range(0, 2500).Select(static i => $$$"""{"id":{{{7919 * i % 2503}}},"data":{},"annotations":[{"id":{{{i}}}}]}""");
        string export = $"[{string.Join(',', tasks)}]";
        Assert.Equal(LabelHashReference.Of(export), Fingerprint(export).LabelSha256);
    }

    [Fact]
    public void A_task_that_is_refused_ends_the_reading_and_one_that_is_not_was_seen_with_its_shapes()
    {
        List<(long? Id, int Shapes)> seen = [];
        const string Export = """[{"id":4,"data":{},"annotations":[{"id":2,"result":[{"id":"a","type":"rectanglelabels","value":{"x":1,"y":2,"width":3,"height":4,"rectanglelabels":["b"]}}]}]},{"id":5,"data":{},"annotations":[]}]""";
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Export));
        ExportFingerprint found = ExportFingerprint.Compute(
            stream, "e.json", null, (task, _) => seen.Add((task.Id, task.Annotations.Sum(static one => one.Regions.Count(static region => region.Kind == RegionKind.Rectangle)))), 1, null, CancellationToken.None);
        Assert.Equal([(4L, 1), (5L, 0)], seen);
        Assert.Equal(Fingerprint(Export).LabelSha256, found.LabelSha256);

        stream.Position = 0;
        Assert.Throws<InvalidOperationException>(() => ExportFingerprint.Compute(
            stream, "e.json", null, static (_, _) => throw new InvalidOperationException(), 1, null, CancellationToken.None));
    }

    private static string Hex(TaskDigest digest)
    {
        byte[] hex = new byte[64];
        digest.WriteHex(hex);
        return Encoding.ASCII.GetString(hex);
    }

    private static TaskDigest Of(long? id, string text) => TaskDigest.Of(id, default, Encoding.UTF8.GetBytes(text));

    private static ExportFingerprint Fingerprint(string export)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(export));
        return ExportFingerprint.Compute(stream, "e.json", null, withLabels: true, 1);
    }
}
