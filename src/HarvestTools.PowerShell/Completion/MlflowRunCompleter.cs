using System.Management.Automation;
using HarvestTools.History;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes ids of runs of MLflow that models are linked to; the tooltip says which.</summary>
public sealed class MlflowRunCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from slice in NewestWith(repository(), "\"mlflow_run_id\""u8.ToArray())
        from model in RegisteredModels.Of(slice)
        let id = model.MlflowRunId
        where id is not null && Begins(id, word)
        select Result(Quoted(id), id, $"{model.Version}: {HistoryText.Line(model)}");
}
