using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>How a table came to stand in the slice's cache folder.</summary>
public static class BuildStatus
{
    /// <summary>It was there, with the right bytes.</summary>
    public const string Hit = nameof(Hit);

    /// <summary>Another slice had derived the same part; it was linked.</summary>
    public const string Shared = nameof(Shared);

    /// <summary>It was derived from the archived export.</summary>
    public const string Regenerated = nameof(Regenerated);
}

/// <summary>One Parquet file of a built slice.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Table">The table.</param>
/// <param name="Project">The export's project.</param>
/// <param name="Export">The export's SHA-256.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="Rows">How many rows it has; null where they cannot be read, and of a program's file that has none.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="RowsSha256">SHA-256 of the rows alone, blind to encoding.</param>
/// <param name="Status">How it came into the cache.</param>
public sealed record BuiltTable(
    string Version,
    string Table,
    string Project,
    string Export,
    string Path,
    long? Rows,
    long Bytes,
    string Sha256,
    string RowsSha256,
    string Status);

/// <summary>A slice whose Parquet files stand in the cache.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Key">Its slice key, which names the cache folder.</param>
/// <param name="Folder">The cache folder: one dataset folder a table.</param>
/// <param name="Tables">Its files.</param>
/// <param name="Tally">What was kept and dropped, over all exports.</param>
public sealed record BuiltSlice(string Version, string Key, string Folder, IReadOnlyList<BuiltTable> Tables, Tally Tally);

/// <summary>Puts a slice's tables into the cache: a hit, a link to a shared part, or a derivation from the archive.</summary>
public static class BuildSlice
{
    /// <exception cref="HarvestException">
    /// An export or the definition is not available, or the derivation gives other bytes than the slice recorded.
    /// </exception>
    public static BuiltSlice Run(Repository repository, SliceManifest slice, WorkContext context)
    {
        // A clone that shares an archive may do nothing but build.
        if (Directory.Exists(repository.Archive.Folder))
        {
            new RepositoryRegistry(repository.Archive).TryEnter(repository, context.Clock.GetUtcNow());
        }

        if (slice.IsProgram)
        {
            return ProgramTables.Build(repository, slice, SliceInputs.Definition(repository, slice), context);
        }

        using var source = new PartSource(repository, context);
        return Run(repository, slice, context, source);
    }

    /// <summary>Refuses names that no table of the slice has; upper and lower case are one.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="tables">The names.</param>
    /// <exception cref="HarvestException">TableUnknown.</exception>
    public static void RequireTables(SliceManifest slice, IReadOnlyCollection<string> tables)
    {
        ArgumentNullException.ThrowIfNull(slice);
        CompareProgramSlices.RequireTables(tables, $"slice {slice.Version}", slice);
    }

    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="source">Gives the parts; those that it gave before are not read again.</param>
    internal static BuiltSlice Run(Repository repository, SliceManifest slice, WorkContext context, PartSource source)
    {
        try
        {
            return RunOnce(repository, slice, context, source);
        }
        catch (HarvestException gone) when (source.WasDeleted(gone))
        {
            // Somebody deletes the cache while it is filled; deleted again, the error says what is missing.
            context.Cancellation.ThrowIfCancellationRequested();
            source.Forget();
            return RunOnce(repository, slice, context, source);
        }
    }

    private static BuiltSlice RunOnce(Repository repository, SliceManifest slice, WorkContext context, PartSource source)
    {
        HarvestDefinition definition = SliceInputs.Definition(repository, slice);
        string key = SliceInputs.KeyOf(repository, slice);
        string folder = Path.Combine(repository.CacheFolder, key);
        var parts = new GivenPart[slice.Exports.Count];
        var tally = new Tally();
        source.Prepare(slice.Version, slice.Exports, definition);
        for (int i = 0; i < parts.Length; i++)
        {
            SliceExport export = slice.Exports[i];
            (Part part, bool derived) = source.Get(slice.Version, export, definition);
            if (!derived && FindDifference(slice, export, part) is not null)
            {
                // The cache may be what is wrong; the archive decides.
                part = source.Derive(part.Key, slice.Version, export, definition);
                derived = true;
            }

            if (FindDifference(slice, export, part) is { } other)
            {
                throw DerivationErrors.DerivationDiffers(
                    slice.Version, export.FileStem, other.Table, other.Recorded, other.Derived);
            }

            parts[i] = new GivenPart(part, derived);
            tally.Merge(part.Tally);
        }

        string[] tableFolders = [.. parts.SelectMany(static part => part.Part.Tables).Select(static table => table.Table).Distinct().Select(table => Path.Combine(folder, table))];
        Array.ForEach(tableFolders, PartStore.RequireFolder);

        var placed = new List<BuiltTable>[parts.Length];
        using (var pool = new WorkerPool(parts.Length < PartSource.FewParts ? 1 : context.Threads))
        {
            PartStore store = source.Store;
            pool.Run(
                parts.Length,
                i => placed[i] = [.. parts[i].Part.Tables.Select(table => Place(slice.Version, folder, slice.Exports[i], store, parts[i], table))],
                context.Cancellation);
        }

        BuiltTable[] tables = [.. placed.SelectMany(static part => part)];

        // Once for all files: fifty exports have two hundred.
        Array.ForEach(tableFolders, DurableFolder.Flush);

        LastUse.Mark(folder);
        return new BuiltSlice(slice.Version, key, folder, tables, tally);
    }

    /// <summary>Path of one table's file in a slice's cache folder.</summary>
    internal static string PathOf(string folder, string table, SliceExport export) =>
        Path.Combine(folder, table, export.FileStem + ".parquet");

    private static (string Table, string Recorded, string Derived)? FindDifference(SliceManifest slice, SliceExport export, Part part)
    {
        foreach (PartTable table in part.Tables)
        {
            SliceOutput? recorded = SliceInputs.OutputOf(slice, export, table.Table);
            if (recorded is not null && recorded.Sha256 != table.Sha256)
            {
                return (table.Table, recorded.Sha256, table.Sha256);
            }
        }

        return null;
    }

    private static BuiltTable Place(
        string version, string folder, SliceExport export, PartStore store, GivenPart given, PartTable table)
    {
        (Part part, bool derived) = given;
        string path = PathOf(folder, table.Table, export);
        bool there = store.Place(part, table, path);
        string status = derived ? BuildStatus.Regenerated : there ? BuildStatus.Hit : BuildStatus.Shared;
        return new BuiltTable(
            version,
            table.Table,
            export.Project,
            export.Sha256,
            path,
            table.Rows,
            table.Bytes,
            table.Sha256,
            table.RowsSha256,
            status);
    }
}
