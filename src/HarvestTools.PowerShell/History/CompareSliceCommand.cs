using System.Management.Automation;
using HarvestTools.Drift;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Shows how slices differ from another: exports, rules, rows and metrics, or the rows themselves.</summary>
[Cmdlet(VerbsData.Compare, "Slice", DefaultParameterSetName = SummarySet)]
[OutputType(typeof(SliceComparison), ParameterSetName = new[] { SummarySet })]
[OutputType(typeof(RowChange), ParameterSetName = new[] { RowSet })]
public sealed class CompareSliceCommand : HarvestCommand
{
    private const string SummarySet = "Summary";
    private const string RowSet = "Row";

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The version of the slice that is compared with, for example v2.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string Reference { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of the slices that are compared, for example v3.")]
    [Alias("Version")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Difference { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = RowSet, HelpMessage = "Emits the rows that differ.")]
    public SwitchParameter Row { get; set; }

    /// <summary>Only rows of these tables; the others are not read.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TableNameCompleter))]
    public string[]? Table { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string difference in Difference.SelectMany(version => VersionsOf(repository, version)))
        {
            if (Row)
            {
                WriteRows(repository, difference);
            }
            else if (RunItem(context => CompareSlice.Run(repository, Reference, difference, context)) is { } comparison)
            {
                WriteOf(repository, comparison);
                if (comparison.Remedy is { } remedy)
                {
                    WriteWarning(remedy.Spell(CmdletSpelling.Instance));
                }
            }
        }
    }

    private void WriteRows(HarvestRepository repository, string difference)
    {
        foreach (RowChange row in StreamItem(context => CompareSlice.Rows(repository, Reference, difference, context, Table)))
        {
            WriteObject(row);
        }
    }
}
