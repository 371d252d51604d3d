using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The decision from exports of known truth to what is printed.</summary>
public sealed class DecisionJourneyTests
{
    private const int Changed = 4;

    /// <summary>What of an export is a correction and what is not; of 60 trained episodes the first four change.</summary>
    [Theory]
    [InlineData("an annotator who agrees", 0)]
    [InlineData("an annotator who accepts what was predicted", 0)]
    [InlineData("an annotator who skips", 0)]
    [InlineData("a mark of ground truth", 0)]
    [InlineData("imported again", 0)]
    [InlineData("a folder renamed", 0)]
    [InlineData("another project name", 0)]
    [InlineData("moved", Changed)]
    [InlineData("relabelled", Changed)]
    [InlineData("an accepted box deleted", Changed)]
    [InlineData("a correction taken back", Changed)]
    [InlineData("everything deleted", Changed)]
    [InlineData("cancelled", Changed)]
    [InlineData("new episodes, accepted", 0)]
    [InlineData("new episodes, corrected", Changed)]
    [InlineData("new episodes, everything deleted", Changed)]
    public void Only_what_people_labelled_otherwise_is_newly_corrected(string change, int corrected)
    {
        using ScratchFolder scratch = Trained(CorrectedExport.Make([3, 3, 3]));
        JsonArray later = CorrectedExport.Make([3, 3, 3]);
        Change(later, change);
        foreach (JsonNode? task in later)
        {
            task!["updated_at"] = "2026-03-01T00:00:00Z";
        }

        scratch.Write("later.json", later.ToJsonString());
        scratch.Run("add", "later.json", "--project", "p", "-q").Exits(0);
        if (change == "another project name")
        {
            scratch.Run("project", "rename", "p", "q", "-q").Exits(0);
        }

        JsonElement state = State(scratch);
        Assert.Equal((corrected, 60), (state.GetProperty("corrected_episodes").GetInt32(), state.GetProperty("corpus").GetInt32()));
    }

    [Fact]
    public void Two_models_in_one_repository_are_no_sequence()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "acts", CorrectedExport.Make([4, 4, 4, 4, 4, 4, 4], static cycle => $"action-v{cycle + 1}"));
        Add(scratch, "hands", CorrectedExport.Make([8, 8, 8, 8, 8, 8, 8], static cycle => $"hand-v{cycle + 1}", project: 2));

        JsonElement decision = scratch.Run("decide", "--json").Exits(0).Document().GetProperty("decision");

        Assert.NotEqual("RetrainNow", decision.GetProperty("decision").GetString());
        string explanation = decision.GetProperty("gates")[0].GetProperty("explanation").GetString()!;
        Assert.Contains("action: No sustained rise", explanation, StringComparison.Ordinal);
        Assert.Contains("hand: No sustained rise", explanation, StringComparison.Ordinal);
        Assert.Equal(["action", "hand"], State(scratch).GetProperty("corrections_per_episode").EnumerateArray().Select(static version => version.GetProperty("model").GetString()!).Distinct().Order());
    }

    /// <summary>Two models whose versions have the same names: what one needs more is not hidden by the other.</summary>
    [Fact]
    public void Versions_of_the_same_names_in_two_projects_are_tested_apart()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "acts", CorrectedExport.Make([4, 4, 4, 4, 4, 8, 8, 8]));
        Add(scratch, "hands", CorrectedExport.Make([4, 4, 4, 4, 4, 4, 4, 4], project: 2));

        Assert.Equal("RetrainNow", Decision(scratch));
        string explanation = scratch.Run("decide", "--explain").Exits(0).Out;
        Assert.Contains("acts: v6 to v8 needed x", explanation, StringComparison.Ordinal);
        Assert.Contains("hands: No sustained rise", explanation, StringComparison.Ordinal);
    }

    /// <summary>One model that two projects use has too few episodes in each, and enough in both.</summary>
    [Fact]
    public void One_model_of_two_projects_is_joined_by_the_setting_that_is_suggested()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "left", CorrectedExport.Make([4, 4, 4, 4, 4, 4], static cycle => $"hand-v{cycle + 1}", episodes: 6));
        Add(scratch, "right", CorrectedExport.Make([4, 4, 4, 4, 4, 4], static cycle => $"hand-v{cycle + 1}", project: 2, episodes: 6));
        string said = scratch.Run("decide").Exits(0).Out;
        Assert.Contains("hand in left: Too few episodes", said, StringComparison.Ordinal);
        Assert.Contains("hand in left and hand in right are tested apart; if they are one model, say so in harvest.json: \"lines\": { \"hand\": [\"hand-v*\"] } in retrain.regression.", said, StringComparison.Ordinal);

        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"lines\": {}", "\"lines\": { \"hand\": [\"hand-v*\"] }", StringComparison.Ordinal));
        said = scratch.Run("decide", "--explain").Exits(0).Out;
        Assert.Contains("Regression: No sustained rise", said, StringComparison.Ordinal);
        Assert.DoesNotContain("tested apart", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_names_do_not_tell_are_not_judged_until_harvest_json_says_which_is_which()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        string[] names = ["best", "3f2a91c", "hurrah", "next", "x", "zz", "yes"];
        Add(scratch, "p", CorrectedExport.Make([4, 4, 4, 4, 4, 4, 4], cycle => names[cycle]));
        string row = scratch.Run("decide", "--explain").Exits(0).Out;
        Assert.Contains("which model is not known", row, StringComparison.Ordinal);
        Assert.Contains("\"lines\": { \"hand\": [\"hand*\"] }", row, StringComparison.Ordinal);

        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"lines\": {}", "\"lines\": { \"hand\": [\"*\"] }", StringComparison.Ordinal));
        Assert.Contains("No sustained rise", scratch.Run("decide", "--explain").Exits(0).Out, StringComparison.Ordinal);
    }

    /// <summary>Names say that v1 is the oldest and dates that it is the newest.</summary>
    [Theory]
    [InlineData(new[] { 8, 8, 8, 8, 8, 4, 4 }, "v", "yes")]
    [InlineData(new[] { 4, 4, 4, 4, 4, 8, 8 }, "v", "NO")]
    public void The_order_is_that_of_the_dates(int[] corrections, string stem, string passed)
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "p", CorrectedExport.Make(corrections, cycle => $"{stem}{corrections.Length - cycle}"));
        string row = Assert.Single(scratch.Run("decide").Exits(0).Out.Split('\n'), static line => line.StartsWith("  Regression ", StringComparison.Ordinal));
        Assert.EndsWith(passed, row, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alarm_is_answered_by_a_training_and_rises_again_if_the_new_model_is_bad_as_well()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        int[] bad = [4, 4, 4, 4, 4, 8, 8];
        Add(scratch, "p", CorrectedExport.Make(bad));
        Assert.Equal("RetrainNow", Decision(scratch));
        scratch.Run("new", "v1", "-q").Exits(0);
        scratch.Run("register", "v1", "hand", "--trained-at", "2026-03-01", "-q").Exits(0);
        Assert.Equal("Wait", Decision(scratch));
        Assert.Contains("answered  CUSUM below 4.61  yes: a training has answered the rise", scratch.Run("decide").Exits(0).Out, StringComparison.Ordinal);

        // One cycle of the new model says too little, two as bad as before say enough.
        Add(scratch, "p", CorrectedExport.Make([.. bad, 8]), "one.json");
        Assert.NotEqual("RetrainNow", Decision(scratch));
        Add(scratch, "p", CorrectedExport.Make([.. bad, 8, 8]), "two.json");
        Assert.Equal("RetrainNow", Decision(scratch));
        Add(scratch, "p", CorrectedExport.Make([.. bad, 4, 4, 4, 4]), "good.json");
        Assert.NotEqual("RetrainNow", Decision(scratch));
    }

    /// <summary>One model is trained, and what another one needs is not answered by that.</summary>
    [Fact]
    public void A_training_answers_its_own_model_alone()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "acts", CorrectedExport.Make([4, 4, 4, 4, 4, 8, 8, 8], static cycle => $"action-v{cycle + 1}"));
        Add(scratch, "hands", CorrectedExport.Make([4, 4, 4, 4, 4, 4, 4, 4], static cycle => $"hand-v{cycle + 1}", project: 2));
        scratch.Run("new", "v1", "-q").Exits(0);
        scratch.Run("register", "v1", "hand-v9", "--trained-at", "2026-03-20", "-q").Exits(0);
        Assert.Equal("RetrainNow", Decision(scratch));
        Assert.Contains("action: action-v6 to action-v8 needed", scratch.Run("decide").Exits(0).Out, StringComparison.Ordinal);
        scratch.Run("register", "v1", "action-v9", "--trained-at", "2026-03-21", "-q").Exits(0);
        Assert.Equal("Wait", Decision(scratch));
    }

    /// <summary>Where the models of one line alone are registered, its training answers its alarm all the same.</summary>
    [Fact]
    public void A_training_answers_its_model_also_where_the_other_one_is_not_registered()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "acts", CorrectedExport.Make([4, 4, 4, 4, 4, 8, 8, 8], static cycle => $"action-v{cycle + 1}"));
        Add(scratch, "hands", CorrectedExport.Make([4, 4, 4, 4, 4, 4, 4, 4], static cycle => $"hand-v{cycle + 1}", project: 2));
        Assert.Equal("RetrainNow", Decision(scratch));
        scratch.Run("new", "v1", "-q").Exits(0);
        scratch.Run("register", "v1", "action-v10", "--trained-at", "2026-03-20", "-q").Exits(0);
        Assert.Equal("Wait", Decision(scratch));
    }

    /// <summary>A training answers what was found before it, and not one bad version more with each training.</summary>
    [Fact]
    public void A_team_that_trains_after_every_cycle_is_alarmed_again_by_models_that_stay_bad()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        int[] cycles = [4, 4, 4, 4, 4, 8, 8];
        var decisions = new List<string>();
        for (int cycle = 1; cycle <= 5; cycle++)
        {
            Add(scratch, "p", CorrectedExport.Make(cycles), $"cycle{cycle}.json");
            decisions.Add(Decision(scratch));
            scratch.Run("new", $"v{cycle}", "-q").Exits(0);
            scratch.Run("register", $"v{cycle}", $"model{cycle}", "--trained-at", $"2026-0{2 + cycle}-20", "-q").Exits(0);
            cycles = [.. cycles, 8];
        }

        Assert.Equal("RetrainNow", decisions[0]);
        Assert.NotEqual("RetrainNow", decisions[1]);
        Assert.Equal("RetrainNow", decisions[2]);
        Assert.NotEqual("RetrainNow", decisions[3]);
        Assert.Equal("RetrainNow", decisions[4]);
    }

    /// <summary>What one training answered is no baseline after the next one either.</summary>
    [Fact]
    public void An_answered_alarm_stays_answered_after_later_trainings()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        int[] first = [4, 4, 4, 4, 4, 8, 8];
        Add(scratch, "p", CorrectedExport.Make(first));
        scratch.Run("new", "v1", "-q").Exits(0);
        scratch.Run("register", "v1", "one", "--trained-at", "2026-03-01", "-q").Exits(0);
        Add(scratch, "p", CorrectedExport.Make([.. first, 4, 4]), "good.json");
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("register", "v2", "two", "--trained-at", "2026-03-15", "-q").Exits(0);
        Add(scratch, "p", CorrectedExport.Make([.. first, 4, 4, 8, 8, 8]), "bad.json");
        Assert.Equal("RetrainNow", Decision(scratch));
    }

    /// <summary>A project copied under another name brings nothing that is new.</summary>
    [Fact]
    public void Copies_in_another_project_are_no_corrections()
    {
        using ScratchFolder scratch = Trained(CorrectedExport.Make([3, 3]));
        JsonArray copy = CorrectedExport.Make([3, 3]);
        foreach (JsonNode? task in copy)
        {
            task!["project"] = 8;
            task["id"] = (int)task["id"]! + 3_000_000;
        }

        Add(scratch, "copy", copy);
        Assert.Equal(0, State(scratch).GetProperty("corrected_episodes").GetInt32());

        // A slice of both has their rows twice, and says so.
        JsonElement warning = Assert.Single(scratch.Run("new", "v2", "--json").Exits(0).Document().GetProperty("warnings").EnumerateArray());
        Assert.Equal("EpisodesInTwoProjects", warning.GetProperty("id").GetString());
        Assert.Contains("40 episodes are in both projects copy and p", warning.GetProperty("message").GetString(), StringComparison.Ordinal);
        scratch.Run("project", "retire", "copy", "-q").Exits(0);
        Assert.DoesNotContain("are in both projects", scratch.Run("new", "v3").Exits(0).Error, StringComparison.Ordinal);
    }

    /// <summary>What goes with a retired project is no correction of the episodes that others have too.</summary>
    [Fact]
    public void A_retired_project_corrects_nothing()
    {
        using ScratchFolder scratch = new();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "p", CorrectedExport.Make([3, 3]));
        JsonArray boxes = CorrectedExport.Make([5, 5]);
        foreach (JsonNode? task in boxes)
        {
            task!["project"] = 8;
            task["id"] = (int)task["id"]! + 3_000_000;
        }

        Add(scratch, "q", boxes);
        scratch.Run("new", "v1", "--trained-at", "2026-01-20", "-q").Exits(0);
        scratch.Run("project", "retire", "q", "-q").Exits(0);
        Assert.Equal((0, 40), (State(scratch).GetProperty("corrected_episodes").GetInt32(), State(scratch).GetProperty("corpus").GetInt32()));
    }

    [Fact]
    public void New_people_and_a_worse_model_never_pass()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "p", CorrectedExport.Make([4, 4, 4, 4, 4, 8, 8, 8], annotator: static (cycle, episode) => (cycle < 5 ? 1 : 11) + (episode % 2)));
        string text = scratch.Run("decide", "--explain").Exits(0).Out;
        Assert.Contains("labelers changed", text, StringComparison.Ordinal);
        Assert.Matches("60 of 60 episodes of v6 to v8 are by annotators without an episode under v1 to v5 \\(11 and 12\\)", text);
        Assert.Matches("About [0-9]+ episodes of each of v7 and v8, labelled by 1 and 2 in the tasks that they had before, would settle it", text);
        Assert.DoesNotContain("not of the model", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_experiment_on_an_old_slice_does_not_move_the_last_training_and_the_corpus_is_that_of_the_line()
    {
        using ScratchFolder scratch = Trained(CorrectedExport.Make([3]));
        JsonArray second = CorrectedExport.Make([3, 3]);
        second.RemoveAt(0);
        Add(scratch, "p", second, "second.json");
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("register", "v2", "hand", "--trained-at", "2026-02-10", "-q").Exits(0);
        scratch.Run("register", "v1", "ablation", "--trained-at", "2026-02-20", "-q").Exits(0);

        JsonElement state = State(scratch);
        Assert.Equal(("v2", 40), (state.GetProperty("trained_slice").GetString(), state.GetProperty("corpus").GetInt32()));

        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"corpus_since\": null", "\"corpus_since\": \"v2\"", StringComparison.Ordinal));
        Assert.Equal(39, State(scratch).GetProperty("corpus").GetInt32());
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"production\": null", "\"production\": \"ablation\"", StringComparison.Ordinal));
        Assert.Equal("v1", State(scratch).GetProperty("trained_slice").GetString());

        // One name for the models of several slices is that of the model which was trained last, whatever the slices' order.
        scratch.Run("register", "v2", "ablation", "--trained-at", "2025-01-01", "-q").Exits(0);
        Assert.Equal("v1", State(scratch).GetProperty("trained_slice").GetString());

        // What names nothing is said, and the decision goes on as without it.
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"])
            .Replace("\"production\": \"ablation\"", "\"production\": \"nobody\"", StringComparison.Ordinal)
            .Replace("\"corpus_since\": \"v2\"", "\"corpus_since\": \"v9\"", StringComparison.Ordinal));
        JsonElement unnamed = State(scratch);
        Assert.Equal(("v2", 40), (unnamed.GetProperty("trained_slice").GetString(), unnamed.GetProperty("corpus").GetInt32()));
        HarvestResult said = scratch.Run("decide");
        Assert.Contains("retrain.production in harvest.json names nobody", said.Out + said.Error, StringComparison.Ordinal);
        Assert.Contains("retrain.corpus_since in harvest.json names v9", said.Out + said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_past_is_replayed_with_what_followed()
    {
        using ScratchFolder scratch = Trained(CorrectedExport.Make([3]));
        Add(scratch, "p", CorrectedExport.Make([3, 3, 3]), "second.json");
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("register", "v1", "one", "--trained-at", "2026-01-12", "--metric", "pck=0.8", "-q").Exits(0);
        scratch.Run("register", "v2", "two", "--trained-at", "2026-02-10", "--metric", "pck=0.9", "-q").Exits(0);

        JsonElement[] days = [.. scratch.Run("decide", "--backtest", "--json").Exits(0).Document().GetProperty("backtest").EnumerateArray()];
        Assert.Equal(["2026-01-05", "2026-01-19"], days.Select(static day => day.GetProperty("at").GetString()![..10]));
        Assert.Equal((0, "v1", JsonValueKind.Null), (days[0].GetProperty("corpus").GetInt32(), days[0].GetProperty("next_slice").GetString(), days[0].GetProperty("metric_before").ValueKind));
        Assert.Equal(
            (20, 40, "v2", 0.8, 0.9),
            (days[1].GetProperty("corpus").GetInt32(), days[1].GetProperty("corrected_episodes").GetInt32(), days[1].GetProperty("next_slice").GetString(),
                days[1].GetProperty("metric_before").GetDouble(), days[1].GetProperty("metric_after").GetDouble()));
        string text = scratch.Run("decide", "--backtest").Exits(0).Out;
        Assert.Contains("2026-02-10 v2", text, StringComparison.Ordinal);
        Assert.Equal(20, scratch.Run("decide", "--as-of", "2026-01-20", "--json").Exits(0).Document().GetProperty("state").GetProperty("corpus").GetInt32());
        Assert.Equal(["BacktestAlone"], scratch.Run("decide", "--backtest", "--gate", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void What_labelers_report_decides_and_is_kept()
    {
        using ScratchFolder scratch = Trained(CorrectedExport.Make([3]));
        HarvestResult run = scratch.Run("decide", "--reported-regression", "wrists are off since Monday", "--history", "decisions.jsonl").Exits(0);
        Assert.StartsWith("RetrainNow: pre-annotation quality regressed, ignore the cadence", run.Out, StringComparison.Ordinal);
        Assert.Contains("wrists are off since Monday", File.ReadAllText(scratch["decisions.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_eval_set_is_the_same_renamed_and_beside_what_file_managers_leave()
    {
        using ScratchFolder scratch = Trained(CorrectedExport.Make([3]));
        scratch.Write("eval/list.txt", "one\ntwo\n");
        scratch.Run("pin-eval", "eval", "-q").Exits(0);
        scratch.Write("eval/.DS_Store", "x");
        scratch.Write("eval/Thumbs.db", "x");
        Assert.Equal("unchanged", EvalSet(scratch));

        Directory.Move(scratch["eval"], scratch["eval_2026"]);
        Assert.Equal("unchanged", EvalSet(scratch));
        Assert.Contains("set eval_set in harvest.json to \"eval_2026\"", scratch.Run("decide").Exits(0).Out, StringComparison.Ordinal);

        Directory.Move(scratch["eval_2026"], scratch["eval"]);
        scratch.Write("eval/list.txt", "one\r\ntwo\r\n");
        Assert.Equal("changed", EvalSet(scratch));
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"eval_line_ends\": \"exact\"", "\"eval_line_ends\": \"ignore\"", StringComparison.Ordinal));
        Assert.Equal("unchanged", EvalSet(scratch));
        string said = scratch.Run("decide", "--explain").Exits(0).Out;
        Assert.Contains("eval has the text that the slice recorded, with other line ends", said, StringComparison.Ordinal);

        // Moved, renamed and written with other line ends at once.
        Directory.CreateDirectory(scratch["sets/old"]);
        Directory.Move(scratch["eval"], scratch["sets/old/2026"]);
        Assert.Equal("changed", EvalSet(scratch));
        Directory.Move(scratch["sets/old/2026"], scratch["evaluation"]);
        Assert.Equal("unchanged", EvalSet(scratch));
        Assert.Contains(
            "eval is gone, and evaluation has the text that the slice recorded, with other line ends", scratch.Run("decide", "--explain").Exits(0).Out, StringComparison.Ordinal);
        Directory.Move(scratch["evaluation"], scratch["eval"]);

        scratch.Write("eval/list.txt", "one\r\ntwo!\r\n");
        Assert.Equal("changed", EvalSet(scratch));
    }

    private static void Change(JsonArray tasks, string change)
    {
        switch (change)
        {
            case "an annotator who agrees":
                CorrectedExport.AddSecond(tasks, Changed, static _ => { });
                break;
            case "an annotator who accepts what was predicted":
                CorrectedExport.AddSecond(tasks, Changed, static second => second["result"] = CorrectedExport.Accepted(second));
                break;
            case "an annotator who skips":
                CorrectedExport.AddSecond(tasks, Changed, static second => second["was_cancelled"] = true);
                break;
            case "a mark of ground truth":
                Each(tasks, static annotation => annotation["ground_truth"] = true);
                break;
            case "imported again":
                foreach (JsonNode? task in tasks)
                {
                    task!["id"] = (int)task["id"]! + 5_000_000;
                    task["annotations"]![0]!["id"] = (int)task["annotations"]![0]!["id"]! + 50_000_000;
                }

                break;
            case "a folder renamed":
                foreach (JsonNode? task in tasks)
                {
                    task!["data"]!["image"] = ((string)task["data"]!["image"]!).Replace("/t0/", "/table zero/", StringComparison.Ordinal);
                }

                break;
            case "moved":
                Each(tasks, static annotation => annotation["result"]![0]!["value"]!["x"] = 40);
                break;
            case "relabelled":
                Each(tasks, static annotation => (annotation["result"]![0]!["value"]!["rectanglelabels"]) = new JsonArray("mug"));
                break;
            case "an accepted box deleted":
                Each(tasks, static annotation => annotation["result"]!.AsArray().RemoveAt(9));
                break;
            case "a correction taken back":
                Each(tasks, static annotation => annotation["result"] = CorrectedExport.Accepted(annotation));
                break;
            case "everything deleted":
                Each(tasks, static annotation => annotation["result"] = new JsonArray());
                break;
            case "cancelled":
                Each(tasks, static annotation => annotation["was_cancelled"] = true);
                break;
            case "another project name":
                break;
            default:
                AddNew(tasks, change);
                break;
        }
    }

    private static void AddNew(JsonArray tasks, string change)
    {
        JsonArray more = CorrectedExport.Make([3], project: 1, episodes: Changed);
        foreach (JsonNode? task in more.ToArray())
        {
            more.Remove(task);
            task!["id"] = (int)task["id"]! + 7_000_000;
            JsonObject annotation = task["annotations"]![0]!.AsObject();
            annotation["id"] = (int)annotation["id"]! + 70_000_000;
            task["data"]!["image"] = $"/data/t0/new_{(int)task["id"]!}/frame_1.jpg";
            annotation["result"] = change switch
            {
                "new episodes, accepted" => CorrectedExport.Accepted(annotation),
                "new episodes, everything deleted" => new JsonArray(),
                _ => annotation["result"]!.DeepClone(),
            };
            tasks.Add(task);
        }
    }

    private static void Each(JsonArray tasks, Action<JsonObject> change)
    {
        foreach (JsonObject annotation in CorrectedExport.Annotations(tasks, Changed).ToArray())
        {
            change(annotation);
        }
    }

    private static ScratchFolder Trained(JsonArray export)
    {
        var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "p", export);
        scratch.Run("new", "v1", "--trained-at", "2026-01-12", "-q").Exits(0);
        return scratch;
    }

    private static void Add(ScratchFolder scratch, string project, JsonArray export, string? name = null)
    {
        scratch.Write(name ?? $"{project}.json", export.ToJsonString());
        scratch.Run("add", name ?? $"{project}.json", "--project", project, "-q").Exits(0);
    }

    private static JsonElement State(ScratchFolder scratch) => scratch.Run("decide", "--json").Exits(0).Document().GetProperty("state");

    private static string Decision(ScratchFolder scratch) => scratch.Run("decide", "--json").Exits(0).Document().GetProperty("decision").GetProperty("decision").GetString()!;

    private static string EvalSet(ScratchFolder scratch) =>
        scratch.Run("decide", "--json").Exits(0).Document().GetProperty("decision").GetProperty("gates")[4].GetProperty("passed").GetBoolean() ? "unchanged" : "changed";
}
