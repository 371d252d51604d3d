using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What is typed next, and what registering, retiring and checking say of themselves: each hint is run as it is printed.</summary>
public sealed class NextStepTests
{
    [Fact]
    public void Each_command_names_the_next_one_which_works()
    {
        using var scratch = new ScratchFolder().WithExports();
        scratch.Remove(".harvest");
        HarvestResult added = scratch.Run("add", "exports/hands.json", "--project", "b").Exits(0);
        HarvestResult again = scratch.Run("add", "exports/hands.json", "--project", "b").Exits(0);
        Assert.DoesNotContain("Next:", again.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Next:", scratch.Run("add", "exports/hands.json", "--project", "b", "--json").Exits(0).Out, StringComparison.Ordinal);

        string make = Next(added);
        Assert.Equal("harvest new", make);
        string check = Next(scratch.RunCommand(make).Exits(0));
        Assert.Equal("harvest check v1, then commit slices/v1", check);
        scratch.RunCommand(check.Split(',')[0]).Exits(0);
        string register = Next(scratch.Run("build", "v1").Exits(0));
        Assert.Equal("train on it, then harvest register v1 NAME FILE", register);
        scratch.Write("models/hand.pt", "weights");
        string command = register.Split("then ")[1].Replace("NAME", "hand", StringComparison.Ordinal).Replace("FILE", "models/hand.pt", StringComparison.Ordinal);
        string log = Next(scratch.RunCommand(command).Exits(0));
        scratch.RunCommand(log.Split(',')[0]).Exits(0);
        Assert.DoesNotContain("Next:", scratch.Run("build", "v1").Exits(0).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Next:", scratch.RunCommand(command).Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void One_more_name_for_an_older_slice_is_no_later_training()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("register", "v1", "hand", "s3://b/1.pt", "--trained-at", "2026-05-01T10:00:00Z", "-q").Exits(0);
        scratch.Run("register", "v2", "hand", "s3://b/2.pt", "--trained-at", "2026-06-01T10:00:00Z", "-q").Exits(0);

        HarvestResult extra = scratch.Run("register", "v1", "extra", "s3://b/x.pt").Exits(0);

        Assert.Contains("trained 2026-05-01 10:00 UTC, the training date that v1 has already", extra.Out, StringComparison.Ordinal);
        Assert.Empty(extra.Error);
        Assert.Contains("Trained last: v2, 2026-06-01 10:00 UTC, the training date of model hand.", scratch.Run("decide").Exits(0).Out, StringComparison.Ordinal);
        JsonElement decision = scratch.Run("decide", "--json").Exits(0).Document().GetProperty("decision");
        Assert.Equal(("v2", "2026-06-01T10:00:00Z", "hand"), (decision.GetProperty("trained_slice").GetString(), decision.GetProperty("trained_at").GetString(), decision.GetProperty("trained_model").GetString()));
    }

    [Fact]
    public void An_older_slice_without_a_training_date_says_that_it_counts_as_trained_last()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("new", "v3", "--parent", "v1", "-q").Exits(0);
        scratch.Run("register", "v3", "hand", "s3://b/3.pt", "--trained-at", "2026-06-01T10:00:00Z", "-q").Exits(0);

        // v1 is behind v3, whatever is trained on it; v2 is of another line.
        Assert.Equal("", scratch.Run("register", "v1", "again", "s3://b/1.pt").Exits(0).Error);
        Assert.Equal("v3", scratch.Run("decide", "--json").Exits(0).Document().GetProperty("decision").GetProperty("trained_slice").GetString());
        HarvestResult late = scratch.Run("register", "v2", "hand", "s3://b/2.pt").Exits(0);

        Assert.Contains("the time of registering, since no training date was given", late.Out, StringComparison.Ordinal);
        Assert.Contains("Slice v2 counts as trained last now, though v3 was made after it", late.Error, StringComparison.Ordinal);
        HarvestResult corrected = scratch.Run("register", "v2", "hand", "--trained-at", "2026-05-01T10:00:00Z").Exits(0);
        Assert.StartsWith("updated  v2  hand", corrected.Out, StringComparison.Ordinal);
        Assert.Equal("v3", scratch.Run("decide", "--json").Exits(0).Document().GetProperty("decision").GetProperty("trained_slice").GetString());
    }

    [Fact]
    public void A_model_that_new_named_is_updated_by_its_registration_and_then_registered_already()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("models/hand.pt", "weights");
        scratch.Run("new", "v2", "--model", "hand=models/hand.pt", "-q").Exits(0);

        Assert.StartsWith("updated  v2  hand  ", scratch.Run("register", "v2", "hand", "models/hand.pt").Exits(0).Out, StringComparison.Ordinal);
        Assert.StartsWith("registered already  v2  hand  ", scratch.Run("register", "v2", "hand", "models/hand.pt").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retired_project_is_left_out_and_not_lost()
    {
        using var scratch = new ScratchFolder().WithSlice();
        JsonElement first = scratch.Run("show", "v1", "--json").Exits(0).Document().GetProperty("slice").GetProperty("exports")[0];
        string project = first.GetProperty("project").GetString()!;
        scratch.Run("project", "retire", project, "-q").Exits(0);

        HarvestResult made = scratch.Run("new", "v2").Exits(0);

        Assert.Contains($"Project {project} is retired, so v2 is made without it.", made.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("fewer than v1", made.Out, StringComparison.Ordinal);
        JsonElement document = scratch.Run("new", "v3", "--parent", "v1", "--json").Exits(0).Document();
        Assert.Equal(project, Assert.Single(document.GetProperty("retired").EnumerateArray()).GetString());
        Assert.Empty(document.GetProperty("losses").EnumerateArray());
    }

    [Fact]
    public void The_heading_of_a_drifted_slice_counts_the_findings_below_it()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("models/hand.pt", "weights");
        scratch.Run("register", "v1", "hand", "models/hand.pt", "-q").Exits(0);
        scratch.Write("models/hand.pt", "other weights");
        string settings = File.ReadAllText(scratch["harvest.json"]);
        scratch.Write("harvest.json", settings.Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));

        string text = scratch.Run("check").Exits(1).Out;

        Assert.Contains("v1  DRIFTED: 1 finding and 1 warning", text, StringComparison.Ordinal);
        Assert.Contains("  ModelChanged (warning): ", text, StringComparison.Ordinal);
    }

    private static string Next(HarvestResult result) =>
        Assert.Single(result.Out.Split('\n', StringSplitOptions.TrimEntries), static line => line.StartsWith("Next: ", StringComparison.Ordinal))["Next: ".Length..];
}
