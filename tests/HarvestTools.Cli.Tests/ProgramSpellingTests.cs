using System.CommandLine;
using System.Diagnostics;
using HarvestTools.Cli;
using HarvestTools.Cli.Commands;

namespace HarvestTools.Tests;

/// <summary>
/// Every action that a remedy can name is a command line that a shell splits and the program's own parser takes, whatever
/// the arguments are.
/// </summary>
public sealed class ProgramSpellingTests
{
    private static readonly string[] s_hostile =
    [
        "plain-1.json", "with space.json", "it's.json", "say \"so\".json", "$HOME.json", "`id`.json", "-dash.json", "--odd", "a;b&c|d.json",
        "*.json", "~", "é\u4E2D.json", "a\\b.json", "!bang.json", "#x", "line\nbreak", "%PATH%", "a=b", "(x)",
    ];

    public static TheoryData<string> Hostile => [.. s_hostile];

    [Fact]
    public void Every_action_has_a_spelling()
    {
        Type[] actions = [.. typeof(RemedyAction).GetNestedTypes().Where(static type => type != typeof(RemedyAction.EditSetting))];

        Assert.Equal(actions.Order(ByName), Actions("x").Select(static action => action.GetType()).Distinct().Order(ByName));
        Assert.All(Actions("x"), static action => Assert.NotEmpty(ProgramSpelling.Instance.Spell(action)));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_POSIX_shell_splits_it_and_the_programs_parser_takes_it(string argument)
    {
        if (OperatingSystem.IsWindows())
        {
            // No sh there; the rules of Windows are tried below, on every system.
            return;
        }

        var spelling = new ProgramSpelling(ShellQuoting.QuoteForPosix);
        RemedyAction[] actions = [.. Actions(argument)];
        string[][] words = SplitWithShell([.. actions.Select(spelling.Spell)]);
        Assert.All(actions.Zip(words), pair => AssertUnderstood(pair.First, argument, pair.Second));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void The_rules_of_Windows_split_it_and_the_programs_parser_takes_it(string argument)
    {
        var spelling = new ProgramSpelling(ShellQuoting.QuoteForWindows);
        Assert.All(Actions(argument), action => AssertUnderstood(action, argument, SplitAsWindows(spelling.Spell(action))));
    }

    [Theory]
    [InlineData("a b.json", "harvest add \"a b.json\" --project b")]
    [InlineData("$x.json", "harvest add '$x.json' --project b")]
    [InlineData("it's $5.json", "harvest add 'it'\\''s $5.json' --project b")]
    [InlineData("-x.json", "harvest add ./-x.json --project b")]
    [InlineData(null, "harvest add FILE --project b")]
    public void Quotes_come_only_where_they_are_needed(string? path, string expected) => Assert.Equal(
        expected, new ProgramSpelling(ShellQuoting.QuoteForPosix).Spell(new RemedyAction.AddExport(path, "b")));

    /// <summary>Each action with its arguments left out and with all of them given.</summary>
    private static IEnumerable<RemedyAction> Actions(string argument) =>
    [
        new RemedyAction.InitializeRepository(),
        new RemedyAction.ChooseRepository(),
        new RemedyAction.HashExport(),
        new RemedyAction.HashExport(argument),
        new RemedyAction.AddExport(),
        new RemedyAction.AddExport(argument, argument),
        new RemedyAction.AddExport(argument, argument) { LabelConfig = argument },
        new RemedyAction.RestoreExport(argument),
        new RemedyAction.RestoreExport("b-451a57b0b9f0", argument, Force: true),
        new RemedyAction.RemoveSlice("v2"),
        new RemedyAction.AddExport(argument, argument) { Newest = true },
        new RemedyAction.NewSlice("v2", argument, argument) { AllowShrink = true },
        new RemedyAction.NewSlice("v2") { Exports = [argument, argument] },

        // A project's name begins with a letter or a digit.
        new RemedyAction.RenameProject("b", "hands"),
        new RemedyAction.RetireProject("b"),
        new RemedyAction.UnretireProject("b"),
        new RemedyAction.AddProjectId("b", 15),
        new RemedyAction.RemoveProjectId("b", 15),
        new RemedyAction.ListExports(),
        new RemedyAction.RepairArchive(),
        new RemedyAction.NewSlice(),
        new RemedyAction.NewSlice("v2") { Definition = argument },
        new RemedyAction.NewSlice("v2", argument, argument),
        new RemedyAction.ListSlices(),
        new RemedyAction.TrustProgram("v2"),
        new RemedyAction.TrustProgram { Definition = argument },
        new RemedyAction.ListTrusted(),
        new RemedyAction.TraceRows("v2"),
        new RemedyAction.BuildSlice("v2"),
        new RemedyAction.CheckSlice("v2"),
        new RemedyAction.CheckSlice("v2") { Twice = true },
        new RemedyAction.PushSlices(),
        new RemedyAction.PushSlices("v2", Deep: true),
        new RemedyAction.PushSlices { Media = true, Tables = true },
        new RemedyAction.CollectRemote(),
        new RemedyAction.CollectRemote("origin", "0123456789abcdef") { Exclusive = true },
        new RemedyAction.PullSlices(),
        new RemedyAction.PullSlices("v2"),
        new RemedyAction.ShowHistory(),
        new RemedyAction.RegisterModel(),
        new RemedyAction.RegisterModel("v2", argument),
        new RemedyAction.ReplaceModel("v2", argument),
        new RemedyAction.ReplaceModel("v2", argument, argument) { Metrics = new Dictionary<string, double> { [argument] = 0.5, ["y"] = 2e-9 } },
        new RemedyAction.PromoteModel(),
        new RemedyAction.PromoteModel(argument, "v2"),
        new RemedyAction.EraseWork(ErasureStep.Plan, 7, null, argument) { Emails = [argument, "ana@example.org"] },
        new RemedyAction.EraseWork(ErasureStep.Remove, null, argument, null),
        new RemedyAction.EraseWork(ErasureStep.Prove, 7, null, null),
        new RemedyAction.PinEvalSet(),
        new RemedyAction.PinEvalSet(argument),
        new RemedyAction.ShowRetrainState(),
        new RemedyAction.RestoreFromGit($"slices {argument}/v2/slice.json"),
        new RemedyAction.RestoreFromGit($"slices {argument}/v2/slice.json") { Revision = "HEAD" },
    ];

    private static void AssertUnderstood(RemedyAction action, string argument, string[] words)
    {
        switch (action)
        {
            case RemedyAction.RestoreFromGit restore:
                Assert.Equal(restore.Revision is { } revision ? ["git", "checkout", revision, "--", restore.Path] : ["git", "checkout", "--", restore.Path], words);
                return;
            case RemedyAction.ChooseRepository:
                // An option of every command: tried with one.
                words = ["harvest", "slices", .. words];
                break;
        }

        Assert.Equal("harvest", words[0]);
        ParseResult parsed = CommandTree.Root().Parse(words[1..], CommandRunner.Parsing);
        Assert.Empty(UsageText.Of(parsed));
        Assert.IsAssignableFrom<HarvestCommand>(parsed.CommandResult.Command);
        string file = argument.StartsWith('-') ? $"./{argument}" : argument;
        string[] values = [.. parsed.CommandResult.Children.SelectMany(static child => child.Tokens).Select(static token => token.Value)];
        Assert.Equal(Values(action, argument, file), values.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Values(RemedyAction action, string argument, string file) => (action switch
    {
        RemedyAction.HashExport hash => [hash.Path is null ? "FILE" : file],
        RemedyAction.AddExport add => add.Path is null ? ["FILE"] : add.LabelConfig is null ? [file, argument] : [file, argument, argument],
        RemedyAction.NewSlice make => make.Version is null ? ["VERSION"] : make.Definition is null ? ["v2", argument, argument] : ["v2", argument],
        RemedyAction.RestoreExport restore => restore.To is null ? [file] : ["b-451a57b0b9f0", argument],
        RemedyAction.TrustProgram { Version: null } => [argument],
        RemedyAction.BuildSlice or RemedyAction.CheckSlice or RemedyAction.RemoveSlice or RemedyAction.TraceRows or RemedyAction.TrustProgram => ["v2"],
        RemedyAction.PushSlices push => push.Version is null ? [] : ["v2"],
        RemedyAction.CollectRemote gc => gc.Remote is null ? ["NAME"] : ["origin", "0123456789abcdef"],
        RemedyAction.PullSlices pull => pull.Version is null ? [] : ["v2"],
        RemedyAction.RegisterModel register => register.Metric is null ? ["VERSION", "NAME"] : ["v2", "NAME", $"{argument}=0.91"],
        RemedyAction.ReplaceModel replace => replace.Path is null ? ["v2", argument] : ["v2", argument, file, $"{argument}=0.5", "y=2E-09"],
        RemedyAction.RenameProject => ["rename", "b", "hands"],
        RemedyAction.RetireProject => ["retire", "b"],
        RemedyAction.UnretireProject => ["unretire", "b"],
        RemedyAction.AddProjectId => ["add-id", "b", "15"],
        RemedyAction.RemoveProjectId => ["remove-id", "b", "15"],
        RemedyAction.PromoteModel promote => promote.Name is null ? ["NAME", "TEXT"] : [argument, "v2", "TEXT"],
        RemedyAction.EraseWork { Step: ErasureStep.Plan } => ["7", argument, "ana@example.org", argument],
        RemedyAction.EraseWork { Step: ErasureStep.Remove } => [argument],
        RemedyAction.EraseWork => ["7"],
        RemedyAction.PinEvalSet pin => [pin.Path is null ? "PATH" : file],
        RemedyAction.ChooseRepository => ["DIR"],
        _ => (string[])[],
    }).Order(StringComparer.Ordinal);

    private static readonly Comparer<Type> ByName = Comparer<Type>.Create(static (one, other) => string.CompareOrdinal(one.Name, other.Name));

    /// <summary>The words of each line, as the system's shell has them; one process for all, each line ended by an empty record.</summary>
    private static string[][] SplitWithShell(string[] lines)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        shell.StandardInput.Write("say() { for word in \"$@\"; do printf '%s\\036' \"$word\"; done; printf '\\035'; }\n");
        foreach (string line in lines)
        {
            shell.StandardInput.Write($"say {line}\n");
        }

        shell.StandardInput.Close();
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        string[] records = output.Split('\u001D');
        Assert.Equal(lines.Length + 1, records.Length);
        return [.. records[..^1].Select(static record => record.Split('\u001E')[..^1])];
    }

    /// <summary>As the C runtime of Windows splits a command line: backslashes count only before a quote.</summary>
    private static string[] SplitAsWindows(string line)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        bool quoted = false;
        bool begun = false;
        for (int i = 0; i < line.Length; i++)
        {
            int backslashes = 0;
            while (i < line.Length && line[i] == '\\')
            {
                backslashes++;
                i++;
            }

            bool quote = i < line.Length && line[i] == '"';
            word.Append('\\', quote ? backslashes / 2 : backslashes);
            begun |= backslashes > 0;
            if (i == line.Length)
            {
                break;
            }

            if (quote && backslashes % 2 == 0)
            {
                quoted = !quoted;
                begun = true;
            }
            else if (line[i] == ' ' && !quoted)
            {
                if (begun)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                begun = false;
            }
            else
            {
                word.Append(line[i]);
                begun = true;
            }
        }

        return begun ? [.. words, word.ToString()] : [.. words];
    }
}
