using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>Errors of single things that were to be moved.</summary>
internal static class TransferErrors
{
    public static HarvestException ObjectNowhere(NeededObject one, string remote) => new(
        nameof(ObjectNowhere), HarvestFault.NotFound,
        $"Slice {one.Version} names the {one}, which is neither on this machine nor in the remote {remote}.",
        $"Push it from a machine that has it ({new RemedyAction.PushSlices(one.Version)}), or archive the file again with {new RemedyAction.AddExport()}.", one.Sha256);

    public static HarvestException NotInRemote(NeededObject one, string remote) => new(
        nameof(NotInRemote), HarvestFault.NotFound,
        $"Slice {one.Version} names the {one}, which is not in the remote {remote}.",
        $"Run {new RemedyAction.PushSlices(one.Version) { Media = one.Links is not null }} on a machine that has it.", one.Sha256);

    public static HarvestException LeaseLapsed(string remote) => new(
        nameof(LeaseLapsed), HarvestFault.Remote,
        $"The push to the remote {remote} was held up for more than a day, so that what it found there may have been removed meanwhile.",
        $"Run {new RemedyAction.PushSlices()} again: it moves what is missing and nothing else.", remote);

    /// <summary>Of something that the remote says was removed there since nothing needed it.</summary>
    public static HarvestException RemovedFromRemote(NeededObject one, string remote, string when) => new(
        nameof(RemovedFromRemote), HarvestFault.NotFound,
        $"Slice {one.Version} names the {one}, which was removed from the remote {remote} on {when}: no repository that is registered there needed it.",
        $"Run {new RemedyAction.PushSlices(one.Version) { Media = one.Links is not null }} on a machine that has it.", one.Sha256);
}
