using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>
/// Which model counts as the one in production: what was put there, else what <c>retrain.production</c> in harvest.json names.
/// </summary>
/// <param name="Choice">The model; null where nobody says.</param>
/// <param name="Warnings">What the two, or one of them and the slices, contradict each other in.</param>
internal sealed record ProductionUse(ProductionChoice? Choice, IReadOnlyList<string> Warnings)
{
    /// <summary>What was put into production last; null where nothing was.</summary>
    /// <exception cref="HarvestException">production.jsonl is at fault.</exception>
    public static ProductionModel? Present(Repository repository, DateTimeOffset? asOf = null) =>
        ProductionLog.Read(repository.Root).LastOrDefault(model => asOf is null || model.At <= asOf);

    /// <param name="repository">The repository.</param>
    /// <param name="slices">The slices that are gone by.</param>
    /// <param name="asOf">As it was then; null for now.</param>
    /// <exception cref="HarvestException">production.jsonl is at fault.</exception>
    public static ProductionUse Read(Repository repository, IReadOnlyList<SliceManifest> slices, DateTimeOffset? asOf = null)
    {
        var warnings = new List<string>();
        string? setting = repository.Settings.Retrain.Production;
        if (Present(repository, asOf) is { } present)
        {
            RegisteredModel? model = slices.Where(slice => slice.Version == present.Version).SelectMany(RegisteredModels.Of).FirstOrDefault(model => model.Name == present.Name);
            if (model?.TrainedAt is not null)
            {
                if (setting is not null && setting != present.Name)
                {
                    warnings.Add($"{ProductionLog.FileName} has {present} in production, and retrain.production in harvest.json names {setting}: {present} counts. Take the setting out of harvest.json.");
                }

                if (Differs(present, model))
                {
                    warnings.Add($"The artifact of {present} was replaced after it was put into production.");
                }

                return new ProductionUse(new ProductionChoice(present.Name, present.Version), warnings);
            }

            warnings.Add($"{ProductionLog.FileName} has {present} in production, and no slice has such a model with a training date: {(setting is null ? "the slice that was trained on last" : "retrain.production in harvest.json")} counts.");
        }

        if (setting is not null && !slices.SelectMany(RegisteredModels.Of).Any(known => known.Name == setting && known.TrainedAt is not null))
        {
            warnings.Add($"retrain.production in harvest.json names {setting}, and no slice has a model of that name with a training date.");
        }

        return new ProductionUse(setting is null ? null : new ProductionChoice(setting, null), warnings);
    }

    /// <summary>Whether a registered model is no longer what was put into production.</summary>
    public static bool Differs(ProductionModel production, RegisteredModel model) =>
        production.Sha256 is { } then && model.Sha256 != then;
}
