using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Finds the first slice in which a registered metric fell, and what entered with it.</summary>
[Cmdlet(VerbsCommon.Find, "SliceRegression")]
[OutputType(typeof(MetricRegression))]
public sealed class FindSliceRegressionCommand : HarvestCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Names of registered metrics, for example pck.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MetricCompleter))]
    public string[] Metric { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string? Good { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string? Bad { get; set; }

    [Parameter]
    [ValidateRange(0, double.MaxValue)]
    public double Tolerance { get; set; }

    [Parameter]
    public SwitchParameter LowerIsBetter { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string metric in Metric)
        {
            var query = new RegressionQuery(metric) { Model = Model, Good = Good, Bad = Bad, Tolerance = Tolerance, LowerIsBetter = LowerIsBetter };
            if (RunItem(context => FindMetricRegression.Run(repository, query, context)) is { } found)
            {
                WriteOf(repository, found);
            }
        }
    }
}
