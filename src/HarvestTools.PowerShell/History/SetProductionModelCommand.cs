using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Puts a registered model into production, with who, when and why.</summary>
[Cmdlet(VerbsCommon.Set, "ProductionModel", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ProductionModel))]
public sealed class SetProductionModelCommand : HarvestCommand
{
    /// <summary>The registered model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "The model's name, for example hand_keypoint.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Name { get; set; } = string.Empty;

    /// <summary>The slice that it was trained on, where several have a model of that name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string? Version { get; set; }

    /// <summary>Why.</summary>
    [Parameter(Mandatory = true, HelpMessage = "Why it goes into production, in a sentence.")]
    [ValidateNotNullOrEmpty]
    public string Reason { get; set; } = string.Empty;

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        if (RunItem(context => PromoteModel.Check(repository, Name, Version, Reason, context)) is not { } plan)
        {
            return;
        }

        if (plan.Moved && !ShouldProcess(plan.Now.ToString(), plan.Before is { } before ? $"Put into production in the place of {before}" : "Put into production"))
        {
            return;
        }

        if (RunItem(context => PromoteModel.Run(repository, Name, Version, Reason, context)) is { } promotion)
        {
            Announce(promotion.Moved ? $"Next: commit '{System.IO.Path.Combine(repository.Root, "production.jsonl")}'" : $"{promotion.Now} is in production already.");
            WriteOf(repository, promotion.Now);
        }
    }
}
