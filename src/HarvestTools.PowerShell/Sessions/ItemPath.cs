using System.Management.Automation;

namespace HarvestTools.PowerShell;

/// <summary>Paths as PowerShell resolves them: relative to the session's location, drives, <c>~</c>, wildcards.</summary>
internal static class ItemPath
{
    private const string FileSystem = "FileSystem";

    /// <summary>The full path of one path, which need not exist; no wildcards.</summary>
    /// <exception cref="HarvestException">PathNotFileSystem, PathUnresolved.</exception>
    public static string Resolve(SessionState session, string path)
    {
        try
        {
            string full = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == FileSystem ? full : throw CommandErrors.PathNotFileSystem(path, provider.Name);
        }
        catch (Exception fault) when (fault is not (PipelineStoppedException or HarvestException))
        {
            throw CommandErrors.PathUnresolved(path, fault);
        }
    }

    /// <summary>
    /// The full path of a file that exists from the current location; any other text as it is, for the engine to
    /// understand: a path of the repository, an address, a name.
    /// </summary>
    public static string ExistingOrText(SessionState session, string text)
    {
        try
        {
            string full = Resolve(session, text);
            return File.Exists(full) ? full : text;
        }
        catch (HarvestException)
        {
            return text;
        }
    }

    /// <summary>The full paths of the files that a pattern names, at least one.</summary>
    /// <exception cref="HarvestException">PathNotFound, NoFileMatches, PathNotFileSystem, PathUnresolved.</exception>
    public static IReadOnlyList<string> Expand(SessionState session, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [ResolveFile(session, path)];
        }

        // A name with brackets that exists as it is written is meant as it is written: that is how it comes when
        // another command's output names it.
        string asWritten = Resolve(session, path);
        if (File.Exists(asWritten))
        {
            return [asWritten];
        }

        try
        {
            string[] files = [.. session.Path.GetResolvedProviderPathFromPSPath(path, out _).Where(File.Exists)];
            Array.Sort(files, StringComparer.Ordinal);
            return files.Length > 0 ? files : throw CommandErrors.NoFileMatches(path);
        }
        catch (ItemNotFoundException)
        {
            throw CommandErrors.NoFileMatches(path);
        }
        catch (Exception fault) when (fault is not (PipelineStoppedException or HarvestException))
        {
            throw CommandErrors.PathUnresolved(path, fault);
        }
    }

    /// <summary>The full path of one file that exists.</summary>
    /// <exception cref="HarvestException">PathNotFound, PathIsFolder, PathNotFileSystem, PathUnresolved.</exception>
    public static string ResolveFile(SessionState session, string path)
    {
        string full = Resolve(session, path);
        if (File.Exists(full))
        {
            return full;
        }

        throw Directory.Exists(full) ? CommandErrors.PathIsFolder(full) : CommandErrors.PathNotFound(full);
    }
}
