using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Archive;

/// <summary>
/// The immutable store of exports and harvest definitions, with a record of which export was added under which project.
/// Safe for any number of processes at once; a killed process leaves at most temporary files.
/// </summary>
public sealed partial class ExportArchive
{
    private const int ShortestPrefix = 4;
    private readonly string _locks;
    private readonly Action? _beforeWriting;
    private readonly ProjectNames _names;
    private readonly LocalObjectStore _local;
    private readonly FetchingStore _objects;
    private readonly RecordIndex _records;

    /// <param name="folder">Full path of the archive; it need not exist.</param>
    /// <param name="locks">Full path of the folder for the files by which processes wait for each other.</param>
    /// <param name="beforeWriting">Called before anything is written, for example to keep a new store out of git.</param>
    /// <param name="names">The present names of renamed projects; null where there are none.</param>
    /// <param name="recordCache">Full path of the file in which records that were read are kept; null keeps none.</param>
    /// <param name="elsewhere">Where objects are brought from that are not here, in this order; null for nowhere.</param>
    /// <param name="fetching">Called before one is brought, with its hash and the store's name.</param>
    /// <param name="damaged">Called where one came with other bytes.</param>
    internal ExportArchive(
        string folder,
        string locks,
        Action? beforeWriting = null,
        ProjectNames? names = null,
        string? recordCache = null,
        Func<IReadOnlyList<IObjectSource>>? elsewhere = null,
        Action<string, string>? fetching = null,
        Action<string>? damaged = null)
    {
        _names = names ?? ProjectNames.None;
        Folder = folder;
        _locks = locks;
        _beforeWriting = beforeWriting;
        _local = new LocalObjectStore(folder, beforeWriting, cancellation => FileLock.Acquire(Path.Combine(locks, "pack-names"), cancellation));
        _objects = new FetchingStore(_local, elsewhere ?? (static () => []), fetching, damaged, IsRemoved);
        Verified = new VerifyingSource(_objects);
        RecordsFolder = Path.Combine(folder, "exports");
        _records = new RecordIndex(RecordsFolder, _names, recordCache);
    }

    /// <summary>The archive's folder, absolute.</summary>
    public string Folder { get; }

    /// <summary>What is asked of the records when an export is added.</summary>
    internal RecordIndex Index => _records;

    /// <summary>From now on every record is read from its file.</summary>
    internal void DistrustRecords() => _records.Distrust();

    /// <summary>The archived bytes, for whoever compares their hash himself, and for adding.</summary>
    internal IObjectStore Objects => _objects;

    /// <summary>The archived bytes, which are held against their hash when they are read to the end.</summary>
    internal IObjectSource Verified { get; }

    /// <summary>The same objects as files of this machine, which a check looks at and a repair puts right.</summary>
    internal LocalObjectStore Local => _local;

    internal string RecordsFolder { get; }

    /// <summary>
    /// Opens the object with that hash as a file, for who goes back and forth in it; it is brought from the remote where it is not here. Of one
    /// that is packed it is a temporary file, so that a command that only reads leaves the archive as it is. Its bytes are not looked at.
    /// </summary>
    /// <returns>Null where there is no such object.</returns>
    /// <exception cref="HarvestException">HashPrefixInvalid; it cannot be read, or not be unpacked.</exception>
    internal FileStream? TryOpenFile(string sha256, CancellationToken cancellation = default)
    {
        ObjectContent? content = _objects.TryOpen(sha256, cancellation);
        if (content?.Stream is not { } stream || stream is FileStream)
        {
            return (FileStream?)content?.Stream;
        }

        using (content)
        {
            return TemporaryCopy.Of(stream, cancellation);
        }
    }

    /// <summary>Brings an object that is not here; false where it is nowhere.</summary>
    /// <inheritdoc cref="FetchingStore.TryFetch(string, IProgress{long}, CancellationToken, bool)"/>
    internal bool TryFetch(string sha256, IProgress<long>? progress, CancellationToken cancellation) => _objects.TryFetch(sha256, progress, cancellation);

    /// <summary>Whether the object with that hash is archived, here or in the remote. Its bytes are not looked at.</summary>
    public bool Contains(string sha256) => Objects.Contains(sha256);

    /// <summary>Brings an object that is not here from the remote; false where there is none, or it has not got it.</summary>
    /// <exception cref="HarvestException">RemoteObjectDamaged; the remote cannot be read, or the archive cannot be written.</exception>
    internal bool TryFetch(string sha256) => _objects.TryFetch(sha256);

    /// <summary>The same of one that is not here as plain bytes, and whose pack is damaged where it has one.</summary>
    internal bool TryRestore(string sha256) => _objects.TryFetch(sha256, progress: null, CancellationToken.None, packIsDamaged: true);

    /// <inheritdoc cref="FetchingStore.ContainsAsFarAsKnown"/>
    internal IReadOnlySet<string> ContainsAsFarAsKnown(IEnumerable<string> sha256, out HarvestException? unasked, CancellationToken cancellation) =>
        _objects.ContainsAsFarAsKnown(sha256, out unasked, cancellation);

    /// <summary>Refuses a project name that could not be recorded; call it before an export is copied.</summary>
    /// <exception cref="HarvestException">ProjectNameInvalid, ProjectDiffersByCase.</exception>
    public void CheckProject(string project)
    {
        string? why = SliceNames.WhyNotProject(project);
        if (why is not null)
        {
            throw ArchiveErrors.ProjectNameInvalid(project, why);
        }

        foreach (string existing in _records.Projects())
        {
            if (existing != project && existing.Equals(project, StringComparison.OrdinalIgnoreCase))
            {
                throw ArchiveErrors.ProjectDiffersByCase(project, existing);
            }
        }
    }

    /// <summary>
    /// Records an export under its project. One that is recorded already keeps the time it was added first; a path inside
    /// the repository replaces the bare name of an earlier addition from outside, a labeling configuration the one before.
    /// </summary>
    /// <returns>The record as it now stands, and whether it is new.</returns>
    internal (ExportRecord Record, bool Added) Record(ExportRecord record)
    {
        _beforeWriting?.Invoke();
        using FileLock exclusive = LockRecords();
        FileKinds.RequireStoredFolder(RecordsFolder, "write");
        CheckProject(record.Project);

        string path = PathOf(record);
        if (AtomicFile.TryCreateNew(path, record.ToUtf8Bytes()))
        {
            _records.Written(path, record, before: null);
            return (record, true);
        }

        (ExportRecord existing, ExportRecord merged, byte[]? changed) = Join(path, record);
        if (changed is not null)
        {
            AtomicFile.WriteAllBytes(path, changed);
            _records.Written(path, merged, existing);
        }

        return (merged, false);
    }

    /// <summary>A record as it is and as it becomes, with its bytes where these are others.</summary>
    private (ExportRecord Existing, ExportRecord Merged, byte[]? Changed) Join(string path, ExportRecord record)
    {
        ExportRecord existing = _records.LoadAgain(path);
        ExportRecord merged = existing.JoinedWith(record);
        byte[] bytes = merged.ToUtf8Bytes();
        return (existing, merged, bytes.AsSpan().SequenceEqual(existing.ToUtf8Bytes()) ? null : bytes);
    }

    /// <summary>The same of many, which wait for the disk once.</summary>
    internal void Record(IReadOnlyList<ExportRecord> records)
    {
        if (records.Count == 0)
        {
            return;
        }

        _beforeWriting?.Invoke();
        using FileLock exclusive = LockRecords();
        FileKinds.RequireStoredFolder(RecordsFolder, "write");
        var changed = new List<(string Path, ExportRecord Record, ExportRecord? Before)>();
        var files = new List<(string Path, byte[] Bytes)>();
        foreach (ExportRecord record in records)
        {
            CheckProject(record.Project);
            string path = PathOf(record);
            (ExportRecord? existing, ExportRecord merged, byte[]? bytes) = File.Exists(path) ? Join(path, record) : (null, record, record.ToUtf8Bytes());
            if (bytes is not null)
            {
                changed.Add((path, merged, existing));
                files.Add((path, bytes));
            }
        }

        AtomicFile.WriteAll(RecordsFolder, files);
        _records.Written(changed);
    }

    /// <summary>The file of an export's record. One that was archived before its project was renamed keeps its record.</summary>
    private string PathOf(ExportRecord record) =>
        _records.Of(record.Sha256).FirstOrDefault(file => file.Project == record.Project).Path ?? Path.Combine(RecordsFolder, record.FileName);

    /// <summary>Keeps what the next command needs to know of the records that this one wrote. It saves time and nothing else.</summary>
    internal void KeepIndex()
    {
        if (!_records.IsUnsaved)
        {
            return;
        }

        try
        {
            using FileLock exclusive = LockRecords();
            _records.Keep();
        }
        catch (HarvestException)
        {
            // The next command reads the records.
        }
    }

    /// <summary>Every record in the order of its file's name; one that cannot be read does not stop the others.</summary>
    public IEnumerable<ExportRecordEntry> Records() => Entries(RecordFiles());

    /// <summary>The same of some of <see cref="RecordFiles"/>.</summary>
    internal IEnumerable<ExportRecordEntry> Entries(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            ExportRecordEntry entry;
            try
            {
                entry = new ExportRecordEntry(file, _records.Load(file), null);
            }
            catch (HarvestException error)
            {
                entry = new ExportRecordEntry(file, null, error);
            }

            yield return entry;
        }
    }

    /// <summary>What is archived, by project, then by the time it was added, then by hash.</summary>
    /// <param name="project">Its present name or an earlier one; null for all projects.</param>
    /// <exception cref="HarvestException">A record cannot be read; <see cref="Records"/> goes on after one.</exception>
    public IReadOnlyList<ExportRecord> List(string? project = null) => _records.Records(project is null ? null : _names.Current(project));

    /// <summary>The names of the projects that have an export, sorted.</summary>
    public IReadOnlyList<string> Projects() => _records.Projects();

    /// <summary>The project's present name.</summary>
    /// <param name="project">That name, or one from before it was renamed.</param>
    public string CurrentName(string project) => _names.Current(project);

    /// <summary>The record of one export under one project; null where there is none.</summary>
    /// <param name="project">Its present name or an earlier one.</param>
    /// <param name="sha256">The export.</param>
    /// <exception cref="HarvestException">The record cannot be read.</exception>
    internal ExportRecord? TryRecord(string project, string sha256)
    {
        string current = _names.Current(project);
        return _records.Of(sha256).FirstOrDefault(file => file.Project == current).Path is { } path ? _records.Load(path) : null;
    }

    /// <summary>The records of one export, one a project.</summary>
    /// <exception cref="HarvestException">A record cannot be read.</exception>
    internal IReadOnlyList<ExportRecord> RecordsOf(string sha256) => [.. _records.Of(sha256).Select(file => _records.Load(file.Path))];

    /// <summary>The present names of the projects that an export is recorded under, sorted; none where it is not archived. Reads no record.</summary>
    internal IEnumerable<string> ProjectsOf(string sha256) =>
        _records.Of(sha256).Select(static file => file.Project).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Whether this machine has no archive: neither a record nor an object. A fresh clone has none.</summary>
    internal bool IsAbsent() => !Directory.Exists(Folder) || (_records.Files().Count == 0 && !Objects.List().Any());

    /// <summary>Refuses a project of which nothing is archived.</summary>
    /// <exception cref="HarvestException">ProjectNotFound.</exception>
    public void RequireProject(string project)
    {
        IReadOnlyList<string> known = Projects();
        if (!known.Contains(_names.Current(project), StringComparer.Ordinal))
        {
            throw ArchiveErrors.ProjectNotFound(project, known);
        }
    }

    /// <summary>The full hash of the one object whose hash begins with the digits given (at least four).</summary>
    /// <exception cref="HarvestException">HashPrefixInvalid, ObjectNotFound, HashAmbiguous.</exception>
    public string Find(string prefix)
    {
        string digits = CheckPrefix(prefix);
        return Unique(prefix, Objects.List(digits).Select(static stored => stored.Name));
    }

    /// <summary>The records, one a project, of the one archived export whose hash begins with the digits given.</summary>
    /// <exception cref="HarvestException">HashPrefixInvalid, ObjectNotFound, HashAmbiguous.</exception>
    public IReadOnlyList<ExportRecord> FindExports(string prefix)
    {
        string digits = CheckPrefix(prefix);
        RecordFile[] files = [.. _records.Files().Where(file => file.Sha256.StartsWith(digits, StringComparison.Ordinal))];
        _ = Unique(prefix, files.Select(static file => file.Sha256));
        return [.. files.Select(file => _records.Load(file.Path))];
    }

    internal static bool IsRecordName(ReadOnlySpan<char> stem) =>
        stem.Length > Sha256Text.Length + 1 && stem[^(Sha256Text.Length + 1)] == '-' && Sha256Text.IsNormal(stem[^Sha256Text.Length..]);

    /// <summary>Has other processes that change records wait.</summary>
    internal FileLock LockRecords() => FileLock.Acquire(Path.Combine(_locks, "records"));

    /// <summary>Has other processes wait that pack, unpack or remove what others may be patches against.</summary>
    internal FileLock LockPacks(CancellationToken cancellation = default)
    {
        _beforeWriting?.Invoke();
        return FileLock.Acquire(Path.Combine(_locks, "packs"), cancellation);
    }

    internal static string Sha256Of(string file) => Path.GetFileNameWithoutExtension(file)[^Sha256Text.Length..];

    /// <summary>The files of one export's records, one a project.</summary>
    internal IEnumerable<string> RecordFilesOf(string sha256) => _records.Of(sha256).Select(static file => file.Path);

    /// <summary>The files of all records, sorted.</summary>
    internal IReadOnlyList<string> RecordFiles() => [.. _records.Files().Select(static file => file.Path)];

    /// <summary>The present name of the project that a record is of.</summary>
    internal string ProjectOf(string file) => _names.Current(Path.GetFileNameWithoutExtension(file)[..^(Sha256Text.Length + 1)]);

    /// <summary>Whether a text can be the beginning of a hash.</summary>
    internal static bool IsHashPrefix(string text) => text.Length is >= ShortestPrefix and <= Sha256Text.Length && Sha256Text.IsHex(text);

    private static string CheckPrefix(string prefix) =>
        IsHashPrefix(prefix)
            ? prefix.ToLowerInvariant()
            : throw ArchiveErrors.HashPrefixInvalid(prefix);

    private static string Unique(string prefix, IEnumerable<string> hashes)
    {
        string[] distinct = [.. hashes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return distinct.Length switch
        {
            0 => throw ArchiveErrors.ObjectNotFound(prefix),
            1 => distinct[0],
            _ => throw ArchiveErrors.HashAmbiguous(prefix, distinct),
        };
    }
}
