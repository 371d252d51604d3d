using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>A cmdlet that works on recorded slices one by one: those named, those from the pipeline, or all.</summary>
public abstract class SliceCommand : HarvestCommand
{
    private readonly HashSet<(string Repository, string Version)> _seen = [];

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[]? Version { get; set; }

    protected sealed override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        ProcessVersions(repository, [.. (Version ?? ["*"]).SelectMany(version => VersionsOf(repository, version))]);
    }

    /// <summary>The versions of one pipeline object, patterns resolved; those named may not exist.</summary>
    private protected virtual void ProcessVersions(HarvestRepository repository, IReadOnlyList<string> versions)
    {
        foreach (string version in versions)
        {
            if (Load(repository, version) is { } slice)
            {
                ProcessSlice(repository, slice);
            }
        }
    }

    private protected abstract void ProcessSlice(HarvestRepository repository, SliceManifest slice);

    /// <summary>
    /// False from the second time on that the pipeline names a slice, as Build-Slice does with a slice's tables: what
    /// takes minutes is done once.
    /// </summary>
    private protected bool IsFirst(HarvestRepository repository, string version) => _seen.Add((repository.Root, version));

    private protected SliceManifest? Load(HarvestRepository repository, string version)
    {
        // On the pipeline's own thread: a manifest is about a kilobyte.
        try
        {
            return repository.Slices.Load(version);
        }
        catch (Exception exception) when (ErrorRecords.IsReportable(exception))
        {
            WriteItemError(exception);
            return null;
        }
    }
}
