using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A team's own program under the real program: what is trusted, and the example of the documentation.</summary>
public sealed class OwnProgramTests
{
    private const string Canary = "canary";

    // Every command that opens the repository, with slice v1 of a program in it, and two that name it.
    private static readonly string[][] s_commands =
    [
        ["exports"],
        ["project"],
        ["restore", "b", "--to", "restored.json"],
        ["pack"],
        ["pack", "--undo"],
        ["new", "v2"],
        ["new", "v2", "--no-build"],
        ["new", "v3", "--definition", "harvest"],
        ["new", "v3", "--media"],
        ["slices"],
        ["show", "v1"],
        ["build", "v1"],
        ["build"],
        ["check", "v1"],
        ["check", "--quick"],
        ["check", "--twice"],
        ["check", "--sample", "3"],
        ["check", "--media"],
        ["diff", "v1", "v1", "--rows"],
        ["diff", "v1", "v1", "--rows", "--table", "t"],
        ["impact"],
        ["impact", "--set", "min_pixel_agreement=1"],
        ["log"],
        ["source", "v1", "--rows"],
        ["source", "--episode", "e1"],
        ["source", "--task", "1", "--rows"],
        ["source", "--annotator", "7", "--corrections"],
        ["source", "--medium", "a.jpg"],
        ["blame", "v1", "--episode", "ep1"],
        ["erase", "--annotator", "7"],
        ["erase", "--annotator", "7", "--plan"],
        ["erase", "--annotator", "7", "--prove"],
        ["register", "v1", "hand", "--metric", "pck=0.9"],
        ["models", "--verify"],
        ["promote"],
        ["pins"],
        ["params", "v1"],
        ["tag", "v1"],
        ["bisect", "--metric", "pck"],
        ["report", "report.html"],
        ["push", "--tables"],
        ["pull", "--tables"],
        ["remote", "--verify"],
        ["fsck", "--repair"],
        ["du"],
        ["gc"],
        ["gc", "--yes"],
        ["decide"],
        ["pin-eval", "harvest.json"],
        ["trust", "--list"],
        ["import-dvc", "pipeline", "--stage", "rows", "--force", "--dry-run"],
        ["import-dvc", "pipeline", "--no-slice", "--force"],
        ["remove", "v1", "--yes"],
    ];

    [Fact]
    public void No_command_starts_a_program_that_was_not_trusted()
    {
        using var scratch = new ScratchFolder().WithExports();
        string canary = scratch[Canary];
        Define(scratch, "sh", "run.sh");
        scratch.Write("run.sh", $"touch '{canary}'\nprintf 'a\\n1\\n' > \"$1/t.csv\"\n");
        Dictionary<string, string> trusting = Variables(scratch, trust: true);
        Dictionary<string, string> own = Variables(scratch, trust: false);
        HarvestProgram.Run(scratch.Path, trusting, "new", "v1", "-q").Exits(0);
        Assert.True(File.Exists(canary));

        scratch.Write("pipeline/dvc.yaml", "stages: { rows: { cmd: sh ../run.sh ., deps: [../exports/hands.json], outs: [t.csv] } }\n");

        // As in a clone: nothing is cached, and nothing is trusted.
        File.Delete(canary);
        scratch.Remove(".harvest/cache");
        string script = File.ReadAllText(scratch["run.sh"]);
        scratch.Write("run.sh", script + "# changed\n");
        foreach (string[] command in new string[][] { ["impact"], ["check"], ["check", "--quick"], ["decide"] })
        {
            HarvestProgram.Run(scratch.Path, own, command);
            Assert.False(File.Exists(canary), string.Join(' ', command));
        }

        scratch.Write("run.sh", script);
        foreach (string[] command in s_commands)
        {
            HarvestResult result = HarvestProgram.Run(scratch.Path, own, command);
            Assert.False(File.Exists(canary), string.Join(' ', command));
            Assert.True(result.Exit is >= 0 and < 70, $"{string.Join(' ', command)}: {result.Exit} {result.Error}");
        }
    }

    [Fact]
    public void Trust_is_given_to_one_content_and_taken_back()
    {
        using var scratch = new ScratchFolder().WithExports();
        Define(scratch, "sh", "run.sh");
        scratch.Write("run.sh", "printf 'a\\n1\\n' > \"$1/t.csv\"\n");
        Dictionary<string, string> own = Variables(scratch, trust: false);

        HarvestProgram.Run(scratch.Path, own, "new", "v1").Exits(2);
        JsonElement program = HarvestProgram.Run(scratch.Path, own, "trust", "--json").Exits(0).Document().GetProperty("program");
        Assert.Equal("run.sh", Assert.Single(program.GetProperty("files").EnumerateArray()).GetString());
        HarvestProgram.Run(scratch.Path, own, "new", "v1", "-q").Exits(0);

        // The same file with one letter more is another program.
        scratch.Write("run.sh", "printf 'a\\n1\\n' > \"$1/t.csv\" # \n");
        File.WriteAllText(scratch["harvest.json"], File.ReadAllText(scratch["harvest.json"]).Replace("v1.0.0", "v1.1.0", StringComparison.Ordinal));
        Assert.Equal(["ProgramUntrusted"], HarvestProgram.Run(scratch.Path, own, "new", "v2", "--json").Exits(2).ErrorIds());
        HarvestProgram.Run(scratch.Path, own, "new", "v2", "-q", "--trust-program").Exits(0);
        string hash = Assert.Single(HarvestProgram.Run(scratch.Path, own, "trust", "--list", "--json").Exits(0).Document().GetProperty("trusted").EnumerateArray()).GetProperty("sha256").GetString()!;
        Assert.Equal(program.GetProperty("sha256").GetString(), hash);
        HarvestProgram.Run(scratch.Path, own, "trust", "--revoke", hash[..12]).Exits(0);
        Assert.Equal(["TrustUnknown"], HarvestProgram.Run(scratch.Path, own, "trust", "--revoke", hash[..12], "--json").Exits(3).ErrorIds());
        HarvestProgram.Run(scratch.Path, own, "trust", "--slice", "v1", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, own, "check", "v1").Exits(0);
    }

    [Fact]
    public void Killed_it_leaves_no_process_and_the_next_run_removes_its_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a program does not see that harvest was killed.");
        using var scratch = new ScratchFolder().WithExports();
        Define(scratch, "sh", "run.sh");
        string started = scratch["started"];
        scratch.Write("run.sh", $"echo $$ > '{started}.new'; pwd >> '{started}.new'; mv '{started}.new' '{started}'; sleep 600\n");
        Dictionary<string, string> trusting = Variables(scratch, trust: true);
        using (Process killed = HarvestProgram.Start(scratch.Path, trusting, "new", "v1"))
        {
            Assert.True(SpinWait.SpinUntil(() => File.Exists(started), TimeSpan.FromSeconds(60)));
            killed.Kill();
            killed.WaitForExit();
        }

        string[] lines = File.ReadAllLines(started);
        Assert.True(SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{lines[0]}") || File.ReadAllText($"/proc/{lines[0]}/stat").Contains(") Z ", StringComparison.Ordinal), TimeSpan.FromSeconds(20)));
        scratch.Write("run.sh", "exit 3\n");
        HarvestProgram.Run(scratch.Path, trusting, "new", "v1").Exits(3);
        Assert.False(Directory.Exists(Path.GetDirectoryName(lines[1])));
        Assert.False(Directory.Exists(scratch["slices/v1"]));
    }

    [Fact]
    public void What_a_program_made_of_an_erased_export_goes_too_and_its_slice_is_no_drift()
    {
        using var scratch = new ScratchFolder().WithExports();
        Define(scratch, "sh", "run.sh");
        scratch.Write("run.sh", "printf 'a\\n1\\n' > \"$1/t.csv\"\n");
        Dictionary<string, string> trusting = Variables(scratch, trust: true);
        HarvestProgram.Run(scratch.Path, trusting, "new", "v1", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, trusting, "register", "v1", "hand", "s3://b/m.pt", "-q").Exits(0);
        string[] who = ["erase", "--annotator", "7"];

        JsonElement plan = HarvestProgram.Run(scratch.Path, trusting, [.. who, "--plan", "--json"]).Exits(0).Document().GetProperty("plan");
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("harvest_version").ValueKind);
        Assert.Equal("hand", Assert.Single(plan.GetProperty("models").EnumerateArray()).GetProperty("name").GetString());
        HarvestProgram.Run(scratch.Path, trusting, "new", "v2", "--allow-shrink", "-q").Exits(0);
        string[] made = Tables(scratch);
        Assert.Equal(2, made.Length);
        HarvestProgram.Run(scratch.Path, trusting, [.. who, "--remove", "--yes", "-q"]).Exits(0);

        Assert.Single(Tables(scratch));
        Assert.Equal(["ExportErased"], HarvestProgram.Run(scratch.Path, trusting, "build", "v1", "--json").Exits(3).ErrorIds());
        JsonElement slices = HarvestProgram.Run(scratch.Path, trusting, "check", "--json").Exits(0).Document().GetProperty("slices");
        Assert.Equal(["Unverifiable", "Clean"], slices.EnumerateArray().Select(static slice => slice.GetProperty("status").GetString()));
        File.Delete(scratch["exports/hands.json"]);
        HarvestProgram.Run(scratch.Path, trusting, [.. who, "--prove", "-q"]).Exits(0);

        static string[] Tables(ScratchFolder scratch) => Directory.GetFiles(scratch[".harvest/cache"], "t.csv", SearchOption.AllDirectories);
    }

    [Fact]
    public void The_example_of_the_documentation_runs()
    {
        ProgramOnPath.Require("python3");
        using var scratch = new ScratchFolder().WithExports();
        string page = File.ReadAllText(Path.Combine(Checkout(), "docs", "own-program.md"));
        scratch.Write("harvest.py", Block(page, "python"));
        scratch.Write("params.yaml", Block(page, "yaml"));
        scratch.Write("harvest.json", Block(page, "json"));
        Dictionary<string, string> own = Variables(scratch, trust: false);

        HarvestProgram.Run(scratch.Path, own, "trust", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, own, "new", "v1", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, own, "check").Exits(0);
        JsonElement output = Assert.Single(HarvestProgram.Run(scratch.Path, own, "show", "v1", "--json").Exits(0).Document().GetProperty("slice").GetProperty("outputs").EnumerateArray());
        Assert.Equal("counts.csv", output.GetProperty("path").GetString());
        Assert.True(output.GetProperty("rows").GetInt64() > 0);
    }

    private static void Define(ScratchFolder scratch, string program, string file)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh there.");
        Directory.CreateDirectory(scratch["remote"]);
        scratch.Write("harvest.json", $$"""
            { "harvest": { "name": "harvest", "version": "v1.0.0", "kind": "program", "run": ["{{program}}", "{{file}}", "{out}"], "code": ["{{file}}"], "tables": ["*.csv"] },
              "remotes": { "origin": "remote" } }
            """);
    }

    private static Dictionary<string, string> Variables(ScratchFolder scratch, bool trust) => new()
    {
        ["HARVEST_TRUST_FOLDER"] = scratch["trust"],
        ["HARVEST_TRUST_PROGRAMS"] = trust ? "1" : "0",
    };

    private static string Block(string page, string language) =>
        Regex.Match(page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static string Checkout([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "..", "..");
}
