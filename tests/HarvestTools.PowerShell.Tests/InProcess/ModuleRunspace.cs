using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;
using Shell = System.Management.Automation.PowerShell;

namespace HarvestTools.Tests.InProcess;

/// <summary>What a script left behind.</summary>
/// <param name="Objects">What it emitted, without PowerShell's wrapping.</param>
/// <param name="Errors">What it wrote as errors.</param>
public sealed record ScriptResult(IReadOnlyList<object> Objects, IReadOnlyList<ErrorRecord> Errors);

/// <summary>
/// A runspace of this process with the module and the suite's helpers in it: a breakpoint in a cmdlet is hit, and what it emits is
/// typed. The assemblies that run are this test project's own copies; how the built module loads is for the released PowerShell to try.
/// </summary>
public sealed class ModuleRunspace : IDisposable
{
    private static readonly string[] s_modules =
    [
        Path.Combine(CmdletContract.Root, "HarvestTools.psd1"),
        Path.Combine(CmdletContract.Root, "tests", "HarvestTools.PowerShell.Tests", "Shared", "TestExports.psm1"),
    ];

    public ModuleRunspace()
    {
        Folder = Directory.CreateTempSubdirectory("harvest-runspace-").FullName;
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
        {
            // Views are files that Windows' policy guards, whatever the machine's own policy is.
            state.ExecutionPolicy = ExecutionPolicy.Bypass;
        }

        state.ImportPSModule(s_modules);
        Runspace = RunspaceFactory.CreateRunspace(state);
        Runspace.Open();
        _ = Run("Set-Location -LiteralPath $args[0]", Folder);
    }

    /// <summary>A folder of its own, where the session is; removed at the end.</summary>
    public string Folder { get; }

    public Runspace Runspace { get; }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">Finds its arguments in <c>$args</c>.</param>
    /// <param name="arguments">Passed as they are.</param>
    public ScriptResult Run(string script, params object[] arguments)
    {
        using Shell shell = NewShell();
        _ = shell.AddScript(script);
        foreach (object argument in arguments)
        {
            _ = shell.AddArgument(argument);
        }

        object[] objects = [.. shell.Invoke().Select(static item => item.BaseObject)];
        return new(objects, [.. shell.Streams.Error]);
    }

    /// <summary>Runs a script that has to succeed; returns what it emitted.</summary>
    /// <inheritdoc cref="Run"/>
    public IReadOnlyList<object> Succeed(string script, params object[] arguments)
    {
        ScriptResult result = Run(script, arguments);
        Assert.Empty(result.Errors);
        return result.Objects;
    }

    /// <summary>What the Tab key offers at the end of a line, and what was written as errors meanwhile.</summary>
    public (IReadOnlyList<CompletionResult> Offers, IReadOnlyList<ErrorRecord> Errors) Complete(string line)
    {
        using Shell shell = NewShell();
        CommandCompletion completion = CommandCompletion.CompleteInput(line, line.Length, null, shell);
        return (completion.CompletionMatches, [.. shell.Streams.Error]);
    }

    public void Dispose()
    {
        // The archive's files are read-only.
        _ = Run("Set-Location /; Remove-Item -LiteralPath $args[0] -Recurse -Force", Folder);
        Runspace.Dispose();
    }

    private Shell NewShell()
    {
        var shell = Shell.Create();
        shell.Runspace = Runspace;
        return shell;
    }
}
