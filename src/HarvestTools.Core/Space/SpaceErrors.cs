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
}
