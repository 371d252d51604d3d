using System.Management.Automation;
using HarvestTools.Strings;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Removes slices that nothing needs; archived exports stay.</summary>
[Cmdlet(VerbsCommon.Remove, "Slice", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SliceRemoval))]
public sealed class RemoveSliceCommand : HarvestCommand
{
    private readonly List<(HarvestRepository Repository, string Version)> _asked = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of the slices to remove, for example v3.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    // A slice can go once those that follow it are gone, and the pipeline may name them later.
    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string version in Version.SelectMany(version => VersionsOf(repository, version)))
        {
            if (RunItem(context => repository.Slices.Load(version, context.Cancellation)) is { } slice)
            {
                _asked.Add((repository, slice.Version));
            }
        }
    }

    protected override void EndProcessing()
    {
        foreach (IGrouping<string, (HarvestRepository Repository, string Version)> asked in _asked.GroupBy(static one => one.Repository.Root))
        {
            HarvestRepository repository = asked.First().Repository;
            var going = new List<string>();
            foreach (string version in RunOrEnd(context => RemoveSlice.InOrder(repository, asked.Select(static one => one.Version), context)))
            {
                Remove(repository, version, going);
            }
        }
    }

    private void Remove(HarvestRepository repository, string version, List<string> going)
    {
        if (RunItem(context => RemoveSlice.Plan(repository, version, going, context)) is not { } plan)
        {
            return;
        }

        string cache = plan.CacheFolder is null ? "no cached tables of its own" : $"{Figures.Size(plan.CacheBytes)} of cached tables";
        if (!ShouldProcess(
            $"Remove slice {version} from '{plan.Folder}' ({string.Join(", ", plan.Files)}; {cache}); its exports stay in the archive.",
            $"Slice {version}: {string.Join(", ", plan.Files)} and {cache} are removed; its exports stay in the archive.",
            $"Remove slice {version}",
            out ShouldProcessReason reason))
        {
            if (reason == ShouldProcessReason.WhatIf)
            {
                going.Add(version);
            }

            return;
        }

        if (RunItem(context => RemoveSlice.Run(repository, version, context)) is { } removed)
        {
            Announce($"Removed '{removed.Folder}'.");
            WriteOf(repository, removed);
        }
    }
}
