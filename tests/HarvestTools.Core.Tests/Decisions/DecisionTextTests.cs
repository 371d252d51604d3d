using System.Text.Json.Nodes;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Decisions.Text;

namespace HarvestTools.Tests.Decisions;

/// <summary>Decisions with everything and with next to nothing in them, as each report has them from the first letter to the last.</summary>
public sealed class DecisionTextTests
{
    private static readonly RetrainDecision Full = new()
    {
        Decision = RetrainVerdict.RetrainNow,
        Reason = "because",
        TrainedSlice = "v3",
        TrainedAt = new DateTimeOffset(2026, 5, 11, 16, 32, 7, TimeSpan.FromHours(2)),
        TrainedModel = "hand_kp",
        CorrectedEpisodes = 4,
        Corpus = 96,
        Gates =
        [
            new RetrainGate("Delta", 0.04, 0.1, false, "Four of 96.", "4%", "at least 10%"),
            new RetrainGate("Gini", 0.25, null, true, "Even.", "0.25", "at most 0.5") { Allowance = "by chance" },
            new RetrainGate("EvalSet", null, 0, null, "Unknown.", "unknown", "unchanged"),
        ],
        Warnings = ["First.", "Second."],
        Flips = ["One.", "Two.", "Three."],
        Spread = new SpreadStatistics(4, 3, 0.25, 0.375, 0.5, true, "pour", 0.75, 0.125, 2.5) { TasksReached = 2, Even = false },
        Regression = new CorrectionTrend
        {
            Status = CorrectionTrendStatus.NoRegression,
            Explanation = "No rise.",
            Line = "hand",
            Lines = [new CorrectionTrend { Status = CorrectionTrendStatus.OrderUnknown, Explanation = "No dates.", Line = "foot" }],
            Statistic = 1.5,
            Limit = 4.5,
            FalseAlarmCycles = 90,
            Rise = 1.25,
            BaselinePerEpisode = 2.5,
            Dispersion = 3.5,
            ComparableEpisodes = 10,
            TestedEpisodes = 11,
            BaselineVersions = ["v1", "v2"],
            TestedVersions = ["v3"],
            ExplainedBy = "tasks",
            ModelVersions =
            [
                new VersionFigures("v1", 12, 2, 100, 3, 4, 5, 1.005, 0.125) { Line = "hand" },
                new VersionFigures("v2", 0, 0, 0, 0, 0, 0, null, null),
            ],
        },
        Forecast = new RetrainForecast { Metric = "map", Runs = 4, Episodes = 100, Gain = 0.5, GainLow = 0.25, GainHigh = 0.75, Exponent = 0.375, SmallestVisible = 0.125, Explanation = "Better." },
        Costs = new RetrainCosts(8, 20, "EUR", 2.25, "Cheap."),
    };

    private static readonly RetrainDecision Bare = new() { Decision = RetrainVerdict.Wait, Reason = "nothing new", Gates = [] };

    [Fact]
    public void Json_of_all_there_is()
    {
        const string Expected = """
            {
              "decision": "RetrainNow", "should_retrain": true, "reason": "because", "trained_slice": "v3", "trained_at": "2026-05-11T14:32:07Z",
              "trained_model": "hand_kp", "corrected_episodes": 4, "corpus": 96,
              "gates": [
                { "name": "Delta", "value": 0.04, "threshold": 0.1, "passed": false, "explanation": "Four of 96." },
                { "name": "Gini", "value": 0.25, "threshold": null, "passed": true, "explanation": "Even." },
                { "name": "EvalSet", "value": null, "threshold": 0, "passed": null, "explanation": "Unknown." }
              ],
              "warnings": ["First.", "Second."], "flips": ["One.", "Two.", "Three."],
              "spread": {
                "episodes": 4, "tasks": 3, "gini": 0.25, "expected_gini": 0.375, "gini_p": 0.5, "gini_exact": true, "top_task": "pour",
                "top_task_share": 0.75, "top_task_share_p": 0.125, "effective_tasks": 2.5, "reference": "corpus"
              },
              "regression": {
                "status": "NoRegression", "statistic": 1.5, "limit": 4.5, "false_alarm_cycles": 90, "rise": 1.25, "baseline_per_episode": 2.5,
                "dispersion": 3.5, "comparable_episodes": 10, "tested_episodes": 11, "baseline_versions": ["v1", "v2"], "tested_versions": ["v3"],
                "explained_by": "tasks", "explanation": "No rise.", "model": "hand",
                "models": [{ "model": "foot", "status": "OrderUnknown", "explanation": "No dates." }],
                "model_versions": [
                  { "model_version": "v1", "episodes": 12, "annotators": 2, "predicted": 100, "drawn": 3, "corrected": 4, "deleted": 5,
                    "corrections_per_episode": 1.005, "correction_rate": 0.125 },
                  { "model_version": "v2", "episodes": 0, "annotators": 0, "predicted": 0, "drawn": 0, "corrected": 0, "deleted": 0,
                    "corrections_per_episode": null, "correction_rate": null }
                ]
              },
              "forecast": {
                "metric": "map", "runs": 4, "episodes": 100, "gain": 0.5, "gain_low": 0.25, "gain_high": 0.75, "exponent": 0.375,
                "smallest_visible": 0.125, "explanation": "Better."
              },
              "costs": { "gpu_hours": 8, "price": 20, "currency": "EUR", "annotation_hours": 2.25, "explanation": "Cheap." }
            }
            """;

        Assert.Equal(JsonNode.Parse(Expected)!.ToJsonString(), DecisionJson.ToJson(Full).ToJsonString());
        Assert.Equal("even", (string?)DecisionJson.ToJson(Full with { Spread = Full.Spread! with { Even = true } })["spread"]!["reference"]);
    }

    [Fact]
    public void Json_of_next_to_nothing() =>
        Assert.Equal(
            """{"decision":"Wait","should_retrain":false,"reason":"nothing new","trained_slice":null,"trained_at":null,"trained_model":null,"corrected_episodes":0,"corpus":0,"gates":[],"warnings":[],"flips":[],"spread":null,"regression":null,"forecast":null,"costs":null}""",
            DecisionJson.ToJson(Bare).ToJsonString());

    [Fact]
    public void Text_with_the_statistics_behind_it() =>
        Assert.Equal(
            """
            RetrainNow: because
            4 of 96 episodes were newly corrected since v3, spread over 2 of 3 tasks.
            Trained last: v3, 2026-05-11 14:32 UTC, the training date of model hand_kp.
            Warning: First.
            Warning: Second.

              gate     value    wanted        passed
              Delta    4%       at least 10%  NO
              Gini     0.25     at most 0.5   yes: by chance
              EvalSet  unknown  unchanged     unknown

            To flip it: One.
            And: Two.
            And: Three.

            Delta: Four of 96.
            Gini: Even.
            EvalSet: Unknown.

              model version  episodes  annotators  drawn  changed  deleted  predicted  corrections/episode
              v1 (hand)      12        2           3      4        5        100        1
              v2             0         0           0      0        0        0          -

            Forecast: Better.
            Cost: Cheap.

            Nothing was started: a person decides.
            """.ReplaceLineEndings("\n"),
            string.Join('\n', DecisionText.Lines(Full, explain: true)));

    [Fact]
    public void Text_without_them_leaves_no_empty_part()
    {
        Assert.Equal(
            ["Wait: nothing new", "No episode was corrected, and nothing was trained yet.", "", "  gate  value  wanted  passed", "", "Nothing was started: a person decides."],
            DecisionText.Lines(Bare));
        Assert.Equal(["Forecast: ", "Cost: "], DecisionText.Statistics(Bare with { Regression = new CorrectionTrend { Status = CorrectionTrendStatus.ModelUnknown, Explanation = "x" } }));
        Assert.DoesNotContain("Forecast: Better.", DecisionText.Lines(Full));
    }

    [Fact]
    public void Markdown_of_all_there_is() =>
        Assert.Equal(
            """
            ### RetrainNow: because

            4 of 96 episodes were newly corrected since v3, spread over 2 of 3 tasks. Trained last: v3, 2026-05-11 14:32 UTC, the training date of model hand\_kp.

            - **Warning:** First.
            - **Warning:** Second.

            | Gate | Value | Wanted | Passed | Explanation |
            |---|---|---|---|---|
            | Delta | 4% | at least 10% | **NO** | Four of 96. |
            | Gini | 0.25 | at most 0.5 | yes: by chance | Even. |
            | EvalSet | unknown | unchanged | unknown | Unknown. |

            | model version | episodes | annotators | drawn | changed | deleted | predicted | corrections/episode |
            |---|---|---|---|---|---|---|---|
            | v1 (hand) | 12 | 2 | 3 | 4 | 5 | 100 | 1 |
            | v2 | 0 | 0 | 0 | 0 | 0 | 0 | - |

            - To flip it: One.
            - And: Two.
            - And: Three.

            - Forecast: Better.
            - Cost: Cheap.

            Nothing was started: a person decides.

            """.ReplaceLineEndings("\n"),
            DecisionMarkdown.Render(Full));

    [Fact]
    public void Markdown_of_next_to_nothing() =>
        Assert.Equal(
            "### Wait: nothing new\n\nNo episode was corrected, and nothing was trained yet.\n\n| Gate | Value | Wanted | Passed | Explanation |\n|---|---|---|---|---|\n\n- Forecast: none\n- Cost: none\n\nNothing was started: a person decides.\n",
            DecisionMarkdown.Render(Bare));

    [Fact]
    public void Every_letter_that_markdown_reads_is_escaped_and_lines_are_joined()
    {
        Assert.StartsWith(
            "### Wait: a\\|b\\\\c\\`d\\*e\\_f\\[g\\]h\\<i\\> j k\n\n",
            DecisionMarkdown.Render(Bare with { Reason = "a|b\\c`d*e_f[g]h<i>\nj\r\nk" }),
            StringComparison.Ordinal);
        Assert.Contains(
            "| yes: by chance | a\\|b\\_c |\n",
            DecisionMarkdown.Render(Bare with { Gates = [Full.Gates[1] with { Explanation = "a|b_c" }] }),
            StringComparison.Ordinal);
    }

    /// <summary>The summary's sentence of a rise, of what is new, and of the tasks.</summary>
    [Fact]
    public void The_summary_says_what_rose_what_is_new_and_in_which_tasks()
    {
        CorrectionTrend rise = Full.Regression! with { Status = CorrectionTrendStatus.Regressed, Rise = 1.75, Line = null };
        SpreadStatistics spread = Full.Spread!;

        Assert.Equal("v3 needed 1.8 times the corrections an episode of v1 and v2. 4 of 96 episodes were newly corrected since v3, spread over 2 of 3 tasks.", (Full with { Regression = rise }).Summary);
        Assert.StartsWith("hand: v3 and v4 needed 1.8 times the corrections an episode of v0 to v2. ", (Full with { Regression = rise with { Line = "hand", TestedVersions = ["v3", "v4"], BaselineVersions = ["v0", "v1", "v2"] } }).Summary, StringComparison.Ordinal);
        Assert.StartsWith("v3 needed 0 times ", (Full with { Regression = rise with { Rise = null } }).Summary, StringComparison.Ordinal);
        Assert.Equal("4 episodes were newly corrected since v3, all of them new, beside a corpus of 96.", (Full with { NewEpisodes = 4, Spread = null }).Summary);
        Assert.Equal("4 episodes were newly corrected since v3, 3 of them new, beside a corpus of 96.", (Full with { NewEpisodes = 3, Spread = null }).Summary);
        Assert.Equal("4 of 96 episodes were newly corrected since v3.", (Full with { NewEpisodes = 0, Spread = null }).Summary);
        Assert.Equal("1 episode was newly corrected since v3, all of them new, beside a corpus of 96.", (Full with { CorrectedEpisodes = 1, NewEpisodes = 1, Spread = null }).Summary);
        Assert.Equal("4 of 4 episodes were newly corrected", (Full with { Corpus = 4, TrainedSlice = null, Spread = null, Gates = [] }).Summary.Split('.')[0]);
        Assert.Equal("4 of 96 episodes were newly corrected since v3.", (Full with { Spread = spread with { Tasks = 1, TasksReached = 1 } }).Summary);
        Assert.Equal("4 of 96 episodes were newly corrected since v3, all in pour (2 others without a label lately are left out).", (Full with { Spread = spread with { Tasks = 1, TasksReached = 1 }, DormantTasks = ["a", "b"] }).Summary);
        Assert.Equal("4 of 96 episodes were newly corrected since v3, all in the root folder, one of 3 tasks (1 other without a label lately is left out).", (Full with { Spread = spread with { TasksReached = 1, TopTask = "" }, DormantTasks = ["a"] }).Summary);
        Assert.Equal("4 of 96 episodes were newly corrected since v3, spread over all 3 tasks (1 other without a label lately is left out).", (Full with { Spread = spread with { TasksReached = 3 }, DormantTasks = ["a"] }).Summary);
    }

    [Fact]
    public void The_last_training_is_named_by_what_has_its_date()
    {
        Assert.Equal("Trained last: v3, 2026-05-11 14:32 UTC, the training date of its slice.json.", (Full with { TrainedModel = null }).Training);
        Assert.Null((Full with { TrainedAt = null }).Training);
        Assert.Equal(["Delta failed", "Gini passed", "EvalSet unknown"], Full.Gates.Select(static gate => gate.ToString()));
        Assert.Equal(["NO", "yes: by chance", "unknown", "yes"], [.. Full.Gates.Select(static gate => gate.PassedText), (Full.Gates[1] with { Allowance = null }).PassedText]);
    }

    /// <summary>More than a fifth of the corpus, and a delta gate that does not object.</summary>
    [Theory]
    [InlineData(20, true, "20 of 100 episodes were newly corrected.")]
    [InlineData(21, true, "21 of 100 episodes were newly corrected. A retrain is overdue: that is more than 20% of the corpus.")]
    [InlineData(21, false, "21 of 100 episodes were newly corrected.")]
    public void A_retrain_is_overdue_above_a_fifth_of_the_corpus(int corrected, bool delta, string summary) =>
        Assert.Equal(
            summary,
            new RetrainDecision { Decision = RetrainVerdict.Retrain, Reason = "r", CorrectedEpisodes = corrected, Corpus = 100, Gates = [Full.Gates[0] with { Passed = delta }] }.Summary);

    [Theory]
    [InlineData("Gini", "their spread holds")]
    [InlineData("TopTaskShare", "their spread holds")]
    [InlineData("EvalSet", "the eval set holds")]
    public void What_holds_an_overdue_retrain_up_is_the_gate_that_failed(string gate, string holds) =>
        Assert.EndsWith(
            $"a retrain is overdue, and only {holds} it up.",
            new RetrainDecision { Decision = RetrainVerdict.Wait, Reason = "r", CorrectedEpisodes = 21, Corpus = 100, Gates = [Full.Gates[0] with { Name = gate }] }.Summary,
            StringComparison.Ordinal);
}
