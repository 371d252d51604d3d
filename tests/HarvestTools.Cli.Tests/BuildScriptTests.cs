using System.Diagnostics;
using System.Runtime.CompilerServices;
using HarvestTools.Tests.Harness;
using YamlDotNet.RepresentationModel;

namespace HarvestTools.Tests;

/// <summary>
/// The files for builds, run step by step as a build runs them: what fails the build, what its summary says, and that the cache
/// of the archive is saved whatever happens.
/// </summary>
public sealed class BuildScriptTests
{
    [Fact]
    public void The_script_passes_and_fails_with_the_check_and_always_writes_its_summary()
    {
        using ScratchFolder scratch = Prepared();
        string summary = scratch["summary.md"];

        Assert.Equal(0, Shell(scratch, [], File("check.sh"), summary).Exit);
        string text = System.IO.File.ReadAllText(summary);
        Assert.Contains("### Definitions and hashes: passed", text, StringComparison.Ordinal);
        Assert.Contains("### Everything, derived again: passed", text, StringComparison.Ordinal);
        Assert.Contains("v1  clean", text, StringComparison.Ordinal);

        // The quick step fails: the rest does not run, and the summary says why.
        Redefine(scratch);
        System.IO.File.Delete(summary);
        HarvestResult failed = Shell(scratch, new() { ["GITHUB_STEP_SUMMARY"] = summary }, File("check.sh"));
        Assert.Equal(1, failed.Exit);
        Assert.Contains("HarvestRedefined", failed.Error, StringComparison.Ordinal);
        text = System.IO.File.ReadAllText(summary);
        Assert.Contains("### Definitions and hashes: failed (exit code 1)", text, StringComparison.Ordinal);
        Assert.Contains("HarvestRedefined", text, StringComparison.Ordinal);
        Assert.DoesNotContain("derived again: ", text, StringComparison.Ordinal);

        // Without a summary the exit code is the same, also where it is no drift.
        Assert.Equal(1, Shell(scratch, new() { ["GITHUB_STEP_SUMMARY"] = "" }, File("check.sh")).Exit);
        System.IO.File.Delete(scratch["harvest.json"]);
        Assert.Equal(4, Shell(scratch, [], File("check.sh"), summary).Exit);
        Assert.Contains("There is no harvest.json", System.IO.File.ReadAllText(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void GitHubs_steps_leave_a_summary_and_save_the_archive_whatever_fails()
    {
        YamlSequenceNode steps = Steps(Load("github-actions.yml"), "jobs", "drift", "steps");
        int restore = IndexOf(steps, "uses", "actions/cache/restore");
        int save = IndexOf(steps, "uses", "actions/cache/save");
        Assert.True(restore < save && save == steps.Children.Count - 1);
        Assert.StartsWith("always()", Text(steps[save], "if"), StringComparison.Ordinal);
        Assert.Equal(Text(steps[restore]["with"], "path"), Text(steps[save]["with"], "path"));
        Assert.Contains($"steps.{Text(steps[restore], "id")}.outputs.cache-primary-key", Text(steps[save]["with"], "key"), StringComparison.Ordinal);
        Assert.Equal("always()", Text(steps[IndexOf(steps, "uses", "actions/upload-artifact")], "if"));

        using ScratchFolder scratch = Prepared();
        string summary = scratch["summary.md"];
        Func<YamlNode, string?> always = static step => Text(step, "if");
        Assert.Equal(0, Play(scratch, steps, "run", always, static script => script, new() { ["GITHUB_STEP_SUMMARY"] = summary }).Exit);
        Assert.Equal("### Slices\n\n1 checked, 0 drifted.\n", System.IO.File.ReadAllText(summary));

        Redefine(scratch);
        Clear(scratch);
        Assert.Equal(1, Play(scratch, steps, "run", always, static script => script, new() { ["GITHUB_STEP_SUMMARY"] = summary }).Exit);
        string text = System.IO.File.ReadAllText(summary);
        Assert.Contains("1 checked, 1 drifted (definitions and hashes only, nothing was derived again).", text, StringComparison.Ordinal);
        Assert.Contains("- v1 HarvestRedefined: ", text, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(scratch["drift.json"]));

        // What keeps the check from running at all is in the summary too.
        System.IO.File.Delete(scratch["harvest.json"]);
        Clear(scratch);
        Assert.Equal(4, Play(scratch, steps, "run", always, static script => script, new() { ["GITHUB_STEP_SUMMARY"] = summary }).Exit);
        Assert.Contains("- NotARepository: ", System.IO.File.ReadAllText(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void Azures_steps_leave_a_summary_and_the_archive_is_cached_in_a_job_of_its_own()
    {
        YamlNode pipeline = Load("azure-pipelines.yml");
        YamlNode archive = ((YamlSequenceNode)pipeline["jobs"]).Single(static job => Text(job, "job") == "archive");
        YamlNode drift = ((YamlSequenceNode)pipeline["jobs"]).Single(static job => Text(job, "job") == "drift");
        var steps = (YamlSequenceNode)drift["steps"];
        Assert.Equal("archive", Text(drift, "dependsOn"));
        YamlNode cached = archive["steps"][IndexOf((YamlSequenceNode)archive["steps"], "task", "Cache@")]["inputs"];
        Assert.Equal(cached, steps[IndexOf(steps, "task", "Cache@")]["inputs"]);
        Assert.DoesNotContain("harvest", string.Concat(((YamlSequenceNode)archive["steps"]).Select(static step => Text(step, "script")?.Replace(".harvest", "", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Equal("always()", Text(steps[IndexOf(steps, "publish", "$(Build.ArtifactStagingDirectory)")], "condition"));

        using ScratchFolder scratch = Prepared();
        Directory.CreateDirectory(scratch["staging"]);
        string Run(string script) => script.Replace("$(Build.ArtifactStagingDirectory)", scratch["staging"], StringComparison.Ordinal);
        Func<YamlNode, string?> always = static step => Text(step, "condition");

        HarvestResult fine = Play(scratch, steps, "script", always, Run, []);
        Assert.Equal(0, fine.Exit);
        Assert.Equal("### Slices\n\n1 checked, 0 drifted.\n", System.IO.File.ReadAllText(Uploaded(fine)));

        Redefine(scratch);
        foreach (string file in Directory.GetFiles(scratch["staging"]))
        {
            System.IO.File.Delete(file);
        }

        HarvestResult failed = Play(scratch, steps, "script", always, Run, []);
        Assert.Equal(1, failed.Exit);
        Assert.Contains("##vso[task.logissue type=error]v1 HarvestRedefined: ", failed.Out, StringComparison.Ordinal);
        Assert.Contains("\n- v1 HarvestRedefined: ", System.IO.File.ReadAllText(Uploaded(failed)), StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(scratch["staging/drift.json"]));
    }

    private static string Uploaded(HarvestResult result)
    {
        const string Command = "##vso[task.uploadsummary]";
        return Assert.Single(result.Out.Split('\n'), static line => line.StartsWith(Command, StringComparison.Ordinal))[Command.Length..];
    }

    /// <summary>
    /// Runs the steps that have a script, those that install left out: each in a shell that ends at the first error, after a
    /// failed one only those that always run. The exit code is that of the first that failed.
    /// </summary>
    private static HarvestResult Play(
        ScratchFolder scratch, YamlSequenceNode steps, string key, Func<YamlNode, string?> condition, Func<string, string> replace, Dictionary<string, string> environment)
    {
        int exit = 0;
        string output = "";
        int played = 0;
        foreach (YamlNode step in steps)
        {
            if (Text(step, key) is not { } script || script.Contains("dotnet tool install", StringComparison.Ordinal)
                || (exit != 0 && condition(step)?.StartsWith("always()", StringComparison.Ordinal) != true))
            {
                continue;
            }

            played++;
            HarvestResult result = Shell(scratch, environment, "-e", "-c", replace(script));
            output += result.Out;
            exit = exit == 0 ? result.Exit : exit;
        }

        Assert.Equal(exit == 0 ? 3 : 2, played);
        return new HarvestResult([], exit, output, "");
    }

    private static ScratchFolder Prepared()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        ProgramOnPath.Require("jq");
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        string program = scratch.Write("bin/harvest", $"#!/bin/sh\nexec dotnet '{HarvestProgram.AssemblyPath}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return scratch;
    }

    private static void Redefine(ScratchFolder scratch) => scratch.Write(
        "harvest.json", System.IO.File.ReadAllText(scratch["harvest.json"]).Replace("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.25", StringComparison.Ordinal));

    private static void Clear(ScratchFolder scratch)
    {
        foreach (string file in new[] { "summary.md", "quick.json", "drift.json" })
        {
            System.IO.File.Delete(scratch[file]);
        }
    }

    private static HarvestResult Shell(ScratchFolder scratch, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("sh") { WorkingDirectory = scratch["."], RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = scratch["bin"] + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        return HarvestProgram.Finish(process, arguments);
    }

    private static YamlNode Load(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(File(file));
        yaml.Load(reader);
        return Assert.Single(yaml.Documents).RootNode;
    }

    private static YamlSequenceNode Steps(YamlNode root, params string[] path) => (YamlSequenceNode)path.Aggregate(root, static (node, key) => node[key]);

    private static int IndexOf(YamlSequenceNode steps, string key, string beginning)
    {
        int index = steps.ToList().FindIndex(step => Text(step, key)?.StartsWith(beginning, StringComparison.Ordinal) == true);
        Assert.True(index >= 0, beginning);
        return index;
    }

    private static string? Text(YamlNode node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) ? ((YamlScalarNode)value).Value : null;

    private static string File(string name) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "ci", name));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
