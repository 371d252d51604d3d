using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Ranks slices by a metric of their models, with how their data differ from the best. Runs nothing.</summary>
[Cmdlet(VerbsData.Compare, "SliceModel")]
[OutputType(typeof(ModelComparison))]
public sealed class CompareSliceModelCommand : HarvestCommand
{
    /// <summary>Names of registered metrics.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "Names of registered metrics, for example pck.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MetricCompleter))]
    public string[] Metric { get; set; } = [];

    /// <summary>A model's name, with wildcards; all that have the metric where none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>A low value is good, as of an error.</summary>
    [Parameter]
    public SwitchParameter LowerIsBetter { get; set; }

    /// <summary>Standard deviation from run to run on the same data.</summary>
    [Parameter]
    [ValidateRange(0, double.MaxValue)]
    public double? Spread { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string metric in Metric)
        {
            var query = new ModelComparisonQuery(metric) { Model = Model, LowerIsBetter = LowerIsBetter, Spread = Spread };
            if (RunItem(context => CompareModels.Run(repository, query, context)) is { } comparison)
            {
                WriteOf(repository, comparison);
            }
        }
    }
}
