using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace HarvestTools.Files;

/// <summary>
/// Reads files as a commit or tag has them, by one git program for all of them: objects may be packed in ways that only git reads.
/// A courtesy: where git is not installed or does not answer, nothing is known. Not thread-safe.
/// </summary>
internal sealed class GitFiles : IDisposable
{
    // What is asked for is small; more is not what the caller takes it for.
    private const int LargestFile = 16 * 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private Process? _git;
    private bool _failed;

    /// <param name="folder">Full path of a folder; paths are relative to it.</param>
    public GitFiles(string folder)
    {
        _folder = folder;
        _failed = GitHead.FindShared(folder) is null;
    }

    /// <summary>The file's bytes; null where the revision has no such file, or nothing is known.</summary>
    /// <param name="revision">For example <c>HEAD</c> or <c>refs/tags/v3</c>.</param>
    /// <param name="path">Relative to the folder, with <c>/</c>.</param>
    public byte[]? TryRead(string revision, string path)
    {
        if (_failed || path.AsSpan().ContainsAny('\n', '\r'))
        {
            return null;
        }

        try
        {
            _git ??= Start();
            byte[] asked = Encoding.UTF8.GetBytes($"{revision}:./{path}\n");
            _git.StandardInput.BaseStream.Write(asked);
            _git.StandardInput.BaseStream.Flush();
            return Answer(_git.StandardOutput.BaseStream);
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException or AggregateException or FormatException)
        {
            // Not installed, not allowed to read the repository, or ended meanwhile.
            _failed = true;
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        Process? git = Interlocked.Exchange(ref _git, null);
        if (git is null)
        {
            return;
        }

        try
        {
            git.StandardInput.Close();
            if (!git.WaitForExit(s_patience))
            {
                git.Kill(entireProcessTree: true);
            }
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException)
        {
            // It ended by itself.
        }

        git.Dispose();
    }

    private Process Start()
    {
        // Nothing is fetched for this.
        ProcessStartInfo start = GitProgram.In(_folder) ?? throw new Win32Exception("git is not installed");
        start.ArgumentList.Add("cat-file");
        start.ArgumentList.Add(GitProgram.Option("batch"));
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        Process git = Process.Start(start)!;
        git.ErrorDataReceived += static (_, _) => { };
        git.BeginErrorReadLine();
        return git;
    }

    /// <summary>A line "hash type size" and the bytes with a line feed after them, or a line that says that there is no such object.</summary>
    private static byte[]? Answer(Stream from)
    {
        var line = new List<byte>();
        var one = new byte[1];
        for (Fill(from, one); one[0] != '\n'; Fill(from, one))
        {
            line.Add(one[0]);
            if (line.Count > 64 * 1024)
            {
                throw new FormatException();
            }
        }

        string[] words = Encoding.UTF8.GetString([.. line]).Split(' ');
        if (words is not [_, var type, var size] || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
        {
            return null;
        }

        if (bytes > LargestFile)
        {
            throw new FormatException();
        }

        var content = new byte[bytes];
        Fill(from, content);
        Fill(from, one);
        return type == "blob" ? content : null;
    }

    private static void Fill(Stream from, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            Task<int> read = from.ReadAsync(buffer).AsTask();
            if (!read.Wait(s_patience) || read.Result == 0)
            {
                throw new EndOfStreamException();
            }

            buffer = buffer[read.Result..];
        }
    }
}
