namespace HarvestTools.Archive;

/// <summary>
/// The keys of the records: made where there are many, kept between commands, given up where one is wrong. A record that is not what
/// its key says has all of them read.
/// </summary>
internal sealed partial class RecordIndex
{
    private RecordKeysFile? _keysFile = cachePath is null ? null : new RecordKeysFile(Path.Combine(Path.GetDirectoryName(cachePath)!, "record-keys"), folder);
    private RecordKeys? _keys;
    private bool _saved;

    private DateTimeOffset Now => (clock ?? TimeProvider.System).GetUtcNow();

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
            if (Keys() is null && Records(project: null) is var records && records.Count >= fewest && _keysFile is not null)
            {
                _keys = RecordKeys.Of(records);

                // Records that were read stay known; the lists are not needed beside the keys.
                ForgetLists();
            }
        }
    }

    /// <summary>Whether questions are put to keys, for those who measure and test that.</summary>
    public bool UsesKeys
    {
        get
        {
            lock (_lock)
            {
                return Keys() is not null;
            }
        }
    }

    /// <summary>From now on every question is answered by reading all records.</summary>
    /// <returns>False where no keys were in use.</returns>
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
                _keysFile?.TrySave(_keys, changed, Now);
            }

            IsUnsaved = false;
        }
    }

    private static RecordKey Least(int project) => new() { Project = project, Added = long.MinValue, Through = long.MinValue };

    /// <summary>The keys from the least one given to the last that differs from it by less than its project.</summary>
    private static (int From, int To) Bounds(RecordKeys keys, KeyOrder order, in RecordKey least) =>
        (keys.First(order, least), keys.First(order, least with { Project = least.Project + 1 }));

    private static RecordKey? FirstIn(RecordKeys keys, KeyOrder order, in RecordKey least)
    {
        (int from, int to) = Bounds(keys, order, least);
        return from < to ? keys[order, from] : null;
    }

    /// <summary>The one that <see cref="Records"/> has first.</summary>
    private RecordKey? Earlier(RecordKeys keys, RecordKey? one, RecordKey? other)
    {
        if (one is not { } x || other is not { } y)
        {
            return one ?? other;
        }

        int order = string.CompareOrdinal(ProjectAt(keys, (int)x.Project), ProjectAt(keys, (int)y.Project));
        return (order != 0 ? order : RecordKey.ByAddition(x, y)) <= 0 ? one : other;
    }

    private List<RecordFile> Of(RecordKeys keys, string sha256)
    {
        var files = new List<RecordFile>();
        var export = HashKey.Of(sha256);
        for (int i = keys.First(keys.BySha256, new RecordKey { Sha256 = export }); i < keys.Count && keys[keys.BySha256, i].Sha256.CompareTo(export) == 0; i++)
        {
            ref readonly RecordKey key = ref keys[keys.BySha256, i];
            files.Add(new RecordFile(PathOf(keys, key), sha256, ProjectAt(keys, (int)key.Project)));
        }

        files.Sort(s_byPath);
        return files;
    }

    private string ProjectAt(RecordKeys keys, int place) => names.Current(keys.Projects[place]);

    private string PathOf(RecordKeys keys, in RecordKey key) => Path.Combine(folder, $"{keys.Projects[(int)key.Project]}-{key.Sha256}.json");

    /// <summary>The record, as its file has it; false, and no keys from now on, where that is not what the key says.</summary>
    private bool TryConfirm(RecordKeys keys, RecordKey? key, out ExportRecord? record)
    {
        record = key is { } found ? Read(PathOf(keys, found)) : null;
        if (record is null || RecordKey.AreSame(RecordKey.Of(record, (int)key!.Value.Project), key.Value))
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
        DateTimeOffset now = Now;
        if (_cachePath is null || records.Length < fewest || _changed is null || !_changed.IsSettled(now) || Changed() != _changed)
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
