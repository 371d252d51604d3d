using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Rows of a program's table that cannot be read: how many there are is not known, and never 0.</summary>
public sealed class UnreadRowsTests
{
    private const string Unread = "printf '{\"a\":NaN,\"task_id\":1}\\n' > \"$1/t.jsonl\"\n";
    private const string Read = "printf '{\"a\":1,\"task_id\":1}\\n{\"a\":2,\"task_id\":2}\\n' > \"$1/t.jsonl\"\n";

    [Fact]
    public void New_show_build_and_source_do_not_count_them()
    {
        using ScratchFolder scratch = Scratch(Unread);
        JsonElement made = Run(scratch, "new", "v1", "--json").Exits(0).Document();
        AssertNull(made.GetProperty("built").GetProperty("tables")[0], "rows");
        AssertNull(made.GetProperty("built").GetProperty("tables")[0], "rows_sha256");
        AssertNull(made.GetProperty("built"), "tally");
        AssertNull(Run(scratch, "show", "v1", "--json").Exits(0).Document().GetProperty("slice").GetProperty("outputs")[0], "rows");
        AssertNull(Run(scratch, "build", "v1", "--json").Exits(0).Document().GetProperty("slices")[0].GetProperty("tables")[0], "rows");
        Assert.Matches(@"t +1 +- ", Run(scratch, "build", "v1").Exits(0).Out);
        AssertNull(Run(scratch, "log", "--json").Exits(0).Document().GetProperty("slices")[0], "rows");

        // Once from the tables, and once from the index that is kept of them.
        for (int i = 0; i < 2; i++)
        {
            JsonElement[] shares = [.. Run(scratch, "source", "v1", "--json").Exits(0).Document().GetProperty("sources").EnumerateArray()];
            Assert.All(shares, static share =>
            {
                AssertNull(share, "rows");
                AssertNull(share, "episodes");
                AssertNull(share, "corrected_rows");
                Assert.Contains("The rows of 't.jsonl' of v1 cannot be read", share.GetProperty("not_known").GetString(), StringComparison.Ordinal);
            });
        }

        string text = Run(scratch, "source", "v1").Exits(0).Out;
        Assert.Single(text.Split('\n'), static line => line.Contains("cannot be read", StringComparison.Ordinal));
        Assert.DoesNotContain("has a column", text, StringComparison.Ordinal);
        text = Run(scratch, "source", "v1", "--rows").Exits(0).Out;
        Assert.Contains("The rows of 't.jsonl' of v1 cannot be read", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no rows of it", text, StringComparison.Ordinal);
        Assert.Equal(["RowsUnread"], Run(scratch, "source", "--episode", "e1", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Diff_and_impact_do_not_take_the_rows_of_the_other_side_for_added_ones()
    {
        using ScratchFolder scratch = Scratch(Unread);
        Run(scratch, "new", "v1", "-q").Exits(0);
        Define(scratch, "v1.0.0", Read);
        JsonElement impact = Run(scratch, "impact", "v1", "--json").Exits(0).Document().GetProperty("slices")[0];
        AssertNull(impact, "row_changes");
        Assert.True(impact.GetProperty("affected").GetBoolean());
        Assert.Equal("t.jsonl", impact.GetProperty("other_files")[0].GetString());
        string text = Run(scratch, "impact", "v1").Exits(0).Out;
        Assert.Contains("t.jsonl would have other bytes, and rows that cannot be read", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" added", text, StringComparison.Ordinal);

        Define(scratch, "v1.1.0", Read);
        Run(scratch, "new", "v2", "-q").Exits(0);
        JsonElement comparison = Run(scratch, "diff", "v1", "v2", "--json").Exits(0).Document().GetProperty("comparison");
        AssertNull(comparison, "row_changes");
        AssertNull(comparison.GetProperty("tables")[0], "reference");
        Assert.Equal(2, comparison.GetProperty("tables")[0].GetProperty("difference").GetInt32());
        text = Run(scratch, "diff", "v1", "v2").Exits(0).Out;
        Assert.DoesNotContain(" added", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), static line => line.Contains("rows that cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public void Tables_that_can_be_read_are_compared_beside_them()
    {
        const string Other = "printf 'task_id\\n1\\n' > \"$1/r.csv\"\n";
        using ScratchFolder scratch = Scratch(Unread + Other);
        Run(scratch, "new", "v1", "-q").Exits(0);
        Define(scratch, "v1.1.0", Read + Other.Replace("1\\n'", "1\\n2\\n'", StringComparison.Ordinal));
        Run(scratch, "new", "v2", "-q").Exits(0);

        JsonElement comparison = Run(scratch, "diff", "v1", "v2", "--json").Exits(0).Document().GetProperty("comparison");
        Assert.Equal(1, comparison.GetProperty("row_changes").GetProperty("added").GetInt32());
        Assert.Contains("t.jsonl has other bytes", comparison.GetProperty("not_known").GetString(), StringComparison.Ordinal);
        AssertNull(Run(scratch, "source", "v1", "--json").Exits(0).Document().GetProperty("sources")[0], "rows");
    }

    private static void AssertNull(JsonElement element, string name) =>
        Assert.True(!element.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null, $"{name} is {value}");

    private static HarvestResult Run(ScratchFolder scratch, params string[] arguments) => HarvestProgram.Run(
        scratch.Path, new Dictionary<string, string> { ["HARVEST_TRUST_FOLDER"] = scratch["trust"], ["HARVEST_TRUST_PROGRAMS"] = "1" }, arguments);

    private static ScratchFolder Scratch(string program)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh there.");
        ScratchFolder scratch = new ScratchFolder().WithExports();
        Define(scratch, "v1.0.0", program);
        return scratch;
    }

    private static void Define(ScratchFolder scratch, string version, string program)
    {
        scratch.Write("h.sh", program);
        scratch.Write("harvest.json", $$"""
            { "harvest": { "name": "harvest", "version": "{{version}}", "kind": "program", "run": ["sh", "h.sh", "{out}", "{exports}"], "code": ["h.sh"], "tables": ["*"], "identity": "bytes" } }
            """);
    }
}
