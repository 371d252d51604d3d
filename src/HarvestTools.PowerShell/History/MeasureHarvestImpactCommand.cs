using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Shows what changed rules would do to shipped slices, which stay as they are.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "HarvestImpact")]
[OutputType(typeof(SliceImpact))]
public sealed class MeasureHarvestImpactCommand : SliceCommand
{
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(FilterRuleCompleter))]
    public FilterRules? FilterOverride { get; set; }

    private protected override void ProcessSlice(HarvestRepository repository, SliceManifest slice)
    {
        if (IsFirst(repository, slice.Version)
            && RunItem(context => HarvestImpact.Run(repository, [slice.Version], FilterOverride?.ToJson(), context).Single()) is { } impact)
        {
            WriteOf(repository, impact);
            if (impact.Rows is null)
            {
                // The table has blank cells, which would look like no row.
                WriteWarning($"{impact.Version}: {Figures.List(impact.OtherFiles)} would have other bytes, and rows that cannot be read.");
            }
        }
    }
}
