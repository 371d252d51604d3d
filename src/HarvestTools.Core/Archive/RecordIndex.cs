using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Archive;

/// <summary>A record's file, and what its name says.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Sha256">The export.</param>
/// <param name="Project">The present name of its project.</param>
internal readonly record struct RecordFile(string Path, string Sha256, string Project);

/// <summary>
/// The records of an archive as one command knows them: each is listed and read once, however often it is asked for, and what
/// the command itself records is taken in without reading the others again. A change by another process, which changes the
/// folder's time, has all of it read again. What is asked when an export is added is answered by <see cref="RecordKeys"/> where
/// there are many. Thread-safe.
/// </summary>
/// <param name="folder">Full path of the folder; it need not exist.</param>
/// <param name="names">The present names of renamed projects.</param>
/// <param name="cachePath">
/// Full path of the file in which <see cref="RecordCache"/> keeps what was read, beside that of <see cref="RecordKeysFile"/>; null keeps nothing.
/// </param>
/// <param name="fewest">Of how many records something is kept; tests ask for it of few.</param>
/// <param name="clock">Decides whether a stat can be relied on; without it, the system's.</param>
internal sealed partial class RecordIndex(
    string folder, ProjectNames names, string? cachePath, int fewest = RecordCache.FewestRecords, TimeProvider? clock = null)
{
    private static readonly Comparer<ExportRecord> s_order = Comparer<ExportRecord>.Create(static (a, b) =>
    {
        int order = string.CompareOrdinal(a.Project, b.Project);
        order = order != 0 ? order : a.AddedAt.Instant.CompareTo(b.AddedAt.Instant);
        return order != 0 ? order : string.CompareOrdinal(a.Sha256, b.Sha256);
    });

    private static readonly Comparer<RecordFile> s_byPath = Comparer<RecordFile>.Create(static (a, b) => string.CompareOrdinal(a.Path, b.Path));

    // So often the list is gone through before it is worth a dictionary, which takes as long as a hundred searches.
    private const int FewLookups = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ExportRecord> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ExportRecord[]> _byProject = new(StringComparer.Ordinal);
    private List<RecordFile>? _files;
    private int _lookups;
    private Dictionary<string, RecordFile[]>? _bySha256;
    private string[]? _projects;
    private ExportRecord[]? _ordered;
    private FileStat? _changed;
    private bool _isKnown;
    private string? _cachePath = cachePath;

    /// <summary>From now on every record is read from its file, whatever the cache has of it, as a check of the archive does.</summary>
    public void Distrust()
    {
        lock (_lock)
        {
            _cachePath = null;
            _keysFile = null;
            Forget();
        }
    }

    /// <summary>Files that are named like a record, sorted by name.</summary>
    public IReadOnlyList<RecordFile> Files()
    {
        lock (_lock)
        {
            // A copy: what this command records is put into the list where it is.
            return [.. Listed()];
        }
    }

    /// <summary>The records of one export, one a project.</summary>
    public IEnumerable<RecordFile> Of(string sha256)
    {
        lock (_lock)
        {
            if (Keys() is { } keys)
            {
                return Of(keys, sha256);
            }

            List<RecordFile> files = Listed();
            if (_bySha256 is null && _lookups++ < FewLookups)
            {
                return [.. files.Where(file => file.Sha256 == sha256)];
            }

            _bySha256 ??= files.GroupBy(static file => file.Sha256, StringComparer.Ordinal)
                .ToDictionary(static export => export.Key, static export => export.ToArray(), StringComparer.Ordinal);
            return _bySha256.GetValueOrDefault(sha256) ?? [];
        }
    }

    /// <summary>The present names of the projects that have an export, sorted.</summary>
    public IReadOnlyList<string> Projects()
    {
        lock (_lock)
        {
            IEnumerable<string> projects = Keys() is { } keys ? keys.Projects.Select(names.Current) : Listed().Select(static file => file.Project);
            return _projects ??= [.. projects.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>One record.</summary>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public ExportRecord Load(string path)
    {
        lock (_lock)
        {
            Refresh();
            return Read(path);
        }
    }

    /// <summary>One record as its file is now, for whoever is about to rewrite it: somebody may have edited it in place.</summary>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public ExportRecord LoadAgain(string path)
    {
        lock (_lock)
        {
            _read.Remove(path);
            return Read(path);
        }
    }

    /// <summary>Every record by project, then by the time it was added, then by hash.</summary>
    /// <param name="project">A present name; null for all projects.</param>
    /// <exception cref="HarvestException">A record cannot be read.</exception>
    public IReadOnlyList<ExportRecord> Records(string? project)
    {
        lock (_lock)
        {
            List<RecordFile> files = Listed();
            if (project is null)
            {
                if (_ordered is null)
                {
                    _ordered = Ordered(files);
                    MendKeys(_ordered);
                }

                return _ordered;
            }

            if (!_byProject.TryGetValue(project, out ExportRecord[]? records))
            {
                records = _ordered is null ? Ordered(files.Where(file => file.Project == project)) : [.. _ordered.Where(record => record.Project == project)];
                _byProject.Add(project, records);
            }

            return records;
        }
    }

    /// <summary>Takes in a record that this command wrote, under the lock that every writer of records holds.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="record">As it was written.</param>
    /// <param name="before">As it was; null for a new one.</param>
    public void Written(string path, ExportRecord record, ExportRecord? before)
    {
        lock (_lock)
        {
            _changed = Changed();
            _read[path] = record;
            _projects = _projects is not null && _projects.Contains(record.Project, StringComparer.Ordinal) ? _projects : null;
            PutKey(record, before);
            if (_files is null)
            {
                return;
            }

            var file = new RecordFile(path, record.Sha256, record.Project);
            int place = _files.BinarySearch(file, s_byPath);
            if (place < 0)
            {
                _files.Insert(~place, file);
                if (_bySha256 is not null)
                {
                    _bySha256[file.Sha256] = [.. (_bySha256.GetValueOrDefault(file.Sha256) ?? []).Append(file).Order(s_byPath)];
                }
            }

            bool isNew = place < 0;
            _ordered = _ordered is null ? null : Put(_ordered, record, isNew ? null : before ?? record);
            if (_byProject.TryGetValue(record.Project, out ExportRecord[]? records))
            {
                _byProject[record.Project] = Put(records, record, isNew ? null : before ?? record);
            }
        }
    }

    /// <summary>The same of many. What is in order is put in order again when it is asked for.</summary>
    public void Written(IReadOnlyList<(string Path, ExportRecord Record, ExportRecord? Before)> records)
    {
        lock (_lock)
        {
            if (records.Count > FewLookups)
            {
                _ordered = null;
                _byProject.Clear();
            }

            foreach ((string path, ExportRecord record, ExportRecord? before) in records)
            {
                Written(path, record, before);
            }
        }
    }

    /// <param name="records">In their order.</param>
    /// <param name="record">Goes in.</param>
    /// <param name="before">Goes out; null for none.</param>
    private static ExportRecord[] Put(ExportRecord[] records, ExportRecord record, ExportRecord? before)
    {
        if (before is null)
        {
            return Inserted(records, record);
        }

        // Whoever wrote into the file may have changed the time by which it is listed.
        int place = Array.BinarySearch(records, before, s_order);
        place = place >= 0 && records[place].FileName == record.FileName ? place : Array.FindIndex(records, other => other.FileName == record.FileName);
        return Inserted(place < 0 ? records : [.. records[..place], .. records[(place + 1)..]], record);
    }

    private static ExportRecord[] Inserted(ExportRecord[] sorted, ExportRecord item)
    {
        int place = Array.BinarySearch(sorted, item, s_order);
        place = place < 0 ? ~place : place;
        var longer = new ExportRecord[sorted.Length + 1];
        sorted.AsSpan(0, place).CopyTo(longer);
        longer[place] = item;
        sorted.AsSpan(place).CopyTo(longer.AsSpan(place + 1));
        return longer;
    }

    private ExportRecord[] Ordered(IEnumerable<RecordFile> files)
    {
        // Opened once there is a record to read, and most archives are too small for it to save anything.
        RecordCache? cache = null;
        var records = new List<ExportRecord>();
        foreach (RecordFile file in files)
        {
            cache ??= _cachePath is null || _read.ContainsKey(file.Path) || Listed().Count < fewest
                ? null
                : RecordCache.Open(_cachePath, Now, fewest);
            records.Add(Read(file.Path, cache));
        }

        cache?.TrySave();
        ExportRecord[] ordered = [.. records];
        Array.Sort(ordered, s_order);
        return ordered;
    }

    private ExportRecord Read(string path, RecordCache? cache = null)
    {
        if (!_read.TryGetValue(path, out ExportRecord? record))
        {
            record = cache is null ? ExportRecord.Load(path) : cache.Get(path);
            string current = names.Current(record.Project);
            record = current == record.Project ? record : record with { Project = current, ArchivedAs = record.Project };
            _read.Add(path, record);
        }

        return record;
    }

    private List<RecordFile> Listed()
    {
        Refresh();
        if (_files is null)
        {
            _files = [.. from path in Paths()
                         let stem = Path.GetFileNameWithoutExtension(path)
                         where ExportArchive.IsRecordName(stem)
                         select new RecordFile(path, stem[^Sha256Text.Length..], names.Current(stem[..^(Sha256Text.Length + 1)]))];
            _files.Sort(s_byPath);
        }

        return _files;
    }

    /// <summary>Forgets all where the folder is another than it was.</summary>
    private void Refresh()
    {
        FileStat? changed = Changed();
        if (!_isKnown || changed != _changed)
        {
            Forget();

            // The time before the list: what comes in between has the folder listed again.
            (_changed, _isKnown) = (changed, true);
        }
    }

    private void Forget()
    {
        _read.Clear();
        _keys = null;
        ForgetLists();
    }

    private void ForgetLists()
    {
        _byProject.Clear();
        (_files, _bySha256, _projects, _ordered, _lookups) = (null, null, null, null, 0);
    }

    private FileStat? Changed() => FolderStat.TryGet(folder);

    private string[] Paths()
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "list");
        }
    }
}
