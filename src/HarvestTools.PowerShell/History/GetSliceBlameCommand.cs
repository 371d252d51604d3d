using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Says which export, annotation, person and slice first brought a row, and which changed it since.</summary>
[Cmdlet(VerbsCommon.Get, "SliceBlame")]
[OutputType(typeof(BlamedRow))]
public sealed class GetSliceBlameCommand : HarvestCommand
{
    /// <summary>The slices that have the rows.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of slices, for example v3.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, HelpMessage = "The episode of the rows, for example episode_0042.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EpisodeCompleter))]
    public string Episode { get; set; } = string.Empty;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long? Frame { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Label { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TableNameCompleter))]
    public string? Table { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string? Project { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        var query = new RowQuery(Episode)
        {
            Frame = Frame,
            Label = Label,
            Table = Table,
            Project = Project,
        };
        foreach (string version in Version.SelectMany(version => VersionsOf(repository, version)))
        {
            using IEnumerator<BlamedRow>? rows = RunItem(context => BlameSlice.Of(repository, version, query, context).GetEnumerator());
            while (rows is not null && RunItem<BlamedRow[]>(_ => rows.MoveNext() ? [rows.Current] : []) is [var row])
            {
                WriteOf(repository, row);
            }
        }
    }
}
