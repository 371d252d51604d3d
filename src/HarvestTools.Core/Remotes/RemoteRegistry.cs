using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Remotes;

/// <summary>What a repository needs of a remote, as it said last.</summary>
/// <param name="Id">Its id, which is its file's name too.</param>
/// <param name="Name">For people: its folder and machine.</param>
/// <param name="DeclaredAt">When it said so.</param>
/// <param name="Objects">Hashes of objects, and keys of slices.</param>
internal sealed record RegisteredAtRemote(string Id, string Name, Timestamp DeclaredAt, IReadOnlyCollection<string> Objects)
{
    /// <summary>Lists of media, by hash. What they name is needed too, and is read from the list: it may be millions.</summary>
    public IReadOnlyCollection<string> MediaLists { get; init; } = [];

    /// <summary>Tables that it pushed: the keys of parts, by the key of the slice.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tables { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Id of the error for which it could not say all that it needs; null where it could.</summary>
    public string? Incomplete { get; init; }

    /// <summary>Whether another one needs the same, whenever it said so.</summary>
    public bool SaysTheSameAs(RegisteredAtRemote other) => Name == other.Name && Incomplete == other.Incomplete && IsSame(Objects, other.Objects) && IsSame(MediaLists, other.MediaLists)
        && Tables.Count == other.Tables.Count && Tables.All(pair => other.Tables.TryGetValue(pair.Key, out IReadOnlyList<string>? parts) && IsSame(pair.Value, parts));

    private static bool IsSame(IReadOnlyCollection<string> one, IReadOnlyCollection<string> other) => one.ToHashSet(StringComparer.Ordinal).SetEquals(other);
}

/// <summary>
/// The repositories that put something into a remote, one file each in <c>registry/</c>. A push says what its repository needs before it
/// relies on anything that is there; a repository that never comes back keeps what it said last.
/// </summary>
internal static class RemoteRegistry
{
    public const string Folder = "registry/";

    private const string Kind = "registry";
    private const string Suffix = ".json";

    public static string PathOf(string id) => Folder + id + Suffix;

    /// <summary>All of them.</summary>
    /// <param name="files">The remote.</param>
    /// <param name="except">Ids of those that are not asked, whose files may be damaged.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">RemoteRegistryUnreadable: what one needs is not known.</exception>
    public static IReadOnlyList<RegisteredAtRemote> All(IRemoteFiles files, IReadOnlyCollection<string> except, CancellationToken cancellation) =>
    [
        .. RemoteNote.All<RegisteredAtRemote?>(
            files, Folder, (path, bytes) => except.Contains(IdOf(path)) ? null : Read(files, path, bytes), cancellation).OfType<RegisteredAtRemote>(),
    ];

    /// <summary>What one said last; null where it said nothing, or its file is damaged: it is about to be written again.</summary>
    /// <exception cref="HarvestException">RemoteRegistryUnreadable: a later release wrote it.</exception>
    public static RegisteredAtRemote? TryFind(IRemoteFiles files, string id, CancellationToken cancellation)
    {
        if (RemoteNote.TryRead(files, PathOf(id), cancellation) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Read(files, PathOf(id), bytes);
        }
        catch (HarvestException unread) when (unread.ErrorId == nameof(RemoteErrors.RemoteRegistryUnreadable) && !IsOfLaterRelease(bytes))
        {
            return null;
        }
    }

    /// <summary>Says what a repository needs, in the place of what it said before.</summary>
    public static void Declare(IRemoteFiles files, RegisteredAtRemote one, CancellationToken cancellation) => files.Replace(
        PathOf(one.Id),
        RemoteNote.Of(PathOf(one.Id), new JsonObject
        {
            [Kind] = 1,
            ["id"] = one.Id,
            ["name"] = one.Name,
            ["declared_at"] = one.DeclaredAt.Text,
            ["incomplete"] = one.Incomplete,
            ["objects"] = RemoteNote.ListOf(one.Objects),
            ["media_lists"] = RemoteNote.ListOf(one.MediaLists),
            ["tables"] = new JsonArray([.. one.Tables.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => new JsonObject { ["slice"] = pair.Key, ["parts"] = RemoteNote.ListOf(pair.Value) })]),
        }),
        cancellation);

    /// <summary>Takes one out that is gone for good; false where there is none.</summary>
    public static bool Forget(IRemoteFiles files, string id, CancellationToken cancellation) => files.Remove(PathOf(id), cancellation);

    public static string IdOf(string path) => path.EndsWith(Suffix, StringComparison.Ordinal) ? path[Folder.Length..^Suffix.Length] : path[Folder.Length..];

    private static RegisteredAtRemote Read(IRemoteFiles files, string path, byte[] bytes)
    {
        try
        {
            RegisteredAtRemote one = RemoteNote.Parse(bytes, path, Kind, static reader => new RegisteredAtRemote(
                reader.RequiredText("id"), PlainText.OneLine(reader.RequiredText("name")), reader.Time("declared_at") ?? Timestamp.From(DateTimeOffset.UnixEpoch), reader.Sha256List("objects"))
            {
                Incomplete = reader.Text("incomplete"),
                MediaLists = reader.Sha256List("media_lists"),
                Tables = reader.List("tables", static tables => (Slice: tables.RequiredSha256("slice"), Parts: tables.Sha256List("parts")))
                    .ToDictionary(static tables => tables.Slice, static tables => tables.Parts, StringComparer.Ordinal),
            });
            return path == PathOf(one.Id) ? one : throw RemoteErrors.RemoteRegistryUnreadable(files.Name, path, IdOf(path), "it has the id of another one");
        }
        catch (Exception fault) when (fault is ArgumentException || (fault is HarvestException { Fault: HarvestFault.InvalidData or HarvestFault.Damaged } own && own.ErrorId != nameof(RemoteErrors.RemoteRegistryUnreadable)))
        {
            throw RemoteErrors.RemoteRegistryUnreadable(files.Name, path, IdOf(path), fault.Message.TrimEnd('.'));
        }
    }

    private static bool IsOfLaterRelease(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes)?[Kind] is JsonValue version && version.TryGetValue(out long number) && number > 1;
        }
        catch (Exception damaged) when (damaged is System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
