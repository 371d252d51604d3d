using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace HarvestTools.Remotes.Rclone;

/// <summary>
/// The user's own rclone, as a server on this machine alone that ends with this process. It is spoken to over HTTP with a name and a
/// password that are made for it and that no command line shows.
/// </summary>
/// <remarks>
/// What ends it also when this process is killed is its input: <c>serve restic --stdio</c> runs until that is closed, which the
/// system does. It speaks HTTP/2 there, wants a greeting, and is asked for nothing; the real work goes to the remote control beside it.
/// </remarks>
internal sealed partial class RcloneProgram : IDisposable
{
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(30);

    // What a client of HTTP/2 says first: its preface, and settings that are empty.
    private static readonly byte[] s_greeting = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    private readonly Process _process;

    private RcloneProgram(Process process, HttpClient http)
    {
        _process = process;
        Http = http;
    }

    /// <summary>Reaches it; addresses are relative to its own.</summary>
    public HttpClient Http { get; }

    /// <summary>Whether it ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its process, for tests.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="remote">The remote's name, for messages.</param>
    /// <param name="program">Its name or path.</param>
    /// <exception cref="HarvestException">RemoteToolMissing, RemoteRefused.</exception>
    public static RcloneProgram Start(string remote, string program = "rclone")
    {
        string user = RandomNumberGenerator.GetHexString(16);
        string password = RandomNumberGenerator.GetHexString(48);
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (string argument in new[] { "serve", "restic", "--stdio", "--rc", "--rc-serve", "--rc-addr", "127.0.0.1:0", ":memory:" })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["RCLONE_RC_USER"] = user;
        start.Environment["RCLONE_RC_PASS"] = password;

        // Nobody is there to be asked for the password of its settings; the environment may have it.
        start.Environment["RCLONE_ASK_PASSWORD"] = "false";

        // What it says is read for one line alone, in the form that this is written in.
        start.Environment.Remove("RCLONE_LOG_FILE");
        start.Environment.Remove("RCLONE_USE_JSON_LOG");
        start.Environment.Remove("RCLONE_QUIET");
        start.Environment.Remove("RCLONE_LOG_LEVEL");

        // It would take the output, which the greeting's answer goes to, for a place to draw on.
        start.Environment.Remove("RCLONE_PROGRESS");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException)
        {
            throw RemoteErrors.RemoteToolMissing("rclone", remote);
        }

        var address = new TaskCompletionSource<Uri?>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                address.TrySetResult(null);
            }
            else if (Address().Match(line.Data) is { Success: true } found)
            {
                address.TrySetResult(new Uri(found.Value.TrimEnd('/') + "/"));
            }
        };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        Uri? listening = null;
        try
        {
            process.StandardInput.BaseStream.Write(s_greeting);
            process.StandardInput.BaseStream.Flush();
            listening = address.Task.Wait(s_startPatience) ? address.Task.Result : null;
        }
        catch (IOException)
        {
            // It ended before it read anything.
        }

        if (listening is null)
        {
            End(process);
            throw RemoteErrors.RemoteRefused(remote, "start rclone", "rclone did not begin to listen; 'rclone version' and 'rclone listremotes' have to work, with 1.60 or later");
        }

        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = listening, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{user}:{password}")));
        return new RcloneProgram(process, http);
    }

    public void Dispose()
    {
        Http.Dispose();
        End(_process);
    }

    private static void End(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }

        try
        {
            if (!process.WaitForExit(2000))
            {
                process.Kill();
                process.WaitForExit(2000);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended in between.
        }

        process.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+/?")]
    private static partial Regex Address();
}
