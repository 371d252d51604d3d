using HarvestTools.Decisions;
using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Decisions;

/// <summary>Which of its answers the correction trend gives, with the figures and the words that people read of it.</summary>
public sealed class CorrectionTrendAnswerTests
{
    private static readonly CorrectionTrendSettings Settings = new();
    private static readonly IReadOnlyList<VersionCorrections> Doubled = Versions([80, 84, 78, 82, 160, 170]);
    private static readonly IReadOnlyList<VersionCorrections> Level = Versions([80, 84, 78, 82, 80, 84]);

    [Fact]
    public void A_rise_has_its_figures_and_where_the_alarm_ends()
    {
        // 324 corrections in 80 episodes, then 330 in 40.
        CorrectionTrend trend = Analyze(Doubled);
        Assert.Equal((CorrectionTrendStatus.Regressed, 4.05, 40, 40, true), (trend.Status, trend.BaselinePerEpisode!.Value, trend.ComparableEpisodes, trend.TestedEpisodes, trend.KeepsRunLength));
        Assert.Equal(8.25 / 4.05, trend.Rise!.Value, 12);
        Assert.Equal(
            $"v5 and v6 needed x2.04 the corrections an episode of v1 to v4 (4.1 an episode), in the same tasks and by the same annotators (40 episodes). CUSUM {Figures.Beside(trend.Statistic!.Value, trend.Limit!.Value, 1)}, "
            + "limit 4.61: a false alarm comes at most once in 100 cycles, as long as cycles differ in difficulty by no more than 20%.",
            trend.Explanation);

        // Where a rise to twice and none are as likely: 1 / ln 2 of the baseline.
        RetrainDecision decision = RetrainDecider.Decide(new RetrainState { CorrectedEpisodes = 90, Corpus = 96, CorrectionsPerEpisode = Doubled }, RetrainThresholds.Default);
        Assert.Equal(["The alarm ends with a model version that needs fewer than about 5.8 corrections an episode (x1.44 the baseline of 4.1)."], decision.Flips);
    }

    [Fact]
    public void The_promise_is_made_from_five_model_versions_on()
    {
        CorrectionTrend four = Analyze(Versions([80, 84, 160, 170]));
        Assert.Equal((CorrectionTrendStatus.Regressed, false), (four.Status, four.KeepsRunLength));
        Assert.EndsWith("limit 4.61: how often a false alarm comes is not known, since few model versions show how they scatter.", four.Explanation, StringComparison.Ordinal);
        Assert.True(Analyze(Versions([80, 84, 82, 160, 170])).KeepsRunLength);
    }

    [Fact]
    public void A_level_line_and_one_bad_version_are_no_regression()
    {
        CorrectionTrend level = Analyze(Level);
        Assert.Equal((CorrectionTrendStatus.NoRegression, 0, null), (level.Status, level.Statistic!.Value, level.ExplainedBy));
        Assert.Equal("No sustained rise: v4 to v6 are at x1.02 the corrections an episode of v1 to v3 (60 episodes); a rise to x2 would show within 3 cycles in nine cases of ten, where cycles differ in difficulty by 20% at most.", level.Explanation);

        CorrectionTrend one = Analyze(Versions([80, 84, 78, 82, 79, 170]));
        Assert.Equal(CorrectionTrendStatus.NoRegression, one.Status);
        Assert.Equal("v6 alone is at x2.11 the corrections an episode of v1 to v5; 2 cycles must agree before that counts as sustained.", one.Explanation);
    }

    [Theory]
    [InlineData(new long[] { }, "0 model versions")]
    [InlineData(new long[] { 80 }, "1 model version")]
    [InlineData(new long[] { 80, 200 }, "2 model versions")]
    public void Too_few_model_versions_are_counted(long[] corrections, string counted)
    {
        CorrectionTrend trend = Analyze(Versions(corrections));
        Assert.Equal(CorrectionTrendStatus.NotEnoughEpisodes, trend.Status);
        Assert.Equal($"Too few episodes: {counted} with corrected episodes, and it takes 3 (a baseline and 2 cycles).", trend.Explanation);
    }

    [Fact]
    public void Too_few_episodes_are_counted_and_versions_without_any_are_no_cycle()
    {
        Assert.StartsWith(
            "Too few episodes: with the 12 comparable episodes there are and 6 model versions a rise to x2 would be found in fewer than nine cases of ten (its CUSUM would be about ",
            Analyze(Versions([80, 84, 78, 82, 160, 170], episodes: 4)).Explanation, StringComparison.Ordinal);
        Assert.Equal(Analyze(Doubled).Explanation, Analyze([.. Doubled.Take(5), new VersionCorrections("idle", null, []), Doubled[5]]).Explanation);
    }

    [Fact]
    public void An_answered_rise_is_over_until_a_later_version_is_corrected()
    {
        VersionCorrections[] answered = [.. Doubled.Take(4), .. Doubled.Skip(4).Select(static version => version with { Answered = true })];
        CorrectionTrend trend = Analyze(answered);
        Assert.Equal(CorrectionTrendStatus.Answered, trend.Status);
        Assert.Equal("The rise of v5 and v6 is answered: its corrections are in the slice trained last. No later model version was corrected yet.", trend.Explanation);
        Assert.NotEqual(CorrectionTrendStatus.Answered, Analyze([.. answered, .. Versions([80, 82, 79], from: 7)]).Status);

        // A rise before it that nothing answered is an alarm all the same.
        Assert.Equal(CorrectionTrendStatus.Regressed, Analyze([.. Doubled, Versions([165], from: 7)[0] with { Answered = true }]).Status);
    }

    [Fact]
    public void What_cannot_be_put_in_a_line_or_in_order_is_named()
    {
        CorrectionTrend models = Analyze([Level[0], Level[1] with { LineUnknown = true }, Level[2]]);
        Assert.Equal(CorrectionTrendStatus.ModelUnknown, models.Status);
        Assert.Equal(
            "Not known: whether v1, v2 and v3 are versions of one model or of several. Say it in harvest.json, for example \"lines\": { \"hand\": [\"hand*\"] } in retrain.regression.", models.Explanation);

        CorrectionTrend undated = Analyze([Level[0], Level[1] with { OrderUnknown = true }, Level[2]]);
        Assert.Equal(CorrectionTrendStatus.OrderUnknown, undated.Status);
        Assert.Equal("Not known: v2 cannot be put in order, since neither the exports nor registered trainings date them. Register them with their training dates.", undated.Explanation);

        VersionCorrections[] same = [Level[0], .. Level.Skip(1).Take(2).Select(static version => version with { OrderUnknown = true, FirstSeen = DateTimeOffset.UnixEpoch })];
        Assert.Equal("Not known: v2 and v3 cannot be put in order, since their predictions were first corrected at the same time.", Analyze(same).Explanation);
        Assert.Contains("since neither the exports", Analyze([same[0], same[1], same[2] with { FirstSeen = null }]).Explanation, StringComparison.Ordinal);

        // One version alone has nothing to be in order with, and two have.
        Assert.Equal(CorrectionTrendStatus.NotEnoughEpisodes, Analyze([Level[0] with { LineUnknown = true }]).Status);
        Assert.Equal(CorrectionTrendStatus.NotEnoughEpisodes, Analyze([Level[0] with { OrderUnknown = true }]).Status);
        Assert.Equal(CorrectionTrendStatus.ModelUnknown, Analyze([Level[0] with { LineUnknown = true }, Level[1] with { LineUnknown = true }]).Status);
        Assert.Equal(CorrectionTrendStatus.OrderUnknown, Analyze([Level[0], Level[1] with { OrderUnknown = true }]).Status);
    }

    [Fact]
    public void Two_models_are_tested_apart_and_the_worse_answer_decides()
    {
        VersionCorrections[] hand = [.. Level.Select(static version => version with { Line = "hand" })];
        VersionCorrections[] foot = [.. Versions([80, 84, 78, 82, 160, 170], from: 11).Select(static version => version with { Line = "foot" })];
        CorrectionTrend trend = Analyze([.. hand, .. foot]);

        // Each line has half of the false alarms, so the limit is ln 200.
        Assert.Equal((CorrectionTrendStatus.Regressed, "foot"), (trend.Status, trend.Line));
        Assert.Equal(Math.Log(200), trend.Limit!.Value, 12);
        Assert.Equal(["hand", "foot"], trend.Lines.Select(static line => line.Line));
        Assert.Equal($"hand: {trend.Lines[0].Explanation} foot: {trend.Lines[1].Explanation}", trend.Explanation);
        Assert.Equal(12, trend.ModelVersions.Count);
        Assert.Equal(6, trend.Lines[0].ModelVersions.Count);

        // Not knowing of one is more than no regression of the other, and than an answered one.
        CorrectionTrend young = Analyze([.. hand, foot[0]]);
        Assert.Equal((CorrectionTrendStatus.NotEnoughEpisodes, "foot"), (young.Status, young.Line));
        CorrectionTrend answered = Analyze([.. hand, .. foot.Select(static version => version with { Answered = true })]);
        Assert.Equal((CorrectionTrendStatus.Answered, "foot"), (answered.Status, answered.Line));

        // What could be of several models is of none, whatever it was put with.
        CorrectionTrend unassigned = Analyze([.. hand, Level[0] with { Line = "hand", LineUnknown = true }]);
        Assert.Equal((null, "Unassigned: "), (unassigned.Line, unassigned.Explanation[unassigned.Explanation.IndexOf("Unassigned", StringComparison.Ordinal)..][.."Unassigned: ".Length]));
    }

    [Theory]
    [InlineData(7L, "a", 7L, "b", "task mix")]
    [InlineData(1L, "a", 2L, "a", "labelers")]
    [InlineData(1L, "a", 2L, "b", "labelers and task mix")]
    public void A_rise_of_the_plain_figures_alone_names_what_explains_it(long oneBy, string one, long otherBy, string other, string cause)
    {
        // The second cell needs three times the corrections, before and after; afterwards most episodes are its own.
        CorrectionTrend trend = Analyze(
        [
            .. new[] { (64L, 48L), (67, 46), (62, 50), (65, 47) }.Select((counts, i) => Of(i + 1, (oneBy, one, 16, counts.Item1), (otherBy, other, 4, counts.Item2))),
            .. new[] { (17L, 185L), (16, 190), (18, 186) }.Select((counts, i) => Of(i + 5, (oneBy, one, 4, counts.Item1), (otherBy, other, 16, counts.Item2))),
        ]);
        Assert.Equal((CorrectionTrendStatus.NoRegression, cause), (trend.Status, trend.ExplainedBy));
        Assert.EndsWith($"The plain figures rose to x1.82; within the same task and annotator they did not: a change of {cause}, not of the model.", trend.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LabelersChanged", "by annotators without an episode under v1 to v4 (12 and 31)", 31L, "fold_towel", 12L, "fold_towel")]
    [InlineData("LabelersChanged", "by annotators without an episode under v1 to v4 (unnamed and 9)", 9L, "fold_towel", null, "fold_towel")]
    [InlineData("TaskMixChanged", "of tasks without an episode under v1 to v4 (b and z)", 7L, "z", 7L, "b")]
    [InlineData("TaskMixChanged", "of tasks without an episode under v1 to v4 ((no task folder) and z)", 7L, "z", 7L, "")]
    [InlineData("LabelersChanged", "by annotators without an episode under v1 to v4 (9)", 9L, "z", 9L, "fold_towel")]
    public void What_keeps_model_versions_from_being_compared_is_named(string status, string cause, long? oneBy, string one, long? otherBy, string other)
    {
        CorrectionTrend trend = Analyze([.. Versions([80, 84, 78, 82]), .. Enumerable.Range(5, 3).Select(version => Of(version, (oneBy, one, 10, 80), (otherBy, other, 10, 85)))]);
        Assert.Equal(status, trend.Status);
        Assert.StartsWith(
            $"Not known: 60 of 60 episodes of v5 to v7 are {cause}, so that nothing says whether a change from then on is the model's (the plain figures are at x2.04). About ",
            trend.Explanation, StringComparison.Ordinal);
        Assert.EndsWith(" episodes of each of v6 and v7, labelled by 7 in the tasks that they had before, would settle it.", trend.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Known_people_with_the_tasks_of_others_are_a_gap_without_names()
    {
        CorrectionTrend trend = Analyze(
        [
            .. Enumerable.Range(1, 4).Select(static version => Of(version, (12, "fold_towel", 10, 40), (7, "plug_cable", 10, 41))),
            .. Enumerable.Range(5, 3).Select(static version => Of(version, (7, "fold_towel", 10, 80), (12, "plug_cable", 10, 85))),
        ]);
        Assert.StartsWith("Not known: 60 of 60 episodes of v5 to v7 are of people and tasks that were not together under v1 to v4, so", trend.Explanation, StringComparison.Ordinal);
        Assert.EndsWith("labelled by 7 and 12 in the tasks that they had before, would settle it.", trend.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_person_together_with_a_new_one_is_a_change_of_labelers()
    {
        CorrectionTrend trend = Analyze(
            [.. Versions([80, 84, 78, 82]), .. Versions([160, 170, 165], from: 5).Select(static version => version with { Units = [new("fold_towel", [7, 12], 20, version.Corrections)] })]);
        Assert.Equal(CorrectionTrendStatus.LabelersChanged, trend.Status);
        Assert.Contains("by annotators without an episode under v1 to v4 (12)", trend.Explanation, StringComparison.Ordinal);
    }

    /// <summary>Labelling what the answer asks for does settle it.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(25, true)]
    public void The_episodes_that_would_settle_a_gap_do(int added, bool settled)
    {
        VersionCorrections[] versions =
        [
            .. Versions([80, 84, 78, 82, 80, 84]),
            .. new[] { 160, 170, 165 }.Select((count, i) => Of(i + 7, i == 0 || added == 0 ? [(12, "fold_towel", 20, count)] : [(12, "fold_towel", 20, count), (7, "fold_towel", added, (long)Math.Round(added * 4.08))])),
        ];
        CorrectionTrend trend = Analyze(versions);
        Assert.Equal(settled, trend.Status != CorrectionTrendStatus.LabelersChanged);
        if (added == 0)
        {
            Assert.Contains("About 25 episodes of each of v8 and v9", trend.Explanation, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(10, 30)]
    [InlineData(11, 33)]
    public void Where_half_can_be_compared_and_rose_the_rise_counts(int known, long comparable)
    {
        CorrectionTrend trend = Analyze(
            [.. Versions([80, 84, 78, 82, 80]), .. Enumerable.Range(6, 3).Select(version => Of(version, (7, "fold_towel", known, 8L * known), (12, "fold_towel", 20 - known, 85)))]);
        Assert.Equal((CorrectionTrendStatus.Regressed, comparable, 60L), (trend.Status, trend.ComparableEpisodes, trend.TestedEpisodes));
        Assert.Contains($"by the same annotators ({comparable} of 60 episodes comparable). ", trend.Explanation, StringComparison.Ordinal);
    }

    private static CorrectionTrend Analyze(IReadOnlyList<VersionCorrections> versions) => CorrectionTrendAnalyzer.Analyze(versions, Settings);

    private static IReadOnlyList<VersionCorrections> Versions(long[] corrections, int episodes = 20, int from = 1) =>
        [.. corrections.Select((count, i) => Of(from + i, (7, "fold_towel", episodes, count)))];

    private static VersionCorrections Of(int version, params (long? By, string Task, int Episodes, long Corrections)[] cells) =>
        new($"v{version}", null, [.. cells.Select(static cell => new CorrectionStratum(cell.Task, cell.By, cell.Episodes, 2000, 0, cell.Corrections, 0, 0))]);
}
