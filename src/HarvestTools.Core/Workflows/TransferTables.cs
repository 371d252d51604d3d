using HarvestTools.Cache;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Moves the tables of slices, part by part: <c>parts/&lt;key&gt;/</c> has a part's Parquet files and, put there last, its record. A part
/// that comes from a remote is held against its record and against what the slice recorded before it is believed.
/// </summary>
internal static class TransferTables
{
    private sealed record NeededPart(SliceManifest Slice, SliceExport Export, HarvestDefinition Definition, string Key)
        : NeededThing($"tables of project {Export.Project}", Key, 0);

    /// <summary>Puts tables there; those that this machine has not are derived first.</summary>
    public static IEnumerable<TransferredItem> Push(Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, bool dryRun, WorkContext context)
    {
        IReadOnlyList<NeededPart> parts = Parts(repository, slices);
        HashSet<string> there = Records(remote, context.Cancellation);
        var items = new List<TransferredItem>(parts.Where(part => there.Contains(part.Key)).Select(static part => Item(part, TransferOutcome.AlreadyThere)));
        NeededPart[] missing = [.. parts.Where(part => !there.Contains(part.Key))];
        if (dryRun)
        {
            return [.. items, .. missing.Select(static part => Item(part, TransferOutcome.Pending))];
        }

        using var source = new PartSource(repository, context);
        Dictionary<string, Part> given = missing.ToDictionary(
            static part => part.Key, part => source.Get(part.Slice.Version, part.Export, part.Definition).Part, StringComparer.Ordinal);

        return
        [
            .. items,
            .. TransferSlices.Run(
                remote,
                missing,
                part =>
                {
                    long bytes = 0;
                    foreach (PartFile file in source.Store.FilesOf(given[part.Key]))
                    {
                        bytes += file.Bytes;
                        _ = remote.Files.TryCreate(PathOf(part.Key, file.Name), Upload.OfFile(file.Path, file.Sha256), context.Cancellation);
                    }

                    return Item(part, TransferOutcome.Moved, bytes);
                },
                context.Cancellation),
        ];
    }

    /// <summary>Brings tables into the cache, those that a slice recorded as they are there.</summary>
    public static IEnumerable<TransferredItem> Pull(Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, bool dryRun, WorkContext context)
    {
        using var source = new PartSource(repository, context);
        PartStore store = source.Store;
        var items = new List<TransferredItem>();
        var missing = new List<NeededPart>();
        foreach (NeededPart part in Parts(repository, slices))
        {
            if (store.TryLoad(part.Key, episodes: false) is not null)
            {
                items.Add(Item(part, TransferOutcome.AlreadyThere));
            }
            else
            {
                missing.Add(part);
            }
        }

        HashSet<string> there = missing.Count == 0 ? [] : Records(remote, context.Cancellation);

        // Tables that are not there are derived when they are needed, so that lacking them is no fault.
        missing.RemoveAll(part => !there.Contains(part.Key));
        return dryRun
            ? [.. items, .. missing.Select(static part => Item(part, TransferOutcome.Pending))]
            : [.. items, .. TransferSlices.Run(remote, missing, part => Pull(remote, store, part, context.Cancellation), context.Cancellation)];
    }

    private static TransferredItem Pull(Remote remote, PartStore store, NeededPart part, CancellationToken cancellation)
    {
        long bytes = store.Receive(
            part.Key,
            name => (remote.Files.TryOpen(PathOf(part.Key, name), cancellation: cancellation) ?? throw RemoteErrors.RemoteFileGone(remote.Files.Name, PathOf(part.Key, name))).Stream,
            table => SliceInputs.OutputOf(part.Slice, part.Export, table.Table) is { } recorded ? recorded.Sha256 == table.Sha256 : table.Rows == 0 || part.Slice.Outputs.Count == 0,
            $"{remote.Files.Name}/parts/{part.Key}",
            cancellation);
        return Item(part, TransferOutcome.Moved, bytes);
    }

    private static TransferredItem Item(NeededPart part, TransferOutcome outcome, long bytes = 0) => new(part.What, part.Key, bytes, outcome);

    private static HashSet<string> Records(Remote remote, CancellationToken cancellation) =>
    [
        .. remote.Files.List("parts/", cancellation)
            .Where(static file => file.Path.EndsWith($"/{PartStore.RecordName}", StringComparison.Ordinal))
            .Select(static file => file.Path.Split('/')[1]),
    ];

    private static string PathOf(string key, string file) => $"parts/{key}/{file}";

    private static IReadOnlyList<NeededPart> Parts(Repository repository, IReadOnlyList<SliceManifest> slices) =>
    [
        .. (from slice in slices
            where SliceVersions.Of(slice).AreSupported
            let definition = SliceInputs.Definition(repository, slice)
            from export in slice.Exports
            select new NeededPart(slice, export, definition, SliceInputs.PartKeyOf(repository, export, definition))).DistinctBy(static part => part.Key),
    ];
}
