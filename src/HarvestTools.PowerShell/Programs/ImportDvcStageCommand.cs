using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Makes a stage of DVC the harvest definition, and of what it wrote by dvc.lock a slice; nothing is run.</summary>
[Cmdlet(VerbsData.Import, "DvcStage", SupportsShouldProcess = true)]
[OutputType(typeof(DvcImport))]
public sealed class ImportDvcStageCommand : HarvestCommand
{
    /// <summary>A dvc.yaml, or the folder that has it; left out, that of the repository.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "LiteralPath")]
    public string[] Path { get; set; } = [];

    /// <summary>The stage; needed where the file has several.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Stage { get; set; }

    /// <summary>The version of the slice; left out, the next free one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SliceVersion { get; set; }

    /// <summary>Writes the definition alone.</summary>
    [Parameter]
    public SwitchParameter NoSlice { get; set; }

    /// <summary>Replaces the definition of harvest.json also where it has another name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string? path in Path.Length == 0 ? new string?[] { null } : Path)
        {
            Import(repository, path is null ? null : RunOrEnd(() => ItemPath.Resolve(SessionState, path)));
        }
    }

    private void Import(HarvestRepository repository, string? path)
    {
        var request = new DvcImportRequest(path, Stage) { Version = SliceVersion, NoSlice = NoSlice, Force = Force };
        if (RunItem(context => ImportDvc.Plan(repository, request, context)) is not { } plan)
        {
            return;
        }

        foreach (string note in plan.Notes)
        {
            Announce(note);
        }

        string slice = plan.WhyNoSlice is { } why ? $"; no slice, since {why}" : $", and make slice {SliceVersion ?? "of the next free version"} of {plan.Outputs.Count} files that DVC has";
        if (ShouldProcess(plan.HarvestVersion, $"Write the definition '{string.Join(' ', plan.Command)}' into harvest.json{slice}")
            && RunItem(context => ImportDvc.Run(repository, request, context)) is { } written)
        {
            WriteOf(repository, written);
        }
    }
}
