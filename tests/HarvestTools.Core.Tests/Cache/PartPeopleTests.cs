using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using HarvestTools.Cache;
using HarvestTools.Derivation.Rows;
using HarvestTools.Rules;
using HarvestTools.Tests.Derivation;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Cache;

/// <summary>What a derivation notes of people is what reading the export once more finds, whatever is in it.</summary>
public sealed class PartPeopleTests : IDisposable
{
    private static readonly HarvestRules[] s_rules =
    [
        HarvestRules.Default,
        HarvestRules.Default with { MinPixelAgreement = 200, PreferGroundTruth = false },
        HarvestRules.Default with { RequireTwoAnnotators = true },
        HarvestRules.Default with { AcceptUntouched = false },
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_any_labels(int threads) => Gen.Select(RandomExport.Any(repeats: true), Gen.Int[0, s_rules.Length - 1]).Sample(
        (export, rules) => Compare(export, s_rules[rules], threads), iter: 300, threads: 1);

    [Fact]
    public void Of_several_media() => Gen.Select(MediaExport.Any(), Gen.Int[0, s_rules.Length - 1]).Sample(
        (export, rules) => Compare(export, s_rules[rules], threads: 2), iter: 300, threads: 1);

    [Fact]
    public void Whose_labels_were_taken_over_is_among_it()
    {
        int overruled = 0;
        int nameless = 0;
        RandomExport.Any().Sample(
            export =>
            {
                PartPeople people = Derive(export, s_rules[1], threads: 1).People!;
                overruled += people.Overruled.Count;
                nameless += people.Annotations.Annotators.Count(static id => id == AnnotationIndex.None);
            },
            iter: 300, threads: 1);
        Assert.True(overruled > 10 && nameless > 10, $"{overruled} and {nameless}");
    }

    [Fact]
    public void Of_tasks_that_another_export_has_the_annotations_are_there_and_nobody_is_taken_over()
    {
        JsonArray export = [Task(1), Task(2)];

        PartPeople people = Derive(export, HarvestRules.Default, threads: 1, yielded: new HashSet<long> { 2 }).People!;

        Assert.Equal([1L, 1, 2, 2], people.Annotations.Tasks);
        Assert.Equal([10L, 11, 20, 21], people.Annotations.Ids);
        Assert.Equal([5L, 7, 5, 7], people.Annotations.Annotators);
        Assert.Equal([new OverruledRows(1, 11, 7, "s", "e1", 3)], people.Overruled);
    }

    [Fact]
    public void Of_a_task_that_is_there_twice_it_counts_once() =>
        Assert.Equal([new OverruledRows(1, 11, 7, "s", "e1", 3)], Derive([Task(1), Task(1)], HarvestRules.Default, threads: 1).People!.Overruled);

    [Fact]
    public void It_is_noted_only_for_whoever_asks()
    {
        using var input = new MemoryStream("[]"u8.ToArray());
        Assert.Null(PartDerivation.Run(Request(HarvestRules.Default, 1) with { WithPeople = false }, input, static _ => new MemoryStream(), null, default).People);
    }

    [Fact]
    public void A_file_gives_what_was_written_to_its_own_part_alone()
    {
        PartPeople people = Derive([Task(1), Task(2)], HarvestRules.Default, threads: 1).People!;
        people = people with { Overruled = [.. people.Overruled, new OverruledRows(9, null, null, "", "é", 1L << 40)] };
        string path = _folder["people"];
        (string key, byte[] identity) = (new string('a', 64), [1, 2, 3]);
        people.Save(path, key, identity);

        foreach (byte[]? rows in new[] { identity, null })
        {
            PartPeople read = PartPeople.TryLoad(path, key, rows)!;
            Assert.Equal(people.Overruled, read.Overruled);
            AssertSame(people.Annotations, read.Annotations);
        }

        Assert.Null(PartPeople.TryLoad(path, key, [1, 2, 4]));
        Assert.Null(PartPeople.TryLoad(path, new string('b', 64), identity));
        Assert.Null(PartPeople.TryLoad(path, new string('b', 64), null));
        Assert.Null(PartPeople.TryLoad(_folder["gone"], key, identity));
    }

    private static JsonObject Task(int id) => new()
    {
        ["id"] = id,
        ["data"] = new JsonObject { ["image"] = $"/data/{id}.jpg", ["task_subdir"] = "s", ["episode"] = $"e{id}", ["frame"] = id },
        ["annotations"] = new JsonArray(Annotation(id * 10, 5, "prediction"), Annotation((id * 10) + 1, 7, "prediction-changed")),
    };

    private static JsonObject Annotation(int id, int annotator, string origin) => new()
    {
        ["id"] = id,
        ["completed_by"] = annotator,
        ["result"] = new JsonArray([.. Enumerable.Range(0, 3).Select(point => new JsonObject
        {
            ["id"] = $"r{id}_{point}",
            ["type"] = "keypointlabels",
            ["from_name"] = "kp",
            ["to_name"] = "image",
            ["origin"] = origin,
            ["original_width"] = 100,
            ["original_height"] = 100,
            ["value"] = new JsonObject { ["x"] = 30 * point, ["y"] = 20, ["width"] = 0.5, ["keypointlabels"] = new JsonArray("tip") },
        })]),
    };

    private void Compare(JsonArray export, HarvestRules rules, int threads)
    {
        PartPeople noted = Derive(export, rules, threads).People!;
        byte[] bytes = Encoding.UTF8.GetBytes(export.ToJsonString());
        using (var stream = new MemoryStream(bytes))
        {
            AssertSame(AnnotationIndex.Read(stream, "a.json", threads, null, default).Index, noted.Annotations);
        }

        using (var stream = new MemoryStream(bytes))
        {
            PartPeople read = OverruledTasks.Read(Request(rules, threads), stream, noted.Annotations.Tasks.ToHashSet(), null, default).People;
            AssertSame(read.Annotations, noted.Annotations);
            Assert.Equal(read.Overruled, noted.Overruled);
        }
    }

    private static void AssertSame(AnnotationIndex expected, AnnotationIndex actual)
    {
        Assert.Equal(expected.Tasks, actual.Tasks);
        Assert.Equal(expected.Ids, actual.Ids);
        Assert.Equal(expected.Annotators, actual.Annotators);
    }

    private DerivedPart Derive(JsonArray export, HarvestRules rules, int threads, IReadOnlySet<long>? yielded = null)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(export.ToJsonString()));
        return PartDerivation.Run(Request(rules, threads) with { WithPeople = true, YieldedTasks = yielded }, input, static _ => new MemoryStream(), null, default);
    }

    private PartRequest Request(HarvestRules rules, int threads) => new("p", "a.json", rules, FieldMapping.Default, threads, _folder.Path);
}
