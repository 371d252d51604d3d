using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>Marks the model that is in production among those that are shown.</summary>
public sealed class ProductionMarks
{
    private readonly ProductionModel? _present;

    private ProductionMarks(ProductionModel? present)
    {
        _present = present;
    }

    /// <param name="repository">The repository.</param>
    /// <exception cref="HarvestException">production.jsonl is at fault.</exception>
    public static ProductionMarks Open(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return new ProductionMarks(ProductionUse.Present(repository));
    }

    /// <summary>The model, with what is to be known of it.</summary>
    public RegisteredModel Of(RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _present is null || _present.Name != model.Name || _present.Version != model.Version ? model
            : model with { Production = ProductionUse.Differs(_present, model) ? ProductionState.Replaced : ProductionState.Current };
    }

    /// <summary>The slice, with what is to be known of its models.</summary>
    public SliceHistoryEntry Of(SliceHistoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _present?.Version == entry.Version ? entry with { Models = [.. entry.Models.Select(Of)] } : entry;
    }
}
