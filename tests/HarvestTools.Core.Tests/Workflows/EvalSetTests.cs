using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

public sealed class EvalSetTests : IDisposable
{
    private static readonly (string, string)[] s_episodes =
        [("fold_towel", "episode_0001"), ("fold_towel", "episode_0002"), ("plug_cable", "episode_0001"), ("", "solo_take_7"), ("", "front"), ("", "000001"), ("kitchen/pour_water", "e7")];

    private readonly TemporaryRepository _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("fold_towel/episode_0002/frame_1.jpg\n", "fold_towel/episode_0002")]
    [InlineData("fold_towel,episode_0002\nplug_cable,episode_0009\n", "fold_towel/episode_0002")]
    [InlineData("""[{"task_subdir":"plug_cable","episode":"episode_0001","frame":3}]""", "plug_cable/episode_0001")]
    [InlineData("""{"data":{"image":"/data/fold_towel/episode_0001.mp4"}}""", "fold_towel/episode_0001")]
    [InlineData("kitchen/pour_water/e7\n", "kitchen/pour_water/e7")]
    [InlineData("solo_take_7\n", "solo_take_7")]
    [InlineData("front\n000001\n", "")]
    [InlineData("fold_towels/episode_0001\nplug_cable/episode_00012\n", "")]
    [InlineData("", "")]
    public void Episodes_are_found_in_any_list(string text, string expected)
    {
        string path = _temporary.WriteText("eval/list.txt", text);

        Assert.Equal(expected, string.Join(' ', EvalSetEpisodes.Find(path, s_episodes, CancellationToken.None)));
    }

    [Fact]
    public void Episodes_are_found_in_the_paths_of_a_folder_and_across_the_pieces_of_a_long_line()
    {
        _temporary.WriteText("eval/fold_towel/episode_0002/frame_1.jpg", "x");
        string line = _temporary.WriteText("long.json", new string('x', 65530) + " plug_cable/episode_0001 " + new string('y', 200_000));

        Assert.Equal(["fold_towel/episode_0002"], EvalSetEpisodes.Find(_temporary.PathOf("eval"), s_episodes, CancellationToken.None));
        Assert.Equal(["plug_cable/episode_0001"], EvalSetEpisodes.Find(line, s_episodes, CancellationToken.None));
    }

    [Fact]
    public void Pinning_records_the_hash_and_a_later_change_shows_in_the_state()
    {
        _temporary.Add("label_studio/hands.json", ExportPlan.ForTasks(SampleKind.Hands, 30), "b");
        NewSlice.Run(
            _temporary.Repository, new NewSliceRequest("v1") { TrainedAt = new DateTimeOffset(2026, 5, 5, 0, 0, 0, TimeSpan.Zero) }, _temporary.Context);
        _temporary.WriteText("eval/frames.txt", "one");

        PinnedEvalSet pinned = PinEvalSet.Run(_temporary.Repository, "eval", null, _temporary.Context);

        Assert.Equal(("v1", "eval", null, true), (pinned.Version, pinned.Path, pinned.Before, pinned.Changed));
        Assert.Equal("eval", _temporary.Repository.Settings.EvalSet);
        Assert.False(State().EvalSetChanged);
        Directory.Move(_temporary.PathOf("eval"), _temporary.PathOf("eval2"));
        PinEvalSet.Run(_temporary.Repository, "eval2", null, _temporary.Context);
        Assert.False(State().EvalSetChanged);
        _temporary.WriteText("eval2/frames.txt", "two");
        Assert.True(State().EvalSetChanged);
        Assert.Equal(
            "eval set drifted, pin it before retraining",
            RetrainDecider.Decide(State() with { CorrectedEpisodes = 50, TaskSubdirCounts = null, TaskCoverageGini = 0.1, TopTaskShare = 0.2 }, RetrainThresholds.Default).Reason);
    }

    [Fact]
    public void Episodes_that_stand_in_both_sets_are_named()
    {
        _temporary.Add("label_studio/hands.json", ExportPlan.ForTasks(SampleKind.Hands, 30), "b");
        NewSliceResult made = NewSlice.Run(
            _temporary.Repository, new NewSliceRequest("v1") { TrainedAt = new DateTimeOffset(2026, 5, 5, 0, 0, 0, TimeSpan.Zero) }, _temporary.Context);
        var facts = new PartSource(_temporary.Repository, _temporary.Context, episodes: true)
            .Get("v1", made.Slice.Exports[0], _temporary.Repository.Settings.Harvest).Part.Episodes.First();
        _temporary.WriteText("eval.csv", $"task,episode\n{facts.TaskSubdir},{facts.Episode}\nelsewhere,{facts.Episode}x\n");
        PinEvalSet.Run(_temporary.Repository, "eval.csv", null, _temporary.Context);

        Assert.Equal([$"{facts.TaskSubdir}/{facts.Episode}"], State().LeakedEpisodes);
    }

    [Fact]
    public void Tasks_that_share_a_frame_by_their_paths_are_a_warning_of_the_decision()
    {
        string export = _temporary.WriteText("shared.json", """
            [{"id":1,"data":{"image":"x/a/left/1.png"},"annotations":[{"id":1,"completed_by":1,"result":[{"id":"r","type":"keypointlabels","from_name":"k","to_name":"image","original_width":10,"original_height":10,"value":{"x":1,"y":1,"keypointlabels":["p"]}}]}]},
             {"id":2,"data":{"image":"y/a/left/1.png"},"annotations":[{"id":2,"completed_by":1,"result":[{"id":"r","type":"keypointlabels","from_name":"k","to_name":"image","original_width":10,"original_height":10,"value":{"x":1,"y":1,"keypointlabels":["p"]}}]}]}]
            """);
        AddExport.Run(_temporary.Repository, export, "b", _temporary.Context);

        RetrainDecision decision = RetrainDecider.Decide(State(), RetrainThresholds.Default);

        string warning = Assert.Single(decision.Warnings, static warning => warning.Contains("share task_subdir", StringComparison.Ordinal));
        Assert.Contains("tasks 1 and 2", warning, StringComparison.Ordinal);
        Assert.Contains("harvest.fields", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_pinned_is_refused()
    {
        Assert.Equal("EvalSetUnnamed", Error(null));
        Assert.Equal("EvalSetNotFound", Error("eval"));
        _temporary.WriteText("eval.txt", "x");
        Assert.Equal("NoSliceToPin", Error("eval.txt"));
        Assert.Equal("PathLeavesRepository", Error("../eval.txt"));
    }

    private string Error(string? path) =>
        Assert.Throws<HarvestException>(() => PinEvalSet.Run(_temporary.Repository, path, null, _temporary.Context)).ErrorId;

    private RetrainState State() => RetrainStateReader.Run(_temporary.Repository, _temporary.Context);
}
