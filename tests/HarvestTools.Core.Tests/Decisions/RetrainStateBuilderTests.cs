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
                new EpisodeSnapshot("plug_cable", "0001", false, "c2"),  // changed, yet nobody corrected it
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

    [Fact]
    public void Merging_joins_projects_and_tables_and_leaves_rejected_rows_out()
    {
        EpisodePart points = new("a", "keypoints", "fold_towel", "0001", 21, 0, "11");
        EpisodePart boxes = new("b", "boxes", "fold_towel", "0001", 2, 1, "22");
        EpisodePart rejected = new("b", "rejected", "fold_towel", "0002", 2, 1, "33");

        EpisodeSnapshot one = Assert.Single(EpisodeSnapshots.Merge([points, boxes, rejected]));
        EpisodeSnapshot other = Assert.Single(EpisodeSnapshots.Merge([boxes, points]));

        Assert.True(one.HasCorrection);
        Assert.Equal(one, other);
        Assert.NotEqual(one.Digest, Assert.Single(EpisodeSnapshots.Merge([points, boxes with { Digest = "23" }])).Digest);
        Assert.False(Assert.Single(EpisodeSnapshots.Merge([points])).HasCorrection);
    }

    [Fact]
    public void Model_versions_are_in_the_order_of_their_dates_or_else_of_their_names()
    {
        DateTimeOffset day = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(["v1", "v2", "v10"], Order([("v10", null), ("v2", null), ("v1", null)]));
        Assert.Equal(["v9", "v3"], Order([("v3", day.AddDays(7)), ("v9", day)]));
        Assert.Equal(["v3", "v9"], Order([("v9", day), ("v3", null)]));
        Assert.Equal(["hand-kp@v2.9", "hand-kp@v2.10"], Order([("hand-kp@v2.10", day), ("hand-kp@v2.9", day)]));
        Assert.Equal(["v01", "v1"], Order([("v1", null), ("v01", null)]));
    }

    private static IEnumerable<string> Order((string Version, DateTimeOffset? Seen)[] modelVersions) => RetrainStateBuilder.Build(new RetrainInputs
    {
        ModelVersions = [.. modelVersions.Select(modelVersion => new VersionCorrections(modelVersion.Version, modelVersion.Seen, []))],
    }).CorrectionsPerEpisode.Select(modelVersion => modelVersion.ModelVersion);
}
