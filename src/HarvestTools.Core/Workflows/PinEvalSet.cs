using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>The eval set as it is now pinned.</summary>
/// <param name="Version">The slice that records it.</param>
/// <param name="Path">Its file or folder, relative to the repository.</param>
/// <param name="Sha256">Its hash now, see <c>TreeHash</c> for folders.</param>
/// <param name="Before">The hash that the slice recorded before; null if it recorded none.</param>
public sealed record PinnedEvalSet(string Version, string Path, string Sha256, string? Before)
{
    /// <summary>Whether the eval set has other bytes than the slice recorded before.</summary>
    public bool Changed => Sha256 != Before;
}

/// <summary>Records the eval set's present hash in a slice, so that a later change shows.</summary>
public static class PinEvalSet
{
    /// <summary>What can be wrong is found without writing anything.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="path">The eval set; null takes harvest.json's.</param>
    /// <param name="version">The slice; null takes the one that was trained last, else the newest.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">As <see cref="Run"/>.</exception>
    public static void Check(Repository repository, string? path, string? version, WorkContext context)
    {
        _ = Hash(repository, path, context);
        _ = repository.Slices.Load(version ?? SliceToPin(repository, context), context.Cancellation);
    }

    /// <param name="repository">The repository.</param>
    /// <param name="path">The eval set; null takes harvest.json's. Another path becomes harvest.json's.</param>
    /// <param name="version">The slice; null takes the one that was trained last, else the newest.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">No eval set is named or it does not exist; there is no slice.</exception>
    public static PinnedEvalSet Run(Repository repository, string? path, string? version, WorkContext context)
    {
        (string relative, string sha256) = Hash(repository, path, context);
        version ??= SliceToPin(repository, context);
        string? before = null;
        repository.Slices.Rewrite(version, slice =>
        {
            before = slice.EvalSet?.Sha256;
            return slice with { EvalSet = (slice.EvalSet ?? new PinnedFile { Path = relative }) with { Path = relative, Sha256 = sha256 } };
        });
        if (relative != repository.Settings.EvalSet)
        {
            (repository.Settings with { EvalSet = relative }).Write(repository.SettingsPath);
        }

        return new PinnedEvalSet(version, relative, sha256, before);
    }

    private static (string Path, string Sha256) Hash(Repository repository, string? path, WorkContext context)
    {
        string? relative = path is null
            ? repository.Settings.EvalSet
            : repository.MakeRelative(System.IO.Path.GetFullPath(path, repository.Root)) ?? throw FileErrors.PathLeavesRepository(path, "an eval set is a file or folder of the repository");
        if (relative is null)
        {
            throw PinErrors.EvalSetUnnamed();
        }

        return (relative, TreeHash.TryCompute(repository.Resolve(relative), context.Cancellation) ?? throw DerivationErrors.EvalSetNotFound(relative));
    }

    private static string SliceToPin(Repository repository, WorkContext context)
    {
        List<SliceManifest> slices = [.. repository.Slices.Versions().Select(version => repository.Slices.Load(version, context.Cancellation))];
        SliceManifest? slice = LastTraining.Latest(slices, ProductionUse.Read(repository, slices).Choice)
            ?? slices.MaxBy(static slice => slice.CreatedAt?.Instant ?? DateTimeOffset.MinValue);
        return slice?.Version ?? throw PinErrors.NoSliceToPin();
    }
}
