using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using HarvestTools.Cache;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Rows;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;
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
        people = new PartPeople(people.Annotations, [.. people.Overruled, new OverruledRows(9, null, null, "", "é", 1L << 40)]);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_workers_found_is_written_as_if_all_had_been_put_together_before(bool tasksInOrder)
    {
        var random = new Random(3);
        long[][] all = [.. Enumerable.Range(0, 3_000).Select(i => (long[])[i / 3, random.Next(5) == 0 ? AnnotationIndex.None : random.Next(4), random.Next(3)])];
        all = [.. all, .. all.Where(static (_, i) => i % 7 == 0)];
        PeopleOfTasks[] workers = [new(), new(), new()];
        foreach (long[] row in all.OrderBy(row => tasksInOrder ? row[0] : random.Next()))
        {
            PeopleOfTasks worker = workers[random.Next(2)];
            worker.Annotations.Add(row);
            var annotation = new Annotation { Id = row[1], AnnotatorId = row[2] };
            worker.Overruled.Add(row[0], annotation, new TaskFields(Utf8Text.From("s"), Utf8Text.From($"e{row[1]}"), 0, default), 1);
        }

        // Without an id each counts, and with one each once.
        var expected = all.Where(static row => row[1] == AnnotationIndex.None)
            .Concat(all.Where(static row => row[1] != AnnotationIndex.None).DistinctBy(static row => (row[0], row[1], row[2])))
            .Select(static row => (row[0], row[1], row[2])).Order();
        var whole = new PartPeople(workers);
        Assert.Equal(expected, whole.Annotations.Tasks.Select((task, i) => (task, whole.Annotations.Ids[i], whole.Annotations.Annotators[i])));
        Assert.Equal(all.Length, whole.Overruled.Sum(static rows => rows.Rows));
        new PartPeople(workers) { AtOnce = 100 }.Save(_folder["as it comes"], new string('a', 64), [1]);
        new PartPeople(workers).Save(_folder["at once"], new string('a', 64), [1]);
        new PartPeople(whole.Annotations, whole.Overruled).Save(_folder["whole"], new string('a', 64), [1]);
        Assert.Equal(File.ReadAllBytes(_folder["whole"]), File.ReadAllBytes(_folder["as it comes"]));
        Assert.Equal(File.ReadAllBytes(_folder["whole"]), File.ReadAllBytes(_folder["at once"]));
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
