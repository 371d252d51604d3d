using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The training script of docs/examples, run by Python where there is one.</summary>
public sealed class TrainingExampleTests
{
    private static readonly string s_script =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "examples", "train.py"));

    [Fact]
    public void It_verifies_every_file_of_a_slice()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string rows = Rows(scratch);

        (int exit, string text) = Python(scratch["slices/v1/slice.json"], rows, "--check");

        Assert.True(exit == 0, text);
        Assert.Equal(Outputs(scratch).Count(), text.Split('\n').Count(static line => line.StartsWith("verified ", StringComparison.Ordinal)));
        Assert.Contains("slice v1 is what", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_byte_a_missing_file_and_no_slice_are_noticed()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string rows = Rows(scratch);
        JsonElement output = Outputs(scratch).First();
        string file = Assert.Single(Directory.GetFiles(Path.Combine(rows, output.GetProperty("table").GetString()!), $"*-{output.GetProperty("export").GetString()![..12]}.parquet"));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);

        (int changed, string text) = Python(scratch["slices/v1/slice.json"], rows, "--check");
        File.Delete(file);
        (int missing, string missed) = Python(scratch["slices/v1/slice.json"], rows, "--check");

        Assert.Equal((1, 1, 3), (changed, missing, Python(scratch["slices/v9/slice.json"], rows, "--check").Exit));
        Assert.Contains(Path.GetFileName(file), text, StringComparison.Ordinal);
        Assert.Contains("is missing", missed, StringComparison.Ordinal);
    }

    [Fact]
    public void It_fits_a_model_to_the_rows_that_it_verified()
    {
        Assert.SkipUnless(Run("-c", "import pyarrow.parquet").Exit == 0, "Python has no pyarrow here");
        using ScratchFolder scratch = new ScratchFolder().WithSlice();

        (int exit, string text) = Python(scratch["slices/v1/slice.json"], Rows(scratch), "--model", scratch["model.json"]);

        Assert.True(exit == 0, text);
        Assert.NotEmpty(JsonDocument.Parse(File.ReadAllBytes(scratch["model.json"])).RootElement.EnumerateObject());
    }

    private static string Rows(ScratchFolder scratch) =>
        scratch.Run("build", "v1", "--json").Exits(0).Document().GetProperty("slices")[0].GetProperty("folder").GetString()!;

    private static JsonElement.ArrayEnumerator Outputs(ScratchFolder scratch) =>
        JsonDocument.Parse(File.ReadAllBytes(scratch["slices/v1/slice.json"])).RootElement.GetProperty("outputs").EnumerateArray();

    private static (int Exit, string Text) Python(params string[] arguments)
    {
        (int exit, string text) = Run([s_script, .. arguments]);
        Assert.SkipWhen(exit < 0, "there is no python3 here");
        return (exit, text);
    }

    private static (int Exit, string Text) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "python" : "python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process python = Process.Start(start)!;
            Task<string> errors = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string text = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            return (python.ExitCode, text + errors.Result);
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
