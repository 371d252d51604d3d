using System.Buffers;
using System.Security.Cryptography;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Parquet.Reading;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;

namespace HarvestTools.Cache;

/// <summary>
/// Parts by key, below <c>parts/</c> in the cache folder. <c>part.json</c> is written last: a part is there exactly if
/// that file is. Slices share parts by hard links, so what stands here is never changed in place.
/// </summary>
/// <param name="cacheFolder">Full path of the cache.</param>
/// <param name="statCache">Hashes of files that did not change since they were taken.</param>
internal sealed partial class PartStore(string cacheFolder, Lazy<StatCache> statCache)
{
    /// <summary>The file by which a part is there.</summary>
    public const string RecordName = "part.json";

    /// <summary>The file of <see cref="PartPeople"/>, beside the tables.</summary>
    public const string PeopleName = "people.index";

    private const string PartsName = "parts";

    public string SpillFolder => Path.Combine(cacheFolder, "spill");

    public string PathOf(string key, string table) => Path.Combine(FolderOf(key), table + ".parquet");

    /// <summary>The part, or null where it is absent or not whole (a missing file, other bytes or rows, a record that is not as it was written).</summary>
    /// <param name="key">The part's key.</param>
    /// <param name="episodes">Read what it holds of each episode too, which is most of the record.</param>
    public Part? TryLoad(string key, bool episodes)
    {
        string record = Path.Combine(FolderOf(key), RecordName);
        FileKinds.RequireStoredFolder(Path.Combine(cacheFolder, PartsName), "read");
        FileKinds.RequireStoredFolder(FolderOf(key), "read");
        FileKinds.RequireStored(record, "read");
        if (!File.Exists(record))
        {
            return null;
        }

        try
        {
            Part? part = ReadRecord(key, record, episodes);
            if (part is null || !part.Tables.All(table => IsWhole(key, table)))
            {
                return null;
            }

            LastUse.Mark(record);
            return part;
        }
        catch (HarvestException)
        {
            // Removed meanwhile, or unreadable: what cannot be verified is not believed.
            return null;
        }
    }

    /// <summary>
    /// What the derivation of a part counted, by its record alone: its tables need not be there, and are not looked at. Null where
    /// there is no record, or it is not as it was written.
    /// </summary>
    public Tally? TryLoadTally(string key)
    {
        string record = Path.Combine(FolderOf(key), RecordName);
        try
        {
            FileKinds.RequireStoredFolder(FolderOf(key), "read");
            FileKinds.RequireStored(record, "read");
            return File.Exists(record) ? ReadRecord(key, record, episodes: false)?.Tally : null;
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    private static Part? ReadRecord(string key, string record, bool episodes)
    {
        byte[] bytes = AtomicFile.RentAllBytes(record, out int length);
        try
        {
            return PartRecord.TryRead(key, bytes.AsSpan(0, length), episodes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The record of every part that is there, sorted.</summary>
    public IReadOnlyList<string> Records()
    {
        string parts = Path.Combine(cacheFolder, "parts");
        try
        {
            return !Directory.Exists(parts) ? [] :
            [
                .. Directory.EnumerateDirectories(parts)
                    .Where(static part => !PendingFile.IsTemporary(Path.GetFileName(part)))
                    .Select(static part => Path.Combine(part, RecordName))
                    .Where(File.Exists)
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, parts, "list");
        }
    }

    /// <summary>SHA-256 of a file of the cache that exists.</summary>
    public string HashOf(string path) => statCache.Value.Get(path, DateTimeOffset.UtcNow, () => FileHash.Compute(path));

    /// <summary>Makes the folder that a slice has for one of its tables.</summary>
    /// <exception cref="HarvestException">Something else is in its place.</exception>
    public static void RequireFolder(string folder)
    {
        FileKinds.RequireStoredFolder(Path.GetDirectoryName(folder)!, "write");
        FileKinds.RequireStoredFolder(folder, "write");
        DurableFolder.Ensure(folder);
    }

    /// <summary>
    /// Gives a part's table a second name, which replaces what stands there. The caller has looked at its folder (<see cref="RequireFolder"/>)
    /// and flushes it.
    /// </summary>
    /// <returns>Whether it was there already.</returns>
    public bool Place(Part part, PartTable table, string path)
    {
        if (FileKinds.Of(path) != FileKind.None)
        {
            FileKinds.RequireStored(path, "write");
            if (HashOf(path) == table.Sha256)
            {
                return true;
            }
        }

        string stored = PathOf(part.Key, table.Table);
        if (AtomicFile.HardLinkOrCopy(stored, path, flush: false))
        {
            statCache.Value.Linked(stored, path);
        }

        return false;
    }

    /// <summary>Derives a part from the export's bytes and stores it, replacing what stands there.</summary>
    /// <param name="keyOf">Tells the part's key, which may depend on the labels that were read on the way.</param>
    /// <param name="request">What to derive.</param>
    /// <param name="export">The export's bytes.</param>
    /// <param name="exportSha256">The hash that the export should have.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Stops between tasks; nothing is stored then.</param>
    /// <exception cref="HarvestException">The export is at fault, or does not have the hash it should have.</exception>
    public Part Derive(
        Func<ExportFingerprint?, string> keyOf,
        PartRequest request,
        Stream export,
        string exportSha256,
        IProgress<long>? progress,
        CancellationToken cancellation)
    {
        FileKinds.RequireStoredFolder(SpillFolder, "write");
        FileKinds.RequireStoredFolder(Path.Combine(cacheFolder, PartsName), "write");
        var pending = new Dictionary<string, PendingFile>(StringComparer.Ordinal);
        var rows = new SegmentStore(request.SpillFolder, request.RowBudget);
        Task? freed = null;
        try
        {
            foreach (TableDescriptor table in TableCatalog.All)
            {
                pending[table.Name] = PendingFile.Create(SpillFolder);
            }

            DerivedPart derived = PartDerivation.Run(
                request with { WithPeople = true }, rows, export, table => pending[table.Name].FlushedStream, progress, cancellation);
            CacheErrors.RequireHash(request.FileName, exportSha256, derived.Export.Sha256);
            string key = keyOf(derived.Labels);
            FileKinds.RequireStoredFolder(FolderOf(key), "write");

            // The disk takes the tables, and the system takes back the spilled rows, while the record is written.
            foreach (PendingFile file in pending.Values)
            {
                file.BeginFlush();
            }

            // A task and no work of a pool: freeing waits for the system and takes no processor time of its own.
            freed = Task.Run(rows.Dispose, CancellationToken.None);
            var part = new Part(key, exportSha256, derived.Tables, derived.Tally, derived.Episodes.SelectMany(static table => table));
            using var record = PendingFile.Create(FolderOf(key));
            AtomicFile.Fill(record, file => PartRecord.Write(part, derived.Episodes, file));
            KeepPeople(key, part.Identity, derived.People!);
            foreach ((string table, PendingFile file) in pending)
            {
                file.CommitName(PathOf(key, table), cancellation);
            }

            // Once for all of them, and before the record by which they are found.
            DurableFolder.Flush(FolderOf(key));

            foreach (PartTable table in derived.Tables)
            {
                statCache.Value.Written(PathOf(key, table.Table), table.Sha256);
            }

            record.Commit(Path.Combine(FolderOf(key), RecordName), cancellation: cancellation);
            return part;
        }
        finally
        {
            foreach (PendingFile file in pending.Values)
            {
                file.Dispose();
            }

            freed?.GetAwaiter().GetResult();
            rows.Dispose();
        }
    }

    /// <summary>What its tables do not say of people; null where it is not in the cache, or not of this part.</summary>
    /// <param name="key">The part's key.</param>
    /// <param name="identity">As in <see cref="PartPeople.TryLoad"/>.</param>
    /// <exception cref="HarvestException">Something else than a file is in its place.</exception>
    public PartPeople? TryLoadPeople(string key, byte[]? identity)
    {
        FileKinds.RequireStoredFolder(FolderOf(key), "read");
        return PartPeople.TryLoad(PeoplePathOf(key), key, identity);
    }

    /// <summary>Keeps it beside the tables of a part. That it cannot be written is no fault of the work: an export is read again where it is needed.</summary>
    public void KeepPeople(string key, byte[] identity, PartPeople people)
    {
        string path = PeoplePathOf(key);
        try
        {
            FileKinds.RequireStored(path, "write");
            people.Save(path, key, identity);
        }
        catch (HarvestException)
        {
        }
    }

    /// <summary>The files of a part that was given, its record last.</summary>
    /// <exception cref="HarvestException">The part was removed meanwhile.</exception>
    public IReadOnlyList<PartFile> FilesOf(Part part)
    {
        string key = part.Key;
        string record = Path.Combine(FolderOf(key), RecordName);
        byte[] bytes = AtomicFile.ReadAllBytes(record);
        return
        [
            .. part.Tables.Select(table => new PartFile(table.Table + ".parquet", PathOf(key, table.Table), table.Bytes, table.Sha256)),
            new PartFile(RecordName, record, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))),
        ];
    }

    /// <summary>Takes a part's files from elsewhere, and believes them once they are what their record says.</summary>
    /// <param name="key">The part's key.</param>
    /// <param name="open">Opens a file of it by name.</param>
    /// <param name="accepts">Whether a table is what whoever asks for it expects.</param>
    /// <param name="source">What messages call the other side.</param>
    /// <param name="cancellation">Ends the transfer; nothing is stored then.</param>
    /// <returns>How many bytes came.</returns>
    /// <exception cref="HarvestException">PartDamaged; nothing is stored.</exception>
    public long Receive(string key, Func<string, Stream> open, Func<PartTable, bool> accepts, string source, CancellationToken cancellation)
    {
        FileKinds.RequireStoredFolder(Path.Combine(cacheFolder, PartsName), "write");
        FileKinds.RequireStoredFolder(FolderOf(key), "write");
        var pending = new Dictionary<string, PendingFile>(StringComparer.Ordinal);
        try
        {
            byte[] bytes = ReadAll(open, RecordName, source, cancellation);
            Part part = PartRecord.TryRead(key, bytes, withEpisodes: true) is { } read && read.Tables.All(accepts) ? read : throw CacheErrors.PartDamaged(source);
            foreach (PartTable table in part.Tables)
            {
                PendingFile file = pending[table.Table] = PendingFile.Create(FolderOf(key));
                if (Copy(open, table.Table + ".parquet", file, source, cancellation) != table.Sha256)
                {
                    throw CacheErrors.PartDamaged(source);
                }
            }

            foreach ((string table, PendingFile file) in pending)
            {
                file.CommitName(PathOf(key, table), cancellation);
            }

            DurableFolder.Flush(FolderOf(key));
            AtomicFile.WriteAllBytes(Path.Combine(FolderOf(key), RecordName), bytes);
            return bytes.Length + part.Tables.Sum(static table => table.Bytes);
        }
        finally
        {
            foreach (PendingFile file in pending.Values)
            {
                file.Dispose();
            }
        }
    }

    private static byte[] ReadAll(Func<string, Stream> open, string name, string source, CancellationToken cancellation)
    {
        using Stream from = open(name);
        using var all = new MemoryStream();
        StreamCopy.Run(from, all, $"{source}/{name}", name, cancellation);
        return all.ToArray();
    }

    private static string Copy(Func<string, Stream> open, string name, PendingFile to, string source, CancellationToken cancellation)
    {
        using Stream from = open(name);
        using var hashed = new HashingStream(to.Stream);
        StreamCopy.Run(from, hashed, $"{source}/{name}", to.TemporaryPath, cancellation);
        return hashed.Sha256();
    }

    private string PeoplePathOf(string key) => Path.Combine(FolderOf(key), PeopleName);

    private string FolderOf(string key) => Path.Combine(cacheFolder, PartsName, key);

    private bool IsWhole(string key, PartTable table)
    {
        FileKinds.RequireStored(PathOf(key, table.Table), "read");
        var file = new FileInfo(PathOf(key, table.Table));
        return file.Exists && file.Length == table.Bytes && HashOf(file.FullName) == table.Sha256 && FooterRows.TryRead(file.FullName) == table.Rows;
    }
}
