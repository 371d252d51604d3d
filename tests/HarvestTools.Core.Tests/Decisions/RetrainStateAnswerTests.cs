using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>What a state has of earlier trainings: the rises that they answered, and the tasks that are out of use.</summary>
public sealed class RetrainStateAnswerTests
{
    private static readonly IReadOnlyList<VersionCorrections> Level = Versions([80, 84, 78, 82, 80, 84]);
    private static readonly IReadOnlyList<VersionCorrections> Risen = Versions([80, 84, 78, 82, 160, 170]);
    private static readonly DateTimeOffset Day = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_rise_that_the_trained_slice_shows_is_answered()
    {
        Assert.Equal((true, ""), Answered(Risen));
        Assert.Equal((false, "v5 v6"), Answered(Risen, Risen));
        Assert.Equal((true, ""), Answered(Risen, Level));
        Assert.Equal((false, ""), Answered(Level));
        Assert.Equal((null, ""), Answered([]));
    }

    [Fact]
    public void What_an_earlier_training_answered_is_no_part_of_a_later_alarm()
    {
        // Beside v5 and v6 the seventh would be their rise that goes on; alone it is one bad version.
        IReadOnlyList<VersionCorrections> later = Versions([80, 84, 78, 82, 160, 170, 165]);

        Assert.Equal((false, "v5 v6"), Answered(later, later, Risen));
        Assert.Equal((false, "v5 v6 v7"), Answered(later, later));
    }

    [Fact]
    public void Of_two_models_with_versions_of_one_name_only_the_one_that_rose_is_answered()
    {
        IReadOnlyList<VersionCorrections> both = [.. InLine(Level, "hand"), .. InLine(Risen, "foot")];

        Assert.Equal(["foot v5", "foot v6"], AnsweredOf(both, both));

        // A slice that had the one model alone: its trend has no name, and its versions do.
        Assert.Equal(["foot v5", "foot v6"], AnsweredOf(both, InLine(Risen, "foot")));
        Assert.Empty(AnsweredOf(both, InLine(Level, "hand")));

        // Where both rose, the training answers both.
        IReadOnlyList<VersionCorrections> risen = [.. InLine(Risen, "hand"), .. InLine(Risen, "foot")];
        Assert.Equal(["foot v5", "foot v6", "hand v5", "hand v6"], AnsweredOf(risen, risen).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Answered_is_by_the_settings_that_the_decision_has()
    {
        RetrainThresholds patient = RetrainThresholds.Default with { Regression = new CorrectionTrendSettings { FalseAlarmCycles = 1_000_000_000 } };

        Assert.Equal((true, "v5 v6"), (Build(Risen, RetrainThresholds.Default, Risen).RegressionDetected == false, Names(Build(Risen, RetrainThresholds.Default, Risen))));
        Assert.Equal("", Names(Build(Risen, patient, Versions([80, 84, 78, 82, 160]))));
    }

    /// <summary>Longer ago than the weeks of the rule, in half of which somebody worked since.</summary>
    [Theory]
    [InlineData(57, 9, true)]
    [InlineData(56, 9, false)]
    [InlineData(57, 4, true)]
    [InlineData(57, 3, false)]
    public void A_task_is_out_of_use_after_more_than_the_weeks_of_the_rule(int daysAgo, int worked, bool dormant)
    {
        RetrainInputs inputs = Inputs(daysAgo, worked);

        Assert.Equal(dormant ? ["old"] : [], RetrainStateBuilder.Build(inputs).DormantTasks);
        Assert.Equal(dormant, !RetrainStateBuilder.Build(inputs).TaskSubdirCounts!.ContainsKey("old"));
    }

    [Fact]
    public void The_weeks_are_those_of_the_thresholds()
    {
        Assert.Empty(RetrainStateBuilder.Build(Inputs(22, 4)).DormantTasks);
        Assert.Equal(["old"], RetrainStateBuilder.Build(Inputs(22, 4), RetrainThresholds.Default with { TaskWeeks = 3 }).DormantTasks);
    }

    [Fact]
    public void A_task_of_which_no_date_is_known_at_all_is_out_of_use_unless_it_has_labels_without_dates()
    {
        RetrainInputs inputs = Inputs(1, 1);
        RetrainInputs undated = inputs with { Dates = new WorkDates(new Dictionary<string, DateTimeOffset> { ["cup"] = Day }, [Day]) };

        Assert.Equal(["old"], RetrainStateBuilder.Build(undated).DormantTasks);
        Assert.Empty(RetrainStateBuilder.Build(undated with { Dates = undated.Dates with { Undated = new HashSet<string> { "old" } } }).DormantTasks);
        Assert.Empty(RetrainStateBuilder.Build(inputs with { Dates = new WorkDates(new Dictionary<string, DateTimeOffset>(), [Day]) }).DormantTasks);
    }

    [Fact]
    public void What_the_inputs_say_is_in_the_state_as_it_was()
    {
        EpisodeSnapshot[] trained = [new("cup", "1", true, "a"), new("cup", "2", true, "b"), new("mug", "1", true, "c")];
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            Trained = trained,

            // Of what the candidate shares with it, mug/1 is none: a project that nobody exports any more.
            TrainedShared = trained[..2],
            Candidate = [trained[0], new("cup", "2", true, "z"), new("mug", "1", true, "c") { HasPrediction = false }, new("mug", "2", true, "y")],
            EvalSet = new EvalSetState("a", "b", "eval.json", ["cup/1"]),
        });

        Assert.Equal((3, 2, 1), (state.CorrectedEpisodes, state.NewEpisodes!.Value, state.CorrectedWithoutPrediction!.Value));
        Assert.Equal(new Dictionary<string, int> { ["cup"] = 2, ["mug"] = 1 }, state.CorpusCounts);
        Assert.Equal(new Dictionary<string, int> { ["cup"] = 1, ["mug"] = 2 }, state.TaskSubdirCounts);
        Assert.Equal(2.0 / 3, state.TopTaskShare!.Value, 12);
        Assert.Equal(["cup/1"], state.LeakedEpisodes);
        Assert.True(state.EvalSetChanged);
        Assert.Empty(RetrainStateBuilder.Build(new RetrainInputs()).LeakedEpisodes);
    }

    private static RetrainInputs Inputs(int daysAgo, int worked) => new()
    {
        Trained = [new("cup", "1", true, "a"), new("old", "1", true, "b")],
        Candidate = [new("cup", "2", true, "d"), new("old", "1", true, "b")],
        Dates = new WorkDates(
            new Dictionary<string, DateTimeOffset> { ["cup"] = Day, ["old"] = Day.AddDays(-daysAgo) },
            [.. Enumerable.Range(0, worked).Select(static week => Day.AddDays(-7 * week))]),
    };

    private static (bool? Regressed, string Versions) Answered(IReadOnlyList<VersionCorrections> candidate, params IReadOnlyList<VersionCorrections>[] trained)
    {
        RetrainState state = Build(candidate, null, trained);
        return (state.RegressionDetected, Names(state));
    }

    private static IEnumerable<string> AnsweredOf(IReadOnlyList<VersionCorrections> candidate, params IReadOnlyList<VersionCorrections>[] trained) =>
        Build(candidate, null, trained).CorrectionsPerEpisode.Where(static version => version.Answered).Select(static version => $"{version.Line} {version.ModelVersion}");

    private static string Names(RetrainState state) => string.Join(' ', state.CorrectionsPerEpisode.Where(static version => version.Answered).Select(static version => version.ModelVersion));

    private static RetrainState Build(IReadOnlyList<VersionCorrections> candidate, RetrainThresholds? thresholds, params IReadOnlyList<VersionCorrections>[] trained) =>
        RetrainStateBuilder.Build(new RetrainInputs { ModelVersions = candidate, TrainedVersions = trained }, thresholds);

    private static IReadOnlyList<VersionCorrections> InLine(IReadOnlyList<VersionCorrections> versions, string line) => [.. versions.Select(version => version with { Line = line })];

    private static IReadOnlyList<VersionCorrections> Versions(long[] corrections) =>
        [.. corrections.Select(static (count, i) => new VersionCorrections($"v{i + 1}", null, [new CorrectionStratum("fold_towel", 7, 20, 2000, 0, count, 0, 0)]))];
}
