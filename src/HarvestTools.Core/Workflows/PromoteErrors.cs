using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of putting a model into production; each factory's name is the error's id.</summary>
internal static class PromoteErrors
{
    public static HarvestException PromotionReasonMissing(string name, string? version) => new(
        nameof(PromotionReasonMissing), HarvestFault.Usage,
        $"Why the model '{name}' goes into production is not said, and the record of it needs a reason.",
        $"Say it in a sentence: {new RemedyAction.PromoteModel(name, version)}.", name);

    public static HarvestException ModelInSeveralSlices(string name, IReadOnlyList<string> versions) => new(
        nameof(ModelInSeveralSlices), HarvestFault.Usage,
        $"A model '{name}' is registered on {Figures.List(versions)}, and one of them goes into production.",
        $"Say which slice it was trained on, for example {new RemedyAction.PromoteModel(name, versions[^1])}.", name);

    public static HarvestException ModelNotOfSlice(string name, string version, IReadOnlyList<string> elsewhere) => new(
        nameof(ModelNotOfSlice), HarvestFault.NotFound,
        $"Slice {version} has no model '{name}'; {Figures.List(elsewhere)} {Figures.Plural(elsewhere.Count, "has", "have")}.",
        $"Name the slice that it was trained on, {new RemedyAction.PromoteModel(name, elsewhere[^1])}, or register it first.", name);
}
