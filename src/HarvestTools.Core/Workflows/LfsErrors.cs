using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>Errors of the transfer agent that git-lfs starts.</summary>
internal static class LfsErrors
{
    /// <param name="folder">The folder that git-lfs runs in.</param>
    public static HarvestException LfsNeedsRepository(object? folder) => new(
        nameof(LfsNeedsRepository), HarvestFault.NotARepository,
        $"git-lfs asked for a transfer in '{folder}', which is in no harvest repository: there is no harvest.json here or in a folder above.",
        $"Run git lfs in a harvest repository, or make this folder one with {new RemedyAction.InitializeRepository()}. For a clone, clone with GIT_LFS_SKIP_SMUDGE=1 in the environment, then run git lfs pull in it: while git checks files out, harvest.json may not be there yet.",
        folder);

    /// <param name="oid">SHA-256 of what git-lfs wants.</param>
    /// <param name="remote">The remote that was asked; null where there is none.</param>
    public static HarvestException LfsObjectNotFound(string oid, string? remote) => new(
        nameof(LfsObjectNotFound), HarvestFault.NotFound,
        $"The file with SHA-256 {Figures.ShortHash(oid)} that git-lfs asks for is not in the archive" + (remote is null ? ", and there is no remote to bring it from." : $", nor in the remote {remote}."),
        "Run git lfs push, with the option for all files, in a clone that has the file and the agent's settings"
            + (remote is null ? "; both need the same archive, or a remote in harvest.json." : "."),
        oid);

    public static HarvestException LfsMessageInvalid(string why) => new(
        nameof(LfsMessageInvalid), HarvestFault.Usage,
        $"What came on the input is no message of git-lfs's transfer protocol: {why}.",
        "This command is started by git-lfs; docs/git-lfs.md has its settings.");

    public static HarvestException LfsFailed(Exception inner) => new(
        nameof(LfsFailed), HarvestFault.Internal,
        $"The transfer failed by a fault of HarvestTools itself: {inner.GetType().Name}: {inner.Message}",
        "Report it with the command and this message.", inner: inner);
}
