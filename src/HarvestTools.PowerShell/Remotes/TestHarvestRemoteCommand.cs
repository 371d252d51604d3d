using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Holds what a remote has against what slices name, without bringing it here.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HarvestRemote")]
[OutputType(typeof(RemoteReport))]
public sealed class TestHarvestRemoteCommand : HarvestCommand
{
    /// <summary>The remote, by its name in harvest.json.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RemoteCompleter))]
    public string? Remote { get; set; }

    /// <summary>The slices, or ranges such as v1..v3; all where none is named.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[]? Version { get; set; }

    /// <summary>Read every byte.</summary>
    [Parameter]
    public SwitchParameter Deep { get; set; }

    /// <summary>Also the media that the slices list.</summary>
    [Parameter]
    public SwitchParameter IncludeMedia { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        WriteNotice(LocalSettingsInGit.Find(repository));
        string[] versions = [.. (Version ?? []).SelectMany(version => VersionsOf(repository, version))];
        WriteOf(repository, RunOrEnd(context => CheckRemote.Run(repository, versions, Remote, Deep, context, IncludeMedia)));
    }
}
