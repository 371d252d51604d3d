using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>diff-export, impact, and the bump that check proposes.</summary>
public sealed class DriftCommandTests
{
    [Fact]
    public void Diff_export_names_the_relabelled_tasks_and_how_far_points_moved()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("a.json", SmallExport.Hands(tasks: 6));
        scratch.Write("b.json", SmallExport.Hands(tasks: 6, moved: 2));

        JsonElement document = scratch.Run("diff-export", "a.json", "b.json", "--json").Exits(0).Document();

        JsonElement comparison = document.GetProperty("comparison");
        JsonElement[] tasks = [.. document.GetProperty("tasks").EnumerateArray()];
        Assert.Equal(tasks.Length, comparison.GetProperty("relabelled").GetInt64());
        Assert.NotEmpty(tasks);
        Assert.All(tasks, static task =>
        {
            // Two percent of 1280 pixels.
            JsonElement edit = Assert.Single(task.GetProperty("edits").EnumerateArray());
            Assert.Equal("RegionMoved", edit.GetProperty("kind").GetString());
            Assert.Equal(25.6, edit.GetProperty("distance").GetDouble(), 9);
            Assert.Equal("px", edit.GetProperty("unit").GetString());
        });
        HarvestResult text = scratch.Run("diff-export", "a.json", "b.json", "--limit", "1").Exits(0);
        Assert.Contains("moved by 25.6 px", text.Out, StringComparison.Ordinal);
        Assert.Contains($"and {tasks.Length - 1} more tasks", text.Out, StringComparison.Ordinal);
        Assert.Contains("The labels differ.", text.Out, StringComparison.Ordinal);
        Assert.Contains("Both have the same labels.", scratch.Run("diff-export", "a.json", "a.json").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["ExportNotFound"], scratch.Run("diff-export", "a.json", "none.json", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Diff_export_takes_archived_exports_as_tables_name_them()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("a.json", SmallExport.Hands(tasks: 6));
        scratch.Write("b.json", SmallExport.Hands(tasks: 6, moved: 2));
        string[] names =
        [
            .. new[] { "a.json", "b.json" }.Select(file => scratch.Run("add", file, "-p", "left-hand", "--json").Exits(0).Document().GetProperty("exports")[0].GetProperty("sha256").GetString()![..12]),
        ];
        string expected = scratch.Run("diff-export", "a.json", "b.json").Exits(0).Out;

        Assert.Equal(expected, scratch.Run("diff-export", $"left-hand-{names[0]}", $"left-hand-{names[1]}").Exits(0).Out);
        Assert.Equal(expected, scratch.Run("diff-export", names[0][..4], "b.json").Exits(0).Out);
        Assert.Equal(["ExportNotFound"], scratch.Run("diff-export", "week-2026", "b.json", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Impact_tells_rows_and_models_and_leaves_the_slice_alone()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand_keypoint", "s3://bucket/v1.pt", "-q").Exits(0);
        string manifest = File.ReadAllText(scratch["slices/v1/slice.json"]);

        JsonElement slice = Assert.Single(
            scratch.Run("impact", "--set", "boundary_weight=0.25", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray());

        Assert.True(slice.GetProperty("affected").GetBoolean());
        Assert.Equal("actions", Assert.Single(slice.GetProperty("row_changes").GetProperty("by_table").EnumerateArray()).GetProperty("table").GetString());
        Assert.Equal("hand_keypoint", slice.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.Contains("model hand_keypoint  s3://bucket/v1.pt  was trained on it", scratch.Run("impact", "v1", "--set", "boundary_weight=0.25").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("the same rules", scratch.Run("impact", "v1").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["UnknownKey"], scratch.Run("impact", "--set", "boundary_wait=1", "--json").Exits(2).ErrorIds());
        Assert.Equal(manifest, File.ReadAllText(scratch["slices/v1/slice.json"]));
    }

    [Theory]
    [InlineData]
    [InlineData("--quick")]
    public void What_several_slices_share_is_told_once_for_people_and_in_each_slice_for_programs(params string[] options)
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "-q").Exits(0);
        string settings = File.ReadAllText(scratch["harvest.json"]);
        scratch.Write("harvest.json", settings.Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));

        string text = scratch.Run(["check", .. options]).Exits(1).Out;
        JsonElement slices = scratch.Run(["check", "--json", .. options]).Exits(1).Document().GetProperty("slices");

        Assert.Equal(2, text.Split("one version would name two sets of rules").Length);
        Assert.Contains("v1 and v2 use it", text, StringComparison.Ordinal);
        Assert.Contains("  HarvestRedefined: harvest@v1.0.0, as reported under v1.", text, StringComparison.Ordinal);
        Assert.All(slices.EnumerateArray(), static slice => Assert.Contains(
            "one version would name two sets of rules", slice.GetProperty("findings")[0].GetProperty("message").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Check_proposes_the_version_and_the_sentence_for_the_change_log()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string settings = File.ReadAllText(scratch["harvest.json"]);
        scratch.Write("harvest.json", settings.Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));

        HarvestResult text = scratch.Run("check").Exits(1);
        JsonElement finding = scratch.Run("check", "--json").Exits(1).Document().GetProperty("slices")[0].GetProperty("findings")[0];

        Assert.Contains("Proposed: harvest@v1.1.0 (minor: rows change)", text.Out, StringComparison.Ordinal);
        Assert.StartsWith("HarvestRedefined: harvest@v1.0.0 now names two definitions", text.Out, StringComparison.Ordinal);
        Assert.Equal("v1.1.0", finding.GetProperty("bump").GetProperty("to").GetString());
        Assert.True(finding.GetProperty("bump").GetProperty("rows_change").GetBoolean());
        Assert.Contains("boundary_weight 0.5 → 0.25", finding.GetProperty("bump").GetProperty("change_log").GetString(), StringComparison.Ordinal);
        Assert.Equal("v1", finding.GetProperty("since").GetString());
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"v1.0.0\"", "\"v1.1.0\"", StringComparison.Ordinal));
        scratch.Run("check").Exits(0);
    }

    /// <summary>A patch promises that rows stay, which nobody knows before a derivation.</summary>
    [Fact]
    public void The_quick_check_proposes_a_version_and_says_that_rows_may_change()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));

        HarvestResult text = scratch.Run("check", "--quick").Exits(1);
        JsonElement bump = scratch.Run("check", "--quick", "--json").Exits(1).Document().GetProperty("slices")[0].GetProperty("findings")[0].GetProperty("bump");

        Assert.Contains("Set harvest.version to \"v1.1.0\" in harvest.json", text.Out, StringComparison.Ordinal);
        Assert.Contains("Proposed: harvest@v1.1.0 (minor: rows may change)", text.Out, StringComparison.Ordinal);
        Assert.Contains("boundary_weight 0.5 → 0.25; a full check finds whether rows", text.Out, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, bump.GetProperty("rows_change").ValueKind);
        scratch.Write("harvest.json", File.ReadAllText(scratch["harvest.json"]).Replace("\"v1.0.0\"", "\"v1.1.0\"", StringComparison.Ordinal));
        scratch.Run("check").Exits(0);
    }
}
