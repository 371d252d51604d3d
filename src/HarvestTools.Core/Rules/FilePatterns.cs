using System.IO.Enumeration;
using HarvestTools.Files;

namespace HarvestTools.Rules;

/// <summary>
/// Patterns of files, with <c>/</c> on every system and by exact case: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number
/// of folders. As in a shell, a star means no name that begins with a dot, so that <c>**</c> leaves <c>.git</c> and the store out.
/// </summary>
internal static class FilePatterns
{
    private const string AnyFolders = "**";

    // Compiled code beside its source is another on every machine.
    private const string PythonCache = "__pycache__";

    /// <summary>What is wrong with a pattern; null where nothing is.</summary>
    public static string? Fault(string pattern)
    {
        try
        {
            return RepositoryPath.Normalize(pattern) == pattern ? null : "it has '.' or a doubled '/'";
        }
        catch (HarvestException fault)
        {
            return fault.ErrorId == nameof(FileErrors.PathLeavesRepository) ? "it leads out of the folder" : "it has characters that other systems cannot read";
        }
    }

    /// <summary>The files that a pattern means, relative to the folder, in ordinal order.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="pattern">One without a <see cref="Fault"/>.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="HarvestException">ProgramFileLinked: a link is on the way or matches; NotARegularFile, PathNotPortable; a folder cannot be listed.</exception>
    public static IReadOnlyList<string> Find(string root, string pattern, CancellationToken cancellation = default)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        Walk(root, "", pattern.Split('/'), 0, found, cancellation);
        return [.. found];
    }

    /// <summary>Whether a path is one that a pattern means.</summary>
    public static bool Matches(string pattern, string path) => Matches(pattern.Split('/'), 0, path.Split('/'), 0);

    private static bool Matches(string[] pattern, int at, string[] path, int part)
    {
        if (at == pattern.Length)
        {
            return part == path.Length;
        }

        if (pattern[at] == AnyFolders)
        {
            return at == pattern.Length - 1
                ? part < path.Length && path.Skip(part).All(IsEntered)
                : Matches(pattern, at + 1, path, part) || (part < path.Length && IsEntered(path[part]) && Matches(pattern, at, path, part + 1));
        }

        return part < path.Length && IsName(pattern[at], path[part]) && Matches(pattern, at + 1, path, part + 1);
    }

    private static void Walk(string folder, string relative, string[] pattern, int at, SortedSet<string> found, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string part = pattern[at];
        bool last = at == pattern.Length - 1;
        if (part == AnyFolders && !last)
        {
            Walk(folder, relative, pattern, at + 1, found, cancellation);
        }

        foreach (string name in Names(folder))
        {
            bool wanted = part == AnyFolders ? IsEntered(name) : IsName(part, name);
            if (!wanted)
            {
                continue;
            }

            string path = Path.Combine(folder, name);
            string below = relative.Length == 0 ? name : $"{relative}/{name}";
            switch (FileKinds.Of(path))
            {
                case FileKind.Folder when part == AnyFolders:
                    Walk(path, below, pattern, at, found, cancellation);
                    break;
                case FileKind.Folder when !last:
                    Walk(path, below, pattern, at + 1, found, cancellation);
                    break;
                case FileKind.Regular when last:
                    found.Add(below);
                    break;
                case FileKind.Link when last || FileKinds.Behind(path) == FileKind.Folder:
                    // What it leads to may be elsewhere tomorrow, and the clean folder has no links.
                    throw ProgramErrors.ProgramFileLinked(below, string.Join('/', pattern));
                case FileKind.None when IsUndecodable(name):
                    // Left out, it would be missing without a word.
                    throw FileErrors.PathNotPortable(below, "it is no UTF-8");
                case FileKind.Pipe or FileKind.Socket or FileKind.Device when last:
                    throw FileErrors.NotARegularFile(below, "read", FileKinds.Describe(FileKinds.Of(path), path));
                default:
                    break;
            }
        }
    }

    /// <summary>A name of other bytes than UTF-8 comes with this character for them, and nothing is found under it.</summary>
    private static bool IsUndecodable(string name) => name.Contains('\uFFFD', StringComparison.Ordinal);

    private static bool IsEntered(string name) => !name.StartsWith('.') && name != PythonCache;

    private static bool IsName(string pattern, string name) =>
        pattern.AsSpan().IndexOfAny('*', '?') < 0 ? pattern == name
        : (!name.StartsWith('.') || pattern.StartsWith('.')) && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private static string[] Names(string folder)
    {
        try
        {
            FileFaults.Before(FileCall.OpenRead, folder);
            string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(static path => Path.GetFileName(path))];
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "list");
        }
    }
}
