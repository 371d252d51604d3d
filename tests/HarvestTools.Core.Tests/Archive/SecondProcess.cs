using System.Diagnostics;

namespace HarvestTools.Tests.Archive;

/// <summary>A process of the kill target (tests/HarvestTools.KillTarget) that has come up and said that it is ready.</summary>
internal sealed class SecondProcess : IDisposable
{
    private readonly Process _process;

    private SecondProcess(Process process)
    {
        _process = process;
    }

    public static SecondProcess Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "HarvestTools.KillTarget.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in new[] { "exec", program }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLine();
        if (line != "ready")
        {
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Fail($"the second process did not come up: {line} {error}");
        }

        return new SecondProcess(process);
    }

    /// <summary>Ends it at once: SIGKILL on Unix, TerminateProcess on Windows; it gets no chance to tidy up.</summary>
    public void Kill()
    {
        Assert.False(_process.HasExited, "the process ended by itself before it could be killed");
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends it after a time, unless it came to its end before, and gives the whole lines that it had printed after "ready".</summary>
    public IReadOnlyList<string> KillAfter(TimeSpan time)
    {
        if (!_process.WaitForExit(time))
        {
            _process.Kill();
        }

        string output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return output[..(output.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>What it printed after "ready"; fails where it ended with an error.</summary>
    public string Finish()
    {
        string output = _process.StandardOutput.ReadToEnd().Trim();
        string error = _process.StandardError.ReadToEnd();
        _process.WaitForExit();
        Assert.True(_process.ExitCode == 0, error);
        return output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
