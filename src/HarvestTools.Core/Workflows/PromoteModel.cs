using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A model that was put into production.</summary>
/// <param name="Now">What is in production now.</param>
/// <param name="Before">What was before; null where nothing was.</param>
/// <param name="Moved">False where the same artifact was in production already, so that nothing was recorded.</param>
public sealed record Promotion(ProductionModel Now, ProductionModel? Before, bool Moved);

/// <summary>
/// Puts a registered model into production, with who, when and why. Nothing else moves what is in production, and what was there
/// before stays on record.
/// </summary>
public static class PromoteModel
{
    /// <param name="repository">The repository.</param>
    /// <param name="name">The registered model.</param>
    /// <param name="version">Its slice; null where one slice alone has a model of that name.</param>
    /// <param name="reason">Why.</param>
    /// <param name="context">The clock, cancellation.</param>
    /// <exception cref="HarvestException">
    /// PromotionReasonMissing, ModelNotRegistered, ModelInSeveralSlices, ModelNotOfSlice; production.jsonl is at fault or cannot be written;
    /// no slice is named and one cannot be read.
    /// </exception>
    public static Promotion Run(Repository repository, string name, string? version, string reason, WorkContext context)
    {
        using FileLock exclusive = FileLock.Acquire(Path.Combine(repository.LocksFolder, "production"), context.Cancellation);
        Promotion promotion = Check(repository, name, version, reason, context);
        if (promotion.Moved)
        {
            ProductionLog.Add(repository.Root, promotion.Now);
        }

        return promotion;
    }

    /// <summary>What it would do, without writing anything.</summary>
    /// <exception cref="HarvestException">As <see cref="Run"/>.</exception>
    public static Promotion Check(Repository repository, string name, string? version, string reason, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(context);
        RegisteredModel model = Find(repository, name, version, context);
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw PromoteErrors.PromotionReasonMissing(name, version);
        }

        ProductionModel? before = ProductionUse.Present(repository);
        return before is not null && before.Name == model.Name && before.Version == model.Version && before.Sha256 == model.Sha256
            ? new Promotion(before, before, Moved: false)
            : new Promotion(
                new ProductionModel(model.Name, model.Version, model.Sha256, context.Clock.GetUtcNow(), GitPerson.TryRead(repository.Root) ?? Environment.UserName, PlainText.OneLine(reason.Trim())), before, Moved: true);
    }

    /// <summary>What is in production and was before, the latest first.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">production.jsonl is at fault; the slice of the model in production cannot be read.</exception>
    public static IReadOnlyList<ProductionModel> List(Repository repository, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(context);
        return [.. ProductionLog.Read(repository.Root).Reverse().Select(model => model.State == ProductionState.Former ? model : model with { State = StateOf(repository, model, context) })];
    }

    private static string StateOf(Repository repository, ProductionModel production, WorkContext context)
    {
        SliceEntry? slice = repository.Slices.LoadAll(context.Cancellation).FirstOrDefault(entry => entry.Version == production.Version);
        if (slice?.Error is { } unreadable)
        {
            // That no slice has the model would be believed, though its slice is there.
            throw unreadable;
        }

        RegisteredModel? model = slice?.Manifest is { } manifest ? RegisteredModels.Of(manifest).FirstOrDefault(model => model.Name == production.Name) : null;
        return model is null ? ProductionState.Missing : ProductionUse.Differs(production, model) ? ProductionState.Replaced : ProductionState.Current;
    }

    private static RegisteredModel Find(Repository repository, string name, string? version, WorkContext context)
    {
        if (version is not null)
        {
            // A slice that does not exist, or cannot be read, is its own error.
            _ = repository.Slices.Load(version, context.Cancellation);
        }
        else
        {
            // One that cannot be read may have a model of that name too, or the only one.
            ListModels.RequireAll(repository, [], context);
        }

        RegisteredModel[] all = [.. Models(repository, context)];
        RegisteredModel[] named = [.. all.Where(model => model.Name == name)];
        RegisteredModel[] meant = version is null ? named : [.. named.Where(model => model.Version == version)];
        return meant.Length == 1 ? meant[0]
            : named.Length == 0 ? throw BisectErrors.ModelNotRegistered(name, [.. all.Select(static model => model.Name).Distinct(StringComparer.Ordinal)])
            : meant.Length == 0 ? throw PromoteErrors.ModelNotOfSlice(name, version!, [.. named.Select(static model => model.Version)])
            : throw PromoteErrors.ModelInSeveralSlices(name, [.. meant.Select(static model => model.Version)]);
    }

    private static IEnumerable<RegisteredModel> Models(Repository repository, WorkContext context) =>
        repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>().SelectMany(RegisteredModels.Of);
}
