using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The options of decide, and pinning the eval set, on the demonstration's repository.</summary>
public sealed class DecideCommandTests(DemoRepository demo) : IClassFixture<DemoRepository>
{
    [Fact]
    public void Markdown_and_a_history_are_written_on_request()
    {
        string history = demo.Scratch["decisions.jsonl"];

        string markdown = demo.Scratch.Run("-C", demo.Name, "decide", "--markdown", "--history", history).Exits(0).Out;
        demo.Scratch.Run("-C", demo.Name, "decide", "--history", history, "-q").Exits(0);

        Assert.Contains("| Delta |", markdown, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(history);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, static line => Assert.Equal("Retrain", JsonDocument.Parse(line).RootElement.GetProperty("decision").GetString()));
    }

    [Fact]
    public void The_gate_tells_by_its_exit_code()
    {
        demo.Scratch.Run("-C", demo.Name, "decide", "--gate", "-q").Exits(0);
        demo.Scratch.Run("-C", demo.Name, "decide", "--gate", "-q", "--min-delta", "0.9").Exits(1);
        demo.Scratch.Run("-C", demo.Name, "decide", "--min-delta", "0.9", "-q").Exits(0);
        Assert.Equal(["FieldInvalid"], demo.Scratch.Run("-C", demo.Name, "decide", "--max-gini", "3", "--json").Exits(2).ErrorIds());
    }

    [Theory]
    [InlineData("--min-delta", "20%", "Delta", "at least 20%")]
    [InlineData("--min-delta", "0.2", "Delta", "at least 20%")]
    [InlineData("--max-task-share", "7.5%", "TopTaskShare", "at most 7.5%")]
    public void A_share_is_a_number_or_a_percentage(string option, string share, string gate, string wanted)
    {
        string row = Assert.Single(demo.Scratch.Run("-C", demo.Name, "decide", option, share).Exits(0).Out.Split('\n'), line => line.StartsWith($"  {gate} ", StringComparison.Ordinal));

        Assert.Contains(wanted, row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2", "FieldInvalid", "it must be from 0 to 1 (0.1 is 10 %)")]
    [InlineData("200%", "FieldInvalid", "it must be from 0 to 1 (0.1 is 10 %)")]
    [InlineData("20 percent", "NumberInvalid", "Write a share as '--min-delta 0.2' or as '--min-delta 20%'.")]
    [InlineData("0,2", "NumberInvalid", "'--min-delta 0,2' is not a number.")]
    public void What_is_no_share_is_refused_in_plain_words(string share, string id, string words)
    {
        HarvestResult refused = demo.Scratch.Run("-C", demo.Name, "decide", "--min-delta", share).Exits(2);

        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", refused.Error, StringComparison.Ordinal);
        Assert.Equal([id], demo.Scratch.Run("-C", demo.Name, "decide", "--min-delta", share, "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void Pinning_an_eval_set_makes_its_change_show()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("demo", "d", "-q").Exits(0);
        Directory.CreateDirectory(scratch["d/eval set"]);
        File.WriteAllText(scratch["d/eval set/frames.txt"], "one");

        JsonElement pinned = scratch.Run("-C", "d", "pin-eval", "eval set", "--json").Exits(0).Document().GetProperty("eval_set");

        Assert.Equal("v1", pinned.GetProperty("version").GetString());
        Assert.Equal("eval set", pinned.GetProperty("path").GetString());
        Assert.True(pinned.GetProperty("changed").GetBoolean());
        Assert.False(scratch.Run("-C", "d", "pin-eval", "--json").Exits(0).Document().GetProperty("eval_set").GetProperty("changed").GetBoolean());
        scratch.Run("-C", "d", "decide", "--gate", "-q").Exits(0);
        File.WriteAllText(scratch["d/eval set/frames.txt"], "two");
        string text = scratch.Run("-C", "d", "decide", "--gate").Exits(1).Out;
        Assert.Contains("eval set drifted, pin it before retraining", text, StringComparison.Ordinal);
        Assert.Equal(["EvalSetNotFound"], scratch.Run("-C", "d", "pin-eval", "nowhere", "--json").Exits(3).ErrorIds());
    }
}

/// <summary>One demonstration for several tests that only read it.</summary>
public sealed class DemoRepository : IDisposable
{
    public DemoRepository() => Scratch.Run("demo", Name, "-q").Exits(0);

    public string Name { get; } = "demo";

    internal ScratchFolder Scratch { get; } = new();

    public void Dispose() => Scratch.Dispose();
}
