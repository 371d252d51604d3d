using System.Text;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Parquet.Reading;
using HarvestTools.Programs;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>
/// The indexes of parts and exports: from the cache where they are whole and of the rows that the slice recorded, else made from
/// the part and the export, and kept. slice.json says what a slice has; an index only where in it something is.
/// </summary>
internal sealed class LineageIndexes(Repository repository, PartSource parts, WorkContext context)
{
    private readonly Dictionary<string, RowIndex> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AnnotationIndex?> _annotations = new(StringComparer.Ordinal);

    // Parts that lack who made their annotations, and in which nobody took over what another changed: they get it once it is known.
    private readonly List<(string Annotations, string Part, byte[] Identity)> _lacking = [];

    /// <summary>Those of slices that a team's own program derives.</summary>
    public ProgramIndexes Programs => field ??= new ProgramIndexes(repository, context, export => AnnotationsOf(export, definition: null));

    private static ReadOnlySpan<byte> MediaMark => "hvmedia1"u8;

    /// <summary>Full path of the folder that holds them.</summary>
    public static string FolderOf(string cacheFolder) => Path.Combine(cacheFolder, "lineage");

    /// <summary>Full path of the folder of what rows hold.</summary>
    public static string RowsFolderOf(string cacheFolder) => Path.Combine(FolderOf(cacheFolder), "rows");

    /// <summary>Full path of the folder of who made which annotation.</summary>
    public static string PeopleFolderOf(string cacheFolder) => Path.Combine(FolderOf(cacheFolder), "annotations");

    /// <summary>What the columns of a slice's tables say of its rows, where a program wrote them; null where the rules derive.</summary>
    /// <exception cref="HarvestException">As <see cref="RowsOf"/>.</exception>
    public RowRoles? RolesOf(SliceManifest slice, HarvestDefinition definition) => definition.Program is null ? null : Programs.Of(slice, definition)!.Value.Roles;

    /// <summary>What the rows of a slice hold of one export.</summary>
    /// <exception cref="HarvestException">The rows are neither in the cache nor can they be derived here.</exception>
    public RowIndex RowsOf(SliceManifest slice, SliceExport export, HarvestDefinition definition)
    {
        if (definition.Program is not null)
        {
            return Programs.Of(slice, definition)!.Value.Indexes[export.Sha256];
        }

        string key = SliceInputs.PartKeyOf(repository, export, definition);
        byte[]? recorded = IdentityOf(slice, export);
        if (_rows.TryGetValue(key, out RowIndex? index) && (recorded is null || index.Identity.AsSpan().SequenceEqual(recorded)))
        {
            return index;
        }

        string path = Path.Combine(RowsFolderOf(repository.CacheFolder), key);
        index = RowIndex.TryLoad(path);
        if (index is null || (recorded is not null && !index.Identity.AsSpan().SequenceEqual(recorded)))
        {
            Part part = parts.Get(slice.Version, export, definition).Part;
            byte[] identity = part.Identity;
            if (index is null || !index.Identity.AsSpan().SequenceEqual(identity))
            {
                (index, bool whole) = Build(part, identity, slice.Version, export, definition);
                if (whole)
                {
                    Keep(repository, path, index.Save);
                }
            }
        }

        return _rows[key] = index;
    }

    /// <summary>Who made the annotations of an export; null where neither its part says it nor its bytes are here.</summary>
    /// <param name="export">The export.</param>
    /// <param name="definition">The definition under which its part is derived; null where no part is known.</param>
    /// <exception cref="HarvestException">The export cannot be read, or has other bytes than its hash says.</exception>
    public AnnotationIndex? AnnotationsOf(SliceExport export, HarvestDefinition? definition)
    {
        string key = AnnotationsKeyOf(export);
        if (!_annotations.TryGetValue(key, out AnnotationIndex? index))
        {
            string path = Path.Combine(PeopleFolderOf(repository.CacheFolder), key);
            index = AnnotationIndex.TryLoad(path);
            if (index is null && (index = TryTake(export, definition) ?? TryRead(export)) is not null)
            {
                Keep(repository, path, index.Save);
            }

            _annotations[key] = index;
        }

        Complete(key, index);
        return index;
    }

    /// <summary>The links of media that a part's rows name; from the cache where they are known, else read from its tables and kept.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="store">Where the part is.</param>
    /// <param name="part">The part.</param>
    /// <param name="cancellation">Stops between row groups.</param>
    /// <exception cref="HarvestException">A table cannot be read.</exception>
    public static IReadOnlyList<string> LinksOf(Repository repository, PartStore store, Part part, CancellationToken cancellation)
    {
        byte[] identity = part.Identity;
        string path = Path.Combine(FolderOf(repository.CacheFolder), "media", part.Key);
        TextList? known = IndexFile.TryRead(path, MediaMark, columns => columns.Next<byte>().AsSpan().SequenceEqual(identity) ? columns.NextTexts() : null);
        if (known is not null)
        {
            return [.. Enumerable.Range(0, known.Count).Select(known.Text)];
        }

        var named = new NamedMedia();
        named.Add(store, part, cancellation);
        var links = new TextList.Column();
        foreach (string link in named.Links)
        {
            links.Add(Encoding.UTF8.GetBytes(link));
        }

        Keep(repository, path, file => IndexFile.Write(file, MediaMark, columns =>
        {
            columns.Add<byte>(identity);
            columns.Add(links.ToList());
        }));
        return named.Links;
    }

    /// <returns>The index, and whether it holds all: who changed what another took over is in the export alone, which may not be here.</returns>
    private (RowIndex Index, bool Whole) Build(Part part, byte[] identity, string version, SliceExport export, HarvestDefinition definition)
    {
        var builder = new RowIndexBuilder();
        long rows = part.Tables.Sum(static table => table.Rows);
        IProgress<long>? progress = context.Bytes("Indexing", part.Key[..12], rows);
        long done = 0;
        foreach (TableDescriptor table in TableCatalog.All)
        {
            PartTable written = part.Tables.Single(one => one.Table == table.Name);
            if (written.Rows > 0)
            {
                using ParquetTableReader reader = ParquetTableReader.Open(parts.Store.PathOf(part.Key, table.Name), written.Sha256, context.Cancellation);
                builder.Add(table, reader, context.Cancellation);
                progress?.Report(done += written.Rows);
            }
        }

        bool whole = true;
        PartPeople? people = parts.Store.TryLoadPeople(part.Key, identity);
        if (builder.SharedTasks.Count > 0 && part.Tally.People.Any(static entry => entry.Labels.OverruledRows > 0))
        {
            people ??= ReadPeople(part, version, export, definition, builder.SharedTasks);
            whole = people is not null;
            builder.AddOverruled(people?.Overruled.Where(one => builder.SharedTasks.Contains(one.TaskId)) ?? []);
        }
        else if (people is null)
        {
            _lacking.Add((AnnotationsKeyOf(export), part.Key, identity));
        }

        return (builder.Build(identity), whole);
    }

    /// <summary>
    /// Reads the export for the labels that others took over, and for who made its annotations; null where it is not here. A part that
    /// came from elsewhere or was made by an earlier release has neither beside it.
    /// </summary>
    private PartPeople? ReadPeople(Part part, string version, SliceExport export, HarvestDefinition definition, IReadOnlySet<long> tasks)
    {
        PartPeople? people = SliceInputs.Read(repository, export, "Reading annotations", context, (stream, progress) =>
            OverruledTasks.Read(parts.Request(version, export, definition), stream, tasks, progress, context.Cancellation))?.Read;
        if (people is not null)
        {
            parts.Store.KeepPeople(part.Key, part.Identity, people);

            // Asked for next more often than not, and reading is most of the work.
            string key = AnnotationsKeyOf(export);
            _annotations[key] = people.Annotations;
            Keep(repository, Path.Combine(PeopleFolderOf(repository.CacheFolder), key), people.Annotations.Save);
        }

        return people;
    }

    /// <summary>What the export's part has of them; null where it has nothing, or where a team's own program derives.</summary>
    private AnnotationIndex? TryTake(SliceExport export, HarvestDefinition? definition) => definition is null or { Program: not null }
        ? null
        : parts.Store.TryLoadPeople(SliceInputs.PartKeyOf(repository, export, definition), identity: null)?.Annotations;

    private AnnotationIndex? TryRead(SliceExport export) => SliceInputs.Read(repository, export, "Reading annotators", context, (stream, progress) =>
        AnnotationIndex.Read(stream, export.FileStem, context.Threads, progress, context.Cancellation))?.Read;

    private void Complete(string annotations, AnnotationIndex? index)
    {
        for (int i = _lacking.Count - 1; i >= 0 && index is not null; i--)
        {
            if (_lacking[i].Annotations == annotations)
            {
                parts.Store.KeepPeople(_lacking[i].Part, _lacking[i].Identity, new PartPeople(index, []));
                _lacking.RemoveAt(i);
            }
        }
    }

    /// <summary>Exports with the same labels have the same annotations of the same people.</summary>
    private static string AnnotationsKeyOf(SliceExport export) => export.ComparableLabels ?? export.Sha256;

    /// <summary>A cache that cannot be written is no fault of the work: the index is at hand all the same.</summary>
    internal static void Keep(Repository repository, string path, Action<string> save)
    {
        try
        {
            repository.EnsureIgnored();
            FileKinds.RequireStoredFolder(FolderOf(repository.CacheFolder), "write");
            FileKinds.RequireStoredFolder(Path.GetDirectoryName(path)!, "write");
            FileKinds.RequireStored(path, "write");
            DurableFolder.Ensure(Path.GetDirectoryName(path)!);
            save(path);
        }
        catch (HarvestException)
        {
        }
    }

    /// <summary>What the slice recorded of the export's rows; null where it recorded nothing.</summary>
    private static byte[]? IdentityOf(SliceManifest slice, SliceExport export) => slice.Outputs.Count == 0
        ? null
        : Part.IdentityOf(TableCatalog.All
            .Select(table => SliceInputs.OutputOf(slice, export, table.Name))
            .OfType<SliceOutput>()
            .Where(static output => output.Rows > 0)
            .Select(static output => $"{output.Table} {output.RowsSha256}"));
}
