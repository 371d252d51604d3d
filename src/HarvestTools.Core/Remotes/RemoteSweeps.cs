using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Remotes;

/// <summary>A removal that is under way.</summary>
/// <param name="Path">Its file.</param>
/// <param name="By">Whose it is, for people.</param>
/// <param name="Expires">Until when it says so, by the clock of its machine.</param>
/// <param name="Objects">What it may remove; nothing else.</param>
internal sealed record RemoteSweep(string Path, string By, Timestamp Expires, IReadOnlySet<string> Objects);

/// <summary>
/// Removals that are under way, one file each in <c>gc/sweeps/</c>, under a name that only its own process writes. Whoever removes
/// something writes its file, then looks whether it is alone, then reads leases and registry; a push writes those, then looks here. So one
/// of two always sees the other, whatever order the store gave them.
/// </summary>
/// <remarks>A file of one name, taken over when it is over, would need a store that compares and writes in one step: else two take it over.</remarks>
internal static class RemoteSweeps
{
    public const string Folder = "gc/sweeps/";

    private const string Kind = "sweep";

    public static string NewPath() => $"{Folder}{RandomNumberGenerator.GetHexString(24, lowercase: true)}.json";

    public static void Put(IRemoteFiles files, RemoteSweep sweep, CancellationToken cancellation) => files.Replace(
        sweep.Path,
        RemoteNote.Of(sweep.Path, new JsonObject
        {
            [Kind] = 1,
            ["by"] = sweep.By,
            ["expires_at"] = sweep.Expires.Text,
            ["objects"] = RemoteNote.ListOf(sweep.Objects),
        }),
        cancellation);

    /// <summary>Those that count.</summary>
    /// <param name="files">The remote.</param>
    /// <param name="now">The present time.</param>
    /// <param name="expired">Receives the files of those that are over.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">RemoteNoteUnreadable.</exception>
    public static IReadOnlyList<RemoteSweep> Of(IRemoteFiles files, DateTimeOffset now, out IReadOnlyList<string> expired, CancellationToken cancellation)
    {
        ILookup<bool, RemoteSweep> all = RemoteNote.All(files, Folder, (path, bytes) => Read(files, path, bytes), cancellation)
            .ToLookup(sweep => now < sweep.Expires.Instant + RemoteTimes.Slack);
        expired = [.. all[false].Select(static sweep => sweep.Path)];
        return [.. all[true]];
    }

    private static RemoteSweep Read(IRemoteFiles files, string path, byte[] bytes)
    {
        try
        {
            return RemoteNote.Parse(bytes, path, Kind, reader => new RemoteSweep(
                path,
                PlainText.OneLine(reader.RequiredText("by")),
                reader.Time("expires_at") ?? throw reader.Invalid("expires_at", "is missing", "Delete the file."),
                reader.Sha256List("objects").ToHashSet(StringComparer.Ordinal)));
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.InvalidData or HarvestFault.Damaged)
        {
            throw RemoteErrors.RemoteNoteUnreadable(files.Name, path, fault.Message.TrimEnd('.'));
        }
    }
}
