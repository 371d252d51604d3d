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
        Assert.Contains("v1  8 files: 8 hit", scratch.Run("build", "v1").Exits(0).Out, StringComparison.Ordinal);

        JsonElement again = scratch.Run("register", "v1", "hand_keypoint", "--metric", "loss=1e-3", "--json").Exits(0).Document().GetProperty("model");
        Assert.True(again.GetProperty("replaced").GetBoolean());
        Assert.Equal(0.91, again.GetProperty("metrics").GetProperty("pck").GetDouble());
        Assert.Equal(0.001, again.GetProperty("metrics").GetProperty("loss").GetDouble());
        Assert.Equal(["PairInvalid"], scratch.Run("register", "v1", "x", "--metric", "pck=good", "--json").Exits(2).ErrorIds());
        Assert.Equal(["ModelNotFound"], scratch.Run("register", "v1", "x", "gone.pt", "--json").Exits(3).ErrorIds());
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
        Assert.Equal("|   model hand_keypoint  s3://bucket/v1.pt", lines[2]);
        Assert.Equal(
            ["v2", "v1"],
            scratch.Run("log", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray().Select(static slice => slice.GetProperty("version").GetString()!));
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
        Assert.Equal("No slice holds rows of it.", scratch.Run("source", "--episode", "ep99").Exits(0).Out.TrimEnd());
        Assert.Equal(["ModelUnknown"], scratch.Run("source", "--model", "nobody", "--json").Exits(3).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("source", "v1", "--episode", "ep4", "--json").Exits(2).ErrorIds());
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
        Assert.Equal(JsonValueKind.Null, scratch.Run("diff", "v1", "v2", "--json").Exits(0).Document().GetProperty("rows").ValueKind);
    }
}
