using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace HarvestTools.Files;

/// <summary>One object of git.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Type"><c>blob</c>, <c>tree</c>, <c>commit</c> or <c>tag</c>.</param>
/// <param name="Bytes">Its content.</param>
internal sealed record GitObject(string Id, string Type, byte[] Bytes);

/// <summary>An entry of a tree of git.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Id">The object.</param>
/// <param name="IsFolder">Whether it is a tree.</param>
/// <param name="IsFile">Whether it is a file; links and submodules are neither.</param>
internal readonly record struct GitTreeEntry(string Name, string Id, bool IsFolder, bool IsFile);

/// <summary>
/// Reads objects of git by one git program for all of them, and asks git for lists. Unlike <see cref="GitFiles"/> it is no courtesy:
/// to remove what git does not name one has to know what git names, so what goes wrong is an error. Not thread-safe.
/// </summary>
internal sealed class GitObjects : IDisposable
{
    private readonly string _folder;
    private readonly CancellationTokenRegistration _stop;
    private Process? _git;
    private Stream? _answers;

    /// <param name="folder">Full path of a folder in a checkout.</param>
    /// <param name="cancellation">Ends the program, and with it a call that waits for it.</param>
    public GitObjects(string folder, CancellationToken cancellation)
    {
        _folder = folder;
        _stop = cancellation.Register(Kill);
    }

    /// <summary>Whether a folder is in a checkout of git.</summary>
    public static bool IsCheckout(string folder) => GitHead.FindShared(folder) is not null;

    /// <summary>Whether the clone lacks commits that its origin has (<c>git clone --depth</c>).</summary>
    public static bool IsShallow(string folder) => GitHead.FindShared(folder) is { } git && File.Exists(Path.Combine(git, "shallow"));

    /// <summary>Whether objects that branches name are left with a remote (<c>git clone --filter</c>). Nothing is fetched to find out.</summary>
    /// <exception cref="HarvestException">GitNotRead.</exception>
    public static bool LacksObjects(string folder) =>
        GitHead.FindShared(folder) is { } git && Path.Combine(git, "objects", "pack") is var packs && Directory.Exists(packs)
            && Directory.EnumerateFiles(packs, "*.promisor").Any()
            && Lines(folder, '\n', "rev-list", GitProgram.Option("objects"), GitProgram.Option("all"), GitProgram.Option("missing=print")).Any(static line => line[0] == '?');

    /// <summary>What git prints, line by line.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="separator">What ends a line.</param>
    /// <param name="arguments">Of git.</param>
    /// <exception cref="HarvestException">GitNotRead.</exception>
    public static string[] Lines(string folder, char separator, params string[] arguments)
    {
        ProcessStartInfo start = GitProgram.In(folder) ?? throw FileErrors.GitNotRead(folder, "git is not installed");
        Array.ForEach(arguments, start.ArgumentList.Add);
        NeverFetch(start);
        start.StandardOutputEncoding = Encoding.UTF8;
        try
        {
            using Process git = Process.Start(start)!;
            git.StandardInput.Close();
            Task<string> errors = git.StandardError.ReadToEndAsync();
            string text = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0
                ? text.Split(separator, StringSplitOptions.RemoveEmptyEntries)
                : throw FileErrors.GitNotRead(folder, errors.GetAwaiter().GetResult().Trim());
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or InvalidOperationException)
        {
            throw FileErrors.GitNotRead(folder, fault.Message);
        }
    }

    /// <summary>An object; null where git has none of that name, or it cannot be what is asked for.</summary>
    /// <param name="name">For example <c>refs/heads/main^{tree}</c>.</param>
    /// <exception cref="HarvestException">GitNotRead.</exception>
    public GitObject? TryRead(string name)
    {
        try
        {
            _git ??= Start();
            _git.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(name + "\n"));
            _git.StandardInput.BaseStream.Flush();
            return Answer(_answers!);
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException or FormatException)
        {
            throw FileErrors.GitNotRead(_folder, fault.Message);
        }
    }

    /// <summary>The tree of a commit, of a tag that leads to one, or of the tree itself; null where the name is of something else.</summary>
    /// <param name="name">For example <c>refs/tags/v3</c>.</param>
    /// <param name="mayLack">Whether git may have nothing of that name.</param>
    /// <exception cref="HarvestException">GitNotRead; also where the commit is there and its tree is not, as in a partial clone.</exception>
    public GitObject? TryReadTree(string name, bool mayLack)
    {
        GitObject? named = TryRead(name + "^{}");
        return named?.Type switch
        {
            "tree" => named,
            "commit" => Read(Encoding.ASCII.GetString(named.Bytes, 5, named.Id.Length)),
            null => mayLack ? null : throw FileErrors.GitNotRead(_folder, $"{name} leads to nothing"),
            _ => null,
        };
    }

    /// <summary>An object that has to be there.</summary>
    /// <exception cref="HarvestException">GitNotRead.</exception>
    public GitObject Read(string id) => TryRead(id) ?? throw FileErrors.GitNotRead(_folder, $"the object {id} is missing");

    /// <summary>What is in a tree.</summary>
    /// <param name="tree">A tree.</param>
    public static IEnumerable<GitTreeEntry> Entries(GitObject tree)
    {
        int idBytes = tree.Id.Length / 2;
        for (int at = 0; at < tree.Bytes.Length;)
        {
            int space = Array.IndexOf(tree.Bytes, (byte)' ', at);
            int end = Array.IndexOf(tree.Bytes, (byte)0, space);
            string mode = Encoding.ASCII.GetString(tree.Bytes, at, space - at);
            string name = Encoding.UTF8.GetString(tree.Bytes, space + 1, end - space - 1);
            yield return new GitTreeEntry(name, Convert.ToHexStringLower(tree.Bytes, end + 1, idBytes), mode == "40000", mode.StartsWith("100", StringComparison.Ordinal));
            at = end + 1 + idBytes;
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        Process? git = Interlocked.Exchange(ref _git, null);
        if (git is null)
        {
            return;
        }

        try
        {
            git.StandardInput.Close();
            git.WaitForExit();
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException)
        {
            // It ended by itself.
        }

        git.Dispose();
    }

    /// <summary>A clone without all objects would fetch each that it is asked for. A git that does not know the first yet has no way there.</summary>
    private static void NeverFetch(ProcessStartInfo start)
    {
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none";
    }

    private void Kill()
    {
        try
        {
            _git?.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    private Process Start()
    {
        ProcessStartInfo start = GitProgram.In(_folder) ?? throw new Win32Exception("git is not installed");
        start.ArgumentList.Add("cat-file");
        start.ArgumentList.Add(GitProgram.Option("batch"));

        NeverFetch(start);
        Process git = Process.Start(start)!;
        git.ErrorDataReceived += static (_, _) => { };
        git.BeginErrorReadLine();
        _answers = new BufferedStream(git.StandardOutput.BaseStream, 64 * 1024);
        return git;
    }

    /// <summary>A line "hash type size" and the bytes with a line feed after them, or a line that says that there is no such object.</summary>
    private static GitObject? Answer(Stream from)
    {
        var line = new List<byte>(80);
        for (int one = from.ReadByte(); one != '\n'; one = from.ReadByte())
        {
            line.Add(one < 0 ? throw new EndOfStreamException() : (byte)one);
        }

        string[] words = Encoding.UTF8.GetString([.. line]).Split(' ');
        if (words is not [var id, var type, var size] || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes))
        {
            return null;
        }

        var content = new byte[bytes];
        from.ReadExactly(content);
        _ = from.ReadByte();
        return new GitObject(id, type, content);
    }
}
