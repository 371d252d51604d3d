using System.CommandLine;
using HarvestTools.Cli;
using HarvestTools.Cli.Commands;
using HarvestTools.Cli.Output;
using HarvestTools.Repositories;
using HarvestTools.Tests.Harness;
using HarvestTools.Workflows;

namespace HarvestTools.Tests;

/// <summary>What a run makes of a command line, of whatever its command throws, and of a signal.</summary>
[Collection(nameof(CapturedConsole))]
public sealed class CommandRunnerTests
{
    public static TheoryData<string, Exception, string, int> Thrown => new()
    {
        { "a fault of the data", new HarvestException("X", HarvestFault.InvalidData, "m", "r"), "X", 3 },
        { "a fault of usage", new HarvestException("Y", HarvestFault.Usage, "m", "r"), "Y", 2 },
        { "what nobody expects", new InvalidOperationException("secret"), "Unexpected", 70 },
        { "the file system", new IOException("secret"), "Unexpected", 4 },
        { "a right that is missing", new UnauthorizedAccessException("secret"), "Unexpected", 4 },
        { "several, none of them a stop", new AggregateException(new IOException(), new InvalidOperationException()), "Unexpected", 70 },
        { "a stop", new OperationCanceledException(), "Interrupted", 143 },
        { "a stop of several threads", new AggregateException(new OperationCanceledException(), new OperationCanceledException()), "Interrupted", 143 },
        { "a stop, and what it broke elsewhere", new AggregateException(new IOException(), new AggregateException(new OperationCanceledException())), "Interrupted", 143 },
    };

    [Theory]
    [MemberData(nameof(Thrown))]
    public void Whatever_a_command_throws_is_one_error_with_an_exit_code(string what, Exception thrown, string id, int exit)
    {
        using var console = new CapturedConsole();
        using var stop = new StopSignals();
        using Invocation invocation = Of();
        CommandRunner.RunCommand(
            new Stub(_ =>
            {
                stop.Request(ExitCode.Terminated);
                throw thrown;
            }),
            invocation,
            stop);

        Assert.True(exit == invocation.Exit, $"{what}: {invocation.Exit}");
        Assert.Equal(1, invocation.Errors);
        Assert.DoesNotContain("secret", console.Error, StringComparison.Ordinal);
        Assert.StartsWith($"harvest: {Expected(id, thrown).Message}{Environment.NewLine}", console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_expected_is_shown_whole_to_those_who_ask_for_it()
    {
        using var stop = new StopSignals();
        foreach (string? trace in new[] { null, "0", "1" })
        {
            using var console = new CapturedConsole();
            using Invocation invocation = Of();
            Environment.SetEnvironmentVariable("HARVEST_TRACE", trace);
            try
            {
                CommandRunner.RunCommand(new Stub(static _ => throw new InvalidOperationException("secret")), invocation, stop);
            }
            finally
            {
                Environment.SetEnvironmentVariable("HARVEST_TRACE", null);
            }

            Assert.Equal(trace == "1", console.Error.Contains("secret", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_command_does_not_begin_after_a_signal_or_in_a_folder_that_is_not_there()
    {
        using var console = new CapturedConsole();
        using var stop = new StopSignals();
        int begun = 0;
        using (Invocation elsewhere = Of("-C", Path.Combine(Path.GetTempPath(), "harvest-nowhere")))
        {
            CommandRunner.RunCommand(new Stub(_ => begun++), elsewhere, stop);
            Assert.Equal((4, 0), (elsewhere.Exit, begun));
        }

        stop.Request(ExitCode.Interrupted);
        using Invocation invocation = Of();
        CommandRunner.RunCommand(new Stub(_ => begun++), invocation, stop);
        Assert.Equal((130, 0), (invocation.Exit, begun));
        Assert.Contains(CliErrors.Interrupted(done: false).Message, console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_that_comes_when_the_work_is_done_is_the_exit_code_and_says_that_nothing_is_missing()
    {
        using var console = new CapturedConsole();
        using var stop = new StopSignals();
        using Invocation before = Of();
        CommandRunner.EndBySignal(before, stop);
        Assert.Equal((0, 0, ""), (before.Exit, before.Errors, console.Error));

        Assert.True(stop.Request(ExitCode.Terminated));
        CommandRunner.EndBySignal(before, stop);
        Assert.Equal((143, 1), (before.Exit, before.Errors));
        Assert.StartsWith($"harvest: {CliErrors.Interrupted(done: true).Message}", console.Error, StringComparison.Ordinal);

        // Where something was wrong besides, that was said, and nothing more is.
        using Invocation damaged = Of();
        damaged.Raise(ExitCode.DriftOrDamage);
        CommandRunner.EndBySignal(damaged, stop);
        Assert.Equal((143, 0), (damaged.Exit, damaged.Errors));
    }

    [Fact]
    public void The_first_signal_is_the_exit_code_and_the_second_ends_the_process_by_itself()
    {
        using var stop = new StopSignals();
        Assert.Equal((false, 130), (stop.Requested, stop.Exit));
        Assert.True(stop.Request(ExitCode.Terminated));
        Assert.False(stop.Request(ExitCode.Interrupted));
        Assert.Equal((true, 143, true), (stop.Requested, stop.Exit, stop.Token.IsCancellationRequested));
    }

    [Theory]
    [InlineData(0, "harvest - versioned training sets", "help")]
    [InlineData(0, "harvest - versioned training sets", "--help")]
    [InlineData(0, "Make a slice: derive its tables", "help new")]
    [InlineData(0, "Make a slice: derive its tables", "new --help")]
    [InlineData(0, "Make a slice: derive its tables", "new --help -q")]
    public void Help_is_printed_for_the_program_and_for_a_command(int exit, string text, string line)
    {
        (int ended, string printed, string said) = Run(line.Split(' '));
        Assert.Equal((exit, ""), (ended, said));
        Assert.Contains(text, printed, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_printed_where_nothing_else_is_asked_for()
    {
        Assert.Equal((0, $"harvest {RootHelp.Version}{Environment.NewLine}", ""), Run("--version"));
        Assert.Equal((0, $"harvest {RootHelp.Version}{Environment.NewLine}", ""), Run("--version", "-q"));
        (int exit, string printed, string said) = Run("--version", "nonsense");
        Assert.Equal((2, ""), (exit, printed));
        Assert.Contains("nonsense", said, StringComparison.Ordinal);
    }

    /// <summary>A command line that makes no sense does nothing, and says so once for each fault.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("slices --nonsense")]
    [InlineData("slices -qC")]
    [InlineData("slices @nonsense")]
    [InlineData("slices -qh")]
    [InlineData("slices -C")]
    public void Wrong_usage_is_exit_code_2(string line)
    {
        (int exit, string printed, string said) = Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (exit, printed));
        Assert.StartsWith("harvest: ", said, StringComparison.Ordinal);
    }

    /// <summary>Also of a line that makes no sense: a script that asked for JSON reads JSON.</summary>
    [Theory]
    [InlineData(true, "slices --json")]
    [InlineData(false, "slices")]
    [InlineData(false, "show -- --json")]
    [InlineData(true, "slices --nonsense --json")]
    [InlineData(true, "--json nonsense")]
    [InlineData(true, "slices --json --nonsense -- --json")]
    [InlineData(false, "slices --nonsense")]
    [InlineData(false, "slices --nonsense -- --json")]
    public void Json_is_asked_for_before_two_dashes(bool asked, string line)
    {
        string[] words = line.Split(' ');
        ParseResult parsed = CommandTree.Root().Parse(words, CommandRunner.Parsing);
        List<HarvestException> faults = UsageText.Of(parsed);
        Assert.Equal(line.Contains("nonsense", StringComparison.Ordinal), faults.Count > 0);
        Assert.Equal(asked, CommandRunner.IsJsonAsked(parsed, faults, words));
    }

    [Fact]
    public void A_signal_before_the_work_is_the_exit_code_of_the_run_and_after_it_too()
    {
        using var console = new CapturedConsole();
        using var stop = new StopSignals();
        stop.Request(ExitCode.Terminated);
        Assert.Equal(143, CommandRunner.Run(["slices", "-q"], stop));
        Assert.Equal(143, CommandRunner.Run(["--version", "-q"], stop));
    }

    [Fact]
    public void A_note_is_said_of_a_file_unless_nothing_is_asked_for_and_changes_no_exit_code()
    {
        var notice = new ExportNotice("Id", "it is odd", "Look at it.");
        using var console = new CapturedConsole();
        using (Invocation invocation = Of())
        {
            invocation.Warn(null);
            Assert.Equal("", console.Error);
            invocation.Warn(notice);
            Assert.Equal(0, invocation.Exit);
        }

        string said = $"harvest: warning: it is odd{Environment.NewLine}  Look at it.{Environment.NewLine}";
        Assert.Equal(said, console.Error);
        using Invocation quiet = Of("-q");
        quiet.Warn(notice);
        Assert.Equal(said, console.Error);
    }

    [Fact]
    public void Lines_are_for_people()
    {
        using var console = new CapturedConsole();
        foreach (string[] options in new string[][] { ["-q"], [] })
        {
            using Invocation invocation = Of(options);
            invocation.Say("one");
            invocation.Next("harvest two");
            var table = new TextTable("three");
            table.Add("four");
            invocation.Say(table);
            Assert.Equal(options.Length == 0 ? $"one{Environment.NewLine}Next: harvest two{Environment.NewLine}{table}" : "", console.Out);
        }
    }

    /// <summary>The folder of -C counts only where the command line makes sense; else everything is about the current one.</summary>
    [Fact]
    public void The_repository_is_the_one_around_the_folder_and_found_once()
    {
        using var scratch = new ScratchFolder();
        _ = Repository.Initialize(scratch.Path);
        Directory.CreateDirectory(scratch["exports"]);
        using Invocation invocation = Of("-C", scratch["exports"]);
        Assert.Equal(scratch["exports"], invocation.Folder);
        Assert.Equal(Path.GetFileName(scratch.Path), Path.GetFileName(Path.TrimEndingDirectorySeparator(invocation.Repository.Root)));
        Assert.Same(invocation.Repository, invocation.Repository);

        using Invocation wrong = Of("-C", scratch["exports"], "--nonsense");
        Assert.Equal((Environment.CurrentDirectory, false), (wrong.Folder, wrong.Quiet));
        using Invocation here = Of();
        Assert.Equal(Environment.CurrentDirectory, here.Folder);
    }

    private static HarvestException Expected(string id, Exception thrown) => id switch
    {
        "Interrupted" => CliErrors.Interrupted(done: false),
        "Unexpected" => CliErrors.Unexpected(thrown),
        _ => (HarvestException)thrown,
    };

    private static (int Exit, string Out, string Error) Run(params string[] line)
    {
        using var console = new CapturedConsole();
        using var stop = new StopSignals();
        int exit = CommandRunner.Run(line, stop);
        return (exit, console.Out, console.Error);
    }

    private static Invocation Of(params string[] options) =>
        new(CommandTree.Root().Parse(["slices", .. options], CommandRunner.Parsing), json: false, CancellationToken.None);

    private sealed class Stub(Action<Invocation> run) : HarvestCommand("stub", "Does what a test says.")
    {
        public override void Run(Invocation invocation) => run(invocation);
    }
}
