using System.Text.Json.Nodes;

namespace HarvestTools.Workflows;

/// <summary>How slice.json names a run of MLflow, under <c>tracking</c> of its own run.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="ExperimentId">Its experiment's.</param>
/// <param name="Place">The server's address without what signs in there, or a folder of the repository; null for a folder elsewhere.</param>
/// <param name="Page">Where a person looks at the run; null where there is no page.</param>
internal sealed record MlflowLink(string RunId, string ExperimentId, string? Place, string? Page)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { [History.RegisteredModels.MlflowRunIdField] = RunId, ["experiment_id"] = ExperimentId };
        foreach ((string name, string? value) in new[] { ("uri", Place), (History.RegisteredModels.LinkField, Page) })
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json;
    }
}
