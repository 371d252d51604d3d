using HarvestTools.Archive;
using HarvestTools.Erasure;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Looks into exports for a person's work or an episode.</summary>
internal sealed class ErasureSearch
{
    private readonly Repository _repository;
    private readonly SourceQuery _subject;
    private readonly WorkContext _context;
    private readonly HashSet<string> _emails = new(StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, (SliceManifest Slice, SliceExport Export)> _uses;
    private readonly Dictionary<string, (SliceExport Export, long Tasks)> _unknown = new(StringComparer.Ordinal);
    private ProgramEpisodes? _programs;

    public ErasureSearch(Repository repository, SourceQuery subject, WorkContext context)
    {
        (_repository, _subject, _context) = (repository, subject, context);
        _emails.UnionWith(subject.Emails);
        Slices = [.. TraceSource.All(repository, context).Select(slice => SliceInputs.UnderPresentNames(repository, slice))];
        _uses = Slices.SelectMany(static slice => slice.Exports.Select(export => (Slice: slice, Export: export))).ToLookup(static use => use.Export.Sha256, StringComparer.Ordinal);
        IReadOnlyDictionary<string, ExportRecord> records = repository.Archive.List().DistinctBy(static record => (record.Project, record.Sha256)).ToDictionary(static record => $"{record.Project} {record.Sha256}");
        Records = records;
        Exports =
        [
            .. records.Values.Order(ExportOrder.Instance).Select(ExportSelection.ToSliceExport)
                .Concat(_uses.Select(static uses => uses.First().Export).Where(export => !records.ContainsKey($"{export.Project} {export.Sha256}")))
                .Where(export => subject.Project is null || export.Project == subject.Project)
                .OrderBy(static export => export.Project, StringComparer.Ordinal),
        ];
    }

    /// <summary>All slices.</summary>
    public IReadOnlyList<SliceManifest> Slices { get; }

    /// <summary>The archive's records by project and SHA-256.</summary>
    public IReadOnlyDictionary<string, ExportRecord> Records { get; }

    /// <summary>Every export that is archived or that a slice names, by project, the oldest first.</summary>
    public IReadOnlyList<SliceExport> Exports { get; }

    /// <summary>The e-mail addresses of the person that is asked for, as far as exports were read for them.</summary>
    public IReadOnlyCollection<string> Emails => _emails;

    /// <summary>Slices that name an export.</summary>
    public IReadOnlyList<string> SlicesOf(string sha256) => [.. _uses[sha256].Select(static use => use.Slice.Version)];

    /// <summary>Finds out how else the person is named: a draft has its author's e-mail address alone, in an export that may have no more of the person.</summary>
    public void FindNames()
    {
        if (_subject.Kind != SourceKind.Annotator)
        {
            return;
        }

        foreach (SliceExport export in Exports)
        {
            (List<PersonEmails> Workers, ExportPass Pass)? read = SliceInputs.Read(_repository, export, "Looking for names", _context, (stream, progress) =>
            {
                (ExportPass pass, List<PersonEmails> workers) = ExportPipeline.Run(
                    stream, export.FileStem, _context.Threads, () => new PersonEmails(_subject.Id), progress, _context.Cancellation);
                return (workers, pass);
            });
            _emails.UnionWith(read?.Workers.SelectMany(static worker => worker.Found) ?? []);
        }

        // Of an export that was removed the file may be there, and know the address that nothing else does any more.
        foreach (string path in RecordedPaths().Where(path => FileKinds.Of(path) == FileKind.Regular))
        {
            try
            {
                using ExportContent content = ExportContent.Of(AtomicFile.OpenRead(path, bufferBytes: 0), path);
                (_, List<PersonEmails> workers) = ExportPipeline.Run(content.Stream, path, _context.Threads, () => new PersonEmails(_subject.Id), progress: null, _context.Cancellation);
                _emails.UnionWith(workers.SelectMany(static worker => worker.Found));
            }
            catch (HarvestException fault) when (fault.Fault is HarvestFault.InvalidData)
            {
                // Something else is there now.
            }
        }
    }

    /// <summary>Full paths that removed exports were added from.</summary>
    private IEnumerable<string> RecordedPaths() => Records.Values
        .Where(static record => record is { RemovedAt: not null, Path: not null })
        .Select(record => _repository.Resolve(record.Path!))
        .Distinct(StringComparer.Ordinal);

    /// <summary>What is not known of the exports that were looked into, each reason once.</summary>
    public IReadOnlyList<UnknownRows> Unknown =>
    [
        .. _unknown.Values.OrderBy(static one => one.Export.FileStem, StringComparer.Ordinal).Select(one => (one.Export.FileStem, one.Tasks, Why: _programs!.WhyUnknown(one.Export)))
            .GroupBy(static one => (one.Why.Reason, one.Why.Remedy))
            .Select(static group => new UnknownRows(
                $"Which episodes {Figures.Count(group.Sum(static one => one.Tasks), "task")} of {Figures.List([.. group.Select(static one => one.FileStem)])} show is not known: {group.Key.Reason}",
                group.Key.Remedy)),
    ];

    /// <summary>Notes that it is not known of tasks of an export whether they are of the episode.</summary>
    public void Note(SliceExport export, RedactionCounts counts)
    {
        if (counts.Unknown > 0)
        {
            _unknown[$"{export.Project} {export.Sha256}"] = (export, counts.Unknown);
        }
    }

    /// <summary>Makes redactors of an export.</summary>
    public Func<ITaskRedactor> RedactorsOf(SliceExport export)
    {
        if (_subject.Kind == SourceKind.Annotator)
        {
            var person = new Person(_subject.Id, _emails);
            return () => new PersonRedactor(person);
        }

        (FieldMapping Fields, LabelConfig? Config)[] ways = [.. Ways(export)];
        ITaskRedactor Standard() => ways is [var only]
            ? new EpisodeRedactor(_subject.Text, only.Fields, only.Config)
            : new AnyRedactor([.. ways.Select(way => new EpisodeRedactor(_subject.Text, way.Fields, way.Config))]);
        if (!Definitions(export).Any(static use => use.Definition.Program is not null))
        {
            return Standard;
        }

        _programs ??= new ProgramEpisodes(_repository, _subject, Slices, _context);
        (TaskEpisodes episodes, IReadOnlyCollection<string> keys) = (_programs.Of(export), _programs.KeysOf(export));
        return () => new ProgramEpisodeRedactor(_subject.Text, Standard(), episodes, keys);
    }

    /// <summary>What an export holds; null where its bytes are not here.</summary>
    /// <exception cref="HarvestException">The export cannot be read, or has other bytes than its hash says.</exception>
    public RedactionCounts? Look(SliceExport export) => SliceInputs.Read(_repository, export, "Searching", _context, (stream, progress) =>
        RedactedExport.Count(stream, export.FileStem, RedactorsOf(export), _context.Threads, progress, _context.Cancellation))?.Read;

    /// <summary>How the export's tasks were read, and are now, for their episodes: each way once.</summary>
    private IEnumerable<(FieldMapping Fields, LabelConfig? Config)> Ways(SliceExport export)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach ((HarvestDefinition definition, SliceExport use) in Definitions(export))
        {
            if (known.Add($"{definition.ToJson()["fields"]?.ToJsonString()} {use.LabelConfigSha256}"))
            {
                yield return (definition.Fields, SliceInputs.LabelConfigOf(_repository, use.FileStem, use));
            }
        }
    }

    private IEnumerable<(HarvestDefinition Definition, SliceExport Export)> Definitions(SliceExport export)
    {
        yield return (_repository.Settings.Harvest, export);
        foreach ((SliceManifest slice, SliceExport use) in _uses[export.Sha256].Where(use => use.Export.Project == export.Project))
        {
            HarvestDefinition? definition = null;
            try
            {
                definition = SliceInputs.Definition(_repository, slice);
            }
            catch (HarvestException)
            {
                // A slice without its definition has rows that nobody can make again; the check says so.
            }

            if (definition is not null)
            {
                yield return (definition, use);
            }
        }
    }
}
