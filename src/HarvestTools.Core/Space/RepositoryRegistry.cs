using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Space;

/// <summary>A repository that keeps its exports in an archive.</summary>
/// <param name="Root">Full path of its folder.</param>
/// <param name="DeclaredAt">When it said last what it needs.</param>
/// <param name="Objects">What it needed then.</param>
/// <param name="Path">The file that says so.</param>
internal sealed record RegisteredRepository(string Root, Timestamp DeclaredAt, IReadOnlyList<string> Objects, string Path);

/// <summary>
/// The repositories that share an archive, one file each in <c>repositories/</c> of its folder, so that two of them never write the same
/// file. Each has what its repository needed when it was asked last: one on a disk that is not mounted keeps that.
/// </summary>
/// <param name="archive">The archive.</param>
internal sealed class RepositoryRegistry(ExportArchive archive)
{
    public const string FolderName = "repositories";

    /// <summary>Full path of the folder; it need not exist.</summary>
    public string Folder { get; } = Path.Combine(archive.Folder, FolderName);

    /// <summary>Says that a repository uses the archive; costs one look where it said so before. Else its slices are read once.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="HarvestException">The archive cannot be written.</exception>
    public void Enter(Repository repository, DateTimeOffset now)
    {
        if (!File.Exists(PathOf(repository)))
        {
            Declare(repository, OfSlices(repository), now);
        }
    }

    /// <summary>The same for a command that only reads: an archive that it cannot write is none that loses anything by its own commands.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="now">The present time.</param>
    public void TryEnter(Repository repository, DateTimeOffset now)
    {
        try
        {
            Enter(repository, now);
        }
        catch (HarvestException)
        {
            // The next command that archives something says what is wrong with it.
        }
    }

    /// <summary>Says what a repository needs, in the place of what it said before.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="objects">Hashes.</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="HarvestException">The archive cannot be written.</exception>
    public void Declare(Repository repository, IEnumerable<string> objects, DateTimeOffset now)
    {
        string path = PathOf(repository);
        FileKinds.RequireStoredFolder(Folder, "write");
        FileKinds.RequireStored(path, "write");
        DurableFolder.Ensure(Folder);
        AtomicFile.WriteAllBytes(path, ReadableJson.ToUtf8(
            RecordSeal.Seal(new JsonObject
            {
                ["path"] = NameOf(repository),
                ["declared_at"] = Timestamp.From(now).Text,
                ["objects"] = new JsonArray([.. objects.Order(StringComparer.Ordinal).Select(static hash => JsonValue.Create(hash))]),
            }),
            inlineUpTo: 1));
    }

    /// <summary>Adds to what a repository needs, without a look at all of its slices.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="objects">Hashes.</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="HarvestException">The archive cannot be read or written.</exception>
    public void Add(Repository repository, IReadOnlyCollection<string> objects, DateTimeOffset now)
    {
        // Of one file two commands of the same repository would lose one of two additions.
        using FileLock exclusive = archive.LockRegistry();
        IReadOnlyList<string> before;
        try
        {
            before = File.Exists(PathOf(repository)) ? Read(PathOf(repository)).Objects : [];
        }
        catch (HarvestException damaged) when (damaged.ErrorId == nameof(SpaceErrors.RegistrationUnreadable))
        {
            // The repository is here to say it again.
            before = OfSlices(repository);
            Declare(repository, before, now);
        }

        if (before.Count == 0 || objects.Any(hash => !before.Contains(hash, StringComparer.Ordinal)))
        {
            Declare(repository, before.Union(objects, StringComparer.Ordinal), now);
        }
    }

    /// <summary>Takes a repository out that does not use the archive any more.</summary>
    /// <exception cref="HarvestException">The archive cannot be written.</exception>
    public static void Forget(RegisteredRepository one)
    {
        try
        {
            FileAccessBits.ClearForReplacement(one.Path);
            FileFaults.Before(FileCall.Delete, one.Path);
            File.Delete(one.Path);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, one.Path, "remove");
        }
    }

    /// <summary>All others than one that asks, by path.</summary>
    /// <param name="own">The repository that asks, which knows better than its file what it needs.</param>
    /// <exception cref="HarvestException">RegistrationUnreadable: what one keeps is not known then.</exception>
    public IReadOnlyList<RegisteredRepository> Others(Repository own) =>
    [
        .. Registrations().Where(path => path != PathOf(own)).Select(Read).Where(other => other.Root != own.Root).OrderBy(static one => one.Root, StringComparer.Ordinal),
    ];

    /// <summary>Why files are not as they were written.</summary>
    public IEnumerable<HarvestException> Faults()
    {
        foreach (string path in Registrations())
        {
            HarvestException? fault = null;
            try
            {
                _ = Read(path);
            }
            catch (HarvestException damaged)
            {
                fault = damaged;
            }

            if (fault is not null)
            {
                yield return fault;
            }
        }
    }

    /// <summary>The file of a repository is named by a hash of its path: any path can be one, and none is too long.</summary>
    public string PathOf(Repository repository) =>
        Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(NameOf(repository))))[..16] + ".json");

    /// <summary>A repository that has its archive inside it is named from there: one that was moved or copied with it is still the same.</summary>
    private string NameOf(Repository repository) => RealPath.IsInside(repository.Root, archive.Folder)
        ? Path.GetRelativePath(archive.Folder, repository.Root).Replace(Path.DirectorySeparatorChar, '/')
        : repository.Root;

    private IEnumerable<string> Registrations() => StoreWalk.Of(Folder, recurse: false)
        .Where(static found => found.Kind == FileKind.Regular && Path.GetExtension(found.Name) == ".json" && !PendingFile.IsOwn(found.Name))
        .Select(static found => found.Path);

    private static IReadOnlyList<string> OfSlices(Repository repository) =>
        [.. SliceObjects.Of(repository, repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()).Select(static one => one.Sha256)];

    private RegisteredRepository Read(string path)
    {
        try
        {
            JsonFileText file = JsonFileText.LoadStored(path);
            JsonObject json = file.ParseObject();

            // A flipped bit in a hash, or in a member's name, would have what this repository needs removed by another one.
            SealState seal = RecordSeal.Open(json);
            var reader = new ObjectReader(file, json);
            return seal != SealState.Wrong
                ? new RegisteredRepository(
                    Path.GetFullPath(reader.RequiredText("path"), archive.Folder), reader.Time("declared_at") ?? Timestamp.From(DateTimeOffset.UnixEpoch), reader.Sha256List("objects"), path)
                : throw reader.Invalid(RecordSeal.Member, "is not the digest of what else it says: it is not as it was written", "Have it written again.");
        }
        catch (Exception fault) when (fault is ArgumentException or HarvestException { Fault: HarvestFault.InvalidData or HarvestFault.Damaged })
        {
            throw SpaceErrors.RegistrationUnreadable(path, fault.Message);
        }
    }
}
