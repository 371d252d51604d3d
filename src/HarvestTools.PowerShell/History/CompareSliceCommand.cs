using System.Management.Automation;
using HarvestTools.Drift;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Tells how one slice differs from another: exports, rules, rows and metrics, or the rows themselves.</summary>
[Cmdlet(VerbsData.Compare, "Slice")]
[OutputType(typeof(SliceComparison), typeof(RowChange))]
public sealed class CompareSliceCommand : HarvestCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string Reference { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string Difference { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter Row { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        if (!Row)
        {
            if (RunItem(context => CompareSlice.Run(repository, Reference, Difference, context)) is { } comparison)
            {
                WriteOf(repository, comparison);
            }

            return;
        }

        foreach (RowChange row in Stream(context => CompareSlice.Rows(repository, Reference, Difference, context)))
        {
            WriteObject(row);
        }
    }
}
