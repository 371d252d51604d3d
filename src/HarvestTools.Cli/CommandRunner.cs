using System.CommandLine;
using System.CommandLine.Help;
using HarvestTools.Cli.Commands;
using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli;

/// <summary>Parses a command line, runs its command and turns whatever happens into output and an exit code.</summary>
internal static class CommandRunner
{
    // "@name" is a file's name like any other here, not a file of arguments; "-qC" would be a riddle.
    internal static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    public static int Run(string[] args, StopSignals stop)
    {
        Terminal.UseUtf8OnWindows();
        if (args is ["help", .. var command])
        {
            args = [.. command, "--help"];
        }

        args = CheckAsOption(args);
        if (MayDerive(args))
        {
            EarlyLoading.Begin();
        }

        ParseResult parsed = CommandTree.Root().Parse(args, Parsing);
        List<HarvestException> faults = UsageText.Of(parsed);
        using var invocation = new Invocation(parsed, IsJsonAsked(parsed, faults, args), stop.Token);
        try
        {
            if (parsed.Action is HelpAction)
            {
                ShowHelp(parsed, invocation);
            }
            else if (parsed.UnmatchedTokens.Count == 0 && parsed.GetResult(GlobalOptions.Version) is { Implicit: false })
            {
                invocation.Document["version"] = RootHelp.Version;
                invocation.Say($"harvest {RootHelp.Version}");
            }
            else if (faults.Count > 0)
            {
                faults.ForEach(invocation.Fail);
            }
            else
            {
                // The parser has refused a command line without a command by now.
                RunCommand((HarvestCommand)parsed.CommandResult.Command, invocation, stop);
            }
        }
        finally
        {
            EndBySignal(invocation, stop);
            invocation.Finish();
        }

        return invocation.Exit;
    }

    /// <summary>
    /// Whether the words look like those of a command that derives, on more than one thread. It is asked before they are understood,
    /// which takes the time that is to be used, and being wrong costs a thread and some processor time.
    /// </summary>
    internal static bool MayDerive(string[] args) =>
        (args.Contains("new") || args.Contains("build") || (args.Contains("check") && !args.Contains("--quick")))
        && !args.Contains("--help") && !args.Contains("-h") && !args.Contains("--no-build") && !args.Contains("--threads=1")
        && !(Array.IndexOf(args, "--threads") is >= 0 and var at && at + 1 < args.Length && args[at + 1] == "1");

    /// <summary>
    /// <c>harvest --check</c> is <c>harvest check</c>, where it is in a command's place: at the beginning, or after options that
    /// every command has. Behind a command it is that command's own option.
    /// </summary>
    internal static string[] CheckAsOption(string[] args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--check":
                    return [.. args[..i], "check", .. args[(i + 1)..]];
                case "--json" or "-q" or "--quiet" or "--offline":
                    break;
                case "-C" or "--threads":
                    i++;
                    break;
                default:
                    return args;
            }
        }

        return args;
    }

    /// <summary>Runs one command; whatever it throws becomes an error of the run, with an exit code.</summary>
    internal static void RunCommand(HarvestCommand command, Invocation invocation, StopSignals stop)
    {
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            invocation.CheckFolder();
            command.Run(invocation);
        }
        catch (HarvestException fault)
        {
            invocation.Fail(fault);
        }
        catch (OperationCanceledException)
        {
            invocation.Fail(CliErrors.Interrupted(done: false), stop.Exit);
        }
        catch (AggregateException several) when (several.Flatten().InnerExceptions.Any(static inner => inner is OperationCanceledException))
        {
            invocation.Fail(CliErrors.Interrupted(done: false), stop.Exit);
        }
#pragma warning disable CA1031 // The last resort: whatever escapes is reported in the program's own way, with an exit code of the table.
        catch (Exception exception)
        {
            invocation.Fail(CliErrors.Unexpected(exception));
            if (Environment.GetEnvironmentVariable("HARVEST_TRACE") == "1")
            {
                StandardStreams.WriteErrorLine(exception.ToString());
            }
        }
#pragma warning restore CA1031
    }

    /// <summary>A command that looks at no token, or looked for the last time, has done its work; the exit code is the signal's all the same.</summary>
    internal static void EndBySignal(Invocation invocation, StopSignals stop)
    {
        if (stop.Requested && invocation.Exit == ExitCode.Fine)
        {
            invocation.Fail(CliErrors.Interrupted(done: true), stop.Exit);
        }
        else if (stop.Requested)
        {
            invocation.Raise(stop.Exit);
        }
    }

    private static void ShowHelp(ParseResult parsed, Invocation invocation)
    {
        string text = RootHelp.Text;
        if (parsed.CommandResult.Command is not ProgramRoot)
        {
            using var writer = new StringWriter();
            parsed.Invoke(new InvocationConfiguration { Output = writer });
            text = writer.ToString();
        }

        invocation.Document["help"] = text;
        if (!invocation.Json)
        {
            StandardStreams.Write(text);
        }
    }

    /// <summary>A command line that cannot be parsed may have asked for JSON all the same.</summary>
    internal static bool IsJsonAsked(ParseResult parsed, List<HarvestException> faults, string[] args) =>
        faults.Count == 0
            ? parsed.GetValue(GlobalOptions.Json)
            : args.TakeWhile(static arg => arg != "--").Contains("--json");
}
