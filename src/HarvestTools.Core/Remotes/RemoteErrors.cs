using HarvestTools.Strings;

namespace HarvestTools.Remotes;

/// <summary>Errors of remotes. None ever has a credential in it: what a server says is not repeated where it may.</summary>
internal static class RemoteErrors
{
    public static HarvestException RemoteUnavailable(string remote, string what, string trouble, int attempts, Exception? inner = null) => new(
        nameof(RemoteUnavailable), HarvestFault.Remote,
        $"The remote {remote} did not answer {(attempts == 1 ? "at the first attempt" : $"in {Figures.Count(attempts, "attempt")}")} ({what}): {trouble}.",
        "Check the network and the remote's address in harvest.json, then run the command again: what was moved already is not moved again.", remote, inner);

    public static HarvestException RemoteDenied(string remote, string what, string why, Exception? inner = null) => new(
        nameof(RemoteDenied), HarvestFault.Remote,
        $"The remote {remote} refused access ({what}): {why}.",
        "Check the credentials that this shell has (environment variables, profile or role) and what they may do there.", remote, inner);

    public static HarvestException RemoteNotThere(string remote, string what, Exception? inner = null) => new(
        nameof(RemoteNotThere), HarvestFault.Remote,
        $"The remote {remote} does not exist: {what}.",
        "Check its address in harvest.json, or make the folder or bucket first.", remote, inner);

    public static HarvestException RemoteClockDiffers(string remote, Exception? inner = null) => new(
        nameof(RemoteClockDiffers), HarvestFault.Remote,
        $"The remote {remote} refused the request, since this machine's clock differs too much from its own.",
        "Set this machine's clock, and run the command again.", remote, inner);

    public static HarvestException RemoteRefused(string remote, string what, string why, Exception? inner = null) => new(
        nameof(RemoteRefused), HarvestFault.Remote,
        $"The remote {remote} refused the request ({what}): {why}.",
        "Check the remote's settings in harvest.json.", remote, inner);

    public static HarvestException RemoteLayoutUnknown(string remote, string file) => new(
        nameof(RemoteLayoutUnknown), HarvestFault.Remote,
        $"The remote {remote} has a layout that this release does not know, as its file '{file}' says.",
        $"Update HarvestTools, or set another folder of the remote in harvest.json. If a look into '{file}' shows that it is damaged, delete it: the next push writes it again.", remote);

    public static HarvestException RemoteFileGone(string remote, string path) => new(
        nameof(RemoteFileGone), HarvestFault.Remote,
        $"'{path}' was removed from the remote {remote} while it was read.",
        "Run the command again.", path);

    /// <summary>A patch whose anchor the remote has not.</summary>
    public static HarvestException RemoteAnchorMissing(string remote, string sha256, string anchor) => new(
        nameof(RemoteAnchorMissing), HarvestFault.Damaged,
        $"The remote {remote} has the export {sha256} as a patch against {anchor}, which it has not.",
        $"Run {new RemedyAction.PushSlices(Deep: true)} on a machine that has both.", sha256);

    public static HarvestException UploadDamaged(string name, string expected, string actual) => new(
        nameof(UploadDamaged), HarvestFault.Damaged,
        $"'{name}' is damaged: its bytes have SHA-256 {actual} instead of {expected}, and were not sent.",
        $"Run {new RemedyAction.RepairArchive()}.", name);

    private static RemedyAction.EditSetting SetOne => new("remotes", "{ \"origin\": \"s3://bucket/prefix\" }");

    public static HarvestException RemoteUnknown(string name, IReadOnlyCollection<string> known) => new(
        nameof(RemoteUnknown), HarvestFault.Usage,
        $"There is no remote '{name}'." + NearestName.Question(name, known),
        known.Count == 0
            ? (Remedy)$"{SetOne}, with the folder or bucket that is meant."
            : (Remedy)$"The remotes of harvest.json are {Figures.List([.. known])}.", name);

    public static HarvestException NoRemote() => new(
        nameof(NoRemote), HarvestFault.Usage,
        "This repository has no remote.",
        $"{SetOne}, with a folder that others see too, or a bucket.");

    public static HarvestException RemoteAmbiguous(IReadOnlyCollection<string> known) => new(
        nameof(RemoteAmbiguous), HarvestFault.Usage,
        $"This repository has several remotes and none is named origin: {Figures.List([.. known])}.",
        "Name one with the command, or as \"remote\" in harvest.local.json.");

    public static HarvestException RemoteOffline(string remote) => new(
        nameof(RemoteOffline), HarvestFault.Usage,
        $"The remote {remote} may not be asked: the command is to work offline.",
        "Run the command again without its offline option, and without HARVEST_OFFLINE in the environment.", remote);

    public static HarvestException RemoteToolMissing(string tool, string remote) => new(
        nameof(RemoteToolMissing), HarvestFault.Remote,
        $"The remote {remote} needs the program {tool}, which was not found.",
        $"Install {tool} and have it on the path.", tool);

    public static HarvestException RemoteRegistryUnreadable(string remote, string path, string id, string why) => new(
        nameof(RemoteRegistryUnreadable), HarvestFault.InvalidData,
        $"What a repository needs of the remote {remote} is not known, so that nothing is removed: its file '{path}' there cannot be read: {why}.",
        $"Where a later release wrote it, update HarvestTools. Else run {new RemedyAction.PushSlices()} in that repository, which writes it again. If that repository is gone for good, run {new RemedyAction.CollectRemote(null, id)}.", path);

    public static HarvestException RemoteNoteUnreadable(string remote, string path, string why) => new(
        nameof(RemoteNoteUnreadable), HarvestFault.InvalidData,
        $"The file '{path}' of the remote {remote}, in which a command says what it is doing there, cannot be read: {why}.",
        "Where a later release wrote it, update HarvestTools. Else wait until nobody pushes to that remote and nobody removes anything there, delete the file, and run the command again.", path);

    public static HarvestException RemoteSweepWaited(string remote, string by, string path) => new(
        nameof(RemoteSweepWaited), HarvestFault.Remote,
        $"The remote {remote} is having objects removed by {by} for hours, some of which are needed now.",
        $"Run the command again once that has ended, or half an hour after it was stopped: its file '{path}' counts no longer then.", remote);
}
