using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>diff, log, source and register.</summary>
public sealed class HistoryCommandTests
{
    [Fact]
    public void Register_links_a_model_and_the_slice_keeps_its_cache()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string path = scratch.Write("models/hand kp.pt", "weights");
        HarvestResult text = HarvestProgram.Run(
            scratch["models"], "register", "v1", "hand_keypoint", "hand kp.pt", "--metric", "pck=0.91", "--trained-at", "2026-05-11T14:32:00Z").Exits(0);
        Assert.StartsWith($"registered  v1  hand_keypoint  {ScratchFolder.Sha256(path)[..12]}  models/hand kp.pt", text.Out, StringComparison.Ordinal);
        Assert.Contains("v1  12 files: 12 hit", scratch.Run("build", "v1").Exits(0).Out, StringComparison.Ordinal);

        JsonElement again = scratch.Run("register", "v1", "hand_keypoint", "--metric", "loss=1e-3", "--json").Exits(0).Document().GetProperty("model");
        Assert.Equal((false, "Updated"), (again.GetProperty("replaced").GetBoolean(), again.GetProperty("outcome").GetString()));
        Assert.Equal(0.91, again.GetProperty("metrics").GetProperty("pck").GetDouble());
        Assert.Equal(0.001, again.GetProperty("metrics").GetProperty("loss").GetDouble());
        Assert.Equal(["PairInvalid"], scratch.Run("register", "v1", "x", "--metric", "pck=good", "--json").Exits(2).ErrorIds());
        Assert.Equal(["ModelNotFound"], scratch.Run("register", "v1", "x", "gone.pt", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void A_model_is_known_by_its_bytes_and_a_name_is_not_replaced_in_passing()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("models/hand.pt", "weights");
        scratch.Run("register", "v1", "hand", "models/hand.pt", "--metric", "pck=0.91", "-q").Exits(0);
        scratch.Run("register", "v1", "hand", "models/hand.pt", "--metric", "pck=0.91", "-q").Exits(0);
        scratch.Write("models/hand.pt", "other weights");

        Assert.Equal(["ModelOverwritten"], scratch.Run("source", "--model", "models/hand.pt", "--json").Exits(3).ErrorIds());
        scratch.Write("copy/of.pt", "weights");
        Assert.Contains("v1", HarvestProgram.Run(scratch["copy"], "source", "--model", "of.pt").Exits(0).Out, StringComparison.Ordinal);

        // A warning, quick or not: what the slice recorded is as it was.
        JsonElement slice = Assert.Single(scratch.Run("check", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray());
        JsonElement finding = Assert.Single(slice.GetProperty("findings").EnumerateArray());
        Assert.Equal(("Clean", "ModelChanged", "Warning"), (slice.GetProperty("status").GetString(), finding.GetProperty("kind").GetString(), finding.GetProperty("severity").GetString()));
        Assert.Equal(ScratchFolder.Sha256(scratch["models/hand.pt"]), finding.GetProperty("actual").GetString());
        Assert.Contains("ModelChanged", scratch.Run("check", "--quick").Exits(0).Out, StringComparison.Ordinal);

        // The remedy is a command that can be run as it is printed.
        HarvestResult refused = scratch.Run("register", "v1", "hand", "models/hand.pt", "--metric", "pck=0.5").Exits(2);
        string line = refused.Error.Split("replace the one that is registered with '")[1].Split("'.")[0].Replace("\"", "", StringComparison.Ordinal);
        Assert.EndsWith("--metric pck=0.5 --force", line, StringComparison.Ordinal);
        Assert.Equal(["ModelRegistered"], scratch.Run("register", "v1", "hand", "s3://bucket/hand.pt", "--json").Exits(2).ErrorIds());
        Assert.StartsWith("replaced  v1  hand", scratch.Run("register", "v1", "hand", "models/hand.pt", "--metric", "pck=0.5", "--force").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("v1", scratch.Run("source", "--model", "models/hand.pt").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_registered_with_the_slice_it_was_trained_on_and_no_other()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "--export", "b", "-q").Exits(0);
        scratch.Write("models/hand.pt", "weights");
        scratch.Run("register", "v1", "hand", "models/hand.pt", "-q").Exits(0);

        HarvestResult refused = scratch.Run("register", "v2", "hands", "models/hand.pt").Exits(2);
        Assert.Contains("is registered as model 'hand' of slice v1", refused.Error, StringComparison.Ordinal);
        Assert.Contains("if this one was, say so with 'harvest register v2 hands ", refused.Error, StringComparison.Ordinal);
        Assert.Single(scratch.Run("source", "--model", "models/hand.pt", "--json").Exits(0).Document().GetProperty("sources").EnumerateArray().Select(static source => source.GetProperty("version").GetString()).Distinct());

        // The same name goes from slice to slice with other files.
        scratch.Write("models/hand-2.pt", "other weights");
        scratch.Run("register", "v2", "hand", "models/hand-2.pt", "-q").Exits(0);
        scratch.Run("register", "v2", "hands", "models/hand.pt", "--force", "-q").Exits(0);
    }

    [Fact]
    public void Log_draws_the_newest_first_with_rows_and_models()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand_keypoint", "s3://bucket/v1.pt", "-q").Exits(0);
        scratch.Run("new", "v2", "--export", "b", "--reason", "only hands", "-q").Exits(0);
        string[] lines = [.. scratch.Run("log").Exits(0).Out.TrimEnd().Split('\n').Select(static line => line.TrimEnd())];
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("* v2  ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("  15 rows (-40)  harvest@v1.0.0  only hands", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("  55 rows  harvest@v1.0.0  first", lines[1], StringComparison.Ordinal);
        Assert.Equal("    model hand_keypoint  s3://bucket/v1.pt", lines[2]);
        Assert.StartsWith("* v2  ", Assert.Single(scratch.Run("log", "--limit", "1").Exits(0).Out.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(["CommandLineInvalid"], scratch.Run("log", "--limit", "few", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("log", "--limit", "0", "--json").Exits(2).ErrorIds());
        Assert.Equal(
            ["v2", "v1"],
            scratch.Run("log", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray().Select(static slice => slice.GetProperty("version").GetString()!));
    }

    [Fact]
    public void Which_corrections_went_into_a_slice_is_answered_by_source_alone()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("exports/b.json", """
            [{"id":7,"data":{"image":"task_01/episode_1/frame_0003.jpg"},"project":12,"annotations":[
              {"id":70,"completed_by":4,"updated_at":"2026-05-02T08:00:00Z","result":[
                {"id":"r1","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,"origin":"manual","value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}},
                {"id":"r2","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,"origin":"prediction","value":{"x":20,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}]}]},
             {"id":8,"data":{"image":"task_01/episode_2/frame_0001.jpg"},"project":12,"annotations":[
              {"id":80,"completed_by":5,"updated_at":"2026-05-03T09:30:00Z","result":[
                {"id":"r3","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,"origin":"prediction","value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}]}]}]
            """);
        scratch.Run("add", "exports/b.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v1", "-q").Exits(0);

        string text = scratch.Run("source", "v1", "--corrections").Exits(0).Out;
        Assert.Contains("exports/b.json, labels until 2026-05-03 09:30 UTC, 2 tasks with 2 annotations, labelled by annotators 4 and 5", text, StringComparison.Ordinal);
        Assert.Matches(@"v1\s+b\s+7\s+70\s+4\s+2026-05-02 08:00\s+task_01/episode_1\s+1\s", text);
        JsonElement source = Assert.Single(scratch.Run("source", "v1", "--corrections", "--json").Exits(0).Document().GetProperty("sources").EnumerateArray());
        JsonElement correction = Assert.Single(source.GetProperty("corrections").EnumerateArray());
        Assert.Equal((7, 70, "4", "2026-05-02T08:00:00Z", 1), (
            correction.GetProperty("task_id").GetInt32(),
            correction.GetProperty("annotation_id").GetInt32(),
            correction.GetProperty("annotators")[0].GetString(),
            correction.GetProperty("updated_at").GetString(),
            correction.GetProperty("rows").GetInt32()));
        Assert.Equal(JsonValueKind.Null, scratch.Run("source", "v1", "--json").Exits(0).Document().GetProperty("sources")[0].GetProperty("corrections").ValueKind);
        Assert.Contains("Nobody drew or changed anything", scratch.Run("source", "--episode", "episode_2", "--corrections").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_goes_back_from_a_model_and_forward_from_an_episode()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand_keypoint", "s3://bucket/v1.pt", "-q").Exits(0);
        JsonElement[] back = [.. scratch.Run("source", "--model", "hand_keypoint", "--json").Exits(0).Document().GetProperty("sources").EnumerateArray()];
        Assert.Equal(["a", "b"], back.Select(static source => source.GetProperty("project").GetString()!));
        Assert.Equal([4, 2], back.Select(static source => source.GetProperty("episodes").GetInt32()));
        Assert.Equal([40, 15], back.Select(static source => source.GetProperty("rows").GetInt64()));

        // ep4 is a video of project a alone.
        JsonElement forward = Assert.Single(scratch.Run("source", "--episode", "ep4", "--json").Exits(0).Document().GetProperty("sources").EnumerateArray());
        Assert.Equal("a", forward.GetProperty("project").GetString());
        Assert.Equal("hand_keypoint", forward.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.Contains("hand_keypoint", scratch.Run("source", "v1").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["EpisodeUnknown"], scratch.Run("source", "--episode", "ep99", "--json").Exits(3).ErrorIds());
        Assert.Equal(["ModelUnknown"], scratch.Run("source", "--model", "nobody", "--json").Exits(3).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("source", "v1", "--model", "hand_keypoint", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("source", "--task", "1", "--episode", "ep4", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("source", "v1", "--project", "a", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void Bisect_names_the_slice_in_which_a_metric_fell_and_what_entered()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/later.json", SmallExport.Hands(tasks: 8, moved: 2));
        scratch.Run("add", "exports/later.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v2", "--reason", "two more tasks", "--set", "boundary_frames=1", "-q").Exits(0);
        scratch.Run("register", "v1", "hand", "--metric", "pck=0.91", "--metric", "loss=0.2", "-q").Exits(0);
        scratch.Run("register", "v2", "hand", "--metric", "pck=0.87", "--metric", "loss=0.1", "-q").Exits(0);

        string text = scratch.Run("bisect", "--metric", "pck").Exits(0).Out;
        Assert.StartsWith("pck fell in v2: 0.87, after 0.91 in v1.", text, StringComparison.Ordinal);
        Assert.Contains("v2 after v1: two more tasks", text, StringComparison.Ordinal);
        Assert.Contains("  export replaced  b  exports/later.json  2 labelled tasks added, 0 removed, 6 relabelled", text, StringComparison.Ordinal);
        Assert.Contains("  rule boundary_frames  3 to 1", text, StringComparison.Ordinal);

        JsonElement found = scratch.Run("bisect", "--metric", "pck", "--json").Exits(0).Document().GetProperty("regression");
        Assert.True(found.GetProperty("regressed").GetBoolean());
        Assert.Equal("v2", found.GetProperty("version").GetString());
        JsonElement suspect = Assert.Single(found.GetProperty("suspects").EnumerateArray());
        JsonElement rows = suspect.GetProperty("row_changes");
        Assert.Equal("7", Assert.Single(rows.GetProperty("by_annotator").EnumerateArray(), static count => count.GetProperty("annotator").GetString() == "7").GetProperty("annotator").GetString());
        Assert.Contains("by label  ", text, StringComparison.Ordinal);
        Assert.Contains("by episode  pour/ep", text, StringComparison.Ordinal);
        Assert.Matches(@"by annotator  .*\b7 \+", text);
        Assert.Equal(6, Assert.Single(suspect.GetProperty("exports").EnumerateArray()).GetProperty("tasks").GetProperty("relabelled").GetInt64());

        Assert.Equal("loss did not fall from v1 to v2.", scratch.Run("bisect", "--metric", "loss", "--lower-is-better").Exits(0).Out.Split('\n')[0].TrimEnd());
        Assert.StartsWith("loss fell in v2", scratch.Run("bisect", "--metric", "loss").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal("pck of hand did not fall from v1 to v2 by more than 0.05.", scratch.Run("bisect", "--metric", "pck", "--model", "hand", "--tolerance", "0.05").Exits(0).Out.Split('\n')[0].TrimEnd());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("bisect", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("bisect", "--metric", "pck", "--tolerance", "much", "--json").Exits(2).ErrorIds());
        Assert.Equal(["MetricUnknown"], scratch.Run("bisect", "--metric", "psnr", "--json").Exits(3).ErrorIds());
        Assert.Equal(["NotAnAncestor"], scratch.Run("bisect", "--metric", "pck", "--good", "v2", "--bad", "v1", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void Report_writes_one_page_and_a_check_in_it_counts()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Directory.CreateDirectory(scratch["deep"]);
        HarvestResult plain = HarvestProgram.Run(scratch["deep"], "report", "page.html").Exits(0);
        Assert.Matches(@"^deep/page\.html  \d+\.\d KB: 1 slice, 0 models\r?\n$", plain.Out);
        Assert.Contains("<bdi class=\"name\">v1</bdi>", File.ReadAllText(scratch["deep/page.html"]), StringComparison.Ordinal);
        Assert.DoesNotContain("badge", File.ReadAllText(scratch["deep/page.html"]).Split("</style>")[1].Split("<script>")[0].Split("id=\"charts\"")[0], StringComparison.Ordinal);

        Assert.Equal(0, scratch.Run("report", "page.html", "--check", "--json").Exits(0).Document().GetProperty("report").GetProperty("drifted").GetInt32());
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6, moved: 3));
        Assert.Equal(1, scratch.Run("report", "page.html", "--quick", "--json").Exits(1).Document().GetProperty("report").GetProperty("drifted").GetInt32());
        Assert.Contains("badge drifted", File.ReadAllText(scratch["page.html"]), StringComparison.Ordinal);
        Assert.Equal(["NotAFile"], scratch.Run("report", "deep", "--json").Exits(4).ErrorIds());

        // Nothing to verify is not all well.
        scratch.Remove(".harvest");
        scratch.Remove("exports");
        HarvestResult unverified = scratch.Run("report", "page.html", "--check").Exits(1);
        Assert.Contains("0 drifted, 1 unverifiable", unverified.Out, StringComparison.Ordinal);
        Assert.Equal(1, scratch.Run("report", "page.html", "--quick", "--json").Exits(1).Document().GetProperty("report").GetProperty("unverifiable").GetInt32());
    }

    [Fact]
    public void Diff_counts_and_lists_the_rows_that_changed()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/later.json", SmallExport.Hands(tasks: 6, moved: 2));
        scratch.Run("add", "exports/later.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);
        JsonElement document = scratch.Run("diff", "v1", "v2", "--rows", "--json").Exits(0).Document();
        JsonElement comparison = document.GetProperty("comparison");
        JsonElement export = Assert.Single(comparison.GetProperty("exports").EnumerateArray());
        Assert.Equal("Replaced", export.GetProperty("change").GetString());
        Assert.False(export.GetProperty("same_labels").GetBoolean());

        // The wrist moved in each of the five tasks that are not cancelled, by two percent of 1280 pixels.
        Assert.Equal(5, comparison.GetProperty("row_changes").GetProperty("changed").GetInt64());
        Assert.Equal(0, comparison.GetProperty("row_changes").GetProperty("added").GetInt64());
        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        Assert.Equal(5, rows.Length);
        Assert.All(rows, static row =>
        {
            Assert.Equal(["x", "x_pct"], row.GetProperty("columns").EnumerateArray().Select(static column => column.GetString()!));
            Assert.Equal(25.6, row.GetProperty("after").GetProperty("x").GetDouble() - row.GetProperty("before").GetProperty("x").GetDouble(), 9);
        });

        HarvestResult text = scratch.Run("diff", "v1", "v2", "--rows", "--limit", "2").Exits(0);
        Assert.Contains("rows  0 added, 0 removed, 5 changed", text.Out, StringComparison.Ordinal);
        Assert.Equal(2, text.Out.Split('\n').Count(static line => line.StartsWith("~ keypoints  b  pour/ep", StringComparison.Ordinal)));
        Assert.Contains("and 3 more", text.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("more;", scratch.Run("diff", "v1", "v2", "--rows", "--table", "boxes", "--limit", "0").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(5, scratch.Run("diff", "v1", "v2", "--rows", "--table", "keypoints", "--table", "actions", "--json").Exits(0).Document().GetProperty("rows").GetArrayLength());
        Assert.Equal(["TableUnknown"], scratch.Run("diff", "v1", "v2", "--rows", "--table", "cups", "--json").Exits(2).ErrorIds());
        Assert.Equal(JsonValueKind.Null, scratch.Run("diff", "v1", "v2", "--json").Exits(0).Document().GetProperty("rows").ValueKind);
    }
}
