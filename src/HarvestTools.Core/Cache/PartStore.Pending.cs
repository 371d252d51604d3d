using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Cache;

/// <summary>
/// A part that is derived and written, and not in its place yet: of a thousand small ones each would wait for the disk eighteen times,
/// and so all of them wait once. Disposing it removes what did not get its place.
/// </summary>
/// <param name="folder">Its files.</param>
/// <param name="part">The part.</param>
/// <param name="labels">The labels that were read on the way; null where they were not asked for.</param>
internal sealed class PendingPart(PendingFolder folder, Part part, ExportFingerprint? labels) : IDisposable
{
    public PendingFolder Folder => folder;

    public Part Part => part;

    public ExportFingerprint? Labels => labels;

    public void Dispose() => folder.Dispose();
}

/// <summary>Many small parts at once.</summary>
internal sealed partial class PartStore
{
    /// <summary>Derives a small part, on the calling thread alone; <see cref="Commit"/> stores it with others. Thread-safe.</summary>
    /// <param name="keyOf">As of <see cref="Derive"/>.</param>
    /// <param name="request">What to derive.</param>
    /// <param name="episodes">Whether the caller wants to know what the part holds of each episode.</param>
    /// <param name="export">The export's bytes.</param>
    /// <param name="exportSha256">The hash that the export should have.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Stops between tasks; nothing is stored then.</param>
    /// <exception cref="HarvestException">The export is at fault, or does not have the hash it should have.</exception>
    public PendingPart DerivePending(
        Func<ExportFingerprint?, string> keyOf,
        PartRequest request,
        bool episodes,
        Stream export,
        string exportSha256,
        IProgress<long>? progress,
        CancellationToken cancellation)
    {
        string parts = Path.Combine(cacheFolder, PartsName);
        FileKinds.RequireStoredFolder(SpillFolder, "write");
        FileKinds.RequireStoredFolder(parts, "write");
        PendingFolder? folder = PendingFolder.Create(parts);
        try
        {
            DerivedPart derived = PartDerivation.Run(
                request with { WithPeople = true, Threads = 1 }, export, table => folder.Begin(table.Name + ".parquet", readOnly: true), progress, cancellation);
            CacheErrors.RequireHash(request.FileName, exportSha256, derived.Export.Sha256);
            var part = new Part(keyOf(derived.Labels), exportSha256, derived.Tables, derived.Tally, derived.Episodes.SelectMany(static table => table));
            derived.People!.Write(folder.Begin(PeopleName, optional: true), part.Key, part.Identity);

            // Last, also where the files are put into a folder that is there.
            PartRecord.Write(part, derived.Episodes, folder.Begin(RecordName));
            folder.Complete();

            // What it holds of each episode is let go with all that it is made of: hundreds of parts wait at once.
            var pending = new PendingPart(folder, part with { EpisodesIfRead = episodes ? [.. part.Episodes] : null }, derived.Labels);
            folder = null;
            return pending;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, Path.Combine(folder!.TemporaryPath, RecordName), "write");
        }
        finally
        {
            folder?.Dispose();
        }
    }

    /// <summary>Has the system put parts on disk while other work is done: it waits for the disk and takes no processor time.</summary>
    /// <returns>Ends when they are, or with a <see cref="HarvestException"/> where the disk failed.</returns>
    public static Task BeginFlush(IReadOnlyList<PendingPart> pending)
    {
        string[] folders = [.. pending.Select(static one => one.Folder.TemporaryPath)];
        return Task.Run(() => DiskFlush.Current.Rest(folders));
    }

    /// <summary>Stores parts that are on disk (<see cref="BeginFlush"/>), replacing what stands there.</summary>
    /// <exception cref="HarvestException">The file system refused it; those in their places stay, and are whole.</exception>
    public void Commit(IReadOnlyList<PendingPart> pending)
    {
        if (pending.Count == 0)
        {
            return;
        }

        foreach (PendingPart one in pending)
        {
            FileKinds.RequireStoredFolder(FolderOf(one.Part.Key), "write");
            one.Folder.Commit(FolderOf(one.Part.Key));
        }

        DurableFolder.Flush(Path.Combine(cacheFolder, PartsName));
        foreach (Part part in pending.Select(static one => one.Part))
        {
            foreach (PartTable table in part.Tables)
            {
                statCache.Value.Written(PathOf(part.Key, table.Table), table.Sha256);
            }
        }
    }
}
