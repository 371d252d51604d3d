using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Rules;
using HarvestTools.Tests.Lineage;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Erasure;

/// <summary>Every answer of an erasure, held against a season of known truth.</summary>
public sealed class ErasureSeasonTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_person_touches_is_the_truth(int seed)
    {
        using var season = new LineageSeason(seed);
        foreach (long person in season.Slices["v4"].Select(static one => one.Annotator).Distinct())
        {
            ErasurePlan plan = PlanErasure.Preview(season.Repository.Repository, SourceQuery.OfAnnotator(person), season.Repository.Context);

            Dictionary<string, long?> rows = season.Slices
                .Where(slice => slice.Value.Exists(one => one.Annotator == person))
                .ToDictionary(static slice => slice.Key, slice => (long?)slice.Value.Where(one => one.Annotator == person).Sum(static one => one.Rows));
            Assert.Equal(rows.OrderBy(static slice => slice.Key), plan.Slices.ToDictionary(static slice => slice.Version, static slice => slice.Rows).OrderBy(static slice => slice.Key));
            Assert.Equal(season.Slices.Keys.Except(rows.Keys).Order(), plan.KeptSlices.Order());
            foreach (ErasedExport export in plan.Exports)
            {
                Assert.Equal(AnnotationsOf(season, export.Sha256, person), export.Holds.Annotations);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_person_who_is_erased_is_nowhere_and_all_others_keep_their_work(int seed)
    {
        using var season = new LineageSeason(seed);
        TemporaryRepository repository = season.Repository;
        long person = season.Slices["v4"][0].Annotator;
        var subject = SourceQuery.OfAnnotator(person);

        ErasurePlan plan = PlanErasure.Write(repository.Repository, subject, repository.Context);
        foreach (ErasedExport export in plan.Exports)
        {
            Assert.True(JsonNode.DeepEquals(Without(Json(season, export.Sha256), person), Json(season, export.RedactedSha256!)));
        }

        Assert.Equal([person], repository.Repository.Settings.Harvest.Rules.Exclude.Annotators);
        repository.New(new NewSliceRequest("v5") { AllowShrink = true });
        AssertTruth(season, "v5", person);

        ErasureRemoval removal = RemoveErased.Run(repository.Repository, subject, repository.Context);
        Assert.Equal(plan.Exports.Select(static export => export.Sha256).Order(), removal.Exports.Select(static export => export.Sha256).Order());
        ErasureProof proof = ProveErasure.Run(repository.Repository, subject, repository.Context);
        Assert.All(proof.Traces, static trace => Assert.True(trace.Kind is ErasureTraceKind.Exclusion or ErasureTraceKind.File, $"{trace.Kind} {trace.Path} {trace.What}"));
        Assert.False(proof.IsErased);

        Directory.Delete(repository.PathOf("exports"), recursive: true);
        proof = ProveErasure.Run(repository.Repository, subject, repository.Context);
        Assert.True(proof.IsErased, string.Join('\n', proof.Traces));
        Assert.True(proof is { Objects: > 2, Records: > 4, Tables: > 2, Rows: > 0 });

        // All that is kept is that of the others, derived from what is there.
        AssertTruth(season, "v5", person);
        Assert.Equal("AnnotatorUnknown", Assert.Throws<HarvestException>(() => TraceReach.Of(repository.Repository, subject, repository.Context).ToList()).ErrorId);
    }

    [Fact]
    public void An_episode_that_is_erased_is_nowhere_and_all_others_are_as_they_were()
    {
        using var season = new LineageSeason(2);
        TemporaryRepository repository = season.Repository;
        var subject = SourceQuery.OfEpisode("pour/ep2");
        Dictionary<string, long?> before = RowsByEpisode(season, "v4");

        ErasurePlan plan = PlanErasure.Write(repository.Repository, subject, repository.Context);
        Assert.All(plan.Exports, export => Assert.Equal(TasksOf(season, export.Sha256, "ep2"), export.Holds.WholeTasks));
        repository.New(new NewSliceRequest("v5") { AllowShrink = true });
        Assert.True(before.Remove("ep2"));
        Assert.Equal(before.OrderBy(static one => one.Key), RowsByEpisode(season, "v5").OrderBy(static one => one.Key));

        RemoveErased.Run(repository.Repository, subject, repository.Context);
        Directory.Delete(repository.PathOf("exports"), recursive: true);
        ErasureProof proof = ProveErasure.Run(repository.Repository, subject, repository.Context);
        Assert.True(proof.IsErased, string.Join('\n', proof.Traces));
    }

    [Fact]
    public void What_was_set_aside_and_what_was_left_behind_is_found()
    {
        using var season = new LineageSeason(2);
        TemporaryRepository repository = season.Repository;
        long person = season.Slices["v4"][0].Annotator;
        var subject = SourceQuery.OfAnnotator(person);
        string sha256 = repository.Repository.Slices.Load("v4").Exports[0].Sha256;
        string aside = Path.Combine(repository.Repository.Archive.Folder, "quarantine", $"{sha256}.1234");
        string odd = Path.Combine(repository.Repository.Archive.Folder, "sha256", "copy.json");
        Directory.CreateDirectory(Path.GetDirectoryName(aside)!);
        File.Copy(repository.Repository.Archive.PathOf(sha256), aside);
        File.Copy(aside, odd);
        PlanErasure.Write(repository.Repository, subject, repository.Context, rule: false);
        RemoveErased.Run(repository.Repository, subject, repository.Context);
        Directory.Delete(repository.PathOf("exports"), recursive: true);

        ErasureProof proof = ProveErasure.Run(repository.Repository, subject, repository.Context);

        Assert.Equal(new[] { aside, odd }.Select(path => repository.Repository.MakeRelative(path)).Order(), proof.Traces.Where(static trace => trace.Kind == ErasureTraceKind.Archive).Select(static trace => trace.Path).Order());
        Assert.False(proof.IsErased);
    }

    [Fact]
    public void An_export_that_breaks_off_and_a_copy_under_another_name_are_found()
    {
        using var season = new LineageSeason(2);
        TemporaryRepository repository = season.Repository;
        long person = season.Slices["v4"][0].Annotator;
        var subject = SourceQuery.OfAnnotator(person);
        byte[] export = File.ReadAllBytes(repository.Repository.Archive.PathOf(repository.Repository.Slices.Load("v4").Exports[0].Sha256));
        string half = Path.Combine(repository.Repository.Archive.Folder, "quarantine", "half");
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        File.WriteAllBytes(half, export[..(export.Length / 2)]);
        PlanErasure.Write(repository.Repository, subject, repository.Context, rule: false);
        RemoveErased.Run(repository.Repository, subject, repository.Context);
        Directory.Delete(repository.PathOf("exports"), recursive: true);
        File.WriteAllBytes(repository.PathOf("copy.json"), export);
        File.WriteAllText(Path.Combine(repository.Repository.Archive.Folder, "wide"), Encoding.UTF8.GetString(export), Encoding.Unicode);

        ErasureProof proof = ProveErasure.Run(repository.Repository, subject, repository.Context);

        Assert.Equal(
            [repository.Repository.MakeRelative(half), "copy.json"],
            proof.Traces.Where(static trace => trace.Kind != ErasureTraceKind.Exclusion).Select(static trace => trace.Path).Order(StringComparer.Ordinal));
        Assert.Contains(proof.NotSearched, static one => one.Contains("quarantine/half", StringComparison.Ordinal));
        Assert.Contains(proof.NotSearched, static one => one.Contains(".harvest/archive/wide", StringComparison.Ordinal));
    }

    [Fact]
    public void A_slice_whose_export_was_removed_for_somebody_else_is_not_taken_for_one_without()
    {
        using var season = new LineageSeason(2);
        TemporaryRepository repository = season.Repository;
        long[] people = [.. season.Slices["v4"].Select(static one => one.Annotator).Distinct().Take(2)];
        PlanErasure.Write(repository.Repository, SourceQuery.OfAnnotator(people[0]), repository.Context, rule: false);
        RemoveErased.Run(repository.Repository, SourceQuery.OfAnnotator(people[0]), repository.Context);

        ErasurePlan plan = PlanErasure.Preview(repository.Repository, SourceQuery.OfAnnotator(people[1]), repository.Context);

        Assert.Equal(
            season.Slices.Where(slice => slice.Value.Exists(one => one.Annotator == people[1])).Select(static slice => slice.Key).Order(),
            plan.Slices.Select(static slice => slice.Version).Order());
    }

    [Fact]
    public void A_second_erasure_is_of_what_the_first_left()
    {
        using var season = new LineageSeason(2);
        TemporaryRepository repository = season.Repository;
        long[] people = [.. season.Slices["v4"].Select(static one => one.Annotator).Distinct().Take(2)];
        foreach (long person in people)
        {
            PlanErasure.Write(repository.Repository, SourceQuery.OfAnnotator(person), repository.Context);
            RemoveErased.Run(repository.Repository, SourceQuery.OfAnnotator(person), repository.Context);
        }

        ExportRecord last = repository.Repository.Archive.List("a").Last(static record => record.RemovedAt is null);
        Assert.Equal(people.Order(), last.Redacted.Annotators);
        Assert.Equal(new Exclusion(people, []), repository.Repository.Settings.Harvest.Rules.Exclude);
        Directory.Delete(repository.PathOf("exports"), recursive: true);
        Assert.All(people, person => Assert.True(ProveErasure.Run(repository.Repository, SourceQuery.OfAnnotator(person), repository.Context).IsErased));
    }

    [Fact]
    public void What_was_erased_does_not_come_back_from_its_path()
    {
        using var season = new LineageSeason(2);
        TemporaryRepository repository = season.Repository;
        var subject = SourceQuery.OfAnnotator(season.Slices["v4"][0].Annotator);
        PlanErasure.Write(repository.Repository, subject, repository.Context, rule: false);
        RemoveErased.Run(repository.Repository, subject, repository.Context);
        string path = Directory.GetFiles(repository.PathOf("exports"), "a*.json").Order().First();

        Assert.Equal("ExportWasErased", Assert.Throws<HarvestException>(() => AddExport.Run(repository.Repository, path, "a", repository.Context)).ErrorId);
        Assert.Equal("ExportErased", Assert.Throws<HarvestException>(() => BuildSlice.Run(repository.Repository, repository.Repository.Slices.Load("v4"), repository.Context)).ErrorId);
    }

    [Fact]
    public void A_record_that_is_damaged_after_a_removal_brings_nothing_back()
    {
        using var season = new LineageSeason(2);
        TemporaryRepository repository = season.Repository;
        var subject = SourceQuery.OfAnnotator(season.Slices["v4"][0].Annotator);
        ErasurePlan plan = PlanErasure.Write(repository.Repository, subject, repository.Context, rule: false);
        RemoveErased.Run(repository.Repository, subject, repository.Context);
        string sha256 = plan.Exports[^1].Sha256;
        string record = Directory.GetFiles(Path.Combine(repository.Repository.Archive.Folder, "exports"), $"*-{sha256}.json").Single();
        File.SetAttributes(record, FileAttributes.Normal);
        File.WriteAllText(record, File.ReadAllText(record).Replace("\"tasks\": 1", "\"tasks\": 3", StringComparison.Ordinal).Replace("\"tasks\": 2", "\"tasks\": 4", StringComparison.Ordinal));
        Assert.NotNull(repository.Repository.Archive.Records().Single(entry => entry.Path == record).Error);

        Assert.NotNull(repository.Repository.Archive.RemovedAt(sha256));
    }

    /// <summary>The rows of everybody but the one who was erased: of two who differed the other's count now.</summary>
    private static void AssertTruth(LineageSeason season, string version, long erased)
    {
        List<TrueAnnotation> truth = season.Slices["v4"];
        HashSet<(string, long)> touched = [.. truth.Where(one => one.Annotator == erased).Select(static one => (one.Project, one.Task))];
        foreach (long person in truth.Select(static one => one.Annotator).Distinct().Where(person => person != erased))
        {
            long rows = truth.Where(one => one.Annotator == person).Sum(one => touched.Contains((one.Project, one.Task)) && one.Rows == 0 ? one.Rejected : one.Rows);
            Assert.Equal(rows, TraceReach.Of(season.Repository.Repository, SourceQuery.OfAnnotator(person) with { Version = version }, season.Repository.Context).Sum(static share => share.Rows));
        }
    }

    private static Dictionary<string, long?> RowsByEpisode(LineageSeason season, string version) => TraceRows.OfSlice(season.Repository.Repository, version, season.Repository.Context)
        .GroupBy(static row => row.Episode).ToDictionary(static rows => rows.Key, static rows => (long?)rows.LongCount());

    private static JsonArray Json(LineageSeason season, string sha256) =>
        JsonNode.Parse(File.ReadAllBytes(season.Repository.Repository.Archive.PathOf(sha256)))!.AsArray();

    private static long AnnotationsOf(LineageSeason season, string sha256, long person) =>
        Json(season, sha256).Sum(task => task!["annotations"]!.AsArray().Count(annotation => annotation!["completed_by"]!.GetValue<long>() == person));

    private static long TasksOf(LineageSeason season, string sha256, string episode) =>
        Json(season, sha256).Count(task => task!["data"]!["episode"]!.GetValue<string>() == episode);

    private static JsonArray Without(JsonArray tasks, long person)
    {
        foreach (JsonArray annotations in tasks.Select(static task => task!["annotations"]!.AsArray()))
        {
            foreach (JsonNode annotation in annotations.Where(annotation => annotation!["completed_by"]!.GetValue<long>() == person).ToList()!)
            {
                annotations.Remove(annotation);
            }
        }

        return tasks;
    }
}
