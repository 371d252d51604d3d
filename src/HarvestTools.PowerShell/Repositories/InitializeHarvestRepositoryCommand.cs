using System.Management.Automation;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Makes a folder a repository: harvest.json with every default spelt out, and its folders.</summary>
[Cmdlet(VerbsData.Initialize, "HarvestRepository", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(HarvestRepositoryInfo))]
public sealed class InitializeHarvestRepositoryCommand : HarvestCommand
{
    /// <summary>The folder; the session's location where it is left out.</summary>
    /// <remarks>-Repository means the same, so that scripts can name a repository alike everywhere.</remarks>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LiteralPath")]
    public string? Path { get; set; }

    protected override void ProcessRecord()
    {
        string? named = Path ?? Repository;
        string folder = named is null
            ? SessionState.Path.CurrentFileSystemLocation.ProviderPath
            : RunOrEnd(() => ItemPath.Resolve(SessionState, named));
        if (!ShouldProcess(folder, "Make a harvest repository"))
        {
            return;
        }

        if (RunItem(_ => HarvestRepositoryInfo.Of(HarvestRepository.Initialize(folder))) is { } made)
        {
            WriteObject(made);
        }
    }
}
