using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using HarvestTools.Files;

namespace HarvestTools.Programs;

/// <summary>Why a program was ended before its own end.</summary>
internal enum ProgramEnd
{
    /// <summary>It ended by itself.</summary>
    Own,

    /// <summary>It ran for too long.</summary>
    Time,

    /// <summary>It wrote too much.</summary>
    Output,

    /// <summary>It printed too much.</summary>
    Printed,
}

/// <summary>
/// One process of a team's program, with everything that it starts, from its start to the end of the last of them. The one place
/// that starts such a process; <see cref="ProgramRunner"/> alone comes here, once it knows that the program is trusted.
/// </summary>
internal sealed class ProgramProcess : IDisposable
{
    /// <summary>In the environment of all that a run starts, by which they are found wherever they went.</summary>
    public const string Mark = "HARVEST_RUN";

    private const int PauseMilliseconds = 50;
    private const int MeasureEvery = 10;
    private const int MostSweeps = 5;
    private static readonly TimeSpan s_readPatience = TimeSpan.FromSeconds(2);

    // Its own session, so that all of it can be ended; when the pipe closes because this process died, it ends itself.
    private const string Supervised = """
        exec 3<&0 0</dev/null
        "$@" 3<&- &
        child=$!
        ( cat <&3 >/dev/null; kill -KILL 0 ) >/dev/null 2>&1 &
        wait "$child"
        """;

    private readonly Process _process;
    private readonly string _mark;
    private readonly bool _ownGroup;
    private readonly TextTail _error = new();
    private readonly TextTail _output = new();

    private ProgramProcess(Process process, string mark, bool ownGroup)
    {
        _process = process;
        _mark = mark;
        _ownGroup = ownGroup;
    }

    /// <summary>What it said last: on stderr, else on stdout.</summary>
    public IReadOnlyList<string> LastLines => _error.LastLines() is { Count: > 0 } lines ? lines : _output.LastLines();

    public int ExitCode => _process.ExitCode;

    /// <param name="program">Full path of the program.</param>
    /// <param name="words">Its arguments.</param>
    /// <param name="folder">Where it starts.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="memoryMegabytes">The memory that each process may have, where the system can limit it; null for any.</param>
    /// <param name="command">Its command line, for messages.</param>
    /// <exception cref="HarvestException">ProgramNotStarted.</exception>
    public static ProgramProcess Start(
        string program, IEnumerable<string> words, string folder, IReadOnlyDictionary<string, string> environment, int? memoryMegabytes, string command)
    {
        string mark = Guid.NewGuid().ToString("N");
        string? setsid = OperatingSystem.IsWindows() ? null : ProgramPath.Find("setsid", Environment.GetEnvironmentVariable("PATH"));
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (!OperatingSystem.IsWindows())
        {
            start.FileName = setsid ?? "/bin/sh";
            if (setsid is not null)
            {
                start.ArgumentList.Add("/bin/sh");
            }

            string limit = memoryMegabytes is { } megabytes ? string.Create(CultureInfo.InvariantCulture, $"ulimit -v {megabytes * 1024L}\n") : "";
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(limit + (setsid is null ? "exec \"$@\" 0</dev/null" : Supervised));
            start.ArgumentList.Add("harvest-run");
            start.ArgumentList.Add(program);
        }

        foreach (string word in words)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[Mark] = mark;
        try
        {
            var started = new ProgramProcess(Process.Start(start)!, mark, setsid is not null);
            if (OperatingSystem.IsWindows() || setsid is null)
            {
                started._process.StandardInput.Close();
            }

            return started;
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException)
        {
            throw ProgramRunErrors.ProgramNotStarted(command, fault.Message.TrimEnd('.'));
        }
    }

    /// <summary>Waits for its end, and ends it where it uses more than it may; nothing of it runs afterwards.</summary>
    /// <param name="patience">How long it may run.</param>
    /// <param name="mostPrinted">How many bytes it may print.</param>
    /// <param name="written">Measures what it wrote.</param>
    /// <param name="mostWritten">How many bytes it may write.</param>
    /// <param name="cancellation">Ends it.</param>
    public ProgramEnd Wait(TimeSpan patience, long mostPrinted, Func<long> written, long mostWritten, CancellationToken cancellation)
    {
        Thread[] readers = [Read(_process.StandardOutput.BaseStream, _output), Read(_process.StandardError.BaseStream, _error)];
        long started = Stopwatch.GetTimestamp();
        ProgramEnd end = ProgramEnd.Own;
        try
        {
            for (int round = 1; end == ProgramEnd.Own && !_process.WaitForExit(PauseMilliseconds); round++)
            {
                cancellation.ThrowIfCancellationRequested();
                end = Stopwatch.GetElapsedTime(started) > patience ? ProgramEnd.Time
                    : _output.Total + _error.Total > mostPrinted ? ProgramEnd.Printed
                    : round % MeasureEvery == 0 && written() > mostWritten ? ProgramEnd.Output
                    : ProgramEnd.Own;
            }
        }
        finally
        {
            KillAll();
        }

        // A pipe ends with the last process that has it, and all of them have ended.
        foreach (Thread reader in readers)
        {
            _ = reader.Join(s_readPatience);
        }

        _process.WaitForExit();
        return end != ProgramEnd.Own ? end
            : _output.Total + _error.Total > mostPrinted ? ProgramEnd.Printed
            : written() > mostWritten ? ProgramEnd.Output
            : ProgramEnd.Own;
    }

    public void Dispose()
    {
        KillAll();
        _process.Dispose();
    }

    private static Thread Read(Stream stream, TextTail into)
    {
        var thread = new Thread(() =>
        {
            byte[] buffer = new byte[64 * 1024];
            try
            {
                int count;
                while ((count = stream.Read(buffer)) > 0)
                {
                    into.Add(buffer.AsSpan(0, count));
                }
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The process was ended while it printed.
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return thread;
    }

    private void KillAll()
    {
        if (_ownGroup)
        {
            UnixNative.KillGroup(_process.Id);
        }

        try
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It ended meanwhile.
        }

        // What made a session of its own is in no group of ours. While one is ended, it may start another.
        for (int sweep = 0; sweep < MostSweeps && KillMarked() > 0; sweep++)
        {
            Thread.Sleep(PauseMilliseconds / 5);
        }
    }

    private int KillMarked()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        byte[] mark = System.Text.Encoding.ASCII.GetBytes($"{Mark}={_mark}");
        int killed = 0;
        foreach (Process other in Process.GetProcesses())
        {
            using (other)
            {
                try
                {
                    if (other.Id != Environment.ProcessId
                        && File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{other.Id}/environ")).AsSpan().IndexOf(mark) >= 0)
                    {
                        other.Kill();
                        killed++;
                    }
                }
                catch (Exception fault) when (FileErrors.IsFileFault(fault) || fault is InvalidOperationException or Win32Exception)
                {
                    // Another user's, or it has ended.
                }
            }
        }

        return killed;
    }
}
