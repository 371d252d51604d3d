using System.IO.Enumeration;

namespace HarvestTools.Files;

/// <summary>A name that a walk met.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Kind">What it is; a link is a link, wherever it leads.</param>
internal readonly record struct FoundName(string Path, FileKind Kind)
{
    /// <summary>The last part of its path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);
}

/// <summary>Walks folders without following a link: what one leads to is not below the folder, and may have no end.</summary>
internal static class StoreWalk
{
    /// <summary>What is in a folder, in the order in which the system gives it; nothing where the folder is none or is a link.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="recurse">Also what is in the folders below it.</param>
    /// <param name="enter">Whether to go into a folder; null for all.</param>
    /// <exception cref="HarvestException">It cannot be listed.</exception>
    public static IEnumerable<FoundName> Of(string folder, bool recurse, Func<string, bool>? enter = null)
    {
        if (FileKinds.Of(folder) != FileKind.Folder)
        {
            yield break;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = recurse, AttributesToSkip = 0, IgnoreInaccessible = false };
        using IEnumerator<string> paths = Try(folder, () => new FileSystemEnumerable<string>(folder, static (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => MayEnter(ref entry) && enter?.Invoke(entry.ToFullPath()) != false,
        }.GetEnumerator());
        while (Try(folder, paths.MoveNext))
        {
            yield return new FoundName(paths.Current, FileKinds.Of(paths.Current));
        }
    }

    /// <summary>The regular files of a folder and of all below it.</summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="HarvestException">It cannot be listed.</exception>
    public static IEnumerable<string> FilesOf(string folder) =>
        Of(folder, recurse: true).Where(static found => found.Kind == FileKind.Regular).Select(static found => found.Path);

    // Folders of a cloud drive have the mark of a link without being one.
    private static bool MayEnter(ref FileSystemEntry entry) =>
        !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || FileKinds.Of(entry.ToFullPath()) == FileKind.Folder;

    private static T Try<T>(string folder, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "list");
        }
    }
}
