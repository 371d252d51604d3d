using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>Compares the files of registered models with the hashes that were recorded; a file that is gone is no drift.</summary>
internal sealed class ModelCheck(Repository repository, Lazy<SliceUses> uses, CheckInputs inputs)
{
    public IEnumerable<DriftFinding> Run(SliceManifest slice)
    {
        foreach (RegisteredModel model in RegisteredModels.Of(slice))
        {
            // What only model_outputs names has no hash to compare with.
            if (model.Sha256 is { } recorded && PathOf(model) is { } path
                && inputs.HashOf(path, $"{slice.Version} {model.Name}") is { } actual && actual != recorded)
            {
                yield return DriftFindings.ModelChanged(model, actual, uses.Value.All.SelectMany(RegisteredModels.Of).FirstOrDefault(other => other.Sha256 == actual));
            }
        }
    }

    /// <summary>Null for an address, and for what a manifest edited by hand names outside of the repository.</summary>
    private string? PathOf(RegisteredModel model)
    {
        if (model.Path is null || model.Path.Contains("://", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return RepositoryPath.Resolve(repository.Root, model.Path);
        }
        catch (HarvestException)
        {
            return null;
        }
    }
}
