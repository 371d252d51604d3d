using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>What a training script is given of slices: one object a value.</summary>
[Cmdlet(VerbsCommon.Get, "SliceParameter")]
[OutputType(typeof(SliceParameter))]
public sealed class GetSliceParameterCommand : HarvestCommand
{
    /// <summary>The slices.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of the slices, for example v3.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    /// <summary>Only values with these names.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        WildcardPattern[]? names = Name?.Select(static name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        foreach (string version in Version.SelectMany(version => VersionsOf(repository, version)))
        {
            if (RunItem(context => ListParameters.Run(repository, version, context)) is not { } parameters)
            {
                continue;
            }

            if (!ListParameters.IsBuilt(repository, parameters))
            {
                WriteWarning($"The tables of slice {version} are not in the cache yet. 'Build-Slice {version}' puts them there.");
            }

            foreach (SliceParameter one in parameters.Where(one => names is null || names.Any(name => name.IsMatch(one.Name))))
            {
                WriteOf(repository, one);
            }
        }
    }
}
