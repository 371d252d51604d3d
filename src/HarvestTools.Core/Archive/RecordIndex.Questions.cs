namespace HarvestTools.Archive;

/// <summary>
/// The questions that are asked when an export is added. Each is put to the keys of the records where they are in use, and the
/// records that answer it are then read from their files; else to all records.
/// </summary>
internal sealed partial class RecordIndex
{
    /// <summary>The ids in Label Studio that exports of each project have, by its present name, in the order of names.</summary>
    public IReadOnlyDictionary<string, HashSet<long>> ProjectIds()
    {
        lock (_lock)
        {
            var found = new Dictionary<string, HashSet<long>>(StringComparer.Ordinal);
            foreach (string project in Projects())
            {
                found.Add(project, []);
            }

            if (Keys() is { } keys)
            {
                for (int i = 0; i < keys.Ids.Count; i += 2)
                {
                    found[ProjectAt(keys, (int)keys.Ids[i])].Add(keys.Ids[i + 1]);
                }

                return found;
            }

            // They come by project, and nearly all of one have the same id.
            ExportRecord? before = null;
            foreach (ExportRecord record in Records(project: null))
            {
                if (before is null || record.Project != before.Project || !record.ProjectIds.SequenceEqual(before.ProjectIds))
                {
                    found[record.Project].UnionWith(record.ProjectIds);
                    before = record;
                }
            }

            return found;
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
                RecordKey? first = null;
                for (int project = 0; project < keys.Projects.Count; project++)
                {
                    if (ProjectAt(keys, project) != export.Project)
                    {
                        first = Earlier(keys, first, FirstIn(keys, keys.BySha256, new RecordKey { Sha256 = HashKey.Of(export.Sha256), Project = project }));
                        first = labels is null ? first : Earlier(keys, first, FirstIn(keys, keys.ByLabels, Least(project) with { Labels = HashKey.Of(labels) }));
                    }
                }

                if (TryConfirm(keys, first, out ExportRecord? twin))
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
                var own = HashKey.Of(except);
                RecordKey? last = null;
                for (int place = 0; place < keys.Projects.Count; place++)
                {
                    (int from, int to) = Bounds(keys, keys.ByLabels, Least(place) with { Labels = HashKey.Of(labels) });
                    for (int i = to - 1; i >= from && ProjectAt(keys, place) == project; i--)
                    {
                        ref readonly RecordKey key = ref keys[keys.ByLabels, i];
                        if (key.Sha256.CompareTo(own) != 0)
                        {
                            last = last is { } found && RecordKey.ByAddition(found, key) > 0 ? last : key;
                            break;
                        }
                    }
                }

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
            if (Keys() is { } keys && TryFirstFrom(keys, path, except) is { } first)
            {
                return first;
            }

            return [.. Records(project: null).Where(record => record.Path == path && record.Sha256 != except).DistinctBy(static record => record.Project)];
        }
    }

    private List<ExportRecord>? TryFirstFrom(RecordKeys keys, string path, string? except)
    {
        var own = HashKey.Of(except);
        var records = new List<ExportRecord>();
        foreach (string project in Projects())
        {
            RecordKey? first = null;
            for (int place = 0; place < keys.Projects.Count; place++)
            {
                (int from, int to) = ProjectAt(keys, place) == project ? Bounds(keys, keys.ByPath, Least(place) with { Path = RecordKey.PathKey(path) }) : (0, 0);
                from += from < to && keys[keys.ByPath, from].Sha256.CompareTo(own) == 0 ? 1 : 0;
                first = from < to ? Earlier(keys, first, keys[keys.ByPath, from]) : first;
            }

            if (!TryConfirm(keys, first, out ExportRecord? record))
            {
                return null;
            }

            if (record is not null)
            {
                records.Add(record);
            }
        }

        return records;
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

            // What it counts as added at is when it came in.
            RecordKey? best = null;
            RecordKey? found = null;
            for (int place = 0; place < keys.Projects.Count; place++)
            {
                (int from, int to) = ProjectAt(keys, place) == project ? Bounds(keys, keys.ByAge, Least(place)) : (0, 0);
                for (int i = to - 1; i >= from; i--)
                {
                    ref readonly RecordKey key = ref keys[keys.ByAge, i];
                    if (best is { } least && (key.Through < least.Through || (key.Through == least.Through && key.Added < least.Added)))
                    {
                        break;
                    }

                    string sha256 = key.Sha256.ToString();
                    if (!IsReplaced(keys, project, sha256))
                    {
                        RecordKey came = key with { Added = cameIn(sha256, new DateTimeOffset(key.Added, TimeSpan.Zero)).UtcTicks };
                        bool newer = best is not { } other || RecordKey.ByAge(came with { Project = 0 }, other with { Project = 0 }) > 0;
                        (best, found) = newer ? (came, key) : (best, found);
                    }
                }
            }

            return TryConfirm(keys, found, out ExportRecord? newest) ? newest : null;
        }
    }

    private bool IsReplaced(RecordKeys keys, string project, string sha256)
    {
        for (int place = 0; place < keys.Projects.Count; place++)
        {
            if (keys.IsReplaced(place, sha256) && ProjectAt(keys, place) == project)
            {
                return true;
            }
        }

        return false;
    }
}
