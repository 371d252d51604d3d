using System.Runtime.InteropServices;

namespace HarvestTools.Cli;

/// <summary>
/// Ctrl-C and a request to end, from the user, a scheduler or a container. The first signal lets the workflow stop and
/// clean up; a second one ends the process at once. Made before anything else: until then the signal itself ends the process,
/// which shells report with the same exit codes.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration _interrupted;
    private readonly PosixSignalRegistration _terminated;
    private volatile int _exit = ExitCode.Interrupted;

    public StopSignals()
    {
        _interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = Request(ExitCode.Interrupted));
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = Request(ExitCode.Terminated));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Whether a signal has come.</summary>
    public bool Requested => _cancel.IsCancellationRequested;

    /// <summary>The exit code of a run that was stopped: by which signal, as shells report it.</summary>
    public int Exit => _exit;

    public void Dispose()
    {
        _interrupted.Dispose();
        _terminated.Dispose();
        _cancel.Dispose();
    }

    /// <summary>Asks the run to stop.</summary>
    /// <param name="exit">The exit code of a run that this stops.</param>
    /// <returns>False where it was asked before: then the signal does what it does by itself.</returns>
    internal bool Request(int exit)
    {
        if (_cancel.IsCancellationRequested)
        {
            return false;
        }

        // Before the cancellation, which the run answers with this code.
        _exit = exit;
        _cancel.Cancel();
        return true;
    }
}
