using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A slice that was checked, or why that was not possible.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Slice">Its manifest; null where it cannot be read.</param>
/// <param name="Report">What was found; null where the slice could not be checked.</param>
/// <param name="Error">Null where it could.</param>
public sealed record CheckedSlice(string Version, SliceManifest? Slice, DriftReport? Report, HarvestException? Error);

/// <summary>
/// Checks many slices side by side: what they need is hashed and derived ahead on the cores, each distinct export and
/// part once, and the reports come in the order of the versions.
/// </summary>
public static class CheckSlices
{
    // More derivations at once than this gain little and each of them holds rows in memory.
    private const int MostAtOnce = 4;

    /// <summary>
    /// The slices whose version of the rules now stands for another content in harvest.json. Derives nothing, so that a
    /// build can fail before the long work.
    /// </summary>
    public static IReadOnlyList<DriftFinding> Redefined(Repository repository, IReadOnlyList<string> versions, WorkContext context)
    {
        var uses = new Lazy<SliceUses>(() => new SliceUses(Manifests(repository, context)));
        var definitions = new DefinitionCheck(repository, uses, new CheckInputs(repository, context, PartRequest.DefaultRowBudget), context.Cancellation);
        return
        [
            .. Manifests(repository, context)
                .Where(slice => versions.Count == 0 || versions.Contains(slice.Version))
                .SelectMany(slice => definitions.Run(slice, quick: true))
                .Where(static finding => finding.Severity == DriftSeverity.Error)
                .DistinctBy(static finding => (finding.Subject, finding.Expected)),
        ];
    }

    /// <summary>
    /// What keeps the definitions that harvest.json has now, under the names of a slice's own, from being compared with them: a file or
    /// parameter that cannot be read. The slice is checked by its own all the same; several slices have one such fault.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice.</param>
    /// <exception cref="HarvestException">harvest.json cannot be read.</exception>
    public static IReadOnlyList<HarvestException> PresentFaults(Repository repository, SliceManifest slice) =>
    [
        .. slice.Steps.Select(static step => step.HarvestVersion).Append(slice.HarvestVersion)
            .Select(repository.PresentFault)
            .OfType<HarvestException>()
            .DistinctBy(static fault => fault.Message),
    ];

    /// <param name="repository">The repository.</param>
    /// <param name="versions">The slices, in the order in which reports come; empty for all.</param>
    /// <param name="quick">Hash inputs and cached files and compare definitions, without deriving.</param>
    /// <param name="context">Threads, progress, cancellation. Progress names slice and export.</param>
    /// <param name="rehash">
    /// Read every file. Otherwise a quick check takes a file for what an earlier one hashed if its size, times and number on
    /// the disk are the same; a check that derives never does.
    /// </param>
    /// <param name="sample">With a quick check: derive that many parts all the same, chosen by the commit that is checked out.</param>
    /// <param name="media">Compare the media that slices list with the files that are there. A check that derives reads all of them.</param>
    /// <param name="twice">Run a team's own program twice, the second time under another time zone, locale, order and the like.</param>
    /// <returns>One entry a slice, as each is done. Work ahead stops when the caller stops asking.</returns>
    /// <exception cref="HarvestException">harvest.json cannot be read; TwiceNotQuick.</exception>
    public static IEnumerable<CheckedSlice> Run(
        Repository repository, IReadOnlyList<string> versions, bool quick, WorkContext context, bool rehash = false, int sample = 0, bool media = false, bool twice = false)
    {
        RequireWhole(twice, quick);
        _ = repository.Settings;
        return Check(repository, versions.Count == 0 ? repository.Slices.Versions() : versions, quick, context, rehash, sample, media, twice);
    }

    /// <summary>A quick check runs nothing, and so nothing twice.</summary>
    /// <param name="twice">Whether programs are to be run twice.</param>
    /// <param name="quick">Whether the check is a quick one.</param>
    /// <exception cref="HarvestException">TwiceNotQuick.</exception>
    public static void RequireWhole(bool twice, bool quick)
    {
        if (twice && quick)
        {
            throw ProgramRunErrors.TwiceNotQuick();
        }
    }

    private static IEnumerable<CheckedSlice> Check(
        Repository repository, IReadOnlyList<string> versions, bool quick, WorkContext context, bool rehash, int sample, bool media, bool twice)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        int atOnce = Math.Clamp(context.Threads, 1, MostAtOnce);
        WorkContext each = context with { Cancellation = stop.Token, Threads = Math.Max(1, context.Threads / atOnce) };
        StatCache? statCache = quick ? repository.OpenStatCache(trusted: !rehash) : null;
        List<(string Version, SliceManifest? Slice, HarvestException? Error)> slices = [.. versions.Select(version => Load(repository, version, context.Cancellation))];
        SliceManifest[] manifests = [.. slices.Select(static entry => entry.Slice).OfType<SliceManifest>()];
        RemoteStates? remote = quick ? RemoteStates.TryOpen(repository, manifests, each) : null;
        MediaCheck? mediaCheck = media ? new MediaCheck(repository, manifests, trusted: quick && !rehash, context with { Cancellation = stop.Token }) : null;
        using var check = new CheckSlice(repository, each, new CheckInputs(repository, each, PartRequest.DefaultRowBudget / atOnce, statCache) { Remote = remote, KeepEpisodes = !quick })
        {
            Media = mediaCheck,
            Twice = twice,
            Sample = quick && sample > 0 ? SampledParts.Choose(repository, manifests, sample) : null,
        };

        // The caller's thread works too: what it needs first, if nobody has begun it yet.
        using IEnumerator<Action> prepared =
            slices.Where(static entry => entry.Slice is not null).SelectMany(entry => check.Prepare(entry.Slice!, quick)).GetEnumerator();
        using var workers = new WorkerPool(atOnce);
        WorkBatch ahead = workers.Begin(atOnce - 1, _ => WorkAhead(prepared, stop.Token), stop.Token);
        try
        {
            foreach ((string version, SliceManifest? slice, HarvestException? error) in slices)
            {
                yield return slice is null
                    ? new CheckedSlice(version, null, null, error)
                    : Check(check, slice, quick);
            }
        }
        finally
        {
            stop.Cancel();
            ahead.Abandon();
            statCache?.TrySave();
        }
    }

    private static CheckedSlice Check(CheckSlice check, SliceManifest slice, bool quick)
    {
        try
        {
            return new CheckedSlice(slice.Version, slice, check.Run(slice, quick), null);
        }
        catch (HarvestException error)
        {
            return new CheckedSlice(slice.Version, slice, null, error);
        }
    }

    private static (string Version, SliceManifest? Slice, HarvestException? Error) Load(Repository repository, string version, CancellationToken cancellation)
    {
        try
        {
            return (version, repository.Slices.Load(version, cancellation), null);
        }
        catch (HarvestException error)
        {
            return (version, null, error);
        }
    }

    private static IEnumerable<SliceManifest> Manifests(Repository repository, WorkContext context) =>
        repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>()
            .Select(slice => ExportCheck.UnderCurrentNames(repository, slice));

    /// <summary>Takes pieces of work in order, ahead of the one that needs them, until none is left.</summary>
    private static void WorkAhead(IEnumerator<Action> prepared, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Action work;
                lock (prepared)
                {
                    if (!prepared.MoveNext())
                    {
                        return;
                    }

                    work = prepared.Current;
                }

                work();
            }
            catch (Exception failure) when (failure is HarvestException or OperationCanceledException)
            {
                // Whoever needs the result meets the same failure, in the slice that it belongs to.
            }
        }
    }
}
