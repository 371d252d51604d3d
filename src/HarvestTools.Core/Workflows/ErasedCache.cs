using System.Text;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Erasure;
using HarvestTools.Files;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Parquet.Reading;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Searches the cache for a person's work or an episode. Rows name people and episodes; what was dropped names an annotation alone, so a
/// part of an export that held something of it counts too. So do the tables that a team's own program made of one, of whose columns
/// nothing is known.
/// </summary>
internal sealed class ErasedCache
{
    private readonly Repository _repository;
    private readonly SourceQuery _subject;
    private readonly TextSearch _names;
    private readonly WorkContext _context;
    private readonly HashSet<string> _origins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _tables = new(StringComparer.Ordinal);
    private readonly PartStore _parts;

    // Of programs, by the folders of their tables.
    private readonly Dictionary<string, string> _slices = new(StringComparer.Ordinal);

    /// <param name="repository">The repository.</param>
    /// <param name="subject">An annotator or an episode.</param>
    /// <param name="names">What else to look for in other files.</param>
    /// <param name="records">The archive's records, which say of what exports redacted ones are.</param>
    /// <param name="slices">All slices.</param>
    /// <param name="context">Cancellation.</param>
    public ErasedCache(
        Repository repository, SourceQuery subject, TextSearch names, IEnumerable<ExportRecord> records, IEnumerable<SliceManifest> slices, WorkContext context)
    {
        (_repository, _subject, _names, _context) = (repository, subject, names, context);
        _parts = new PartStore(repository.CacheFolder, new Lazy<StatCache>(() => repository.OpenStatCache(trusted: false)));
        ExportRecord[] redacted = [.. records.Where(static record => record.RedactedFrom is not null)];
        var next = new Stack<ExportRecord>(redacted.Where(record => _subject.IsLeftOutBy(record.Redacted)));
        while (next.TryPop(out ExportRecord? record))
        {
            // An export that was itself redacted, of another person, before: its origin held this one's work too.
            if (_origins.Add(record.RedactedFrom!))
            {
                foreach (ExportRecord origin in redacted.Where(origin => origin.Sha256 == record.RedactedFrom))
                {
                    next.Push(origin);
                }
            }
        }

        foreach (SliceManifest slice in slices.Where(slice => slice.IsProgram && slice.Exports.Any(export => _origins.Contains(export.Sha256))))
        {
            _slices[SliceInputs.KeyOf(repository, slice)] = slice.Version;
            foreach (SliceStep step in slice.Steps)
            {
                _slices[SliceInputs.KeyOf(repository, SliceInputs.StepOf(slice, step.HarvestVersion, step.HarvestSha256))] = slice.Version;
            }
        }
    }

    /// <summary>What holds something of it.</summary>
    public List<ErasureTrace> Traces { get; } = [];

    /// <summary>Full paths of what holds something of it.</summary>
    public HashSet<string> Paths { get; } = new(StringComparer.Ordinal);

    /// <summary>Files of which names were looked for alone, and why.</summary>
    public List<string> NotRead { get; } = [];

    /// <summary>Tables that were read.</summary>
    public int Tables => _tables.Count;

    /// <summary>Other files that were read.</summary>
    public int Files { get; private set; }

    /// <summary>Rows that were read.</summary>
    public long Rows { get; private set; }

    /// <summary>Reads every file of the cache.</summary>
    /// <exception cref="HarvestException">The cache cannot be read.</exception>
    public void Search()
    {
        foreach (string path in StoreWalk.FilesOf(_repository.CacheFolder))
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                SearchFile(path);
            }
            catch (HarvestException gone) when (FileErrors.IsGone(gone))
            {
                // Somebody deletes the cache meanwhile.
            }
        }
    }

    /// <summary>
    /// Removes what was found: parts and slices' tables whole, indexes and other files alone. It regenerates where it can be derived.
    /// </summary>
    /// <returns>How many files and folders went.</returns>
    /// <exception cref="HarvestException">The file system refuses.</exception>
    public int Remove()
    {
        int removed = 0;
        foreach (string target in Paths.Select(TargetOf).Distinct(StringComparer.Ordinal).ToList())
        {
            if (Directory.Exists(target))
            {
                if (SetAsideFolder.Take(target) is { } aside)
                {
                    removed += SetAsideFolder.TryDelete(aside) ? 1 : throw FileErrors.From(new IOException("a file in it is in use"), aside, "remove");
                }
            }
            else if (File.Exists(target))
            {
                try
                {
                    FileAccessBits.ClearForReplacement(target);
                    FileFaults.Before(FileCall.Delete, target);
                    File.Delete(target);
                    removed++;
                }
                catch (Exception exception) when (FileErrors.IsFileFault(exception))
                {
                    throw FileErrors.From(exception, target, "remove");
                }
            }
        }

        return removed;
    }

    /// <summary>The folder of a part or of a slice's tables; else the file.</summary>
    private string TargetOf(string path)
    {
        string[] names = Path.GetRelativePath(_repository.CacheFolder, path).Split(Path.DirectorySeparatorChar);
        return names switch
        {
            ["parts", var key, ..] => Path.Combine(_repository.CacheFolder, "parts", key),
            [var key, _, ..] when key is not ("lineage" or "tasks" or "spill") => Path.Combine(_repository.CacheFolder, key),
            _ => path,
        };
    }

    private void SearchFile(string path)
    {
        string folderOfSlice = Path.GetRelativePath(_repository.CacheFolder, path).Split(Path.DirectorySeparatorChar)[0];
        if (_slices.TryGetValue(folderOfSlice, out string? version))
        {
            Files++;
            Add(ErasureTraceKind.Cache, path, $"a table of {version}, which a program made of an export that held it");
            return;
        }

        if (Path.GetExtension(path) == ".parquet")
        {
            string sha256 = FileHash.Compute(path, cancellation: _context.Cancellation);
            if (!_tables.TryGetValue(sha256, out string? what))
            {
                _tables.Add(sha256, what = TableHolds(path, sha256));
            }

            Add(ErasureTraceKind.Table, path, what);
            return;
        }

        Files++;
        string folder = Path.GetDirectoryName(path)!;
        string? found = Path.GetFileName(path) == PartStore.RecordName ? PartHolds(Path.GetFileName(folder))
            : Path.GetFileName(path) == PartStore.PeopleName ? PartPeopleHold(path)
            : folder == LineageIndexes.RowsFolderOf(_repository.CacheFolder) ? IndexHolds(path)
            : folder == LineageIndexes.PeopleFolderOf(_repository.CacheFolder) ? PeopleHold(path)
            : null;
        if (found is null)
        {
            using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
            found = _names.Count(file, _context.Cancellation) is > 0 and var count ? Figures.Count(count, "mention") : null;
        }

        Add(ErasureTraceKind.Cache, path, found);
    }

    private void Add(ErasureTraceKind kind, string path, string? what)
    {
        if (what is not null)
        {
            Paths.Add(path);
            Traces.Add(new ErasureTrace(kind, _repository.MakeRelative(path) ?? path, what, []));
        }
    }

    /// <summary>How many rows of a table are of it; null where none is.</summary>
    private string? TableHolds(string path, string sha256)
    {
        try
        {
            return RowsHold(path, sha256);
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.InvalidData or HarvestFault.Damaged)
        {
            // A table of another writer, or a damaged one: its columns are packed, so that a name in it may go unseen.
            NotRead.Add($"{_repository.MakeRelative(path) ?? path} cannot be read as a table of harvest: {fault.Message}");
            return null;
        }
    }

    private string? RowsHold(string path, string sha256)
    {
        using ParquetTableReader reader = ParquetTableReader.Open(path, sha256, _context.Cancellation);
        Rows += reader.Rows;
        string[] columns = [.. reader.Schema.Columns.Select(static column => column.Name)];
        int people = Array.IndexOf(columns, "annotator_ids");
        int folder = Array.IndexOf(columns, "task_subdir");
        int episode = Array.IndexOf(columns, "episode");
        int project = Array.IndexOf(columns, "project");
        int[] read = _subject.Kind == SourceKind.Annotator ? [project, people] : [project, folder, episode];
        if (read.Skip(1).Any(static column => column < 0))
        {
            return null;
        }

        long held = 0;
        using var group = new ParquetRowGroup();
        for (int i = 0; i < reader.RowGroups; i++)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            reader.ReadRowGroup(i, group, [.. read.Where(static column => column >= 0).Order()]);
            for (int row = 0; row < group.Rows; row++)
            {
                string Text(int column) => Encoding.UTF8.GetString(group.Columns[column].GetText(row));
                bool isOf = _subject.Kind == SourceKind.Annotator
                    ? SourceMatch.Has(Text(people), _subject.Text)
                    : SourceMatch.IsEpisode(Text(folder), Text(episode), _subject.Text);
                held += isOf && (_subject.Project is null || project < 0 || Text(project) == _subject.Project) ? 1 : 0;
            }
        }

        return held > 0 ? Figures.Count(held, "row") : null;
    }

    private string? PartHolds(string key)
    {
        if (_parts.TryLoad(key, episodes: true) is not { } part)
        {
            // Damaged or half written: it counts as absent for everybody else, and the files are there all the same.
            return null;
        }

        bool named = _subject.Kind == SourceKind.Annotator
            ? part.Tally.ByAnnotator.ContainsKey(_subject.Text)
            : part.Episodes.Any(episode => SourceMatch.IsEpisode(episode.TaskSubdir, episode.Episode, _subject.Text))
                || part.Tally.People.Any(entry => SourceMatch.IsEpisode(entry.TaskSubdir, entry.Episode, _subject.Text));
        return named ? $"counts of {_subject}" : _origins.Contains(part.ExportSha256) ? "the part of an export that held it" : null;
    }

    private string? IndexHolds(string path)
    {
        if (RowIndex.TryLoad(path) is not { } index)
        {
            return null;
        }

        bool named = _subject.Kind == SourceKind.Annotator
            ? Enumerable.Range(0, index.People.Count).Any(number => SourceMatch.Has(index.People.Text(number), _subject.Text))
            : Enumerable.Range(0, index.Episodes.Count).Any(number => SourceMatch.IsEpisode(index.Folders.Text(number), index.Episodes.Text(number), _subject.Text));
        return named ? $"an index with rows of {_subject}" : null;
    }

    private string? PartPeopleHold(string path)
    {
        if (PartPeople.TryLoad(path, Path.GetFileName(Path.GetDirectoryName(path)!), identity: null) is not { } people)
        {
            // Ids are no text in it, so that a name that is looked for is not all that it may hold.
            NotRead.Add($"{_repository.MakeRelative(path) ?? path} cannot be read as the list of who made a part's annotations, since it is damaged or of another release");
            return null;
        }

        int found = _subject.Kind == SourceKind.Annotator
            ? people.Annotations.Annotators.Count(id => id == _subject.Id)
            : people.Overruled.Count(one => SourceMatch.IsEpisode(one.TaskSubdir, one.Episode, _subject.Text));
        return found > 0 ? $"a list with {Figures.Count(found, "annotation")} of it" : null;
    }

    private string? PeopleHold(string path) =>
        _subject.Kind == SourceKind.Annotator && AnnotationIndex.TryLoad(path) is { } index && index.Annotators.Count(id => id == _subject.Id) is > 0 and var count
            ? $"an index with {Figures.Count(count, "annotation")} of it"
            : null;
}
