using HarvestTools.Archive;
using HarvestTools.Erasure;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Packs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Searches all that a repository keeps for a person's work or an episode: every file of the archive, of the cache, of git-lfs's store, and
/// those of the checkout that exports were added from. Indexes are not asked: files are read.
/// </summary>
public sealed class ProveErasure
{
    private const int HeadBytes = 4096;

    // A definition that excludes ten thousand episodes is far smaller.
    private const int DefinitionBytesMax = 4 << 20;

    private readonly Repository _repository;
    private readonly SourceQuery _subject;
    private readonly WorkContext _context;
    private readonly ErasureSearch _search;
    private readonly TextSearch _names;

    // Of a file that is no whole export: what annotations of the person begin with.
    private readonly TextSearch _broken;
    private readonly List<ErasureTrace> _traces = [];
    private readonly List<string> _notSearched = [];
    private int _objects;
    private int _records;
    private int _files;

    private ProveErasure(Repository repository, SourceQuery subject, WorkContext context)
    {
        (_repository, _subject, _context) = (repository, subject, context);
        _search = new ErasureSearch(repository, subject, context);
        _search.FindNames();
        _names = new TextSearch(subject.Kind == SourceKind.Annotator ? _search.Emails : [subject.Text]);
        _broken = subject.Kind == SourceKind.Annotator
            ? new TextSearch([.. _search.Emails, $"\"{Members.CompletedBy}\":{subject.Text}", $"\"{Members.CompletedBy}\": {subject.Text}"])
            : _names;
    }

    /// <summary>Searches.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">An annotator or an episode.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">Archive, cache or settings cannot be read.</exception>
    public static ErasureProof Run(Repository repository, SourceQuery subject, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(context);
        return new ProveErasure(repository, subject, context).Run();
    }

    private ErasureProof Run()
    {
        SearchArchive();
        foreach (StoredObject stored in _repository.LfsStore.List(cancellation: _context.Cancellation).Where(static stored => stored.LocalPath is not null))
        {
            _files++;
            Search(ErasureTraceKind.LfsStore, stored.LocalPath!);
        }

        SearchCheckout();
        var cache = new ErasedCache(_repository, _subject, _names, _search.Records.Values, _search.Slices, _context);
        cache.Search();
        _traces.AddRange(cache.Traces);
        _notSearched.AddRange(cache.NotRead);
        Unsearched();
        var proof = new ErasureProof(_subject.ToString(), _traces, _objects, _records, _files, cache.Tables, cache.Files, _notSearched)
        {
            Rows = cache.Rows,
            NotKnown = _search.Unknown,
        };
        return proof.IsErased ? proof : proof with { Remedy = ToDo() };
    }

    /// <summary>Every file of the archive: objects, what was set aside, what a killed process left, and what nobody knows.</summary>
    private void SearchArchive()
    {
        string folder = _repository.Archive.Folder;
        foreach (FoundName found in StoreWalk.Of(folder, recurse: true))
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            if (found.Kind is not (FileKind.Regular or FileKind.Folder or FileKind.None))
            {
                _notSearched.Add($"{Shown(found.Path)} is a link, a pipe or a device and was not followed.");
            }
            else if (found.Kind == FileKind.Regular && Path.GetDirectoryName(found.Path) == _repository.Archive.RecordsFolder)
            {
                _records++;
                SearchRecord(found.Path);
            }
            else if (found.Kind == FileKind.Regular && (_repository.Archive.Local.Packs.ObjectOf(found.Path) ?? _repository.Archive.Local.Unreachable.PackedObjectOf(found.Path)) is { } packed)
            {
                _objects++;
                SearchPack(found.Path, packed);
            }
            else if (found.Kind == FileKind.Regular && Path.GetFileName(Path.GetDirectoryName(found.Path)) != "locks")
            {
                _objects++;
                Search(ErasureTraceKind.Archive, found.Path);
            }
        }
    }

    /// <summary>What is packed is searched as what it was.</summary>
    private void SearchPack(string path, string sha256)
    {
        SliceExport export = _search.Exports.FirstOrDefault(export => export.Sha256 == sha256) ?? new SliceExport { Project = "", Sha256 = sha256 };
        if (_subject.Project is { } project && export.Project.Length > 0 && export.Project != project)
        {
            return;
        }

        try
        {
            LocalObjectStore local = _repository.Archive.Local;
            using PackStream content = local.Packs.Open(path, sha256, local.LocalPath, _context.Cancellation);
            (RedactionCounts found, _) = RedactedExport.Count(
                content, path, _search.RedactorsOf(export), _context.Threads, _context.Bytes("Searching", Path.GetFileName(path), content.Length), _context.Cancellation);
            if (!found.IsNothing)
            {
                _traces.Add(new ErasureTrace(ErasureTraceKind.Archive, Shown(path), found.ToString(), _search.SlicesOf(sha256)));
            }
        }
        catch (HarvestException fault) when (fault.Fault is not HarvestFault.FileSystem)
        {
            _notSearched.Add($"{Shown(path)} cannot be unpacked whole, so that what it holds is not known: {fault.Message}");
        }
    }

    private void SearchRecord(string path)
    {
        CountNames(ErasureTraceKind.Record, path);
        ExportRecord? record = null;
        try
        {
            record = ExportRecord.Load(path);
        }
        catch (HarvestException)
        {
            // What is in it was searched as text; the archive's check names it.
        }

        if (record is not null && _subject.IsLeftOutBy(record.Redacted))
        {
            _traces.RemoveAll(trace => trace.Path == Shown(path));
            _traces.Add(new ErasureTrace(ErasureTraceKind.Exclusion, Shown(path), $"says that the export is without {_subject}", []));
        }
    }

    /// <summary>The files that exports were added from, the eval set, the slices and harvest.json.</summary>
    private void SearchCheckout()
    {
        IEnumerable<string> recorded = _search.Records.Values.Select(static record => record.Path)
            .Concat(_search.Exports.Select(static export => export.Path))
            .Concat(_search.Slices.SelectMany(static slice => slice.Exports).Select(static export => export.Path))
            .Append(_repository.Settings.EvalSet)
            .Concat(_search.Slices.Select(static slice => slice.EvalSet?.Path))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (string path in recorded.Select(_repository.Resolve))
        {
            found.UnionWith(Directory.Exists(path) ? StoreWalk.FilesOf(path) : FileKinds.Of(path) == FileKind.Regular ? [path] : []);
        }

        // A record has one path; the same export may be beside it under another name.
        found.UnionWith(StoreWalk.Of(_repository.Root, recurse: true, path => !IsStore(path))
            .Where(static file => file.Kind == FileKind.Regular && Path.GetExtension(file.Name).ToUpperInvariant() is ".JSON" or ".GZ" or ".ZIP")
            .Select(static file => file.Path));
        string slices = _repository.Slices.Folder + Path.DirectorySeparatorChar;
        foreach (string file in found.Where(file => !file.StartsWith(slices, StringComparison.Ordinal) && file != _repository.SettingsPath).Order(StringComparer.Ordinal))
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            _files++;
            Search(ErasureTraceKind.File, file);
        }

        foreach (string file in StoreWalk.FilesOf(_repository.Slices.Folder).Append(_repository.SettingsPath).Append(ProductionLog.PathIn(_repository.Root)).Where(File.Exists))
        {
            _files++;
            SearchDefinition(file, ErasureTraceKind.File);
        }
    }

    /// <summary>Folders that are searched as what they are, or that are git's.</summary>
    private bool IsStore(string path) =>
        path == _repository.StoreFolder || path == _repository.Archive.Folder || path == _repository.CacheFolder || Path.GetFileName(path) is ".git" or "node_modules";

    /// <summary>A definition that leaves it out names it; any other text of a slice is a trace.</summary>
    private void SearchDefinition(string file, ErasureTraceKind kind)
    {
        if (TryRules(file) is { } rules && _subject.IsLeftOutBy(rules.Exclude))
        {
            _traces.Add(new ErasureTrace(ErasureTraceKind.Exclusion, Shown(file), $"leaves out {_subject}", []));
        }
        else
        {
            CountNames(kind, file);
        }
    }

    /// <summary>The rules of a definition, which the archive has under its hash and slices beside them; null where the file is none.</summary>
    private HarvestRules? TryRules(string file)
    {
        try
        {
            return file == _repository.SettingsPath ? _repository.Settings.Harvest.Rules
                : new FileInfo(file).Length <= DefinitionBytesMax ? HarvestDefinition.Parse(JsonFileText.Load(file).ParseObject()).Rules
                : null;
        }
        catch (HarvestException)
        {
            // Something else, of another release, or damaged: it is searched as text.
            return null;
        }
    }

    /// <summary>Reads a file as an export where it is one, and else as text.</summary>
    private void Search(ErasureTraceKind kind, string path)
    {
        try
        {
            if (!IsArray(path))
            {
                SearchDefinition(path, kind);
                return;
            }

            string sha256 = Path.GetFileName(path);
            SliceExport export = _search.Exports.FirstOrDefault(export => export.Sha256 == sha256)
                ?? _search.Exports.FirstOrDefault(export => export.Path is { } recorded && _repository.Resolve(recorded) == path)
                ?? new SliceExport { Project = "", Sha256 = new string('0', Sha256Text.Length) };
            if (_subject.Project is { } project && export.Project.Length > 0 && export.Project != project)
            {
                return;
            }

            using ExportContent content = ExportContent.Of(AtomicFile.OpenRead(path, bufferBytes: 0), path);
            (RedactionCounts found, _) = RedactedExport.Count(
                content.Stream, path, _search.RedactorsOf(export), _context.Threads, _context.Bytes("Searching", Path.GetFileName(path), content.FileBytes), _context.Cancellation);
            if (_search.Exports.Contains(export))
            {
                _search.Note(export, found);
            }

            if (!found.IsNothing)
            {
                _traces.Add(new ErasureTrace(kind, Shown(path), found.ToString(), _search.SlicesOf(export.Sha256)));
            }
        }
        catch (HarvestException fault) when (fault.Fault is not HarvestFault.FileSystem)
        {
            // A list of something else, or an export that broke off.
            CountNames(kind, path, _broken);
            _notSearched.Add($"{Shown(path)} cannot be read as an export, so it was searched for names and marks of annotations alone: {fault.Message}");
        }
    }

    private void CountNames(ErasureTraceKind kind, string path, TextSearch? names = null)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        if ((names ?? _names).Count(file, _context.Cancellation) is > 0 and var count)
        {
            _traces.Add(new ErasureTrace(kind, Shown(path), Figures.Count(count, "mention"), []));
        }
    }

    private static bool IsArray(string path)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        byte[] head = new byte[HeadBytes];
        ReadOnlySpan<byte> text = head.AsSpan(0, file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false));

        // Packed exports are at recorded paths, as they were when they were added.
        // UTF-16 is read by nobody; as an export that cannot be read it is at least named.
        return ExportErrors.IsUtf16(text) || text.StartsWith(new byte[] { 0x1F, 0x8B }) || text.StartsWith("PK"u8)
            || (text.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }) ? text[3..] : text).TrimStart(" \r\n\t"u8).StartsWith("["u8);
    }

    /// <summary>What nobody can search from here.</summary>
    private void Unsearched()
    {
        _notSearched.AddRange(_search.Exports.Where(export => !_repository.Archive.Local.Contains([export.Sha256]).Contains(export.Sha256) && !IsRemoved(export))
            .Select(static export => $"The export {export.FileStem} is not on this machine."));
        if (_subject.Kind == SourceKind.Annotator && _search.Emails.Count == 0)
        {
            _notSearched.Add($"Drafts that name their author by e-mail address alone: no file here says an address of {_subject}. Give the address with the question.");
        }

        _notSearched.AddRange(_repository.Settings.Remotes.Select(static remote => $"The remote {remote.Name}: what is in it has to be removed there."));
        if (GitHead.TryRead(_repository.Root) is not null)
        {
            _notSearched.Add("The history of git: a file that was committed once is in it, and in every clone.");
        }

        _notSearched.Add("Copies elsewhere: other clones and archives, backups, and models that were trained on it.");
    }

    private bool IsRemoved(SliceExport export) => _search.Records.TryGetValue($"{export.Project} {export.Sha256}", out ExportRecord? record) && record.RemovedAt is not null;

    private Remedy ToDo()
    {
        if (_traces.TrueForAll(static trace => trace.Kind == ErasureTraceKind.Exclusion))
        {
            return _search.Unknown[0].Remedy;
        }

        bool redacted = _traces.Any(static trace => trace.Kind == ErasureTraceKind.Archive);
        bool files = _traces.Any(static trace => trace.Kind is ErasureTraceKind.File or ErasureTraceKind.LfsStore);
        return redacted
            ? $"Write what takes their place, {_subject.ToErase(ErasureStep.Plan)}, then remove them with {_subject.ToErase(ErasureStep.Remove)}."
            : files
                ? (Remedy)$"Delete the files that are named, and commit that; {_subject.ToErase(ErasureStep.Remove)} removes what the cache holds."
                : (Remedy)$"Remove what the cache holds with {_subject.ToErase(ErasureStep.Remove)}, and delete other files that are named.";
    }

    /// <summary>A path in the repository as it is recorded, wherever a link at it leads.</summary>
    private string Shown(string path) => path.StartsWith(_repository.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        ? Path.GetRelativePath(_repository.Root, path).Replace(Path.DirectorySeparatorChar, '/')
        : path;
}
