using System.Management.Automation;
using HarvestTools.History;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Lists models and runs with what is known of their trainings.</summary>
[Cmdlet(VerbsCommon.Get, "SliceModel")]
[OutputType(typeof(RegisteredModel))]
public sealed class GetSliceModelCommand : HarvestCommand
{
    /// <summary>Names, with wildcards; all where none is given.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[]? Name { get; set; }

    /// <summary>Only models of these slices.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[]? Version { get; set; }

    /// <summary>Only the model of this run of MLflow.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MlflowRunCompleter))]
    public string? MlflowRun { get; set; }

    /// <summary>Hashes the models' files, and says which are no longer what was registered.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        string[] versions = [.. (Version ?? []).SelectMany(version => VersionsOf(repository, version))];
        bool listed = true;
        foreach (string? name in Name ?? [null!])
        {
            IReadOnlyList<RegisteredModel>? models = RunItem(context => ListModels.Run(repository, name, versions, Verify, context, MlflowRun));
            listed &= models is not null;
            foreach (RegisteredModel model in models ?? [])
            {
                WriteOf(repository, model);
            }
        }

        // Where none was found, a slice that cannot be read is the error already.
        foreach (HarvestException unreadable in !listed ? [] : RunItem(context => ListModels.Unreadable(repository, versions, context)) ?? [])
        {
            WriteItemError(unreadable);
        }
    }
}
