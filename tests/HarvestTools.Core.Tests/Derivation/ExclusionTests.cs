using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Tests.Lineage;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Derivation;

/// <summary>What <c>exclude</c> leaves out, held against exports in which it never was.</summary>
public sealed class ExclusionTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 7)]
    [InlineData(3, 13)]
    public void The_rows_are_those_of_an_export_without_the_annotators_work(int seed, long annotator)
    {
        using var season = new LineageSeason(seed);
        Compare(season, new JsonObject { ["annotators"] = new JsonArray(annotator) }, task =>
        {
            JsonArray annotations = task["annotations"]!.AsArray();
            foreach (JsonNode? one in annotations.Where(one => (long)one!["completed_by"]! == annotator).ToList())
            {
                annotations.Remove(one);
            }

            return true;
        });
    }

    [Theory]
    [InlineData("ep2")]
    [InlineData("pour/ep2")]
    public void The_rows_are_those_of_an_export_without_the_episode(string episode)
    {
        using var season = new LineageSeason(4);
        Compare(season, new JsonObject { ["episodes"] = new JsonArray(episode) }, static task => (string?)task["data"]!["episode"] != "ep2");
    }

    [Fact]
    public void What_is_left_out_is_listed_as_such()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint("a", "thumb", 10, 20);
        task.By(2).Keypoint("b", "thumb", 10, 20);

        Derived without = task.Derive(new HarvestRules { Exclude = new Exclusion([2], []) });
        Assert.Equal("1", Assert.Single(without.Keypoints).Key.AnnotatorIds.ToString());
        Assert.Equal(["excluded"], without.Reasons);
        Assert.Empty(task.Derive(new HarvestRules { Exclude = new Exclusion([1, 2], []) }).Keypoints);
    }

    [Theory]
    [InlineData("""{"annotators":[7,3,7],"episodes":["b","a/b"]}""", """{"annotators":[3,7],"episodes":["a/b","b"]}""")]
    [InlineData("""{"annotators":[9007199254740993]}""", """{"annotators":[9007199254740993],"episodes":[]}""")]
    [InlineData("{}", """{"annotators":[],"episodes":[]}""")]
    public void It_is_written_sorted_and_without_repeats(string json, string written) =>
        Assert.Equal(written, HarvestRules.Parse(new JsonObject { ["exclude"] = JsonNode.Parse(json) }).ToJson()["exclude"]!.ToJsonString());

    [Fact]
    public void Nobody_and_nothing_left_out_is_the_default_definition() => Assert.Equal(
        HarvestDefinition.Default.Sha256,
        (HarvestDefinition.Default with { Rules = HarvestRules.Parse(new JsonObject { ["exclude"] = new JsonObject() }) }).Sha256);

    [Theory]
    [InlineData("7", "FieldInvalid", "exclude")]
    [InlineData("""{"annotators":7}""", "FieldInvalid", "exclude.annotators")]
    [InlineData("""{"annotators":[7.5]}""", "FieldInvalid", "exclude.annotators")]
    [InlineData("""{"annotators":["7"]}""", "FieldInvalid", "exclude.annotators")]
    [InlineData("""{"episodes":[""]}""", "FieldInvalid", "exclude.episodes")]
    [InlineData("""{"episodes":"ep"}""", "FieldInvalid", "exclude.episodes")]
    [InlineData("""{"annotator":[7]}""", "UnknownKey", "exclude.annotator")]
    public void What_is_no_exclusion_is_refused_with_its_place(string json, string errorId, string place)
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => HarvestRules.Parse(new JsonObject { ["exclude"] = JsonNode.Parse(json) }));

        Assert.Equal(errorId, fault.ErrorId);
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
    }

    /// <param name="season">Made exports.</param>
    /// <param name="exclude">The rule.</param>
    /// <param name="keep">Takes out of a task what the rule leaves out; false for the whole task.</param>
    private static void Compare(LineageSeason season, JsonObject exclude, Func<JsonObject, bool> keep)
    {
        SliceManifest with = season.Repository.New(new NewSliceRequest("v5") { FilterOverrides = new JsonObject { ["exclude"] = exclude } }).Slice;
        using var other = new TemporaryRepository();
        foreach (SliceExport export in with.Exports)
        {
            JsonArray tasks = JsonNode.Parse(File.ReadAllText(season.Repository.PathOf(export.Path!)))!.AsArray();
            JsonArray kept = [.. tasks.Select(static task => task!.DeepClone().AsObject()).Where(keep)];
            Assert.NotEqual(tasks.ToJsonString(), kept.ToJsonString());
            AddExport.Run(other.Repository, other.WriteText(export.Path!, kept.ToJsonString()), export.Project, other.Context);
        }

        SliceManifest without = other.New("v1").Slice;
        Assert.NotEqual(0, without.Outputs.Sum(static output => output.Rows));
        Assert.Equal(Rows(without), Rows(with));
        Assert.NotEqual(Rows(season.Repository.Repository.Slices.Load("v4")), Rows(with));

        // What was left out is no longer traced to.
        Assert.All(exclude["annotators"]?.AsArray().Select(static id => (long)id!) ?? [], annotator => Assert.All(
            TraceReach.Of(season.Repository.Repository, SourceQuery.OfAnnotator(annotator) with { Version = "v5" }, season.Repository.Context),
            static share => Assert.Equal(0, share.Rows)));
    }

    private static IEnumerable<string> Rows(SliceManifest slice) =>
        from output in slice.Outputs
        where output.Table != "rejected"
        join export in slice.Exports on output.Export equals export.Sha256
        orderby export.Project, output.Table
        select $"{export.Project} {output.Table} {output.Rows} {output.RowsSha256}";
}
