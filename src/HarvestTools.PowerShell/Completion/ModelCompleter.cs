using System.Management.Automation;
using HarvestTools.History;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes names of registered models, those of the newest slices first; the tooltip shows where and how good.</summary>
public sealed class ModelCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from slice in NewestWith(repository(), "\"runs\""u8.ToArray(), "\"model_outputs\": { "u8.ToArray())
        from model in RegisteredModels.Of(slice)
        where Begins(model.Name, word)
        group model by model.Name into models
        let newest = models.First()
        select Result(Quoted(models.Key), models.Key, $"{newest.Version}: {HistoryText.Line(newest)}");
}
