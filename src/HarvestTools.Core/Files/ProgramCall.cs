using System.ComponentModel;
using System.Diagnostics;

namespace HarvestTools.Files;

/// <summary>What a program answered.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it said on stderr.</param>
internal sealed record ProgramAnswer(int ExitCode, string Output, string Error);

/// <summary>One call of another program, from its input to its end.</summary>
internal static class ProgramCall
{
    /// <summary>Runs it; null where it cannot be started, or is not done in time, and is ended then.</summary>
    /// <param name="start">The program, found by its full path, with all three streams redirected.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="input">What it reads.</param>
    public static ProgramAnswer? Run(ProcessStartInfo start, TimeSpan patience, ReadOnlySpan<byte> input = default)
    {
        try
        {
            using Process program = Process.Start(start)!;

            // Both at once: a program whose one pipe is full waits, and would never close the other.
            Task<string> output = program.StandardOutput.ReadToEndAsync();
            Task<string> error = program.StandardError.ReadToEndAsync();
            program.StandardInput.BaseStream.Write(input);
            program.StandardInput.Close();
            if (!program.WaitForExit(patience))
            {
                program.Kill(entireProcessTree: true);
                return null;
            }

            return new ProgramAnswer(program.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }
}
