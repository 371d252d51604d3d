using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// What the remote has of the objects that slices need and this machine has not: asked for all of them at once, at the first question,
/// without bringing one.
/// </summary>
internal sealed class RemoteStates
{
    /// <summary>In the place of a hash where the remote has other bytes, whose hash it need not say.</summary>
    public const string OtherBytes = "other bytes";

    private readonly Lazy<IReadOnlyDictionary<string, RemoteState>> _states;

    private RemoteStates(Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, WorkContext context)
    {
        Name = remote.Files.Name;
        _states = new(() => CheckRemote
            .Look(remote, [.. SliceObjects.Of(repository, slices).Where(one => !repository.Archive.Local.Holds(one.Sha256))], deep: false, context)
            .ToDictionary(static one => one.Sha256, static one => one.State, StringComparer.Ordinal));
    }

    /// <summary>The remote's address.</summary>
    public string Name { get; }

    /// <summary>Null where there is no remote, or none may be asked.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slices">The slices that are checked.</param>
    /// <param name="context">Cancellation.</param>
    public static RemoteStates? TryOpen(Repository repository, IReadOnlyList<SliceManifest> slices, WorkContext context) =>
        repository.FetchRemote is { } remote ? new RemoteStates(repository, remote, slices, context) : null;

    /// <summary>The object's hash, as far as the remote says; null where it is not there.</summary>
    public string? HashOf(string sha256) => !_states.Value.TryGetValue(sha256, out RemoteState state) || state == RemoteState.Missing ? null
        : state == RemoteState.Damaged ? OtherBytes
        : sha256;
}
