using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What the removal of erased exports takes away.</summary>
/// <param name="Subject">In words.</param>
/// <param name="Exports">The exports, each with the redacted one that takes its place.</param>
/// <param name="Slices">Slices that cannot be built any more.</param>
/// <param name="CacheFiles">How many files of the cache hold something of it.</param>
/// <param name="LeftFiles">Files of the checkout that hold something of it and stay: they are the user's own, and in git.</param>
public sealed record ErasureRemoval(string Subject, IReadOnlyList<ErasedExport> Exports, IReadOnlyList<string> Slices, int CacheFiles, IReadOnlyList<string> LeftFiles)
{
    /// <summary>Whether it was done; false where it was only looked at.</summary>
    public bool Removed { get; init; }
}

/// <summary>
/// Removes exports that hold a person's work or an episode from the archive, where a redacted export takes the place of each, and what the
/// cache has of them. Their records stay and say when they were removed; slices that name them stay, and can be checked no further.
/// </summary>
public static class RemoveErased
{
    /// <summary>What would go; nothing is removed.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">An annotator or an episode.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">ErasureNotPlanned: an export has no redacted one yet.</exception>
    public static ErasureRemoval Plan(Repository repository, SourceQuery subject, WorkContext context) => Run(repository, subject, context, remove: false);

    /// <summary>Removes it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">An annotator or an episode.</param>
    /// <param name="context">Threads, progress, clock; cancellation is heeded between two exports.</param>
    /// <exception cref="HarvestException">As <see cref="Plan"/>; the file system refuses. What is removed by then stays removed, and the command goes on from there.</exception>
    public static ErasureRemoval Run(Repository repository, SourceQuery subject, WorkContext context) => Run(repository, subject, context, remove: true);

    private static ErasureRemoval Run(Repository repository, SourceQuery subject, WorkContext context, bool remove)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        IReadOnlyList<ErasedExport> held = Held(repository, subject, context);
        ErasedExport[] archived = [.. held.Where(export => repository.Archive.Local.Holds(export.Sha256))];
        string[] unplanned = [.. archived.Where(static export => export.RedactedSha256 is null).Select(static export => $"{export.Project}-{export.Sha256[..12]}")];
        if (unplanned.Length > 0)
        {
            throw EraseErrors.ErasureNotPlanned(subject.ToString(), subject.ToErase(ErasureStep.Plan), unplanned);
        }

        foreach (ErasedExport export in archived)
        {
            RequireWhole(repository, export, context);
        }

        foreach (ErasedExport export in remove ? archived : [])
        {
            context.Cancellation.ThrowIfCancellationRequested();

            // The record first: an object that is gone without a word would be looked for in remotes and at recorded paths.
            foreach (ExportRecord record in repository.Archive.RecordsOf(export.Sha256))
            {
                _ = repository.Archive.Record(record with { RemovedAt = Timestamp.From(context.Clock.GetUtcNow()) });
            }

            _ = repository.Archive.Local.Remove(export.Sha256, context.Cancellation);
        }

        repository.Archive.KeepIndex();
        var names = new Erasure.TextSearch(subject.Kind == SourceKind.Episode ? [subject.Text] : subject.Emails);
        var cache = new ErasedCache(repository, subject, names, repository.Archive.List(), TraceSource.All(repository, context), context);
        cache.Search();
        if (remove)
        {
            _ = cache.Remove();
        }

        return new ErasureRemoval(
            subject.ToString(),
            archived,
            [.. archived.SelectMany(static export => export.Slices).Distinct(StringComparer.Ordinal)],
            cache.Paths.Count,
            [.. held.Select(static export => export.Path).OfType<string>().Distinct(StringComparer.Ordinal).Where(path => IsThere(repository, path))])
        {
            Removed = remove,
        };
    }

    /// <summary>What holds something of it; nothing where all is removed already, so that the command can be repeated.</summary>
    private static IReadOnlyList<ErasedExport> Held(Repository repository, SourceQuery subject, WorkContext context)
    {
        try
        {
            return PlanErasure.Held(repository, subject, context, out _, out _);
        }
        catch (HarvestException nothing) when (nothing.ErrorId == nameof(EraseErrors.NothingToErase)
            && repository.Archive.List().Any(record => record.RedactedFrom is not null && subject.IsLeftOutBy(record.Redacted)))
        {
            return [];
        }
    }

    /// <summary>An export goes only once what takes its place was read from the disk and is what it should be.</summary>
    private static void RequireWhole(Repository repository, ErasedExport export, WorkContext context)
    {
        LocalObjectStore archive = repository.Archive.Local;
        string actual = archive.HashNow(export.RedactedSha256!, cancellation: context.Cancellation) ?? throw ArchiveErrors.ObjectNotFound(export.RedactedSha256!);
        if (actual != export.RedactedSha256)
        {
            throw ArchiveErrors.ObjectDamaged(archive.Name, export.RedactedSha256!, actual);
        }
    }

    private static bool IsThere(Repository repository, string path)
    {
        try
        {
            return File.Exists(repository.Resolve(path));
        }
        catch (HarvestException)
        {
            // The bare name of a file from outside is none of this repository.
            return false;
        }
    }
}
