using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

public sealed class RetrainStateBuilderTests
{
    [Fact]
    public void Counts_corrected_episodes_that_are_new_or_relabelled_over_all_task_folders()
    {
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = "v3",
            Trained =
            [
                new EpisodeSnapshot("fold_towel", "0001", true, "a"),
                new EpisodeSnapshot("fold_towel", "0002", true, "b"),
                new EpisodeSnapshot("plug_cable", "0001", false, "c"),
                new EpisodeSnapshot("open_jar", "0001", true, "d"),
            ],
            Candidate =
            [
                new EpisodeSnapshot("fold_towel", "0001", true, "a"),    // as trained
                new EpisodeSnapshot("fold_towel", "0002", true, "b2"),   // relabelled
                new EpisodeSnapshot("plug_cable", "0001", false, "c"),   // as trained, since nobody corrected it
                new EpisodeSnapshot("plug_cable", "0002", true, "e"),    // new
                new EpisodeSnapshot("turn_key", "0001", false, "f"),     // new, accepted as predicted
            ],
        });

        Assert.Equal(2, state.CorrectedEpisodes);
        Assert.Equal(1, state.NewEpisodes);
        Assert.Equal(4, state.Corpus);
        Assert.Equal(
            new Dictionary<string, int> { ["fold_towel"] = 1, ["open_jar"] = 0, ["plug_cable"] = 1, ["turn_key"] = 0 },
            state.TaskSubdirCounts);
        // Ascending 0 0 1 1: (2 * (3 + 4) - 5 * 2) / (4 * 2) = 0.5.
        Assert.Equal(0.5, state.TaskCoverageGini);
        Assert.Equal(2, state.EffectiveTasks);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void The_corpus_is_each_trained_episode_once_whatever_the_candidate_has(int snapshots, int corpus)
    {
        EpisodeSnapshot[] trained =
        [
            new("fold_towel", "0001", true, "a"),
            new("plug_cable", "0001", false, "b"),
            new("fold_towel", "0001", false, "c"),
        ];
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            Trained = trained[..snapshots],
            Candidate = [.. Enumerable.Range(0, 7).Select(static i => new EpisodeSnapshot("turn_key", $"{i:D4}", true, "n"))],
        });

        Assert.Equal(corpus, state.Corpus);
        Assert.Equal(7, state.CorrectedEpisodes);
        RetrainGate delta = RetrainDecider.Decide(state, RetrainThresholds.Default).Gates.Single(static gate => gate.Name == "Delta");
        Assert.Equal(corpus == 0 ? null : 7.0 / corpus, delta.Value);
    }

    /// <summary>A label that is deleted, moved back or taken over by nobody is a correction as one that is added is.</summary>
    [Theory]
    [InlineData("a", 5, true, "b", 5, true, 1)]
    [InlineData("a", 5, true, "0", 4, false, 1)]
    [InlineData("a", 5, true, "a", 4, true, 1)]
    [InlineData("a", 5, true, "a", 9, true, 0)]
    [InlineData("0", 5, false, "0", 9, false, 0)]
    [InlineData("0", 5, false, "d", 0, true, 1)]
    public void What_people_labelled_otherwise_is_corrected(string before, long labels, bool corrected, string now, long labelsNow, bool correctedNow, int counted)
    {
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = "v1",
            Trained = [new EpisodeSnapshot("cup", "1", corrected, before) { Labels = labels }, new EpisodeSnapshot("cup", "2", true, "x")],
            Candidate = [new EpisodeSnapshot("cup", "1", correctedNow, now) { Labels = labelsNow, HasRows = labelsNow > 0 }, new EpisodeSnapshot("cup", "2", true, "x")],
        });

        Assert.Equal((counted, 0, 2), (state.CorrectedEpisodes, state.NewEpisodes, state.Corpus));
    }

    [Fact]
    public void A_renamed_episode_with_the_same_labels_is_the_same_one()
    {
        EpisodeSnapshot[] trained = [new("cup", "1", true, "a") { Labels = 3 }, new("cup", "2", true, "b") { Labels = 3 }, new("cup", "3", false, "0") { Labels = 2 }];
        RetrainState renamed = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = "v2",
            Trained = trained,
            TrainedBefore = [[new("mug", "1", true, "a") { Labels = 3 }, new("cup", "2", true, "b") { Labels = 3 }, new("old", "9", true, "q")]],
            Candidate = [new("cups", "1", true, "a") { Labels = 3 }, new("cups", "2", true, "b") { Labels = 3 }, new("cups", "4", true, "z")],
        });

        // mug/1 was cup/1, and old/9 is in no later slice.
        Assert.Equal((1, 1, 4), (renamed.CorrectedEpisodes, renamed.NewEpisodes, renamed.Corpus));
    }

    [Fact]
    public void Episodes_that_are_merely_labelled_alike_are_not_taken_for_renamed_ones()
    {
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = "v1",
            Trained = [new("june", "1", true, "good"), new("june", "2", true, "good")],
            Candidate = [new("july", "1", true, "good"), new("july", "2", true, "good"), new("july", "3", true, "good")],
        });

        Assert.Equal(3, state.NewEpisodes);
    }

    [Fact]
    public void An_episode_without_a_row_is_counted_as_corrected_and_is_no_part_of_the_corpus()
    {
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = "v1",
            Trained = [new EpisodeSnapshot("cup", "1", true, "a") { HasRows = false }, new EpisodeSnapshot("cup", "2", true, "b")],
            Candidate = [new EpisodeSnapshot("cup", "3", true, "c") { HasRows = false, HasPrediction = false }],
        });

        Assert.Equal((1, 1, 1), (state.CorrectedEpisodes, state.Corpus, state.CorrectedWithoutPrediction));
    }

    [Fact]
    public void Tasks_that_nobody_works_on_any_more_do_not_count_against_a_batch()
    {
        DateTimeOffset day = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        Dictionary<string, DateTimeOffset> seen = new() { ["cup"] = day, ["new"] = day.AddDays(-7), ["old"] = day.AddDays(-57) };
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = "v1",
            Trained = [new EpisodeSnapshot("cup", "1", true, "a"), new EpisodeSnapshot("old", "1", true, "b"), new EpisodeSnapshot("gone", "1", true, "c")],
            Candidate = [new EpisodeSnapshot("cup", "2", true, "d"), new EpisodeSnapshot("old", "1", true, "b"), new EpisodeSnapshot("new", "1", false, "0")],
            Dates = new WorkDates(seen, [.. Enumerable.Range(0, 9).Select(week => day.AddDays(-7 * week))]),
        });
        RetrainState paused = RetrainStateBuilder.Build(new RetrainInputs
        {
            Trained = [new EpisodeSnapshot("cup", "1", true, "a"), new EpisodeSnapshot("old", "1", true, "b")],
            Candidate = [new EpisodeSnapshot("cup", "2", true, "d"), new EpisodeSnapshot("old", "1", true, "b")],
            Dates = new WorkDates(seen, [day, day.AddDays(-57), day.AddDays(-58)]),
        });

        Assert.Equal(["cup", "new"], state.TaskSubdirCounts!.Keys);
        Assert.Equal(["gone", "old"], state.DormantTasks);
        Assert.Equal(3, state.CorpusCounts!.Count);

        // Nobody labelled anything in between.
        Assert.Empty(paused.DormantTasks);
    }

    [Fact]
    public void Model_versions_are_in_the_order_of_their_dates_and_never_of_their_names()
    {
        DateTimeOffset day = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(["v10", "v2", "v1"], Order([("v10", null), ("v2", null), ("v1", null)]));
        Assert.Equal(["v9", "v3"], Order([("v3", day.AddDays(7)), ("v9", day)]));
        Assert.Equal(["v9", "v3?"], Order([("v3", null), ("v9", day)]));
        Assert.Equal(["v2?", "v1?", "v3"], Order([("v3", day.AddDays(1)), ("v2", day), ("v1", day)]));
    }

    private static IEnumerable<string> Order((string Version, DateTimeOffset? Seen)[] modelVersions) => RetrainStateBuilder.Build(new RetrainInputs
    {
        ModelVersions = [.. modelVersions.Select(modelVersion => new VersionCorrections(modelVersion.Version, modelVersion.Seen, []))],
    }).CorrectionsPerEpisode.Select(modelVersion => modelVersion.ModelVersion + (modelVersion.OrderUnknown ? "?" : ""));
}
