using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Moves what programs wrote, slice by slice: <c>tables/&lt;slice key&gt;/</c> has the files under the paths that the program gave them. What
/// comes from a remote is held against what the slice recorded, by bytes or by rows, before it is believed.
/// </summary>
internal static class TransferProgramTables
{
    private sealed record NeededTables(SliceManifest Slice, HarvestDefinition Definition, string Key) : NeededThing($"tables of slice {Slice.Version}", Key, 0)
    {
        public IEnumerable<string> Paths => Slice.ProgramOutputs.Select(output => PathOf(Key, output.Path));
    }

    /// <summary>
    /// Puts tables there; where they are not in the cache the program is run. What is there is read where somebody found it damaged or all
    /// of it is asked for, and replaced where it is not what the slice recorded.
    /// </summary>
    public static IEnumerable<TransferredItem> Push(
        Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, TransferRequest request, IReadOnlySet<string> marked, WorkContext context)
    {
        NeededTables[] needed = Needed(repository, slices);
        Dictionary<string, long> there = There(remote, needed, context.Cancellation);
        var source = new ProgramSource(repository, context);
        return TransferSlices.Run(
            remote,
            needed,
            tables =>
            {
                bool doubted = !request.DryRun && (request.Deep || marked.Contains(tables.Key));
                bool whole = tables.Paths.All(there.ContainsKey);
                if (whole && (!doubted || IsWhole(repository, remote, tables, source, context.Cancellation)))
                {
                    Unmark();
                    return Item(tables, TransferOutcome.AlreadyThere, tables.Paths.Sum(path => there[path]));
                }

                if (request.DryRun)
                {
                    return Item(tables, TransferOutcome.Pending, source.TryRecorded(tables.Slice, tables.Definition)?.Sum(static table => table.Bytes) ?? 0);
                }

                IReadOnlyList<ProgramTable> written;
                lock (source)
                {
                    // One run at a time: each may use all of the machine.
                    written = source.Give(tables.Slice, tables.Definition).Tables;
                }

                foreach (ProgramTable table in written)
                {
                    string path = PathOf(tables.Key, table.Path);
                    Upload upload = Upload.OfFile(table.File, table.Sha256);
                    if (!remote.Files.TryCreate(path, upload, context.Cancellation) && doubted)
                    {
                        remote.Objects.ReplaceDamaged(path, $"{tables.Key}-{table.Path.Replace('/', '-')}", upload, context.Cancellation);
                    }
                }

                Unmark();
                return Item(tables, whole ? TransferOutcome.Replaced : TransferOutcome.Moved, written.Sum(static table => table.Bytes));

                void Unmark()
                {
                    if (marked.Contains(tables.Key) && !request.DryRun)
                    {
                        DamageMarks.Remove(remote.Files, tables.Key, context.Cancellation);
                    }
                }
            },
            context.Cancellation);
    }

    /// <summary>Reads the tables of slices that are there, and marks those that are not what the slice recorded.</summary>
    public static IEnumerable<RemoteObject> Look(Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, WorkContext context)
    {
        NeededTables[] needed = Needed(repository, slices);
        Dictionary<string, long> there = There(remote, needed, context.Cancellation);
        var source = new ProgramSource(repository, context);
        foreach (NeededTables tables in needed.Where(tables => tables.Paths.All(there.ContainsKey)))
        {
            yield return new RemoteObject(
                tables.What, tables.Key, tables.Slice.Version, tables.Paths.Sum(path => there[path]),
                IsWhole(repository, remote, tables, source, context.Cancellation) ? RemoteState.Verified : RemoteState.Damaged) { IsTables = true };
        }
    }

    /// <summary>Brings tables into the cache, those that a slice recorded as they are there; nothing is run.</summary>
    public static IEnumerable<TransferredItem> Pull(Repository repository, Remote remote, IReadOnlyList<SliceManifest> slices, bool dryRun, WorkContext context)
    {
        NeededTables[] needed = Needed(repository, slices);
        var source = new ProgramSource(repository, context);
        HashSet<string> cached = [.. needed.Where(tables => source.TryRecorded(tables.Slice, tables.Definition) is not null).Select(static tables => tables.Key)];
        NeededTables[] missing = [.. needed.Where(tables => !cached.Contains(tables.Key))];
        Dictionary<string, long> there = There(remote, missing, context.Cancellation);

        // Tables that are not there are derived when they are needed, so that lacking them is no fault.
        missing = [.. missing.Where(tables => tables.Paths.All(there.ContainsKey))];
        IEnumerable<TransferredItem> items = needed.Where(tables => cached.Contains(tables.Key)).Select(static tables => Item(tables, TransferOutcome.AlreadyThere));
        return dryRun
            ? [.. items, .. missing.Select(tables => Item(tables, TransferOutcome.Pending, tables.Paths.Sum(path => there[path])))]
            : [.. items, .. TransferSlices.Run(remote, missing, tables => Item(tables, TransferOutcome.Moved, Pull(repository, remote, tables, source, context.Cancellation)), context.Cancellation)];
    }

    private static long Pull(Repository repository, Remote remote, NeededTables tables, ProgramSource source, CancellationToken cancellation)
    {
        repository.EnsureIgnored();
        return Received(repository, remote, tables, source, received => source.Place(tables.Slice, received).Sum(static table => table.Bytes), cancellation)
            ?? throw CacheErrors.PartDamaged($"{remote.Files.Name}/{PathOf(tables.Key, "")}");
    }

    private static bool IsWhole(Repository repository, Remote remote, NeededTables tables, ProgramSource source, CancellationToken cancellation) =>
        Received(repository, remote, tables, source, static _ => 0, cancellation) is not null;

    /// <summary>Brings the tables of a slice into a folder that is gone afterwards; null, with a mark there, where they are not what it recorded.</summary>
    private static long? Received(
        Repository repository, Remote remote, NeededTables tables, ProgramSource source, Func<IReadOnlyList<ProgramTable>, long> use, CancellationToken cancellation)
    {
        string scratch = PendingFile.TemporaryName(Path.Combine(repository.CacheFolder, "spill"));
        try
        {
            var received = new List<ProgramTable>();
            foreach (ProgramOutput output in tables.Slice.ProgramOutputs)
            {
                string path = PathOf(tables.Key, output.Path);
                string file = Path.Combine(scratch, output.Path.Replace('/', Path.DirectorySeparatorChar));
                RemoteContent content = remote.Files.TryOpen(path, cancellation: cancellation) ?? throw RemoteErrors.RemoteFileGone(remote.Files.Name, path);
                using (content.Stream)
                {
                    AtomicFile.Write(file, to => StreamCopy.Run(content.Stream, to, remote.Files.Name, file, cancellation));
                }

                if (source.TryRead(output.Path, file, tables.Definition) is not { } table || ProgramSource.WhatDiffers(output, table) is not null)
                {
                    DamageMarks.TryPut(remote.Files, tables.Key, cancellation);
                    return null;
                }

                received.Add(table);
            }

            return use(received);
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                _ = SetAsideFolder.TryDelete(scratch);
            }
        }
    }

    /// <summary>What is there of the slices that are meant, by path.</summary>
    private static Dictionary<string, long> There(Remote remote, NeededTables[] needed, CancellationToken cancellation) => needed.Length == 0 ? []
        : remote.Files.List("tables/", cancellation).ToDictionary(static file => file.Path, static file => file.Bytes, StringComparer.Ordinal);

    private static TransferredItem Item(NeededTables tables, TransferOutcome outcome, long bytes = 0) => new(tables.What, tables.Key, bytes, outcome);

    private static string PathOf(string key, string path) => $"tables/{key}/{path}";

    private static NeededTables[] Needed(Repository repository, IReadOnlyList<SliceManifest> slices) =>
    [
        .. (from slice in slices
            where slice.IsProgram && slice.ProgramOutputs.Count > 0 && SliceVersions.Of(slice).AreSupported
            select new NeededTables(slice, SliceInputs.Definition(repository, slice), SliceInputs.KeyOf(repository, slice))).DistinctBy(static tables => tables.Key),
    ];
}
