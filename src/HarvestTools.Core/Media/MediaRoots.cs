using System.Collections.Concurrent;
using HarvestTools.Derivation.Fields;
using HarvestTools.Files;
using HarvestTools.Manifests;

namespace HarvestTools.Media;

/// <summary>Where a medium is on this machine, or would be.</summary>
/// <param name="Path">Full path; null where no root takes the link, or it may not be followed.</param>
/// <param name="Exists">Whether a regular file is there.</param>
/// <param name="Problem">Why there is none, after "it"; null where there is.</param>
internal readonly record struct MediaPlace(string? Path, bool Exists, string? Problem)
{
    /// <summary>Whether it was found by the name that an upload had before Label Studio gave it one.</summary>
    public bool ByOriginalName { get; init; }
}

/// <summary>
/// Finds the files that links of media lead to, by the roots of harvest.json and harvest.local.json: of the roots that a link begins
/// with the longest takes it. What is outside of its root's folder is never read, whatever links and <c>..</c> there are. Thread-safe.
/// </summary>
internal sealed class MediaRoots
{
    /// <summary>What is the matter with a link that no root takes.</summary>
    public const string NoRoot = "begins with none of the media roots";

    private readonly (string Link, string Folder, string? Real)[] _roots;
    private readonly string[] _own;
    private readonly ConcurrentDictionary<string, string?> _realFolders = new(StringComparer.Ordinal);

    /// <param name="roots">With full paths.</param>
    /// <param name="own">Full paths of the repository's own files and folders, which hold no media.</param>
    public MediaRoots(IEnumerable<MediaRoot> roots, IEnumerable<string>? own = null)
    {
        _own = [.. (own ?? []).Select(RealPath.Of).OfType<string>()];
        _roots =
        [
            .. roots.Select(static root => (Link: MediaLink.Forms(root.Link)[^1], Folder: Path.GetFullPath(root.Folder)))
                .Select(static root => (root.Link, root.Folder, RealPath.Of(root.Folder)))
                .OrderByDescending(static root => root.Link.Length),
        ];
    }

    /// <summary>Whether there is no root at all.</summary>
    public bool IsEmpty => _roots.Length == 0;

    /// <summary>The file that a link leads to; where there is none the path at which it would be looked for first.</summary>
    public MediaPlace Find(string link)
    {
        MediaPlace? first = null;
        foreach (string form in MediaLink.Forms(link))
        {
            foreach ((string beginning, string folder, string? real) in _roots)
            {
                if (RestOf(form, beginning) is not { } rest)
                {
                    continue;
                }

                foreach ((string name, bool original) in NamesOf(form, rest))
                {
                    MediaPlace place = Look(folder, real, name);
                    if (place.Exists)
                    {
                        return place with { ByOriginalName = original };
                    }

                    first ??= place;
                }

                // A shorter root is another folder, in which a file of that name would be another medium.
                break;
            }
        }

        return first ?? new MediaPlace(null, false, NoRoot);
    }

    /// <summary>What follows a root's beginning; null where the link is none of its.</summary>
    private static string? RestOf(string link, string beginning)
    {
        if (!link.StartsWith(beginning, StringComparison.Ordinal) || link.Length == beginning.Length)
        {
            return null;
        }

        // A beginning ends where a folder's name ends, also where it was written without the slash.
        bool ends = beginning.Length == 0 || beginning[^1] is '/' or '\\' or '=' || link[beginning.Length] is '/' or '\\';
        return ends ? link[beginning.Length..] : null;
    }

    /// <summary>What the file may be called below the root's folder: an upload also without the project's folder, and by the name that it had before.</summary>
    private static IEnumerable<(string Name, bool Original)> NamesOf(string link, string rest)
    {
        yield return (rest, false);
        string file = rest[(rest.LastIndexOf('/') + 1)..];
        if (link.Contains("/upload/", StringComparison.Ordinal) && LinkQuery.HasUploadPrefix(file))
        {
            yield return (file, false);
            yield return (file[LinkQuery.UploadPrefix..], true);
        }
    }

    private MediaPlace Look(string folder, string? realFolder, string name)
    {
        // Windows writes links with its own separator; elsewhere a name may have it, as nobody's frames do.
        string[] parts = [.. name.Split('/', '\\').Where(static part => part is not ("" or "."))];
        if (parts.Length == 0 || parts.Contains("..") || Array.Exists(parts, static part => part.Contains('\0', StringComparison.Ordinal)))
        {
            return new MediaPlace(null, false, "leads out of its root's folder");
        }

        if (OperatingSystem.IsWindows() && Array.Exists(parts, static part => part.Contains(':', StringComparison.Ordinal)))
        {
            return new MediaPlace(null, false, "has ':', which no file's name has on Windows");
        }

        string path = Path.Combine([folder, .. parts]);
        FileKind kind = FileKinds.Of(path);
        string? parent = _realFolders.GetOrAdd(Path.GetDirectoryName(path)!, static folder => RealPath.Of(folder));
        string? real = kind == FileKind.Link ? RealPath.Of(path) : parent is null ? null : Path.Combine(parent, parts[^1]);
        bool inside = real is not null && realFolder is not null && RealPath.IsInside(realFolder, real);
        if (kind is not (FileKind.None or FileKind.Regular) && !(kind == FileKind.Link && inside && FileKinds.Behind(path) == FileKind.Regular))
        {
            return new MediaPlace(null, false, $"is {FileKinds.Describe(kind, path)}");
        }

        // Also where nothing is yet: a pull would write through the link.
        if (!inside)
        {
            return new MediaPlace(null, false, "is reached by a link that leads out of its root's folder");
        }

        // Links are text of an export: they must not make a hook, settings or a slice of what a pull writes, nor a push send git's files.
        if (GitFolder.IsIn(Path.GetRelativePath(realFolder!, real!)) || Array.Exists(_own, own => IsAt(own, real!)))
        {
            return new MediaPlace(null, false, "leads to what git or the repository has for itself");
        }

        return kind == FileKind.None ? new MediaPlace(path, false, "is not there") : new MediaPlace(path, true, null);
    }

    private static bool IsAt(string own, string path) => RealPath.IsInside(own, path)
        // A Mac takes names of another case for the same, as Windows does.
        || (OperatingSystem.IsMacOS() && RealPath.IsInside(own.ToUpperInvariant(), path.ToUpperInvariant()));
}
