using HarvestTools.Cache;
using HarvestTools.Decisions.States;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Reads the eval set as it is now, wherever it was moved to in the repository.</summary>
internal static class EvalSetReader
{
    /// <param name="repository">The repository.</param>
    /// <param name="trained">The slice trained on last; null where there is none.</param>
    /// <param name="episodes">What that slice holds of each episode.</param>
    /// <param name="context">Cancellation.</param>
    /// <returns>Null where none was ever pinned.</returns>
    public static EvalSetState? Read(Repository repository, SliceManifest? trained, IEnumerable<EpisodeFacts> episodes, WorkContext context)
    {
        PinnedFile? recorded = trained?.EvalSet;
        string? path = repository.Settings.EvalSet ?? recorded?.Path;
        if (path is null)
        {
            return null;
        }

        string full = repository.Resolve(RepositoryPath.Normalize(path));
        string? hash = TreeHash.TryCompute(full, context.Cancellation);
        string? renamed = null;
        bool otherLineEnds = false;
        bool ignore = repository.Settings.Retrain.EvalLineEnds == LineEnds.Ignore;
        if (hash is null && recorded?.Sha256 is { } gone && Find(repository, full, gone, ignore, context) is { } found)
        {
            (renamed, full, hash) = (repository.MakeRelative(found.Path) ?? found.Path, found.Path, gone);
            otherLineEnds = found.OtherLineEnds;
        }
        else if (hash is not null && recorded?.Sha256 is { } before && hash != before && ignore && TreeHash.IsSameText(full, before, context.Cancellation))
        {
            (hash, otherLineEnds) = (before, true);
        }

        return new EvalSetState(
            recorded?.Sha256,
            hash,
            path,
            EvalSetContentsReader.Read(full, repository.Settings.Harvest.Fields, context) is { } contents
                ? EvalSetEpisodes.Find(contents, episodes.Select(static facts => (facts.TaskSubdir, facts.Episode)).Distinct(), context.Cancellation)
                : [],
            recorded?.Path)
        {
            RenamedTo = renamed,
            OtherLineEnds = otherLineEnds,
        };
    }

    /// <summary>Neither the store nor the slices hold an eval set, and the store is large.</summary>
    private static FoundTree? Find(Repository repository, string full, string recorded, bool ignoreLineEnds, WorkContext context) =>
        new RenamedTree(
            repository.Root,
            [repository.StoreFolder, repository.CacheFolder, repository.Archive.Folder, repository.Resolve(repository.Settings.SlicesFolder)],
            ignoreLineEnds).Find(full, recorded, context.Cancellation);
}
