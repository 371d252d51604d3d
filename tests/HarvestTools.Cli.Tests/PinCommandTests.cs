using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What a slice pins besides its exports, what of it differs now, and what a training script is given.</summary>
public sealed class PinCommandTests
{
    private const string Params = "train:\n  lr: 0.0010\n  name: it's \"$HOME\"\nmodel: {depth: 50}\n";

    [Fact]
    public void What_is_pinned_is_compared_with_what_is_there_now()
    {
        using ScratchFolder scratch = Pinned();

        // The slice itself is committed after it was made.
        Assert.All(Pins(scratch.Run("pins", "--json").Exits(0)), static pin => Assert.Equal("Same", pin.GetProperty("status").GetString()));

        scratch.Write("requirements.lock", "torch==3");
        scratch.Write("params.yaml", Params.Replace("0.0010", "0.01", StringComparison.Ordinal));
        scratch.Write("train.py", "changed");
        File.Delete(scratch["tool.json"]);
        JsonElement[] pins = Pins(scratch.Run("pins", "v2", "--json").Exits(1));

        Assert.Equal(
            ["Commit commit Changed", "File requirements.lock Changed", "Parameters params.yaml:train.* Changed", "Parameters tool.json Missing", "Seed python Same"],
            pins.Select(static pin => $"{pin.GetProperty("kind").GetString()} {pin.GetProperty("name").GetString()} {pin.GetProperty("status").GetString()}"));
        Assert.Contains("train.lr is 0.01, it was 0.0010", pins[2].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("4 of 5 pins differ", scratch.Run("pins").Exits(1).Out, StringComparison.Ordinal);

        // What is pinned is no part of the key.
        Assert.Equal(Key(scratch, "v1"), Key(scratch, "v2"));
        scratch.Run("check", "v2", "-q").Exits(0);
    }

    [Fact]
    public void Parameters_of_other_keys_and_another_spelling_are_no_difference()
    {
        using ScratchFolder scratch = Pinned();

        scratch.Write("params.yaml", "model: {depth: 101}\ntrain: {name: \"it's \\\"$HOME\\\"\", lr: 1e-3}\n");

        Assert.Equal("Same", Pins(scratch.Run("pins", "--json"))[2].GetProperty("status").GetString());
        scratch.Write("params.yaml", "model: [");
        JsonElement broken = Pins(scratch.Run("pins", "--json").Exits(1))[2];
        Assert.Equal("Changed", broken.GetProperty("status").GetString());
        Assert.Contains("params.yaml", broken.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_script_is_given_what_was_pinned_and_no_shell_takes_it_for_a_command()
    {
        using ScratchFolder scratch = Pinned();
        scratch.Write("params.yaml", "train: {lr: 5}\n");

        HarvestResult lines = scratch.Run("params", "v2").Exits(0);
        Assert.Contains("export HARVEST_PARAM_TRAIN_LR='0.0010'", lines.Out, StringComparison.Ordinal);
        Assert.Contains("export HARVEST_SEED_PYTHON='7'", lines.Out, StringComparison.Ordinal);
        Assert.Contains("$env:HARVEST_PARAM_TRAIN_NAME = 'it''s \"$HOME\"'", scratch.Run("params", "v2", "--format", "pwsh").Exits(0).Out, StringComparison.Ordinal);
        using var flat = JsonDocument.Parse(scratch.Run("params", "v2", "--format", "json").Exits(0).Out);
        Assert.Equal("0.0010", flat.RootElement.GetProperty("train.lr").GetRawText());
        Assert.Equal(scratch.Run("show", "v2", "--json").Document().GetProperty("dataset_sha256").GetString(), flat.RootElement.GetProperty("dataset_hash").GetString());
        Assert.True(Directory.Exists(flat.RootElement.GetProperty("dataset_path").GetString()));
        Assert.True(scratch.Run("params", "v2", "--json").Exits(0).Document().GetProperty("built").GetBoolean());

        scratch.Remove(".harvest/cache");
        Assert.Contains("harvest build v2", scratch.Run("params", "v2").Exits(0).Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            scratch.Write("lines.sh", lines.Out + "printf %s \"$HARVEST_PARAM_TRAIN_NAME\"");
            Assert.Equal("it's \"$HOME\"", scratch.RunWithProgram("sh", scratch["lines.sh"]).Exits(0).Out);
        }
    }

    [Fact]
    public void A_run_that_used_something_else_is_noted()
    {
        using ScratchFolder scratch = Pinned();

        HarvestResult registered = scratch.Run("register", "v2", "hand", "--param", "train.lr=0.1", "--param", "epochs=3", "--seed", "python=8", "--json").Exits(0);

        string[] notes = [.. registered.Document().GetProperty("model").GetProperty("pin_differences").EnumerateArray().Select(static note => note.GetString()!)];
        Assert.Equal(2, notes.Length);
        Assert.Contains("train.lr was 0.1; the slice pins 0.0010", notes[0], StringComparison.Ordinal);
        Assert.Contains(notes[0], registered.Error, StringComparison.Ordinal);
        Assert.Empty(scratch.Run("register", "v2", "other", "--param", "train.lr=0.0010", "--seed", "python=7", "--json").Exits(0).Document().GetProperty("model").GetProperty("pin_differences").EnumerateArray());
    }

    [Theory]
    [InlineData("PinnedFileNotFound", "--pin", "missing.lock")]
    [InlineData("PinnedFileOutside", "--pin", "../missing.lock")]
    [InlineData("PinnedFileNotFound", "--pin-params", "missing.yaml:a")]
    [InlineData("ParameterKeyUnknown", "--pin-params", "params.yaml:trian")]
    [InlineData("ParameterFileUnknown", "--pin-params", "requirements.lock")]
    [InlineData("PairInvalid", "--seed", "python=x")]
    public void What_cannot_be_pinned_makes_no_slice(string error, string option, string value)
    {
        using ScratchFolder scratch = Pinned();

        Assert.Equal([error], scratch.Run("new", "v3", option, value, "--json").ErrorIds());
        Assert.False(Directory.Exists(scratch["slices/v3"]));
    }

    [Fact]
    public void What_harvest_json_names_is_pinned_by_every_new_slice()
    {
        using ScratchFolder scratch = Pinned();
        string settings = File.ReadAllText(scratch["harvest.json"]);
        string[] wrong = ["\"seeds\": \"x\"", "\"files\": [\"../x\"]", "\"file\": []"];
        foreach (string text in wrong)
        {
            Set(scratch, settings, $"\"pins\": {{ {text} }},\n  \"retrain\"");
            scratch.Run("new", "v3").Exits(3);
        }

        Set(scratch, settings, "\"pins\": { \"commit\": false, \"files\": [\"requirements.lock\"], \"params\": [\"params.yaml:model\"], \"seeds\": { \"python\": 1, \"torch\": 2 }, \"hardware\": true },\n  \"retrain\"");
        scratch.Run("new", "v3", "--seed", "torch=3", "-q").Exits(0);

        JsonElement pins = scratch.Run("show", "v3", "--json").Document().GetProperty("slice").GetProperty("pins");
        Assert.Equal(["dependencies", "parameters", "seeds", "hardware"], pins.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("{\"python\":1,\"torch\":3}", JsonSerializer.Serialize(pins.GetProperty("seeds")));
        Assert.Equal("50", pins.GetProperty("parameters")[0].GetProperty("values").GetProperty("model.depth").GetRawText());
        Assert.True(pins.GetProperty("hardware").TryGetProperty("cpu", out _));
    }

    [Fact]
    public void A_pinned_value_that_was_edited_is_damage()
    {
        using ScratchFolder scratch = Pinned();
        string path = scratch["slices/v2/slice.json"];
        string text = File.ReadAllText(path);
        Assert.Contains("0.0010", text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace("0.0010", "0.0011", StringComparison.Ordinal));

        Assert.Contains("RecordDamaged", scratch.Run("check", "v2", "--quick").Exits(1).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_parameters_of_one_variable_are_refused()
    {
        using ScratchFolder scratch = Pinned();
        scratch.Write("other.json", """{ "train": { "lr": 3 } }""");
        scratch.Run("new", "v3", "--pin-params", "params.yaml:train.lr", "--pin-params", "other.json", "-q").Exits(0);

        Assert.Equal(["ParameterNamesMeet"], scratch.Run("params", "v3", "--json").Exits(3).ErrorIds());
    }

    private static void Set(ScratchFolder scratch, string settings, string pins)
    {
        int from = settings.IndexOf("\"pins\"", StringComparison.Ordinal);
        int to = settings.IndexOf("\"retrain\"", StringComparison.Ordinal);
        File.WriteAllText(scratch["harvest.json"], settings[..from] + pins + settings[(to + "\"retrain\"".Length)..]);
    }

    private static ScratchFolder Pinned()
    {
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("requirements.lock", "torch==2");
        scratch.Write("params.yaml", Params);
        scratch.Write("tool.json", """{ "a": [1, 2] }""");
        scratch.Write("train.py", "print()");
        string settings = File.ReadAllText(scratch["harvest.json"]);
        File.WriteAllText(scratch["harvest.json"], settings.Replace("\"seeds\": null", "\"seeds\": { \"python\": 7 }", StringComparison.Ordinal));
        scratch.Git("init", "--quiet", "--initial-branch", "main");
        scratch.Git("add", "harvest.json", "slices", "requirements.lock", "params.yaml", "tool.json", "train.py");
        scratch.Git("commit", "--quiet", "--message", "v1");
        scratch.Run("new", "v2", "--pin", "requirements.lock", "--pin-params", "params.yaml:train.*", "--pin-params", "tool.json", "--seed", "python=7", "-q").Exits(0);
        scratch.Git("add", "slices");
        scratch.Git("commit", "--quiet", "--message", "v2");
        return scratch;
    }

    private static string Key(ScratchFolder scratch, string version) => scratch.Run("params", version, "--json").Exits(0).Document().GetProperty("parameters")
        .EnumerateArray().First(static one => one.GetProperty("name").GetString() == "slice_key").GetProperty("value").GetString()!;

    private static JsonElement[] Pins(HarvestResult result) => [.. result.Document().GetProperty("pins").EnumerateArray()];
}
