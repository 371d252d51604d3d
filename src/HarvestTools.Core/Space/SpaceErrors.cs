using HarvestTools.Strings;

namespace HarvestTools.Space;

/// <summary>The errors of looking what is reachable; each factory's name is the error's id.</summary>
internal static class SpaceErrors
{
    public static HarvestException ReachUnknown(string path, string why, Remedy fix) => new(
        nameof(ReachUnknown),
        HarvestFault.InvalidData,
        $"What '{path}' needs is not known, so that nothing is removed: {why.TrimEnd('.')}.",
        $"{fix} Or delete the branch or tag that has it.",
        path);

    /// <summary>A registration in an archive that is not as it was written.</summary>
    public static HarvestException RegistrationUnreadable(string path, string why) => new(
        nameof(RegistrationUnreadable),
        HarvestFault.InvalidData,
        $"What a repository needs of the archive is not known, so that nothing is removed: its file '{path}' cannot be read: {why.TrimEnd('.')}.",
        $"Making a slice in that repository with {new RemedyAction.NewSlice()} writes it again. If that repository is gone for good, delete the file.",
        path);

    public static HarvestException ReleaseRefused(string version, string why) => new(
        nameof(ReleaseRefused),
        HarvestFault.Usage,
        $"The exports of slice {version} are not let go: {why}.",
        "Name only slices that no model was trained on and no tag of git names.",
        version);

    public static HarvestException ReleaseNeedsRemote(string version) => new(
        nameof(ReleaseNeedsRemote),
        HarvestFault.Usage,
        $"The exports of slice {version} are removed only once a remote has them, and none is set.",
        $"Name a remote in harvest.json, and run {new RemedyAction.PushSlices()}.",
        version);

    /// <summary>A repository that could not say all that it needs.</summary>
    public static HarvestException RemoteReachUnknown(string remote, string address, string name, string id, string why) => new(
        nameof(RemoteReachUnknown),
        HarvestFault.InvalidData,
        $"What the repository '{name}' ({id}) needs of the remote {address} is not known, so that nothing is removed: {why}.",
        $"Run {new RemedyAction.PushSlices()} in that repository, and do what it says. If that repository is gone for good, run {new RemedyAction.CollectRemote(remote, id)}.",
        id);

    public static HarvestException RemoteGcRunning(string remote, string by, string until, string path) => new(
        nameof(RemoteGcRunning),
        HarvestFault.Remote,
        $"{by} is removing what nothing needs from the remote {remote}, and only one may at a time.",
        $"Run the command again once that has ended. Where it was stopped, its file '{path}' counts no longer from {until} on.",
        remote);

    public static HarvestException RemoteGcLapsed(string remote) => new(
        nameof(RemoteGcLapsed),
        HarvestFault.Remote,
        $"The removal from the remote {remote} was held up for so long that others may take it for stopped. It ended; what it removed by then is removed.",
        "Run the command again.",
        remote);

    public static HarvestException RemoteGcNeedsExclusive(string remote, string address) => new(
        nameof(RemoteGcNeedsExclusive),
        HarvestFault.Usage,
        $"The remote {address} cannot refuse to write over what is there, so that somebody who pushes at the same time could lose something.",
        $"Have nobody else work there, and run {new RemedyAction.CollectRemote(remote) { Exclusive = true }}.",
        address);

    public static HarvestException RegisteredRepositoryUnknown(string remote, string id, IReadOnlyCollection<string> known) => new(
        nameof(RegisteredRepositoryUnknown),
        HarvestFault.Usage,
        $"No other repository '{id}' is registered in the remote {remote}." + NearestName.Question(id, known),
        known.Count == 0 ? "No other is." : $"Registered are {Figures.List([.. known])}.",
        id);

    public static HarvestException SharingRepositoryUnknown(string archive, string root, IReadOnlyCollection<string> known) => new(
        nameof(SharingRepositoryUnknown),
        HarvestFault.Usage,
        $"No other repository in '{root}' uses the archive '{archive}'." + NearestName.Question(root, known),
        known.Count == 0 ? "No other repository uses it." : $"Others that use it are in {Figures.List([.. known.Select(static one => $"'{one}'")])}.",
        root);
}
