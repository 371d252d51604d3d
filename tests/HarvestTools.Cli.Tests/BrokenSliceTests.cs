using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Slices that cannot be read: merge conflicts, damaged and missing records. None is passed over in silence.</summary>
public sealed class BrokenSliceTests
{
    [Theory]
    [InlineData("check")]
    [InlineData("check --quick")]
    [InlineData("log")]
    [InlineData("slices")]
    [InlineData("report page.html")]
    [InlineData("models")]
    public void A_conflict_in_slice_json_is_named_with_its_lines_and_the_others_go_on(string command)
    {
        using ScratchFolder scratch = Two();
        Conflict(scratch, "slices/v2/slice.json", "\"reason\"");

        HarvestResult result = scratch.Run([.. command.Split(' '), "--json"]).Exits(3);

        Assert.Equal(["MergeConflict"], result.ErrorIds());
        string message = result.Document().GetProperty("errors")[0].GetProperty("message").GetString()!;
        Assert.Contains("<<<<<<< in line 4, ======= in line 6 and >>>>>>> in line 8", message, StringComparison.Ordinal);
        Assert.Contains("slice.json", message, StringComparison.Ordinal);
        if (result.Document().TryGetProperty("slices", out JsonElement slices))
        {
            Assert.Single(slices.EnumerateArray());
        }
    }

    [Theory]
    [InlineData("show v2")]
    [InlineData("source v2")]
    [InlineData("diff v1 v2")]
    [InlineData("build v2")]
    [InlineData("decide")]
    [InlineData("source --episode ep1")]
    [InlineData("register v2 m s3://bucket/x.pt")]
    [InlineData("new v3")]
    [InlineData("new")]
    public void A_conflict_in_slice_json_stops_what_needs_that_slice(string command)
    {
        using ScratchFolder scratch = Two();
        Conflict(scratch, "slices/v2/slice.json", "\"created_at\"");
        Assert.Equal(["MergeConflict"], scratch.Run([.. command.Split(' '), "--json"]).Exits(3).ErrorIds());
        Assert.False(Directory.Exists(scratch["slices/v3"]));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("new v3")]
    [InlineData("log")]
    [InlineData("exports")]
    [InlineData("add exports/hands.json exports/actions.json")]
    public void A_conflict_in_harvest_json_stops_every_command(string command)
    {
        using ScratchFolder scratch = Two();
        Conflict(scratch, "harvest.json", "\"version\"");
        HarvestResult result = scratch.Run([.. command.Split(' '), "--json"]).Exits(3);
        Assert.Equal(["MergeConflict"], result.ErrorIds());
        Assert.Contains("<<<<<<< in line", result.Document().GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_two_branches_registered_are_both_kept_as_the_remedy_says()
    {
        ProgramOnPath.Require("git");
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Git("init", "--quiet", "--initial-branch", "main");
        scratch.Git("add", "harvest.json", "slices");
        scratch.Git("commit", "--quiet", "--message", "v1");
        scratch.Git("checkout", "--quiet", "-b", "colleague");
        scratch.Run("register", "v1", "mx", "--metric", "pck=0.5", "-q").Exits(0);
        scratch.Git("commit", "--all", "--quiet", "--message", "mx");
        scratch.Git("checkout", "--quiet", "main");
        scratch.Run("register", "v1", "my", "--metric", "pck=0.6", "-q").Exits(0);
        scratch.Git("commit", "--all", "--quiet", "--message", "my");
        scratch.RunWithProgram("git", ["-C", scratch.Path, "-c", "user.name=t", "-c", "user.email=t@example.org", "merge", "colleague"]).Exits(1);

        HarvestResult refused = scratch.Run("source", "--model", "mx").Exits(3);
        Assert.Contains("keep the entries of both in \"runs\", each in braces of its own with a comma between", refused.Error, StringComparison.Ordinal);

        string path = scratch["slices/v1/slice.json"];
        File.WriteAllLines(path, File.ReadAllLines(path)
            .Where(static line => !line.StartsWith("<<<<<<<", StringComparison.Ordinal) && !line.StartsWith(">>>>>>>", StringComparison.Ordinal))
            .Select(static line => line == "=======" ? "    }, {" : line));
        scratch.Git("commit", "--all", "--quiet", "--message", "both");
        scratch.Run("check").Exits(0);
        Assert.Equal(
            ["mx", "my"],
            scratch.Run("show", "v1", "--json").Exits(0).Document().GetProperty("slice").GetProperty("runs").EnumerateArray()
                .Select(static run => run.GetProperty("name").GetString()!).Order());
    }

    [Fact]
    public void A_conflict_in_definition_json_is_a_finding_of_that_slice_and_an_error_where_the_definition_is_needed()
    {
        using ScratchFolder scratch = Two();
        Conflict(scratch, "slices/v2/definition.json", "\"version\"");

        JsonElement slices = scratch.Run("check", "--json").Exits(1).Document().GetProperty("slices");
        Assert.Equal(["Clean", "Drifted"], slices.EnumerateArray().Select(static slice => slice.GetProperty("status").GetString()!));
        JsonElement finding = Assert.Single(slices[1].GetProperty("findings").EnumerateArray());
        Assert.Contains("unresolved merge conflict", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("remove the lines with the markers", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal);

        // In a clone the file is the only place that has the definition, once harvest.json went on.
        scratch.Remove(".harvest");
        string settings = File.ReadAllText(scratch["harvest.json"]);
        scratch.Write("harvest.json", settings.Replace("\"v1.0.0\"", "\"v1.1.0\"", StringComparison.Ordinal).Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));
        Assert.Equal(["MergeConflict"], scratch.Run("build", "v2", "--json").Exits(3).ErrorIds());
    }

    [Theory]
    [InlineData("log")]
    [InlineData("slices")]
    [InlineData("check")]
    public void A_record_that_is_gone_or_no_file_is_named(string command)
    {
        using ScratchFolder scratch = Two();
        File.Delete(scratch["slices/v2/slice.json"]);
        Assert.Equal(["SliceRecordMissing"], scratch.Run(command, "--json").Exits(3).ErrorIds());

        Directory.CreateDirectory(scratch["slices/v2/slice.json"]);
        HarvestResult folder = scratch.Run(command, "--json");
        Assert.InRange(folder.Exit, 3, 4);
        Assert.Single(folder.ErrorIds());
        Assert.Contains("v2", folder.Document().GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);

        // A process that was killed before it wrote anything leaves an empty folder, which is no slice.
        scratch.Remove("slices/v2");
        Directory.CreateDirectory(scratch["slices/v2"]);
        scratch.Run(command).Exits(0);
    }

    [Fact]
    public void A_parent_is_not_chosen_past_a_newest_slice_that_cannot_be_read()
    {
        using ScratchFolder scratch = Two();
        string path = scratch["slices/v2/slice.json"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"harvest_version\"", "\"other\"", StringComparison.Ordinal));

        HarvestResult refused = scratch.Run("new", "v3", "--json").Exits(3);

        Assert.Equal(["FieldMissing"], refused.ErrorIds());
        Assert.Contains("v2", refused.Document().GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        scratch.Run("new", "v3", "--parent", "v1", "-q").Exits(0);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("created_at")]
    [InlineData("slice_version")]
    public void A_newest_slice_whose_record_is_damaged_is_named_and_no_older_one_is_taken_for_the_parent(string damage)
    {
        using ScratchFolder scratch = Two();
        string path = scratch["slices/v2/slice.json"];
        string text = File.ReadAllText(path);
        File.WriteAllText(path, damage switch
        {
            "cut" => text[..(text.IndexOf("\"created_at\"", StringComparison.Ordinal) + 5)],
            "created_at" => text.Replace("\"created_at\": \"2", "\"created_at\": \"x", StringComparison.Ordinal),
            _ => text.Replace("\"slice_version\": \"v2\"", "\"slice_version\": \"w2\"", StringComparison.Ordinal),
        });
        Assert.NotEqual(text, File.ReadAllText(path));

        foreach (string[] command in new string[][] { ["new", "v3", "--json"], ["new", "--json"], ["new", "--next", "--json"] })
        {
            HarvestResult refused = scratch.Run(command).Exits(3);
            Assert.Single(refused.ErrorIds());
            Assert.Contains("v2", refused.Document().GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(scratch["slices/v3"]));
    }

    [Fact]
    public void An_older_slice_that_cannot_be_read_is_named_in_a_warning_and_the_work_goes_on()
    {
        using ScratchFolder scratch = Two();
        string text = File.ReadAllText(scratch["slices/v1/slice.json"]);
        scratch.Write("slices/v1/slice.json", text[..(text.IndexOf("\"exports\"", StringComparison.Ordinal) + 20)]);

        HarvestResult made = scratch.Run("new", "v3").Exits(0);
        Assert.Contains("warning: Slice v1 cannot be read, and nothing of it was considered: ", made.Error, StringComparison.Ordinal);
        Assert.Contains("after v2", made.Out, StringComparison.Ordinal);
        JsonElement passedOver = Assert.Single(scratch.Run("new", "v4", "--parent", "v2", "--json").Exits(0).Document().GetProperty("passed_over").EnumerateArray());
        Assert.Equal("v1", passedOver.GetProperty("slice").GetString());
        Assert.Equal("JsonSyntax", passedOver.GetProperty("error").GetProperty("id").GetString());
    }

    [Fact]
    public void A_search_does_not_go_past_a_slice_that_cannot_be_read()
    {
        using ScratchFolder scratch = Two();
        scratch.Run("new", "v3", "-q").Exits(0);
        foreach ((string version, string value) in new[] { ("v1", "0.9"), ("v2", "0.8"), ("v3", "0.7") })
        {
            scratch.Run("register", version, "m", "--metric", $"map={value}", "-q").Exits(0);
        }

        Assert.Contains("v2", scratch.Run("bisect", "--metric", "map").Out, StringComparison.Ordinal);
        File.WriteAllText(scratch["slices/v2/slice.json"], "{");
        Assert.Equal(["JsonSyntax"], scratch.Run("bisect", "--metric", "map", "--json").Exits(3).ErrorIds());
        Assert.Equal(["JsonSyntax"], scratch.Run("bisect", "--metric", "map", "--bad", "v3", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void A_model_of_a_slice_that_cannot_be_read_is_not_said_to_be_nowhere()
    {
        using ScratchFolder scratch = Two();
        scratch.Run("register", "v1", "m", "--metric", "map=0.7", "-q").Exits(0);
        scratch.Run("register", "v2", "n", "--metric", "map=0.9", "-q").Exits(0);
        scratch.Run("promote", "n", "--reason", "better", "-q").Exits(0);
        File.WriteAllText(scratch["slices/v2/slice.json"], "{");

        HarvestResult all = scratch.Run("models", "--json").Exits(3);
        Assert.Equal(["JsonSyntax"], all.ErrorIds());
        Assert.Equal("m", Assert.Single(all.Document().GetProperty("models").EnumerateArray()).GetProperty("name").GetString());
        foreach (string command in new[] { "models n", "models --metric map", "models --mlflow-run 1f", "promote", "promote n --reason again", "promote m --reason again" })
        {
            Assert.Equal(["JsonSyntax"], scratch.Run([.. command.Split(' '), "--json"]).Exits(3).ErrorIds());
        }

        // Where its slice is named, the others are no matter.
        scratch.Run("models", "--slice", "v1").Exits(0);
        scratch.Run("promote", "m", "--slice", "v1", "--reason", "the other is broken").Exits(0);
    }

    [Fact]
    public void Adding_names_a_slice_that_could_have_said_the_project()
    {
        using ScratchFolder scratch = Two();
        scratch.Remove(".harvest");
        File.WriteAllText(scratch["slices/v2/slice.json"], "{");
        HarvestResult known = scratch.Run("add", "exports/hands.json").Exits(0);
        Assert.Contains("  b  ", known.Out, StringComparison.Ordinal);
        Assert.Empty(known.Error);

        File.WriteAllText(scratch["slices/v1/slice.json"], "{");
        HarvestResult unknown = scratch.Run("add", "exports/actions.json").Exits(0);
        Assert.Contains("Slice v1 cannot be read", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("Slice v2 cannot be read", unknown.Error, StringComparison.Ordinal);
    }

    private static ScratchFolder Two()
    {
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "--reason", "second", "--trained-at", "2026-05-11T14:32:00Z", "-q").Exits(0);
        return scratch;
    }

    /// <summary>Writes a line as git leaves it where both sides changed it.</summary>
    private static void Conflict(ScratchFolder scratch, string file, string key)
    {
        string[] lines = File.ReadAllLines(scratch[file]);
        int at = Array.FindIndex(lines, line => line.Contains(key, StringComparison.Ordinal));
        Assert.True(at > 0);
        string[] conflict = ["<<<<<<< HEAD", lines[at], "=======", lines[at], ">>>>>>> branch"];
        scratch.Write(file, string.Join('\n', [.. lines[..at], .. conflict, .. lines[(at + 1)..]]) + "\n");
    }
}
