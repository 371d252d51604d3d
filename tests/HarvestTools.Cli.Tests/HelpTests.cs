using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

public sealed class HelpTests
{
    private static readonly string[] s_commands =
        [
            "init", "hash", "add", "exports", "project", "restore", "new", "slices", "show", "remove", "trust", "import-dvc", "build", "check", "diff", "diff-export", "impact", "log", "source", "blame", "erase", "register", "models", "promote", "pins", "params", "tag", "bisect", "report", "push", "pull", "remote", "fsck", "pack", "du", "gc", "decide", "pin-eval", "demo", "lfs-agent", "completion",
        ];

    public static TheoryData<string> Commands => [.. s_commands];

    [Fact]
    public void Without_arguments_the_help_is_printed_and_it_counts_as_wrong_usage()
    {
        using var scratch = new ScratchFolder();
        HarvestResult bare = scratch.Run().Exits(2);
        HarvestResult help = scratch.Run("--help").Exits(0);
        Assert.Equal(help.Out, bare.Out);
        Assert.Contains("Start here:", help.Out, StringComparison.Ordinal);
        Assert.Empty(help.Error);
    }

    [Fact]
    public void The_help_lists_exactly_the_commands_that_there_are()
    {
        using var scratch = new ScratchFolder();
        string[] lines = scratch.Run("-h").Exits(0).Out.Split('\n', StringSplitOptions.TrimEntries);
        string[] listed =
            [.. lines.SkipWhile(static line => line != "Commands:").Skip(1).TakeWhile(static line => line.Length > 0).Select(static line => line.Split(' ')[0])];
        Assert.Equal(s_commands, listed);
    }

    [Theory]
    [InlineData("README.md", @"^\| (?:`[A-Za-z, `-]+` )?\| (`[a-z, `-]+`) \|")]
    [InlineData("docs/cli.md", @"^\| (`[a-z-]+)")]
    public void The_pages_list_exactly_the_commands_that_there_are(string page, string row)
    {
        string text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", page));
        string section = Regex.Match(text, @"\n## Commands\r?\n(.*?)\n##+ ", RegexOptions.Singleline).Groups[1].Value;
        IEnumerable<string> listed = Regex.Matches(section, row, RegexOptions.Multiline)
            .SelectMany(static match => Regex.Matches(match.Groups[1].Value, "`([a-z-]+)"), static (_, name) => name.Groups[1].Value);
        Assert.Equal(s_commands.Order(StringComparer.Ordinal), listed.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_and_argument_of_a_command_is_described(string command)
    {
        using var scratch = new ScratchFolder();
        string text = scratch.Run(command, "--help").Exits(0).Out;
        Assert.Contains($"harvest {command}", text, StringComparison.Ordinal);
        string[] entries =
            [.. text.Split('\n').Select(static line => line.TrimEnd()).Where(static line => line.StartsWith("  -", StringComparison.Ordinal) || line.StartsWith("  <", StringComparison.Ordinal) || line.StartsWith("  [", StringComparison.Ordinal))];
        Assert.All(entries, static entry => Assert.Matches(@"^  \S.*?\S {2,}\S.*$", entry));
        foreach (string option in new[] { "-C", "--json", "--quiet", "--threads" })
        {
            Assert.Contains(entries, entry => entry.Contains(option, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Help_command_is_the_same_as_the_option()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(scratch.Run("add", "--help").Exits(0).Out, scratch.Run("help", "add").Exits(0).Out);
    }

    [Fact]
    public void The_version_is_told_as_text_and_as_json()
    {
        using var scratch = new ScratchFolder();
        string text = scratch.Run("--version").Exits(0).Out;
        Assert.Matches(@"^harvest \d+\.\d+\.\d+\r?\n$", text);
        JsonElement document = scratch.Run("--version", "--json").Exits(0).Document();
        Assert.Equal(text.Trim(), $"harvest {document.GetProperty("version").GetString()}");
    }

    [Theory]
    [InlineData("'ad' is not a command of harvest. Did you mean 'add'?", "ad")]
    [InlineData("'harvest check' has no option '--quik'. Did you mean '--quick'?", "check", "--quik")]
    [InlineData("'harvest add' has no option '--projct'. Did you mean '--project'?", "add", "--projct", "b")]
    [InlineData("'xyzzyplugh' is not a command of harvest.", "xyzzyplugh")]
    [InlineData("'[suggest]' is not a command of harvest.", "[suggest]")]
    [InlineData("'[suggest:2]' is not a command of harvest.", "[suggest:2]", "slices")]
    [InlineData("'--project' needs a value, but '--quiet' follows.", "exports", "--project", "--quiet")]
    [InlineData("'-C' names no folder: its value is empty.", "-C", "", "check")]
    [InlineData("'harvest exports' does not take the argument 'b'.", "exports", "b")]
    public void A_misspelt_word_is_wrong_usage_and_the_nearest_is_suggested(string message, params string[] arguments)
    {
        using var scratch = new ScratchFolder();
        HarvestResult text = scratch.Run(arguments).Exits(2);
        Assert.Empty(text.Out);
        Assert.Equal($"harvest: {message}", text.Error.Split('\n')[0].TrimEnd());

        HarvestResult json = scratch.Run([.. arguments, "--json"]).Exits(2);
        Assert.Equal(message, json.Document().GetProperty("errors")[0].GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("add")]
    [InlineData("hash")]
    [InlineData("show")]
    [InlineData("add", "x.json", "--project")]
    public void What_is_missing_is_wrong_usage(params string[] arguments)
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(["CommandLineInvalid"], scratch.Run([.. arguments, "--json"]).Exits(2).ErrorIds());
    }

    [Theory]
    [InlineData("'harvest show' needs VERSION. VERSION: The slice.", "show")]
    [InlineData("'harvest register' needs NAME. NAME: Its name; registering a name again adds to what was registered.", "register", "v1")]
    [InlineData("'harvest bisect' needs --metric NAME. NAME: The metric, as it was registered.", "bisect")]
    [InlineData("'--reason' needs a value. TEXT: What changed and why, one sentence.", "new", "v1", "--reason")]
    public void What_is_missing_is_named_with_what_it_is(string message, params string[] arguments)
    {
        using var scratch = new ScratchFolder();

        Assert.Equal($"harvest: {message}", scratch.Run(arguments).Exits(2).Error.Split('\n')[0].TrimEnd());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("two")]
    public void A_number_of_threads_that_cannot_be_is_wrong_usage(string threads)
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Assert.Equal(["ThreadsInvalid"], scratch.Run("build", "--threads", threads, "--json").Exits(2).ErrorIds());
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
