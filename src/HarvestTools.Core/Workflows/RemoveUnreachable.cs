using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Moves objects that nothing needs into quarantine, and removes for good what was there for long enough. What is needed again comes back.
/// A remote is touched only where one is named, and then nothing else is.
/// </summary>
public static class RemoveUnreachable
{
    private const string NoName = "object that nothing names";

    /// <summary>What would be done; nothing is changed.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">What is asked for besides.</param>
    /// <param name="context">Clock, cancellation.</param>
    /// <exception cref="HarvestException">What is needed is not known: ReachUnknown, GitNotRead.</exception>
    public static UnreachableReport Plan(Repository repository, UnreachableRequest request, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.Remote is not null)
        {
            return RemoveUnreachableRemote.Plan(repository, request, context);
        }

        RequireReleasable(repository, request, context);
        return Look(repository, request, context, out _);
    }

    /// <summary>Does it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">What is asked for besides.</param>
    /// <param name="context">Clock, cancellation, which is heeded between two objects.</param>
    /// <exception cref="HarvestException">As <see cref="Plan"/>; the file system refuses. What is done by then is done, and the command goes on from there.</exception>
    public static UnreachableReport Run(Repository repository, UnreachableRequest request, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        if (request.Remote is not null)
        {
            return RemoveUnreachableRemote.Run(repository, request, context);
        }

        RequireReleasable(repository, request, context);
        if (request.Release.Count > 0)
        {
            // Before anything goes, and before others have to wait: a transfer may take hours.
            TransferResult pushed = PushSlices.Run(repository, new TransferRequest { Versions = request.Release, Deep = true, LeavesAside = true }, context);
            if (pushed.Items.FirstOrDefault(static item => item.Error is not null)?.Error is { } fault)
            {
                throw fault;
            }
        }

        if (!Directory.Exists(repository.Archive.Folder))
        {
            UnreachableReport nothing = Look(repository, request, context, out _);
            RemoveTables(nothing, context);
            return nothing with { Done = true };
        }

        // Whoever relies on an object without naming it yet holds this lock too, so that what is looked at now is so until the end.
        using FileLock alone = repository.Archive.UseAlone(context.Cancellation);
        UnreachableReport report = Look(repository, request, context, out ArchiveReach reach);

        // They need no word anywhere, so that on a full disk there is room for those that the rest needs.
        RemoveTables(report, context);
        reach.Declare();
        LocalObjectStore store = repository.Archive.Local;
        ILookup<string, SetAsideObject> aside = store.Unreachable.List().ToLookup(static one => one.Sha256, StringComparer.Ordinal);
        foreach (ReachedObject one in report.Of(ObjectState.Returned))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            store.Return(one.Sha256);
        }

        // Patches before what they are against, here and below: a command that is stopped in between leaves none without.
        DateOnly today = Today(context);
        foreach (ReachedObject one in PatchesFirst(report, ObjectState.Quarantined))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (store.Packs.Find(one.Sha256) is { } pack)
            {
                store.Unreachable.Put(pack, today, one.Released);
            }

            if (File.Exists(store.PathOf(one.Sha256)))
            {
                store.Unreachable.Put(store.PathOf(one.Sha256), today, one.Released);
            }
        }

        // The words first: an object that is gone without one would count as lost.
        IReadOnlyList<ReachedObject> removed = PatchesFirst(report, ObjectState.Removed);
        var at = Timestamp.From(Now(context));
        repository.Archive.Removals.Add([.. removed.Where(one => !store.Has(one.Sha256)).Select(one => new RemovedObject(one.Sha256, at, one.What))]);
        foreach (SetAsideObject one in removed.SelectMany(one => aside[one.Sha256]))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            _ = UnreachableObjects.Remove(one);
        }

        store.Unreachable.RemoveEmptyDays();
        return report with { Done = true };
    }

    /// <summary>The error of an object that was asked after and is not in the report: when it was removed, where that is known.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="request">What was asked for: the archive or a remote.</param>
    /// <param name="hash">The digits that were given.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">The remote cannot be read.</exception>
    public static HarvestException NotHere(Repository repository, UnreachableRequest request, string hash, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        IEnumerable<RemovedObject> removed = request.Remote is null ? repository.Archive.Removals.All() : RemoveUnreachableRemote.Removals(repository, request, context);
        return removed.FirstOrDefault(one => one.Sha256.StartsWith(hash, StringComparison.OrdinalIgnoreCase)) is { } gone
            ? gone.Error(hash, request.Remote)
            : ArchiveErrors.ObjectNotFound(hash);
    }

    private static UnreachableReport Look(Repository repository, UnreachableRequest request, WorkContext context, out ArchiveReach reach)
    {
        LocalObjectStore store = repository.Archive.Local;
        StoredObject[] stored = [.. store.List(cancellation: context.Cancellation).Where(static one => one.Kind == StoredKind.Object)];
        HashSet<string> here = [.. stored.Select(static one => one.Sha256)];
        SetAsideObject[] aside = [.. store.Unreachable.List()];
        reach = new ArchiveReach(repository, Now(context), context.Cancellation) { Released = ReleasedBy(repository, request, context), Forgotten = request.Forget };
        reach.Collect(here.Concat(aside.Select(static one => one.Sha256)));
        ReachableObjects all = reach.All;
        ILookup<string, string> names = NamesOf(repository);
        IReadOnlyList<ReachedObject> objects = new ObjectStates(all, stored, aside, Today(context), repository.Settings.Retention.QuarantineDays)
            .List(sha256 => names[sha256].FirstOrDefault() ?? NoName);
        return new UnreachableReport(objects, all.Notes)
        {
            NotThere = reach.NotThere,
            Cache =
            [
                .. new CacheTrim(repository, reach.Own!, Now(context), context.Cancellation).Find()
                    .Select(static one => new UnusedTables(one.Folder, one.Slices, one.Bytes, one.LastUsed, one.Why)),
            ],
        };
    }

    private static IReadOnlyList<ReachedObject> PatchesFirst(UnreachableReport report, string state) => [.. report.Of(state).OrderBy(static one => !one.IsPatch)];

    private static void RemoveTables(UnreachableReport report, WorkContext context) => CacheTrim.Remove(report.Cache.Select(static one => one.Folder), context.Cancellation);

    /// <summary>What records say of objects that nothing needs any more.</summary>
    private static ILookup<string, string> NamesOf(Repository repository) => repository.Archive.Records()
        .Select(static entry => entry.Record)
        .OfType<ExportRecord>()
        .SelectMany(static record => new[] { (Sha256: record.Sha256, What: $"export of project {record.Project}"), (Sha256: record.LabelConfigSha256 ?? "", What: $"labeling configuration of project {record.Project}") })
        .ToLookup(static one => one.Sha256, static one => one.What, StringComparer.Ordinal);

    /// <summary>The exports of the slices as they are here: those were sent to the remote. Definitions and lists are small, and say afterwards what it was.</summary>
    private static Dictionary<string, IReadOnlySet<string>> ReleasedBy(Repository repository, UnreachableRequest request, WorkContext context) =>
        request.Release.Distinct(StringComparer.Ordinal).ToDictionary(
            static version => version,
            version => (IReadOnlySet<string>)repository.Slices.Load(version, context.Cancellation).Exports
                .SelectMany(static export => export.SupersededBy.Append(export.Sha256)).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);

    private static void RequireReleasable(Repository repository, UnreachableRequest request, WorkContext context)
    {
        foreach (string version in request.Release)
        {
            SliceManifest slice = repository.Slices.Load(version, context.Cancellation);
            var reach = new RepositoryReach(repository, new ReachableObjects(), Now(context), context.Cancellation);
            if (reach.LinksOf(slice) is { Count: > 0 } links)
            {
                throw SpaceErrors.ReleaseRefused(version, $"{Strings.Figures.List(links)} {Strings.Figures.Plural(links.Count, "needs", "need")} it");
            }
        }

        if (request.Release.Count > 0 && repository.Settings.Remotes.Count == 0)
        {
            throw SpaceErrors.ReleaseNeedsRemote(request.Release[0]);
        }
    }

    // Days of quarantine are days that went by: a date that is set for reproducible files (SOURCE_DATE_EPOCH) would end them at once.
    private static DateTimeOffset Now(WorkContext context) => (ReferenceEquals(context.Clock, RecordingClock.Instance) ? TimeProvider.System : context.Clock).GetUtcNow();

    private static DateOnly Today(WorkContext context) => DateOnly.FromDateTime(Now(context).UtcDateTime);
}
