using HarvestTools.Cache;
using HarvestTools.Files;
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
        : NeededThing($"tables of project {Export.Project}", Key, 0)
    {
        /// <summary>Whether a table is the one that the slice recorded; of one that it did not record none has rows.</summary>
        public bool Accepts(PartTable table) => SliceInputs.OutputOf(Slice, Export, table.Table) is { } recorded
            ? recorded.Sha256 == table.Sha256
            : table.Rows == 0 || Slice.Outputs.Count == 0;
    }

    /// <summary>
    /// Puts tables there; those that this machine has not are derived first. What is there is read where somebody found it damaged or all
    /// of it is asked for, and replaced where it is not what its record or the slice says.
    /// </summary>
    public static IEnumerable<TransferredItem> Push(
        Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, TransferRequest request, IReadOnlySet<string> marked, WorkContext context)
    {
        IReadOnlyList<NeededPart> parts = Parts(repository, slices);
        Dictionary<string, long> there = Records(remote, context.Cancellation);
        NeededPart[] doubted = request.DryRun ? [] : [.. parts.Where(part => there.ContainsKey(part.Key) && (request.Deep || marked.Contains(part.Key)))];
        HashSet<string> damaged = Damaged(remote, doubted, context.Cancellation);
        NeededPart[] moving = [.. parts.Where(part => !there.ContainsKey(part.Key) || damaged.Contains(part.Key))];
        var items = new List<TransferredItem>(parts.Except(moving).Select(part => Item(part, TransferOutcome.AlreadyThere, there[part.Key])));
        using var source = new PartSource(repository, context);
        if (request.DryRun)
        {
            return [.. items, .. moving.Select(part => Item(part, TransferOutcome.Pending, BytesHere(source.Store, part.Key)))];
        }

        Dictionary<string, Part> given = moving.ToDictionary(
            static part => part.Key, part => source.Get(part.Slice.Version, part.Export, part.Definition).Part, StringComparer.Ordinal);
        items.AddRange(TransferSlices.Run(
            remote,
            moving,
            part =>
            {
                bool replaces = damaged.Contains(part.Key);
                long bytes = source.Store.FilesOf(given[part.Key]).Sum(file => Put(remote, part.Key, file, replaces, context.Cancellation));
                return Item(part, replaces ? TransferOutcome.Replaced : TransferOutcome.Moved, bytes);
            },
            context.Cancellation));
        HashSet<string> failed = [.. items.Where(static item => item.Outcome == TransferOutcome.Failed).Select(static item => item.Sha256)];
        foreach (NeededPart right in doubted.Where(part => marked.Contains(part.Key) && !failed.Contains(part.Key)))
        {
            DamageMarks.Remove(remote.Files, right.Key, context.Cancellation);
        }

        return items;
    }

    /// <summary>Reads the tables of slices that are there, and marks those that are not what their record or the slice says.</summary>
    public static IEnumerable<RemoteObject> Look(Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, CancellationToken cancellation)
    {
        Dictionary<string, long> there = Records(remote, cancellation);

        // Without tables in the remote no definition is asked for, which a machine without an archive may lack.
        NeededPart[] parts = there.Count == 0 ? [] : [.. Parts(repository, slices).Where(part => there.ContainsKey(part.Key))];
        HashSet<string> damaged = Damaged(remote, parts, cancellation);
        return parts.Select(part => new RemoteObject(
            part.What, part.Key, part.Slice.Version, there[part.Key], damaged.Contains(part.Key) ? RemoteState.Damaged : RemoteState.Verified) { IsTables = true });
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

        Dictionary<string, long> there = missing.Count == 0 ? [] : Records(remote, context.Cancellation);

        // Tables that are not there are derived when they are needed, so that lacking them is no fault.
        missing.RemoveAll(part => !there.ContainsKey(part.Key));
        return dryRun
            ? [.. items, .. missing.Select(part => Item(part, TransferOutcome.Pending, there[part.Key]))]
            : [.. items, .. TransferSlices.Run(remote, missing, part => Pull(remote, store, part, context.Cancellation), context.Cancellation)];
    }

    private static TransferredItem Pull(Remote remote, PartStore store, NeededPart part, CancellationToken cancellation)
    {
        try
        {
            long bytes = store.Receive(
                part.Key,
                name => (remote.Files.TryOpen(PathOf(part.Key, name), cancellation: cancellation) ?? throw RemoteErrors.RemoteFileGone(remote.Files.Name, PathOf(part.Key, name))).Stream,
                part.Accepts,
                $"{remote.Files.Name}/parts/{part.Key}",
                cancellation);
            return Item(part, TransferOutcome.Moved, bytes);
        }
        catch (HarvestException damaged) when (damaged.ErrorId == nameof(CacheErrors.PartDamaged))
        {
            DamageMarks.TryPut(remote.Files, part.Key, cancellation);
            throw;
        }
    }

    /// <summary>The keys of those that are not what their record or the slice says; each is marked.</summary>
    private static HashSet<string> Damaged(Remote remote, NeededPart[] parts, CancellationToken cancellation)
    {
        var whole = new bool[parts.Length];
        remote.Objects.RunAtOnce(
            parts.Length,
            i =>
            {
                whole[i] = IsWhole(remote, parts[i], cancellation);
                if (!whole[i])
                {
                    DamageMarks.TryPut(remote.Files, parts[i].Key, cancellation);
                }
            },
            cancellation);
        return [.. parts.Where((_, i) => !whole[i]).Select(static part => part.Key)];
    }

    private static bool IsWhole(Remote remote, NeededPart part, CancellationToken cancellation)
    {
        string record = PathOf(part.Key, PartStore.RecordName);
        if (remote.Files.TryOpen(record, cancellation: cancellation) is not { } content)
        {
            return false;
        }

        using var bytes = new MemoryStream();
        using (content.Stream)
        {
            StreamCopy.Run(content.Stream, bytes, remote.Files.Name, record, cancellation);
        }

        return PartRecord.TryRead(part.Key, bytes.ToArray(), withEpisodes: true) is { } read
            && read.Tables.All(part.Accepts)
            && read.Tables.All(table => HashOf(remote, PathOf(part.Key, table.Table + ".parquet"), cancellation) == table.Sha256);
    }

    /// <summary>Puts one file there; its size.</summary>
    private static long Put(Remote remote, string key, PartFile file, bool replaces, CancellationToken cancellation)
    {
        string path = PathOf(key, file.Name);
        Upload upload = Upload.OfFile(file.Path, file.Sha256);
        if (!remote.Files.TryCreate(path, upload, cancellation) && replaces && HashOf(remote, path, cancellation) != file.Sha256)
        {
            remote.Objects.ReplaceDamaged(path, $"{key}-{file.Name}", upload, cancellation);
        }

        return file.Bytes;
    }

    private static string? HashOf(Remote remote, string path, CancellationToken cancellation)
    {
        if (remote.Files.TryOpen(path, cancellation: cancellation) is not { } content)
        {
            return null;
        }

        using (content.Stream)
        {
            return StreamHash.Compute(content.Stream, path, cancellation: cancellation);
        }
    }

    /// <summary>0 where they are not in the cache, and would be derived.</summary>
    private static long BytesHere(PartStore store, string key) =>
        store.TryLoad(key, episodes: false) is { } part ? store.FilesOf(part).Sum(static file => file.Bytes) : 0;

    private static TransferredItem Item(NeededPart part, TransferOutcome outcome, long bytes = 0) => new(part.What, part.Key, bytes, outcome);

    /// <summary>The parts that are there, which have a record, and what all files of each take.</summary>
    private static Dictionary<string, long> Records(Remote remote, CancellationToken cancellation) => remote.Files.List("parts/", cancellation)
        .Select(static file => (file, Names: file.Path.Split('/')))
        .Where(static one => one.Names.Length == 3)
        .GroupBy(static one => one.Names[1], StringComparer.Ordinal)
        .Where(static part => part.Any(static one => one.Names[2] == PartStore.RecordName))
        .ToDictionary(static part => part.Key, static part => part.Sum(static one => one.file.Bytes), StringComparer.Ordinal);

    private static string PathOf(string key, string file) => $"parts/{key}/{file}";

    private static IReadOnlyList<NeededPart> Parts(Repository repository, IReadOnlyList<SliceManifest> slices) =>
    [
        .. (from slice in slices
            where !slice.IsProgram && SliceVersions.Of(slice).AreSupported
            let definition = SliceInputs.Definition(repository, slice)
            from export in slice.Exports
            select new NeededPart(slice, export, definition, SliceInputs.PartKeyOf(repository, export, definition))).DistinctBy(static part => part.Key),
    ];
}
