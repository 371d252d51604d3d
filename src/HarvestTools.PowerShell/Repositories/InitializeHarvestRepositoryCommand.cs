using System.Management.Automation;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Makes a folder a repository: harvest.json with every default spelt out, and its folders.</summary>
[Cmdlet(VerbsData.Initialize, "HarvestRepository", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(HarvestRepositoryInfo))]
public sealed class InitializeHarvestRepositoryCommand : HarvestCommand
{
    /// <summary>The folders; the session's location where it is left out.</summary>
    /// <remarks>-Repository means the same, so that scripts can name a repository alike everywhere.</remarks>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LiteralPath")]
    public string[]? Path { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string path in Path ?? [Repository ?? SessionState.Path.CurrentFileSystemLocation.ProviderPath])
        {
            Initialize(path);
        }
    }

    private void Initialize(string path)
    {
        if (TryResolve(path) is { } folder
            && WouldWork(_ => HarvestRepository.RequireNone(folder))
            && ShouldProcess(folder, "Make a harvest repository")
            && RunItem(_ => HarvestRepositoryInfo.Of(HarvestRepository.Initialize(folder))) is { } made)
        {
            Announce($"Made the repository '{made.Repository}'.");
            WriteObject(made);
        }
    }

    private string? TryResolve(string path)
    {
        try
        {
            return ItemPath.Resolve(SessionState, path);
        }
        catch (HarvestException unresolved)
        {
            WriteItemError(unresolved);
            return null;
        }
    }
}
