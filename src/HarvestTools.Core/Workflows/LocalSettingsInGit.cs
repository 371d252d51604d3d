using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>Looks for a harvest.local.json that git keeps: every clone would take this machine's folders for its own.</summary>
public static class LocalSettingsInGit
{
    /// <param name="repository">The repository.</param>
    /// <returns>A warning; null where the commit that is checked out has none, or git does not say.</returns>
    public static ExportNotice? Find(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);

        // git is asked only where the file is, which is in few clones.
        if (!File.Exists(Path.Combine(repository.Root, LocalSettings.FileName)))
        {
            return null;
        }

        using var git = new GitFiles(repository.Root);
        return git.TryRead("HEAD", LocalSettings.FileName) is null ? null : ExportNotice.Of(RepositoryErrors.LocalSettingsCommitted());
    }
}
