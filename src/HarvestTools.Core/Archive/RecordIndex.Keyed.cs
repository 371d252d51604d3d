namespace HarvestTools.Archive;

/// <summary>
/// The questions that are asked when an export is added. Each is put to the keys of the records, where there are many, and the
/// records that answer it are then read from their files; a record that is not what its key says has all of them read.
/// </summary>
internal sealed partial class RecordIndex
{
    private RecordKeysFile? _keysFile = cachePath is null ? null : new RecordKeysFile(Path.Combine(Path.GetDirectoryName(cachePath)!, "record-keys"), folder);
    private RecordKeys? _keys;
    private bool _saved;

    /// <summary>Whether records were written that the kept keys lack.</summary>
    public bool IsUnsaved { get; private set; }

    /// <summary>
    /// Makes the questions cheap, before any of them is put: where no keys are kept all records are read, and one that cannot be read is
    /// found before anything is written.
    /// </summary>
    /// <exception cref="HarvestException">A record cannot be read.</exception>
    public void Prepare()
    {
        lock (_lock)
        {
            if (Keys() is null && Records(project: null) is { Count: >= RecordCache.FewestRecords } records && _keysFile is not null)
            {
                _keys = RecordKeys.Of(records);

                // Records that were read stay known; the lists are not needed beside the keys.
                ForgetLists();
            }
        }
    }

    /// <summary>From now on every question is answered by reading all records.</summary>
    /// <returns>False where that was so already.</returns>
    public bool Forgo()
    {
        lock (_lock)
        {
            bool had = _keys is not null;
            if (had)
            {
                GiveUp();
            }

            return had;
        }
    }

    /// <summary>Keeps the keys for the next command, where this one wrote records; under the lock that every writer of records holds.</summary>
    public void Keep()
    {
        lock (_lock)
        {
            if (IsUnsaved && _keys is not null && Changed() is { } changed && changed == _changed)
            {
                _keysFile?.TrySave(_keys, changed, DateTimeOffset.UtcNow);
            }

            IsUnsaved = false;
        }
    }

    /// <summary>The present names of the projects, sorted, each with the ids in Label Studio that its exports have.</summary>
    public IReadOnlyList<(string Project, IReadOnlyCollection<long> Ids)> ProjectIds()
    {
        lock (_lock)
        {
            var found = new SortedDictionary<string, HashSet<long>>(StringComparer.Ordinal);
            if (Keys() is { } keys)
            {
                foreach (string project in Projects())
                {
                    found.Add(project, []);
                }

                foreach ((long project, long id) in keys.Ids)
                {
                    found[names.Current(keys.Projects[(int)project])].Add(id);
                }
            }
            else
            {
                // They come by project, and nearly all of one have the same id.
                ExportRecord? before = null;
                foreach (ExportRecord record in Records(project: null))
                {
                    if (before is null || record.Project != before.Project || !record.ProjectIds.SequenceEqual(before.ProjectIds))
                    {
                        found.TryAdd(record.Project, []);
                        found[record.Project].UnionWith(record.ProjectIds);
                        before = record;
                    }
                }
            }

            return [.. found.Select(static project => (project.Key, (IReadOnlyCollection<long>)project.Value))];
        }
    }

    /// <summary>An export of another project with the same bytes or the same labels: the first by project and time; null where there is none.</summary>
    public ExportRecord? TwinOf(ExportRecord export)
    {
        string? labels = export.Annotations > 0 ? export.ComparableLabels : null;
        lock (_lock)
        {
            if (Keys() is { } keys)
            {
                IEnumerable<RecordKey> twins = labels is null ? [] : Enumerable.Range(0, keys.Projects.Count)
                    .SelectMany(place => Range(keys, keys.ByLabels, Least(place) with { Labels = HashKey.Of(labels) }).Take(1));
                twins = twins.Concat(OfExport(keys, export.Sha256)).Where(key => ProjectAt(keys, (int)key.Project) != export.Project);
                if (TryConfirm(keys, First(keys, twins), out ExportRecord? twin))
                {
                    return twin;
                }
            }

            return Records(project: null).FirstOrDefault(record => record.Project != export.Project
                && (record.Sha256 == export.Sha256 || (labels is not null && record.ComparableLabels == labels)));
        }
    }

    /// <summary>The export of a project with the labels that was added last; null where there is none.</summary>
    /// <param name="project">Its present name.</param>
    /// <param name="labels">A label hash of this release's definition.</param>
    /// <param name="except">An export that does not count.</param>
    public ExportRecord? LastWithLabels(string project, string labels, string except)
    {
        lock (_lock)
        {
            if (Keys() is { } keys)
            {
                HashKey own = HashKey.Of(except);
                RecordKey? last = PlacesOf(keys, project)
                    .SelectMany(place => LastFirst(keys, keys.ByLabels, Least(place) with { Labels = HashKey.Of(labels) }).Where(key => key.Sha256 != own).Take(1))
                    .OrderBy(static key => key.Added).ThenBy(static key => key.Sha256)
                    .Select(static key => (RecordKey?)key).LastOrDefault();
                if (TryConfirm(keys, last, out ExportRecord? record))
                {
                    return record;
                }
            }

            return Records(project).LastOrDefault(record => record.ComparableLabels == labels && record.Sha256 != except);
        }
    }

    /// <summary>The projects that have exports from a path, sorted, each with the one that was added first.</summary>
    /// <param name="path">Relative to the repository.</param>
    /// <param name="except">An export that does not count; null counts all.</param>
    public IReadOnlyList<ExportRecord> FirstFrom(string path, string? except)
    {
        lock (_lock)
        {
            if (Keys() is { } keys)
            {
                HashKey own = HashKey.Of(except);
                IEnumerable<RecordKey> first = Enumerable.Range(0, keys.Projects.Count)
                    .SelectMany(place => Range(keys, keys.ByPath, Least(place) with { Path = RecordKey.PathKey(path) }).Where(key => key.Sha256 != own).Take(1))
                    .GroupBy(key => ProjectAt(keys, (int)key.Project), StringComparer.Ordinal)
                    .OrderBy(static project => project.Key, StringComparer.Ordinal)
                    .Select(project => First(keys, project)!.Value);
                var records = new List<ExportRecord>();
                if (first.ToArray().All(key => TryConfirm(keys, key, out ExportRecord? record) && Take(record!)))
                {
                    return records;
                }

                bool Take(ExportRecord record)
                {
                    records.Add(record);
                    return true;
                }
            }

            return [.. Records(project: null).Where(record => record.Path == path && record.Sha256 != except).DistinctBy(static record => record.Project)];
        }
    }

    /// <summary>
    /// The newest export of a project, by <see cref="ExportOrder"/>, without those that others take the place of; null where that is to be
    /// found by reading all.
    /// </summary>
    /// <param name="project">Its present name.</param>
    /// <param name="cameIn">When an export came in, by its hash and the time of its record, and never after that.</param>
    public ExportRecord? Newest(string project, Func<string, DateTimeOffset, DateTimeOffset> cameIn)
    {
        lock (_lock)
        {
            if (Keys() is not { } keys)
            {
                return null;
            }

            int[] places = [.. PlacesOf(keys, project)];
            (RecordKey Key, long Came)? best = null;
            foreach (RecordKey key in places.SelectMany(place => LastFirst(keys, keys.ByAge, Least(place))
                .TakeWhile(key => best is not { } found || (key.Through, key.Added).CompareTo((found.Key.Through, found.Came)) >= 0)))
            {
                if (!Array.Exists(places, place => keys.Replaced.Contains((place, key.Sha256))))
                {
                    long came = cameIn(key.Sha256.ToString(), new DateTimeOffset(key.Added, TimeSpan.Zero)).UtcTicks;
                    bool better = best is not { } found || (key.Through, came, key.Sha256).CompareTo((found.Key.Through, found.Came, found.Key.Sha256)) > 0;
                    best = better ? (key, came) : best;
                }
            }

            return TryConfirm(keys, best?.Key, out ExportRecord? newest) ? newest : null;
        }
    }

    private static RecordKey Least(int project) => new() { Project = project, Added = long.MinValue, Through = long.MinValue };

    /// <summary>The keys from the least one given to the last that differs from it by less than its project.</summary>
    private static IEnumerable<RecordKey> Range(RecordKeys keys, KeyOrder order, RecordKey least)
    {
        (int from, int to) = Bounds(keys, order, least);
        return Enumerable.Range(from, to - from).Select(index => keys[order, index]);
    }

    private static IEnumerable<RecordKey> LastFirst(RecordKeys keys, KeyOrder order, RecordKey least)
    {
        (int from, int to) = Bounds(keys, order, least);
        return Enumerable.Range(1, to - from).Select(index => keys[order, to - index]);
    }

    private static (int From, int To) Bounds(RecordKeys keys, KeyOrder order, RecordKey least) =>
        (keys.First(order, least), keys.First(order, least with { Project = least.Project + 1 }));

    private static IEnumerable<RecordKey> OfExport(RecordKeys keys, string sha256)
    {
        var export = HashKey.Of(sha256);
        int from = keys.First(keys.BySha256, new RecordKey { Sha256 = export });
        return Enumerable.Range(from, keys.Count - from).Select(index => keys[keys.BySha256, index]).TakeWhile(key => key.Sha256 == export);
    }

    private RecordFile[] Of(RecordKeys keys, string sha256) =>
    [
        .. OfExport(keys, sha256)
            .Select(key => new RecordFile(PathOf(keys, key), sha256, ProjectAt(keys, (int)key.Project)))
            .OrderBy(static file => file.Path, StringComparer.Ordinal),
    ];

    private IEnumerable<int> PlacesOf(RecordKeys keys, string project) =>
        Enumerable.Range(0, keys.Projects.Count).Where(place => ProjectAt(keys, place) == project);

    private string ProjectAt(RecordKeys keys, int place) => names.Current(keys.Projects[place]);

    private string PathOf(RecordKeys keys, RecordKey key) => Path.Combine(folder, $"{keys.Projects[(int)key.Project]}-{key.Sha256}.json");

    /// <summary>In the order of <see cref="Records"/>.</summary>
    private RecordKey? First(RecordKeys keys, IEnumerable<RecordKey> among) => among
        .OrderBy(key => ProjectAt(keys, (int)key.Project), StringComparer.Ordinal).ThenBy(static key => key.Added).ThenBy(static key => key.Sha256)
        .Select(static key => (RecordKey?)key)
        .FirstOrDefault();

    /// <summary>The record, as its file has it; false, and no keys from now on, where that is not what the key says.</summary>
    private bool TryConfirm(RecordKeys keys, RecordKey? key, out ExportRecord? record)
    {
        record = key is { } found ? Read(PathOf(keys, found)) : null;
        if (record is null || RecordKey.Of(record, (int)key!.Value.Project) == key)
        {
            return true;
        }

        GiveUp();
        return false;
    }

    private void GiveUp()
    {
        Forget();
        _keysFile = null;
    }

    /// <summary>The keys of the records as they are; null where none fit them.</summary>
    private RecordKeys? Keys()
    {
        Refresh();
        return _keys ??= _files is null ? _keysFile?.TryLoad(_changed) : null;
    }

    private void PutKey(ExportRecord record, ExportRecord? before)
    {
        if (_keys is null)
        {
            return;
        }

        if (!_keys.TryPut(record, before))
        {
            _keys = null;
            return;
        }

        // At once for the first, after which a command that adds one has nothing left to do; thousands are kept at the end.
        IsUnsaved = true;
        if (!_saved)
        {
            _saved = true;
            Keep();
        }
    }

    /// <summary>
    /// All records were read, with a look at each file: the kept keys are put right where another program has written into a record, which
    /// leaves the folder as it was.
    /// </summary>
    private void MendKeys(ExportRecord[] records)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (_cachePath is null || records.Length < RecordCache.FewestRecords || _changed is null || !_changed.IsSettled(now) || Changed() != _changed)
        {
            return;
        }

        var file = new RecordKeysFile(Path.Combine(Path.GetDirectoryName(_cachePath)!, "record-keys"), folder);
        var keys = RecordKeys.Of(records);
        if (!file.Has(keys, _changed))
        {
            file.TrySave(keys, _changed, now);
        }
    }
}
