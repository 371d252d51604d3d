namespace HarvestTools.Files;

/// <summary>What was found in place of a file or folder that is gone.</summary>
/// <param name="Path">Full path.</param>
/// <param name="OtherLineEnds">Whether its bytes are other ones, and its texts the same but for their line ends.</param>
internal readonly record struct FoundTree(string Path, bool OtherLineEnds);

/// <summary>
/// Looks for a file or folder that is no longer where it was, by its hash: beside the place and beside every folder above it, under
/// any name, and below the root under its own name. The search is bounded, since it is made each time that somebody asks.
/// </summary>
/// <param name="root">Full path of the folder beyond which nothing is looked for.</param>
/// <param name="skip">Full paths of folders to stay out of.</param>
/// <param name="ignoreLineEnds">Take a text with the line ends of another system for the same.</param>
internal sealed class RenamedTree(string root, IReadOnlyCollection<string> skip, bool ignoreLineEnds)
{
    private const int MostNames = 20_000;

    /// <summary>Bytes that are hashed of what has another name; what has the same one is as large as what is looked for.</summary>
    public long MostBytes { get; init; } = 1L << 30;

    /// <param name="path">Full path of what is gone.</param>
    /// <param name="recorded">Its hash.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <returns>Null where it is not found.</returns>
    public FoundTree? Find(string path, string recorded, CancellationToken cancellation)
    {
        string name = Path.GetFileName(path);
        long left = MostBytes;

        // Of the same bytes in several places the same one is found again and again: each step goes by names.
        foreach (string candidate in Named(name).OrderBy(static found => found.Length).ThenBy(static found => found, StringComparer.Ordinal))
        {
            if (Matches(candidate, recorded, cancellation) is { } found)
            {
                return found;
            }
        }

        for (string? folder = Path.GetDirectoryName(path); folder is not null && (folder == root || RealPath.IsInside(root, folder)); folder = Path.GetDirectoryName(folder))
        {
            foreach (string candidate in NamesIn(folder, recurse: false).Where(other => Path.GetFileName(other) != name).Order(StringComparer.Ordinal))
            {
                if (SizeOf(candidate, left) is { } size)
                {
                    left -= size;
                    if (Matches(candidate, recorded, cancellation) is { } found)
                    {
                        return found;
                    }
                }
            }
        }

        return null;
    }

    private IEnumerable<string> Named(string name) => NamesIn(root, recurse: true).Where(other => Path.GetFileName(other) == name);

    /// <summary>Files and folders; a link is neither, and what cannot be listed has none.</summary>
    private List<string> NamesIn(string folder, bool recurse)
    {
        var names = new List<string>();
        try
        {
            foreach (FoundName found in StoreWalk.Of(folder, recurse, enter: below => !IsSkipped(below)).Take(MostNames))
            {
                if (found.Kind is FileKind.Regular or FileKind.Folder && !IsSkipped(found.Path))
                {
                    names.Add(found.Path);
                }
            }
        }
        catch (HarvestException)
        {
            // What was met so far is looked at.
        }

        return names;
    }

    private bool IsSkipped(string path) => Path.GetFileName(path) == ".git" || skip.Contains(path);

    /// <summary>The size of a file or of a folder's files; null where it is more than that, or cannot be known.</summary>
    private static long? SizeOf(string path, long most)
    {
        try
        {
            long size = 0;
            int files = 0;
            foreach (string file in Directory.Exists(path) ? TreeHash.FilesOf(path) : [path])
            {
                size += new FileInfo(file).Length;
                if (size > most || ++files > MostNames)
                {
                    return null;
                }
            }

            return size;
        }
        catch (Exception exception) when (exception is HarvestException || FileErrors.IsFileFault(exception))
        {
            return null;
        }
    }

    private FoundTree? Matches(string path, string recorded, CancellationToken cancellation)
    {
        try
        {
            return TreeHash.TryCompute(path, cancellation) == recorded ? new FoundTree(path, OtherLineEnds: false)
                : ignoreLineEnds && TreeHash.IsSameText(path, recorded, cancellation) ? new FoundTree(path, OtherLineEnds: true)
                : null;
        }
        catch (HarvestException)
        {
            // A link or what cannot be read is not what was recorded.
            return null;
        }
    }
}
