using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Remotes;

/// <summary>What a push relies on while it runs.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Begun">When the push began.</param>
/// <param name="Expires">When it counts no more, by the clock of its machine.</param>
/// <param name="Objects">Hashes of objects, and keys of tables.</param>
internal sealed record RemoteLease(string Path, Timestamp Begun, Timestamp Expires, IReadOnlyCollection<string> Objects);

/// <summary>
/// Leases, one file each in <c>leases/</c>. A push that is killed leaves one, which keeps what it names until it is over.
/// </summary>
internal static class RemoteLeases
{
    public const string Folder = "leases/";

    private const string Kind = "lease";

    /// <summary>A name that nobody else has.</summary>
    public static string NewPath() => $"{Folder}{RandomNumberGenerator.GetHexString(24, lowercase: true)}.json";

    public static void Put(IRemoteFiles files, RemoteLease lease, CancellationToken cancellation) => files.Replace(
        lease.Path,
        RemoteNote.Of(lease.Path, new JsonObject
        {
            [Kind] = 1,
            ["begun_at"] = lease.Begun.Text,
            ["expires_at"] = lease.Expires.Text,
            ["objects"] = RemoteNote.ListOf(lease.Objects),
        }),
        cancellation);

    /// <summary>Those that count, and the files of those that count no more.</summary>
    /// <param name="files">The remote.</param>
    /// <param name="now">The present time.</param>
    /// <param name="expired">Receives the files of those that are over.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">RemoteNoteUnreadable.</exception>
    public static IReadOnlyList<RemoteLease> Of(IRemoteFiles files, DateTimeOffset now, out IReadOnlyList<string> expired, CancellationToken cancellation)
    {
        ILookup<bool, RemoteLease> all = RemoteNote.All(files, Folder, (path, bytes) => Read(files, path, bytes), cancellation)
            .ToLookup(lease => now < lease.Expires.Instant + RemoteTimes.Slack);
        expired = [.. all[false].Select(static lease => lease.Path)];
        return [.. all[true]];
    }

    private static RemoteLease Read(IRemoteFiles files, string path, byte[] bytes)
    {
        try
        {
            return RemoteNote.Parse(bytes, path, Kind, reader => new RemoteLease(
                path,
                reader.Time("begun_at") ?? default,
                reader.Time("expires_at") ?? throw reader.Invalid("expires_at", "is missing", "Delete the file."),
                reader.Sha256List("objects")));
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.InvalidData or HarvestFault.Damaged)
        {
            throw RemoteErrors.RemoteNoteUnreadable(files.Name, path, fault.Message.TrimEnd('.'));
        }
    }
}
