using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A definition in harvest.json whose files are not there, and the slices that were made by it before.</summary>
public sealed class PresentDefinitionTests
{
    [Fact]
    public void Slices_made_before_are_checked_by_their_own_definition_and_the_fault_is_said_once()
    {
        using var scratch = Renamed();
        foreach (string[] quick in new string[][] { ["--quick"], [] })
        {
            HarvestResult check = HarvestProgram.Run(scratch.Path, Variables(scratch), ["check", .. quick, "--json"]).Exits(3);
            Assert.Equal(["PatternUnmatched"], check.ErrorIds());
            JsonElement[] slices = [.. check.Document().GetProperty("slices").EnumerateArray()];
            Assert.Equal(["v1", "v2", "v3"], slices.Select(static slice => slice.GetProperty("version").GetString()));
            Assert.All(slices, static slice => Assert.Equal("Clean", slice.GetProperty("status").GetString()));
            Assert.Contains("3 slices: 3 clean, 0 drifted, 0 unverifiable.", HarvestProgram.Run(scratch.Path, Variables(scratch), ["check", .. quick]).Exits(3).Out, StringComparison.Ordinal);
        }

        // What drifted is found beside it.
        scratch.Write($".harvest/cache/{Key(scratch)}/t.csv", "a\n9\n");
        HarvestResult drifted = HarvestProgram.Run(scratch.Path, Variables(scratch), "check", "v1", "--quick", "--json").Exits(3);
        Assert.Equal("Drifted", drifted.Document().GetProperty("slices")[0].GetProperty("status").GetString());
    }

    [Fact]
    public void An_impact_that_cannot_be_computed_is_no_count_of_0()
    {
        using var scratch = Renamed();
        HarvestResult impact = HarvestProgram.Run(scratch.Path, Variables(scratch), "impact").Exits(3);
        Assert.DoesNotContain("would have other rows", impact.Out, StringComparison.Ordinal);
        Assert.Contains("Not computed: v1, v2 and v3.", impact.Out, StringComparison.Ordinal);
        impact = HarvestProgram.Run(scratch.Path, Variables(scratch), "impact", "--json").Exits(3);
        Assert.Equal(["PatternUnmatched"], impact.ErrorIds());
        Assert.Equal(["v1", "v2", "v3"], impact.Document().GetProperty("not_computed").EnumerateArray().Select(static version => version.GetString()));
    }

    /// <summary>Three slices, of which the last two are of a later version, and then the program's file has another name.</summary>
    private static ScratchFolder Renamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh there.");
        ScratchFolder scratch = new ScratchFolder().WithExports();
        Define(scratch, "v1.0.0", "printf 'a\\n1\\n' > \"$1/t.csv\"\n");
        HarvestProgram.Run(scratch.Path, Variables(scratch), "new", "v1", "-q").Exits(0);
        Define(scratch, "v1.1.0", "printf 'a\\n2\\n' > \"$1/t.csv\"\n");
        HarvestProgram.Run(scratch.Path, Variables(scratch), "new", "v2", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, Variables(scratch), "new", "v3", "-q").Exits(0);
        File.Move(scratch["h.sh"], scratch["other.sh"]);
        return scratch;
    }

    private static string Key(ScratchFolder scratch) =>
        HarvestProgram.Run(scratch.Path, Variables(scratch), "build", "v1", "--json").Document().GetProperty("slices")[0].GetProperty("key").GetString()!;

    private static void Define(ScratchFolder scratch, string version, string program)
    {
        scratch.Write("h.sh", program);
        scratch.Write("harvest.json", $$"""
            { "harvest": { "name": "harvest", "version": "{{version}}", "kind": "program", "run": ["sh", "h.sh", "{out}", "{exports}"], "code": ["h.sh"], "tables": ["*.csv"] } }
            """);
    }

    private static Dictionary<string, string> Variables(ScratchFolder scratch) => new()
    {
        ["HARVEST_TRUST_FOLDER"] = scratch["trust"],
        ["HARVEST_TRUST_PROGRAMS"] = "1",
    };
}
