using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Repositories;

namespace HarvestTools.Space;

/// <summary>
/// <c>.harvest/repository.json</c>: by which id remotes know a repository. A folder that was moved keeps it. One that was copied gets another:
/// two that say by turns what one id needs would each take away what the other said.
/// </summary>
internal static class RepositoryIdentity
{
    public const string FileName = "repository.json";

    /// <summary>Held while a repository says in a remote what it needs: two of its commands would undo each other's words.</summary>
    /// <exception cref="HarvestException">LockTimedOut.</exception>
    public static FileLock Lock(Repository repository, CancellationToken cancellation)
    {
        repository.EnsureIgnored();
        return FileLock.Acquire(Path.Combine(repository.LocksFolder, "remotes"), cancellation);
    }

    /// <summary>The id; null where the repository has none yet, or was copied.</summary>
    public static string? TryRead(Repository repository) =>
        ReadAt(PathIn(repository.Root)) is { } known && IsOwn(repository, known) ? known.Id : null;

    /// <summary>The id, which is made where there is none. The caller holds the lock.</summary>
    /// <exception cref="HarvestException">The folder cannot be written.</exception>
    public static string Require(Repository repository)
    {
        Known? known = ReadAt(PathIn(repository.Root));
        if (known is not null && known.Root == repository.Root && known.Machine == Environment.MachineName)
        {
            return known.Id;
        }

        string id = known is not null && IsOwn(repository, known) ? known.Id : RandomNumberGenerator.GetHexString(16, lowercase: true);
        string path = PathIn(repository.Root);
        FileKinds.RequireStored(path, "write");
        AtomicFile.WriteAllBytes(path, ReadableJson.ToUtf8(new JsonObject { ["id"] = id, ["path"] = repository.Root, ["machine"] = Environment.MachineName }));
        return id;
    }

    /// <summary>What others read of it: the folder's own name and the machine, and no path.</summary>
    public static string NameOf(Repository repository) => $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(repository.Root))} on {Environment.MachineName}";

    /// <summary>Moved within the machine counts as the same; what has the id there still, or is on another machine, may be a copy.</summary>
    private static bool IsOwn(Repository repository, Known known) => known.Machine == Environment.MachineName
        && (known.Root == repository.Root || ReadAt(PathIn(known.Root))?.Id != known.Id);

    private static string PathIn(string root) => Path.Combine(root, Repository.StoreName, FileName);

    /// <summary>Null where there is none, or one that cannot be understood: a new id only keeps more.</summary>
    private static Known? ReadAt(string path)
    {
        if (FileKinds.Of(path) != FileKind.Regular)
        {
            return null;
        }

        try
        {
            JsonFileText text = JsonFileText.LoadStored(path);
            var reader = new ObjectReader(text, text.ParseObject());
            string id = reader.RequiredText("id");
            return id.Length == 16 && id.All(char.IsAsciiHexDigitLower) ? new Known(id, reader.RequiredText("path"), reader.RequiredText("machine")) : null;
        }
        catch (HarvestException damaged) when (damaged.Fault is HarvestFault.InvalidData or HarvestFault.Damaged)
        {
            return null;
        }
    }

    private sealed record Known(string Id, string Root, string Machine);
}
