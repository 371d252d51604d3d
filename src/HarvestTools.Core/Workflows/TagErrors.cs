namespace HarvestTools.Workflows;

/// <summary>The errors of tagging a slice; each factory's name is the error's id.</summary>
internal static class TagErrors
{
    public static HarvestException GitMissing() => new(
        nameof(GitMissing), HarvestFault.FileSystem,
        "A tag is git's, and git is not installed here, or the repository is in no git checkout that has a commit.",
        "Install git and have it on the path, or commit harvest.json and the slices first.");

    public static HarvestException SliceNotCommitted(string version, string path) => new(
        nameof(SliceNotCommitted), HarvestFault.InvalidData,
        $"{path} is not in the commit that is checked out as it is now, so that a tag would name another slice {version}.",
        $"Commit it with 'git add {path}' and 'git commit', then tag it.", version);

    public static HarvestException TagTaken(string version, string tag) => new(
        nameof(TagTaken), HarvestFault.Usage,
        $"There is a tag {tag} already; what it names was shipped as slice {version}.",
        $"Leave it as it is; {new RemedyAction.CheckSlice(version)} says whether the slice is still what the tag has.", tag);

    public static HarvestException TaggedSliceGone(string version, string tag, string path) => new(
        nameof(TaggedSliceGone), HarvestFault.NotFound,
        $"Slice {version} is not in this checkout, and the tag {tag}, which the present commit follows, has it: what was shipped was removed.",
        $"Take it back with {new RemedyAction.RestoreFromGit(path) { Revision = tag }}, or delete the tag if nobody uses that slice.", version);

    public static HarvestException GitRefused(string tag, string message) => new(
        nameof(GitRefused), HarvestFault.FileSystem,
        $"git did not make the tag {tag}: {message}",
        "Do what git says, for example set user.name and user.email, then tag again.", tag);
}
