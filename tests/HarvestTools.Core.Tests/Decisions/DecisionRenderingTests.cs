using System.Text.Json.Nodes;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Text;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

public sealed class DecisionRenderingTests
{
    private static readonly DateTimeOffset Monday = new(2025, 11, 24, 9, 0, 0, TimeSpan.Zero);

    private static readonly RetrainState State = new()
    {
        CorrectedEpisodes = 7,
        Corpus = 96,
        TrainedSlice = "v3",
        TaskCoverageGini = 0.31,
        EvalSetChanged = false,
        CorrectedPerWeek = 9,
        AsOf = Monday,
    };

    [Fact]
    public void Text_gives_the_answer_first_and_aligns_the_gates()
    {
        IReadOnlyList<string> lines = DecisionText.Lines(Decide(State));

        Assert.Equal("Wait: need 10% delta, have 7.3%", lines[0]);
        Assert.Equal("7 of 96 episodes were newly corrected since v3.", lines[1]);
        string[] table = [.. lines.Skip(3).Take(6)];
        int passed = table[0].IndexOf("passed", StringComparison.Ordinal);
        Assert.All(table.Skip(1), row => Assert.Equal(' ', row[passed - 1]));
        Assert.Equal(["unknown", "NO", "yes", "unknown", "yes"], table.Skip(1).Select(row => row[passed..]));
        Assert.Contains("To flip it: Needs 3 more corrected episodes; at 9 a week that is about 27 November 2025.", lines);
        Assert.Equal("Nothing was started: a person decides.", lines[^1]);
    }

    [Fact]
    public void A_gate_that_passes_beyond_its_threshold_says_why_beside_the_figure()
    {
        var counts = new Dictionary<string, int> { ["a"] = 2, ["b"] = 1, ["c"] = 1, ["d"] = 0, ["e"] = 0, ["f"] = 0 };
        RetrainDecision decision = Decide(State with { CorrectedEpisodes = 4, TaskSubdirCounts = counts });

        RetrainGate gini = decision.Gates.Single(static gate => gate.Name == "Gini");
        Assert.True(gini.Value > 0.5 && gini.Passed == true);
        Assert.Equal("no more than chance gives", gini.Allowance);
        Assert.Contains(DecisionText.Lines(decision), static line => line.StartsWith("  Gini ", StringComparison.Ordinal) && line.EndsWith("  yes: no more than chance gives", StringComparison.Ordinal));
        Assert.Contains("| at most 0.5 | yes: no more than chance gives |", DecisionMarkdown.Render(decision), StringComparison.Ordinal);
        Assert.All(decision.Gates.Where(static gate => gate.Name != "Gini"), static gate => Assert.Null(gate.Allowance));
    }

    [Theory]
    [InlineData(0, 0, "No episode was corrected, and nothing was trained yet.")]
    [InlineData(0, 76, "None of 76 episodes was newly corrected since v3.")]
    [InlineData(1, 76, "1 of 76 episodes was newly corrected since v3, all in a, one of 3 tasks.")]
    [InlineData(27, 76, "27 of 76 episodes were newly corrected since v3, spread over all 3 tasks. A retrain is overdue: that is more than 20% of the corpus.")]
    [InlineData(90, 76, "90 episodes were newly corrected since v3, more than the 76 of the corpus, spread over all 3 tasks. A retrain is overdue: that is more than 20% of the corpus.")]
    [InlineData(2, 0, "2 episodes were corrected, spread over 2 of 3 tasks; nothing was trained yet.")]
    public void A_sentence_without_statistics_says_what_was_found(int corrected, int corpus, string summary)
    {
        int each = corrected / 3;
        var counts = new Dictionary<string, int> { ["a"] = corrected < 3 ? Math.Min(corrected, 1) : corrected - (2 * each), ["b"] = corrected < 3 ? corrected / 2 : each, ["c"] = each };
        Assert.Equal(summary, Decide(State with { CorrectedEpisodes = corrected, Corpus = corpus, TaskSubdirCounts = counts, TrainedSlice = corpus == 0 ? null : "v3" }).Summary);
    }

    [Fact]
    public void Statistics_come_when_they_are_asked_for()
    {
        RetrainDecision decision = Decide(State);
        Assert.DoesNotContain(DecisionText.Lines(decision), static line => line.StartsWith("Forecast:", StringComparison.Ordinal));
        Assert.Contains(DecisionText.Lines(decision, explain: true), static line => line.StartsWith("Forecast:", StringComparison.Ordinal));
        Assert.All(decision.Gates, gate => Assert.Contains($"{gate.Name}: {gate.Explanation}", DecisionText.Statistics(decision)));
    }

    [Fact]
    public void The_date_has_its_year_and_after_a_pause_there_is_none()
    {
        Assert.Contains("about 13 January 2026.", Decide(State with { CorrectedPerWeek = 0.42 }).Flips[0], StringComparison.Ordinal);
        Assert.Contains("about 27 November 2025.", Decide(State with { LabelledUntil = Monday.AddDays(-28) }).Flips[0], StringComparison.Ordinal);
        Assert.Equal("Needs 3 more corrected episodes; the last label is of 26 October 2025, so that nothing says when they come.", Decide(State with { LabelledUntil = Monday.AddDays(-29) }).Flips[0]);
        Assert.Contains("none was corrected lately", Decide(State with { CorrectedPerWeek = 0 }).Flips[0], StringComparison.Ordinal);
        Assert.Contains("more than ten years", Decide(State with { CorrectedPerWeek = 1e-300 }).Flips[0], StringComparison.Ordinal);
        Assert.Equal("Needs 3 more corrected episodes; how many come in a week is not known yet.", Decide(State with { CorrectedPerWeek = null }).Flips[0]);
    }

    [Fact]
    public void A_ready_decision_tells_its_margin()
    {
        Assert.Equal(["Would wait with 3 corrected episodes fewer, or once the eval set changes."], Decide(State with { CorrectedEpisodes = 12 }).Flips);
    }

    [Fact]
    public void Every_failed_gate_has_its_flip_and_all_of_them_turn_it()
    {
        RetrainDecision decision = Decide(State with { TaskCoverageGini = 0.7, EvalSetChanged = true });
        Assert.Equal(3, decision.Flips.Count);
        Assert.Equal(["To flip it", "And", "And"], DecisionText.Lines(decision).Where(line => decision.Flips.Any(flip => line.EndsWith(flip, StringComparison.Ordinal))).Select(static line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
        Assert.Contains("- To flip it: Needs 3 more", DecisionMarkdown.Render(decision), StringComparison.Ordinal);
        Assert.Contains("- And: Restoring the eval set", DecisionMarkdown.Render(decision), StringComparison.Ordinal);

        // More episodes do not turn what the regression decides.
        Assert.Equal(["Without the regression that was reported, the gates below would decide."], Decide(State with { TaskCoverageGini = 0.7, EvalSetChanged = true, RegressionDetected = true }).Flips);
    }

    [Theory]
    [InlineData(0.7, false, 0.1, "That is more than 20% of the corpus: a retrain is overdue, and only their spread holds it up.")]
    [InlineData(0.3, true, 0.1, "That is more than 20% of the corpus: a retrain is overdue, and only the eval set holds it up.")]
    [InlineData(0.7, true, 0.1, "That is more than 20% of the corpus: a retrain is overdue, and only their spread and the eval set hold it up.")]
    [InlineData(0.3, false, 0.1, "A retrain is overdue: that is more than 20% of the corpus.")]
    [InlineData(0.3, false, 0.4, "27 of 96 episodes were newly corrected since v3.")]
    public void What_is_overdue_and_waits_all_the_same_says_why(double gini, bool evalSet, double delta, string ends) =>
        Assert.EndsWith(
            ends,
            RetrainDecider.Decide(State with { CorrectedEpisodes = 27, TaskCoverageGini = gini, EvalSetChanged = evalSet }, RetrainThresholds.Default with { MinDelta = delta }).Summary,
            StringComparison.Ordinal);

    [Fact]
    public void Markdown_escapes_what_comes_from_the_data()
    {
        string markdown = DecisionMarkdown.Render(Decide(State with { TrainedSlice = "v3|<b>*x*", LeakedEpisodes = ["fold_towel/0007"] }));

        Assert.StartsWith("### Wait: need 10% delta, have 7.3%\n", markdown, StringComparison.Ordinal);
        Assert.Contains("since v3\\|\\<b\\>\\*x\\*", markdown, StringComparison.Ordinal);
        Assert.Contains("| Gate | Value | Wanted | Passed | Explanation |\n|---|---|---|---|---|\n| Regression |", markdown, StringComparison.Ordinal);
        Assert.Contains("fold\\_towel/0007", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', markdown);
    }

    [Fact]
    public void Json_names_every_part()
    {
        JsonObject json = JsonNode.Parse(DecisionJson.ToJson(Decide(State)).ToJsonString())!.AsObject();

        Assert.Equal("Wait", (string?)json["decision"]);
        Assert.False((bool)json["should_retrain"]!);
        Assert.Equal(5, json["gates"]!.AsArray().Count);
        Assert.Null(json["gates"]![0]!["passed"]);
        Assert.Equal(7.0 / 96, (double)json["gates"]![1]!["value"]!);
        Assert.Null(json["regression"]);
    }

    [Fact]
    public void History_appends_a_line_each_and_closes_a_torn_one()
    {
        string folder = Directory.CreateTempSubdirectory("history").FullName;
        try
        {
            string path = Path.Combine(folder, "decisions.jsonl");
            DecisionHistory.Append(path, Decide(State), Monday);
            File.AppendAllText(path, "{\"at\":\"20");
            DecisionHistory.Append(path, Decide(State), Monday.AddDays(7).ToOffset(TimeSpan.FromHours(2)));

            string[] lines = File.ReadAllLines(path);
            Assert.Equal(3, lines.Length);
            Assert.Equal("2025-11-24T09:00:00Z", (string?)JsonNode.Parse(lines[0])!["at"]);
            Assert.Equal("2025-12-01T09:00:00Z", (string?)JsonNode.Parse(lines[2])!["at"]);
            Assert.Equal([Path.GetFileName(path)], Directory.GetFiles(folder).Select(Path.GetFileName));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_history_that_cannot_be_written_is_an_error_with_a_remedy()
    {
        string missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "decisions.jsonl");

        HarvestException error = Assert.Throws<HarvestException>(() => DecisionHistory.Append(missing, Decide(State), Monday));

        Assert.NotEmpty(error.Remedy.ToString());
    }

    private static RetrainDecision Decide(RetrainState state) => RetrainDecider.Decide(state, RetrainThresholds.Default);
}
