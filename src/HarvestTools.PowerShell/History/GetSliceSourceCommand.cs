using System.Management.Automation;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Traces a slice or a model back to the corrections in it; or an episode, task, annotation, annotator, medium or export forward to the slices it reached.</summary>
[Cmdlet(VerbsCommon.Get, "SliceSource", DefaultParameterSetName = VersionSet)]
[OutputType(typeof(SliceSource), typeof(SliceCorrection), typeof(SourceRow))]
public sealed class GetSliceSourceCommand : HarvestCommand
{
    private const string VersionSet = "Version";
    private const string ModelSet = "Model";
    private const int RowsAtOnce = 256;
    private const string EpisodeSet = "Episode";
    private const string TaskSet = "Task";
    private const string AnnotationSet = "Annotation";
    private const string AnnotatorSet = "Annotator";
    private const string MediumSet = "Medium";
    private const string ExportSet = "Export";

    private readonly HashSet<string> _remedies = new(StringComparer.Ordinal);

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = VersionSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of slices, for example v3.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ModelSet, HelpMessage = "Registered models: their names, hashes or runs, or the paths of their files.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Model { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = EpisodeSet, ValueFromPipelineByPropertyName = true, HelpMessage = "Names of episodes, for example episode_0042.")]
    [ValidateNotNullOrEmpty]
    public string[] Episode { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = TaskSet, HelpMessage = "Ids of tasks in Label Studio.")]
    public long[] TaskId { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = AnnotationSet, HelpMessage = "Ids of annotations in Label Studio.")]
    public long[] AnnotationId { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = AnnotatorSet, HelpMessage = "Ids of people in Label Studio.")]
    [ArgumentCompleter(typeof(AnnotatorCompleter))]
    public long[] Annotator { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = MediumSet, HelpMessage = "Links of images or videos, their last parts, or their SHA-256.")]
    [ValidateNotNullOrEmpty]
    public string[] Medium { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ExportSet, HelpMessage = "Exports: their SHA-256, its first digits, or their paths.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExportOrFileCompleter))]
    public string[] Export { get; set; } = [];

    /// <summary>Only in exports of this project: ids are those of one Label Studio.</summary>
    [Parameter(ParameterSetName = EpisodeSet)]
    [Parameter(ParameterSetName = TaskSet)]
    [Parameter(ParameterSetName = AnnotationSet)]
    [Parameter(ParameterSetName = AnnotatorSet)]
    [Parameter(ParameterSetName = MediumSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string? Project { get; set; }

    /// <summary>Emits each correction instead of counts.</summary>
    [Parameter]
    public SwitchParameter Correction { get; set; }

    /// <summary>Emits each row instead of counts.</summary>
    [Parameter]
    public SwitchParameter Row { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string version in Version.SelectMany(version => VersionsOf(repository, version)))
        {
            Write(
                repository,
                context => TraceSource.OfSlice(repository, version, context, Correction),
                context => TraceRows.OfSlice(repository, version, context),
                version);
        }

        foreach (string model in Model)
        {
            string meant = ItemPath.ExistingOrText(SessionState, model);
            Write(
                repository,
                context => TraceSource.OfModel(repository, meant, context, Correction),
                context => TraceRows.OfModel(repository, meant, context));
        }

        foreach (SourceQuery query in Queries())
        {
            SourceQuery asked = query with { Project = Project };
            Write(
                repository,
                context => TraceReach.Of(repository, asked, context, Correction),
                context => TraceRows.Of(repository, asked, context));
        }
    }

    private IEnumerable<SourceQuery> Queries() =>
    [
        .. Episode.Select(SourceQuery.OfEpisode),
        .. TaskId.Select(SourceQuery.OfTask),
        .. AnnotationId.Select(SourceQuery.OfAnnotation),
        .. Annotator.Select(SourceQuery.OfAnnotator),
        .. Medium.Select(SourceQuery.OfMedium),
        .. Export.Select(export => SourceQuery.OfExport(ItemPath.ExistingOrText(SessionState, export))),
    ];

    private void Write(
        HarvestRepository repository, Func<WorkContext, IEnumerable<SliceSource>> trace, Func<WorkContext, IEnumerable<SourceRow>> list, string? named = null)
    {
        if (!Row)
        {
            Write(repository, trace);
            return;
        }

        // Some at a time: a slice has millions of rows, and each turn of the engine costs a thread its time.
        var versions = new HashSet<string>(StringComparer.Ordinal);
        using IEnumerator<SourceRow[]>? rows = RunItem(context => list(context).Chunk(RowsAtOnce).GetEnumerator());
        while (rows is not null && RunItem<SourceRow[][]>(_ => rows.MoveNext() ? [rows.Current] : []) is [var some])
        {
            foreach (SourceRow row in some)
            {
                versions.Add(row.Version);
                WriteOf(repository, row);
            }
        }

        if (versions.Count == 0 && named is not null)
        {
            // Its rows may be such as cannot be read.
            versions.Add(named);
        }

        foreach (UnknownRows empty in RunItem(context => TraceRows.NotSaid(repository, versions, context)) ?? [])
        {
            WriteWarning($"{empty.Reason} {empty.Remedy.Spell(CmdletSpelling.Instance)}");
        }
    }

    /// <summary>Emits each source as soon as it is known: an export that is not in the cache takes its time.</summary>
    private void Write(HarvestRepository repository, Func<WorkContext, IEnumerable<SliceSource>> trace)
    {
        var notKnown = new List<SliceSource>();
        using IEnumerator<SliceSource>? sources = RunItem(context => trace(context).GetEnumerator());
        while (sources is not null && RunItem<SliceSource[]>(_ => sources.MoveNext() ? [sources.Current] : []) is [var source])
        {
            if (source.NotKnown is not null)
            {
                notKnown.Add(source);
            }

            if (!Correction)
            {
                WriteOf(repository, source);
                continue;
            }

            foreach (SliceCorrection correction in source.Corrections ?? [])
            {
                WriteOf(repository, correction);
            }
        }

        // The table has blank cells for what is not here, and nothing would look like no correction: one warning says why, and
        // what to do once.
        IReadOnlyList<UnknownRows> unknown = UnknownRows.Of(notKnown, withPlace: true);
        if (unknown.Count > 0)
        {
            WriteWarning(string.Join(
                Environment.NewLine,
                unknown.Select(static one => one.Reason).Concat(unknown.Select(static one => one.Remedy.Spell(CmdletSpelling.Instance)).Where(_remedies.Add))));
        }
    }
}
