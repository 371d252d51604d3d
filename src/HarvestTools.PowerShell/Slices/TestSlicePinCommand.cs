using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Compares what slices pin with what is there now: one object a pin.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SlicePin")]
[OutputType(typeof(SlicePin))]
public sealed class TestSlicePinCommand : HarvestCommand
{
    /// <summary>The slices; the newest where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[]? Version { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        if (Version is null)
        {
            Write(repository, RunOrEnd(context => CheckPins.Run(repository, version: null, context)), "The newest slice");
            return;
        }

        foreach (string version in Version.SelectMany(version => VersionsOf(repository, version)))
        {
            Write(repository, RunItem(context => CheckPins.Run(repository, version, context)), $"Slice {version}");
        }
    }

    private void Write(HarvestRepository repository, IReadOnlyList<SlicePin>? pins, string which)
    {
        if (pins is { Count: 0 })
        {
            Announce($"{which} pins nothing.");
        }

        foreach (SlicePin pin in pins ?? [])
        {
            WriteOf(repository, pin);
        }
    }
}
