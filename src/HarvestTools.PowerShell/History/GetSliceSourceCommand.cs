using System.Management.Automation;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Traces a slice or a model back to the corrections in it, or an episode forward to the slices it reached.</summary>
[Cmdlet(VerbsCommon.Get, "SliceSource", DefaultParameterSetName = VersionSet)]
[OutputType(typeof(SliceSource), typeof(SliceCorrection))]
public sealed class GetSliceSourceCommand : HarvestCommand
{
    private const string VersionSet = "Version";
    private const string ModelSet = "Model";
    private const string EpisodeSet = "Episode";

    private readonly HashSet<string> _remedies = new(StringComparer.Ordinal);

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = VersionSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of slices, for example v3.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = ModelSet, HelpMessage = "Registered models: their names, or the paths of their files.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Model { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = EpisodeSet, ValueFromPipelineByPropertyName = true, HelpMessage = "Names of episodes, for example episode_0042.")]
    [ValidateNotNullOrEmpty]
    public string[] Episode { get; set; } = [];

    /// <summary>Emits each correction instead of counts.</summary>
    [Parameter]
    public SwitchParameter Correction { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string version in Version.SelectMany(version => VersionsOf(repository, version)))
        {
            Write(repository, context => TraceSource.OfSlice(repository, version, context, Correction));
        }

        foreach (string model in Model)
        {
            string meant = ItemPath.ExistingOrText(SessionState, model);
            Write(repository, context => TraceSource.OfModel(repository, meant, context, Correction));
        }

        foreach (string episode in Episode)
        {
            Write(repository, context => TraceSource.OfEpisode(repository, episode, context, Correction));
        }
    }

    /// <summary>Emits each source as soon as it is known: an export that is not in the cache takes its time.</summary>
    private void Write(HarvestRepository repository, Func<WorkContext, IEnumerable<SliceSource>> trace)
    {
        var unknown = new List<string>();
        var remedies = new List<string>();
        using IEnumerator<SliceSource>? sources = RunItem(context => trace(context).GetEnumerator());
        while (sources is not null && RunItem<SliceSource[]>(_ => sources.MoveNext() ? [sources.Current] : []) is [var source])
        {
            if (source.NotKnown is { } why)
            {
                unknown.Add($"{source.Version}, project {source.Project}: {why}");
                remedies.Add(source.Remedy?.Spell(CmdletSpelling.Instance) ?? "");
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
        if (unknown.Count > 0)
        {
            WriteWarning(string.Join(Environment.NewLine, unknown.Concat(remedies.Where(_remedies.Add))));
        }
    }
}
