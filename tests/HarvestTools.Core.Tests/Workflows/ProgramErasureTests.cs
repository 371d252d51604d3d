using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>
/// The erasure of an episode where a program reads episodes from the data in its own way: tasks 1 to 6 with one annotation each, of clip e0
/// and e1 in turn, and task 7 of clip e0, which nobody labelled. v0 has exports of which no task has a clip.
/// </summary>
[Collection(ProgramRepository.Runs)]
public sealed class ProgramErasureTests : IDisposable
{
    private const string Columns = ", \"columns\": { \"episode\": \"clip\" }, \"keys\": [\"task_id\"]";

    private readonly ProgramRepository _own = new();

    public void Dispose() => _own.Dispose();

    [Theory]
    [InlineData("clip")]
    [InlineData("film")]
    public void Tasks_whose_rows_have_the_episode_go_and_those_without_rows_whose_data_has_it_as_theirs(string key)
    {
        Begin(key);
        SourceQuery episode = SourceQuery.OfEpisode("e0");
        ErasedExport held = Assert.Single(PlanErasure.Preview(_own.Repository, episode, _own.Context).Exports);
        Assert.Equal((4L, 3L, 0L), (held.Holds.Tasks, held.Holds.Annotations, held.Holds.Unknown));

        DeleteCache();
        ErasureProof before = ProveErasure.Run(_own.Repository, episode, _own.Context);
        Assert.False(before.IsErased);
        Assert.Equal("3 annotations in 4 tasks", Assert.Single(before.Traces, static trace => trace.Kind == ErasureTraceKind.Archive).What);

        PlanErasure.Write(_own.Repository, episode, _own.Context);
        Assert.Equal("v2", NewSlice.Run(_own.Repository, new NewSliceRequest("v2") { Exports = ["a"], AllowShrink = true }, _own.Context).Slice.Version);
        RemoveErased.Run(_own.Repository, episode, _own.Context);
        foreach (string file in Directory.EnumerateFiles(_own.Folder, "*.json").Where(static file => Path.GetFileName(file) is "a.json" or "clips.json"))
        {
            File.Delete(file);
        }

        ErasureProof after = ProveErasure.Run(_own.Repository, episode, _own.Context);
        Assert.True(after.IsErased, string.Join('\n', after.Traces.Select(static trace => trace.ToString()).Concat(after.NotKnown.Select(static one => one.Reason))));
    }

    [Fact]
    public void Nothing_is_proved_where_no_row_is_known()
    {
        Begin("clip");
        DeleteCache();
        _own.Trust.Remove(_own.Repository.Harvest.Sha256);

        ErasureProof proof = ProveErasure.Run(_own.Repository, SourceQuery.OfEpisode("e9"), _own.Context);
        Assert.False(proof.IsErased);
        Assert.DoesNotContain(proof.Traces, static trace => trace.Kind != ErasureTraceKind.Exclusion);
        UnknownRows unknown = Assert.Single(proof.NotKnown);
        Assert.StartsWith("Which episodes 16 tasks of ", unknown.Reason, StringComparison.Ordinal);
        Assert.Contains("was not trusted on this machine", unknown.Reason, StringComparison.Ordinal);
        Assert.Same(unknown.Remedy, proof.Remedy);
        HarvestException fault = Assert.Throws<HarvestException>(() => PlanErasure.Preview(_own.Repository, SourceQuery.OfEpisode("e9"), _own.Context));
        Assert.Equal("NothingToErase", fault.ErrorId);
        Assert.EndsWith(unknown.Reason, fault.Message, StringComparison.Ordinal);

        // What the data says in so many words is found all the same.
        Assert.Equal(4, Assert.Single(PlanErasure.Preview(_own.Repository, SourceQuery.OfEpisode("e0"), _own.Context).Exports).Holds.Tasks);
    }

    [Fact]
    public void A_column_that_is_lacking_is_named_once_for_all_slices()
    {
        Begin("clip", ", \"keys\": [\"task_id\"]");
        DeleteCache();

        UnknownRows unknown = Assert.Single(ProveErasure.Run(_own.Repository, SourceQuery.OfEpisode("e9"), _own.Context).NotKnown);
        Assert.Contains("No table of v0 and v1 has a column 'episode'", unknown.Reason, StringComparison.Ordinal);
        Assert.Contains("\"columns\": { \"episode\":", string.Concat(unknown.Remedy.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_person_that_are_not_known_are_said_once_with_the_column_or_the_reason()
    {
        _own.DefineEpisodes(ProgramRepository.Episodes.Replace("\"annotation_id\"", "\"number\"", StringComparison.Ordinal));
        _own.New("v1");
        NewSlice.Run(_own.Repository, new NewSliceRequest("v2") { Exports = ["a"] }, _own.Context);

        ErasurePlan plan = PlanErasure.Preview(_own.Repository, SourceQuery.OfAnnotator(7), _own.Context);
        Assert.Equal([null, null], plan.Slices.Select(static slice => slice.Rows));
        Assert.Equal("No table of v1 and v2 has a column 'annotation_id', so that what they have of it is not known.", Assert.Single(plan.NotKnown).Reason);
        Assert.Contains("\"columns\": { \"annotation_id\":", string.Concat(plan.NotKnown[0].Remedy.Texts), StringComparison.Ordinal);

        DeleteCache();
        _own.Trust.Remove(_own.Repository.Harvest.Sha256);
        Assert.Contains("was not trusted", Assert.Single(PlanErasure.Preview(_own.Repository, SourceQuery.OfAnnotator(7), _own.Context).NotKnown).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_do_not_say_whose_they_are_are_said_beside_those_that_do()
    {
        _own.DefineEpisodes(ProgramRepository.Episodes + "open(os.path.join(sys.argv[1], 'tasks.csv'), 'w').write('task_id\\n1\\n')\n");
        _own.New("v1");

        ErasurePlan plan = PlanErasure.Preview(_own.Repository, SourceQuery.OfAnnotator(7), _own.Context);
        Assert.Equal(6, Assert.Single(plan.Slices).Rows);
        Assert.Equal("Some rows of v1 do not say their 'annotation_id', so that what it has of it is not known whole.", Assert.Single(plan.NotKnown).Reason);
    }

    private void Begin(string key, string columns = Columns)
    {
        _own.DefineEpisodes(
            ProgramRepository.Episodes.Replace("\"episode\"", "\"clip\"", StringComparison.Ordinal).Replace("\"e%d\" % (task[\"id\"] % 2)", $"task[\"data\"].get(\"{key}\", \"none\")", StringComparison.Ordinal),
            columns);
        _own.New("v0");
        string tasks = ProgramRepository.Export(6);
        for (int id = 1; id <= 6; id++)
        {
            tasks = tasks.Replace($"frame_{id}.jpg\"", $"frame_{id}.jpg\",\"{key}\":\"e{id % 2}\"", StringComparison.Ordinal);
        }

        string unlabelled = $$$""",{"id":7,"data":{"image":"/data/upload/4/e1/frame_7.jpg","{{{key}}}":"e0"},"annotations":[],"created_at":"2026-05-02T08:00:00Z","updated_at":"2026-05-02T08:00:00Z","project":4}]""";
        _own.Write("clips.json", tasks[..^1] + unlabelled);
        AddExport.Run(_own.Repository, Path.Combine(_own.Folder, "clips.json"), "a", _own.Context);
        NewSlice.Run(_own.Repository, new NewSliceRequest("v1") { Exports = ["a"], AllowShrink = true }, _own.Context);
    }

    private void DeleteCache() => Directory.Delete(_own.Repository.CacheFolder, recursive: true);
}
