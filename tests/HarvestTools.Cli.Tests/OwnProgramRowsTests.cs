using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What the program says of rows that a team's own program wrote: three rows in v1, and in v2 one changed, one gone, one new.</summary>
public sealed class OwnProgramRowsTests
{
    private const string First = "task_id,annotation_id,episode,frame,label,x\\n1,101,e1,1,wrist,1.5\\n2,102,e1,2,wrist,2.5\\n3,103,e2,1,elbow,3.5\\n";
    private const string Second = "task_id,annotation_id,episode,frame,label,x\\n1,101,e1,1,wrist,1.5\\n2,102,e1,2,wrist,9\\n4,104,e2,2,elbow,4\\n";

    [Fact]
    public void Diff_impact_source_and_blame_speak_of_the_rows()
    {
        using var scratch = new ScratchFolder().WithExports();
        Define(scratch, "v1.0.0", First);
        Dictionary<string, string> own = Trusting(scratch);
        HarvestProgram.Run(scratch.Path, own, "new", "v1", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, own, "register", "v1", "hand", "s3://b/m.pt", "-q").Exits(0);
        Define(scratch, "v1.0.0", Second);

        Dictionary<string, string> tracking = new(own) { ["MLFLOW_TRACKING_URI"] = $"file:{scratch["mlruns"]}" };
        HarvestProgram.Run(scratch.Path, tracking, "register", "v1", "tracked", "s3://b/t.pt", "-q", "--mlflow").Exits(0);
        string dataset = File.ReadAllText(Assert.Single(Directory.GetFiles(scratch["mlruns"], "meta.yaml", SearchOption.AllDirectories), static file => file.Contains("datasets", StringComparison.Ordinal)));
        Assert.Contains("t.annotation_id", dataset, StringComparison.Ordinal);
        Assert.Matches("num_rows.{1,12}:3,", dataset);

        string impact = HarvestProgram.Run(scratch.Path, own, "impact").Exits(0).Out;
        Assert.Contains("v1 (harvest@v1.0.0)  3 rows would differ", impact, StringComparison.Ordinal);
        Assert.Contains("model hand  s3://b/m.pt  was trained on it", impact, StringComparison.Ordinal);
        JsonElement shape = HarvestProgram.Run(scratch.Path, own, "impact", "--json").Exits(0).Document().GetProperty("slices")[0];
        Assert.Equal((1, 1, 1, 0), (Count(shape, "added"), Count(shape, "removed"), Count(shape, "changed"), shape.GetProperty("other_files").GetArrayLength()));

        Define(scratch, "v1.1.0", Second);
        HarvestProgram.Run(scratch.Path, own, "new", "v2", "-q").Exits(0);
        string[] diff = HarvestProgram.Run(scratch.Path, own, "diff", "v1", "v2", "--rows").Exits(0).Out.Split('\n');
        Assert.Contains("~ t  task_id 2  x 2.5 to 9", diff);
        Assert.Contains("- t  task_id 3", diff);
        Assert.Contains("+ t  task_id 4", diff);
        Assert.DoesNotContain(diff, static line => line.Contains("task_subdir", StringComparison.Ordinal));
        JsonElement row = HarvestProgram.Run(scratch.Path, own, "diff", "v1", "v2", "--rows", "--table", "t", "--json").Exits(0).Document().GetProperty("rows")[0];
        Assert.Equal(("Changed", "task_id 2", 2, "e1"), (row.GetProperty("change").GetString(), row.GetProperty("key").GetString(), row.GetProperty("task_id").GetInt32(), row.GetProperty("episode").GetString()));
        Assert.Equal("t", HarvestProgram.Run(scratch.Path, own, "complete", "--", "diff", "v1", "v2", "--table", "").Exits(0).Out.Split('\n')[0].Trim());
        Assert.Equal(["TableUnknown"], HarvestProgram.Run(scratch.Path, own, "diff", "v1", "v2", "--rows", "--table", "boxes", "--json").Exits(2).ErrorIds());

        Assert.Equal(["v1", "v2"], HarvestProgram.Run(scratch.Path, own, "source", "--episode", "e2", "--json").Exits(0).Document().GetProperty("sources").EnumerateArray()
            .Select(static share => share.GetProperty("version").GetString()).Distinct());
        Assert.Contains("No table of v1 and v2 has a column 'medium'", HarvestProgram.Run(scratch.Path, own, "source", "--medium", "a.jpg").Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("changed in v2", HarvestProgram.Run(scratch.Path, own, "blame", "v2", "--episode", "e1", "--frame", "2").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_program_and_of_rules_are_not_compared_and_the_rest_is_said()
    {
        using var scratch = new ScratchFolder().WithExports();
        HarvestProgram.Run(scratch.Path, Trusting(scratch), "new", "v1", "-q").Exits(0);
        Define(scratch, "v2.0.0", First);
        HarvestProgram.Run(scratch.Path, Trusting(scratch), "new", "v2", "-q").Exits(0);

        JsonElement comparison = HarvestProgram.Run(scratch.Path, Trusting(scratch), "diff", "v1", "v2", "--json").Exits(0).Document().GetProperty("comparison");
        Assert.Equal(JsonValueKind.Null, comparison.GetProperty("row_changes").ValueKind);
        Assert.Contains("are not alike", comparison.GetProperty("not_known").GetString(), StringComparison.Ordinal);
        Assert.Contains("rule kind", HarvestProgram.Run(scratch.Path, Trusting(scratch), "diff", "v1", "v2").Exits(0).Out, StringComparison.Ordinal);
    }

    private static int Count(JsonElement slice, string kind) => slice.GetProperty("row_changes").GetProperty(kind).GetInt32();

    private static void Define(ScratchFolder scratch, string version, string table)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh there.");
        scratch.Write("run.sh", $"printf '{table}' > \"$1/t.csv\"\n");
        scratch.Write("harvest.json", $$"""
            { "harvest": { "name": "harvest", "version": "{{version}}", "kind": "program", "run": ["sh", "run.sh", "{out}"], "code": ["run.sh"], "tables": ["*.csv"], "keys": ["task_id"] } }
            """);
    }

    private static Dictionary<string, string> Trusting(ScratchFolder scratch) => new()
    {
        ["HARVEST_TRUST_FOLDER"] = scratch["trust"],
        ["HARVEST_TRUST_PROGRAMS"] = "1",
    };
}
