using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What the program says of where labels went, and of what a row comes from.</summary>
public sealed class TraceCommandTests
{
    [Fact]
    public void Source_goes_forward_from_a_task_an_annotation_a_person_a_medium_and_an_export()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand_keypoint", "s3://bucket/v1.pt", "-q").Exits(0);

        // Of hands, each task has two keypoints and a box by annotator 7; the last one is skipped.
        Assert.Equal([("b", 3L, 0)], Shares(scratch, "--task", "1", "--project", "b"));
        Assert.Equal([("b", 3L, 0)], Shares(scratch, "--annotation", "1001"));
        Assert.Equal([("b", 0L, 1)], Shares(scratch, "--annotation", "1006"));
        Assert.Equal([("b", 15L, 1)], Shares(scratch, "--annotator", "7"));
        Assert.Equal([("a", 40L, 0)], Shares(scratch, "--annotator", "8"));
        Assert.Equal([("b", 3L, null)], Shares(scratch, "--medium", "f2.jpg"));
        Assert.Equal([("b", 15L, null)], Shares(scratch, "--export", "exports/hands.json"));
        string text = scratch.Run("source", "--annotator", "7").Exits(0).Out;
        Assert.Contains("hand_keypoint", text, StringComparison.Ordinal);
        Assert.Contains("rejected", text, StringComparison.Ordinal);
        Assert.Contains("6 tasks with 6 annotations, labelled by annotator 7", text, StringComparison.Ordinal);

        foreach ((string option, string value, string id) in new[]
        {
            ("--task", "999", "TaskUnknown"), ("--annotation", "999", "AnnotationUnknown"), ("--annotator", "999", "AnnotatorUnknown"),
            ("--medium", "none.jpg", "MediumUnknown"), ("--export", "none.json", "ExportNotInSlices"),
        })
        {
            Assert.Equal([id], scratch.Run("source", option, value, "--json").Exits(3).ErrorIds());
        }
    }

    [Fact]
    public void Source_lists_rows_up_to_a_limit_and_says_that_there_are_more()
    {
        using var scratch = new ScratchFolder().WithSlice();

        JsonElement listed = scratch.Run("source", "--annotator", "7", "--rows", "--json").Exits(0).Document();
        Assert.Equal((15, false), (listed.GetProperty("rows").GetArrayLength(), listed.GetProperty("more_rows").GetBoolean()));
        Assert.Equal("7", listed.GetProperty("rows")[0].GetProperty("annotators")[0].GetString());
        JsonElement some = scratch.Run("source", "v1", "--rows", "--limit", "10", "--json").Exits(0).Document();
        Assert.Equal((10, true), (some.GetProperty("rows").GetArrayLength(), some.GetProperty("more_rows").GetBoolean()));
        Assert.EndsWith("There are more; --limit N lists more of them.", scratch.Run("source", "v1", "--rows", "--limit", "10").Exits(0).Out.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("There are more", scratch.Run("source", "--task", "1", "--project", "b", "--rows").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["CommandLineInvalid"], scratch.Run("source", "v1", "--rows", "--limit", "some", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void Blame_names_export_annotation_person_and_slice()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/later.json", SmallExport.Hands(tasks: 8, moved: 2));
        scratch.Run("add", "exports/later.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v2", "-q").Exits(0);

        string text = scratch.Run("blame", "v2", "--episode", "ep0", "--frame", "2", "--label", "wrist").Exits(0).Out;
        Assert.Contains("wrist: keypoints of b, pour/ep0, frame 2, task 2, region p2", text, StringComparison.Ordinal);
        Assert.Matches(@"first in v1, export [0-9a-f]{12} of b \(exports/hands\.json\), annotation 1002 by annotator 7, manual", text);
        Assert.Matches(@"changed in v2, export [0-9a-f]{12} of b \(exports/later\.json\), annotation 1002 by annotator 7, manual: x ", text);

        JsonElement row = Assert.Single(scratch.Run("blame", "v2", "--episode", "ep0", "--frame", "2", "--label", "wrist", "--json").Exits(0).Document().GetProperty("rows").EnumerateArray());
        Assert.Equal("v1", row.GetProperty("first").GetProperty("version").GetString());
        JsonElement change = Assert.Single(row.GetProperty("changes").EnumerateArray());
        Assert.Equal(["x", "x_pct"], change.GetProperty("columns").EnumerateArray().Select(static column => column.GetString()!));
        Assert.True(change.GetProperty("before").GetProperty("x_pct").GetDouble() < change.GetProperty("after").GetProperty("x_pct").GetDouble());

        Assert.All(
            scratch.Run("blame", "v2", "--episode", "ep0", "--table", "boxes", "--json").Exits(0).Document().GetProperty("rows").EnumerateArray(),
            static row => Assert.Equal("boxes", row.GetProperty("table").GetString()));
        Assert.Equal(["RowUnknown"], scratch.Run("blame", "v2", "--episode", "ep0", "--label", "nobody", "--json").Exits(3).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("blame", "v2", "--json").Exits(2).ErrorIds());
        Assert.True(scratch.Run("blame", "v2", "--episode", "ep0", "--limit", "1", "--json").Exits(0).Document().GetProperty("more_rows").GetBoolean());
    }

    [Fact]
    public void A_model_is_found_by_its_hash_and_by_its_run()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("models/hand.pt", "weights");
        scratch.Run("register", "v1", "hand", "models/hand.pt", "--tracking", "https://mlflow.example/#/experiments/1/runs/0af3", "-q").Exits(0);
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("weights"u8));

        foreach (string model in (string[])[sha256, sha256[..10], "0af3", "https://mlflow.example/#/experiments/1/runs/0af3"])
        {
            Assert.Equal("v1", scratch.Run("source", "--model", model, "--json").Exits(0).Document().GetProperty("sources")[0].GetProperty("version").GetString());
        }

        Assert.Equal(["ModelUnknown"], scratch.Run("source", "--model", sha256[..7], "--json").Exits(3).ErrorIds());
    }

    private static List<(string Project, long Rows, int? Rejected)> Shares(ScratchFolder scratch, params string[] arguments) =>
    [
        .. scratch.Run(["source", .. arguments, "--json"]).Exits(0).Document().GetProperty("sources").EnumerateArray().Select(static share => (
            share.GetProperty("project").GetString()!,
            share.GetProperty("rows").GetInt64(),
            share.GetProperty("rejected").ValueKind == JsonValueKind.Null ? (int?)null : share.GetProperty("rejected").GetInt32())),
    ];
}
