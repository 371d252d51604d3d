using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The steps of an erasure as a user takes them, each as the one before says.</summary>
public sealed class EraseCommandTests
{
    [Fact]
    public void A_person_is_taken_out_removed_and_proved_to_be_gone()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand_keypoint", "s3://bucket/v1.pt", "-q").Exits(0);

        JsonElement plan = Plan(scratch.Run("erase", "--annotator", "7", "--json").Exits(0));
        Assert.False(plan.GetProperty("written").GetBoolean());
        JsonElement export = Assert.Single(plan.GetProperty("exports").EnumerateArray());
        Assert.Equal(("b", 6L), (export.GetProperty("project").GetString(), export.GetProperty("annotations").GetInt64()));
        Assert.Equal(("v1", 15L), (plan.GetProperty("slices")[0].GetProperty("version").GetString(), plan.GetProperty("slices")[0].GetProperty("rows").GetInt64()));
        Assert.Equal("hand_keypoint", Assert.Single(plan.GetProperty("models").EnumerateArray()).GetProperty("name").GetString());

        // Nothing was written, so nothing can be removed, and the proof names what is there.
        Assert.Equal(["ErasureNotPlanned"], scratch.Run("erase", "--annotator", "7", "--remove", "--yes", "--json").Exits(2).ErrorIds());
        Assert.Contains("Archive", Kinds(scratch.Run("erase", "--annotator", "7", "--prove", "--json").Exits(1)));

        HarvestResult written = scratch.Run("erase", "--annotator", "7", "--plan").Exits(0);
        Assert.Contains("'harvest new VERSION --allow-shrink'", written.Out, StringComparison.Ordinal);
        Assert.Contains("'harvest erase --annotator 7 --remove'", written.Out, StringComparison.Ordinal);
        Assert.Contains("\"annotators\": [7]", File.ReadAllText(scratch["harvest.json"]), StringComparison.Ordinal);
        scratch.Run("new", "v2", "--allow-shrink", "-q").Exits(0);
        Assert.Equal(["AnnotatorUnknown"], scratch.Run("source", "v2", "--annotator", "7", "--json").Exits(3).ErrorIds());

        // A dry run first.
        Assert.Contains("would remove", scratch.Run("erase", "--annotator", "7", "--remove").Exits(0).Out, StringComparison.Ordinal);
        scratch.Run("build", "v1", "-q").Exits(0);
        HarvestResult removed = scratch.Run("erase", "--annotator", "7", "--remove", "--yes").Exits(0);
        Assert.Contains("yours to delete: exports/hands.json", removed.Out, StringComparison.Ordinal);
        Assert.Equal(["File"], Kinds(scratch.Run("erase", "--annotator", "7", "--prove", "--json").Exits(1)));
        Assert.Equal(["ExportWasErased"], scratch.Run("add", "exports/hands.json", "--project", "b", "--json").Exits(3).ErrorIds());
        File.Delete(scratch["exports/hands.json"]);
        HarvestResult proof = scratch.Run("erase", "--annotator", "7", "--prove").Exits(0);
        Assert.Contains("Nothing of annotator 7 is left in", proof.Out, StringComparison.Ordinal);

        // The slice that held it is known to be erased, and no command takes it for damage.
        Assert.Equal(["ExportErased"], scratch.Run("build", "v1", "--json").Exits(3).ErrorIds());
        JsonElement slice = scratch.Run("check", "--json").Exits(0).Document().GetProperty("slices")[0];
        Assert.Equal(("Unverifiable", "ExportErased"), (slice.GetProperty("status").GetString(), slice.GetProperty("findings")[0].GetProperty("kind").GetString()));
        scratch.Run("fsck", "-q").Exits(0);
        scratch.Run("check", "v2", "-q").Exits(0);
        scratch.Run("erase", "--annotator", "7", "--remove", "--yes", "-q").Exits(0);
    }

    [Fact]
    public void An_export_that_brings_the_work_back_gives_no_rows_of_it()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("erase", "--annotator", "7", "--plan", "-q").Exits(0);
        scratch.Write("exports/later.json", SmallExport.Hands(tasks: 8, moved: 2));
        scratch.Run("add", "exports/later.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v2", "--allow-shrink", "-q").Exits(0);

        JsonElement source = scratch.Run("source", "v2", "--annotator", "7", "--json").Exits(0).Document().GetProperty("sources")[0];
        Assert.Equal(0, source.GetProperty("rows").GetInt64());
    }

    [Theory]
    [InlineData("erase")]
    [InlineData("erase", "--annotator", "7", "--episode", "ep1")]
    [InlineData("erase", "--annotator", "7", "--plan", "--prove")]
    [InlineData("erase", "--annotator", "7", "--yes")]
    [InlineData("erase", "--annotator", "7", "--remove", "--no-rule")]
    public void Steps_that_do_not_go_together_are_refused(params string[] line)
    {
        using var scratch = new ScratchFolder().WithSlice();

        Assert.Equal(["CommandLineInvalid"], scratch.Run([.. line, "--json"]).Exits(2).ErrorIds());
    }

    [Fact]
    public void Whom_no_export_has_is_an_error_and_has_a_proof()
    {
        using var scratch = new ScratchFolder().WithSlice();

        Assert.Equal(["NothingToErase"], scratch.Run("erase", "--annotator", "99", "--json").Exits(3).ErrorIds());
        Assert.Equal(["NothingToErase"], scratch.Run("erase", "--episode", "none", "--plan", "--json").Exits(3).ErrorIds());
        scratch.Run("erase", "--annotator", "99", "--prove", "-q").Exits(0);
    }

    [Fact]
    public void An_address_that_is_given_is_searched_and_stands_in_every_next_step()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/draft.json", """[{"id":900,"project":77,"data":{"image":"a.jpg"},"annotations":[{"id":1,"completed_by":4,"result":[]}],"drafts":[{"id":5,"user":"zoe@example.org","result":[]}]}]""");
        scratch.Run("add", "exports/draft.json", "--project", "d", "-q").Exits(0);
        Assert.Equal(["NothingToErase"], scratch.Run("erase", "--annotator", "99", "--json").Exits(3).ErrorIds());
        Assert.Contains("Drafts that name their author by e-mail address alone", scratch.Run("erase", "--annotator", "99", "--prove").Exits(0).Out, StringComparison.Ordinal);

        string[] who = ["erase", "--annotator", "99", "--email", "zoe@example.org"];
        Assert.Matches("""harvest erase --annotator 99 --email ['"]?zoe@example\.org['"]? --plan""", scratch.Run([.. who, "--prove"]).Exits(1).Out);
        Assert.Equal(1, Plan(scratch.Run([.. who, "--plan", "--json"]).Exits(0)).GetProperty("exports")[0].GetProperty("drafts").GetInt64());
        scratch.Run([.. who, "--remove", "--yes", "-q"]).Exits(0);
        File.Delete(scratch["exports/draft.json"]);
        scratch.Run([.. who, "--prove", "-q"]).Exits(0);
    }

    private static JsonElement Plan(HarvestResult result) => result.Document().GetProperty("plan");

    private static string[] Kinds(HarvestResult result) =>
    [
        .. result.Document().GetProperty("proof").GetProperty("traces").EnumerateArray().Select(static trace => trace.GetProperty("kind").GetString()!)
            .Where(static kind => kind != "Exclusion").Distinct(),
    ];
}
