using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Remotes;

/// <summary>A file that nothing needed when it was looked at.</summary>
/// <param name="Since">When that was first so.</param>
/// <param name="Bytes">Its size then.</param>
/// <param name="Tag">What the store said of it then.</param>
internal sealed record RemoteCandidate(Timestamp Since, long Bytes, string? Tag)
{
    /// <summary>Whether it is still the same file.</summary>
    public bool IsOf(RemoteFile file) => new RemoteFile(file.Path, Bytes) { Tag = Tag }.IsSame(file);
}

/// <summary>
/// <c>gc/candidates.json</c>: what nothing needed, with what was seen of each file, so that it is removed only once it was so for long. Only
/// who removes writes it, one at a time. One that is damaged says nothing, and the time begins again.
/// </summary>
internal static class RemoteCandidates
{
    public const string Path = "gc/candidates.json";

    private const string Kind = "candidates";

    /// <summary>All of them, by path.</summary>
    public static IReadOnlyDictionary<string, RemoteCandidate> Of(IRemoteFiles files, CancellationToken cancellation)
    {
        if (RemoteNote.TryRead(files, Path, cancellation) is not { } bytes)
        {
            return new Dictionary<string, RemoteCandidate>(StringComparer.Ordinal);
        }

        try
        {
            return RemoteNote.Parse(bytes, Path, Kind, static reader => reader
                .List("files", static file => (Path: file.RequiredText("path"), Candidate: new RemoteCandidate(
                    file.Time("since") ?? throw file.Invalid("since", "is missing", "Delete the file."), file.Integer("bytes") ?? 0, file.Text("tag"))))
                .ToDictionary(static one => one.Path, static one => one.Candidate, StringComparer.Ordinal));
        }
        catch (Exception fault) when (fault is ArgumentException or HarvestException { Fault: HarvestFault.InvalidData or HarvestFault.Damaged })
        {
            return new Dictionary<string, RemoteCandidate>(StringComparer.Ordinal);
        }
    }

    public static void Put(IRemoteFiles files, IEnumerable<KeyValuePair<string, RemoteCandidate>> candidates, CancellationToken cancellation) => files.Replace(
        Path,
        RemoteNote.Of(Path, new JsonObject
        {
            [Kind] = 1,
            ["files"] = new JsonArray([.. candidates.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => new JsonObject
            {
                ["path"] = one.Key,
                ["since"] = one.Value.Since.Text,
                ["bytes"] = one.Value.Bytes,
                ["tag"] = one.Value.Tag,
            })]),
        }),
        cancellation);
}
