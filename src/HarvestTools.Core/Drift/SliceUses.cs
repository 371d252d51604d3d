using HarvestTools.Files;
using HarvestTools.Filtering;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Drift;

/// <summary>The slices that share what drifted, first used first.</summary>
internal sealed record UseScope(IReadOnlyList<SliceManifest> Slices)
{
    public string? Since => Slices.Count == 0 ? null : Slices[0].Version;

    public IReadOnlyList<string> Versions => [.. Slices.Select(static slice => slice.Version)];

    public IReadOnlyList<RegisteredModel> Models => [.. Slices.SelectMany(RegisteredModels.Of)];

    /// <summary>The finding with what the drift spoils, in its fields and in its message.</summary>
    public DriftFinding Complete(DriftFinding finding) => Slices.Count == 0
        ? finding
        : finding with { Since = Since, Slices = Versions, Models = Models, Message = $"{finding.Message} {Sentence()}" };

    private string Sentence()
    {
        string slices = Slices.Count == 1
            ? $"Only slice {Since} uses it"
            : $"{List(Versions)} use it, {Since} first";
        string models = Models.Count == 0
            ? "no model is registered on " + (Slices.Count == 1 ? "it" : "them")
            : $"trained on {(Slices.Count == 1 ? "it" : "them")}: {List([.. Models.Select(Name)])}";
        return $"{slices}; {models}.";
    }

    private static string Name(RegisteredModel model) => $"{model.Name} on {model.Version}{(model.Path is null ? "" : $" ({model.Path})")}";

    private static string List(IReadOnlyList<string> names) => names.Count == 1
        ? names[0]
        : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
}

/// <summary>Tells which slices share an export, a definition or a part. Manifests that cannot be read are left out.</summary>
internal sealed class SliceUses
{
    private readonly SliceManifest[] _slices;

    public SliceUses(IEnumerable<SliceManifest> slices) => _slices =
    [
        .. slices
            .OrderBy(static slice => (slice.CreatedAt ?? slice.TrainedAt)?.Instant ?? DateTimeOffset.MaxValue)
            .ThenBy(static slice => slice.Version, NaturalOrder.Instance),
    ];

    public IReadOnlyList<SliceManifest> All => _slices;

    public UseScope OfExport(string sha256) => Where(slice => slice.Exports.Any(export => export.Sha256 == sha256));

    /// <summary>Slices made under that version, and under that content of it where they recorded one.</summary>
    public UseScope OfDefinition(string harvestVersion, string? sha256) => Where(slice => IsUnder(slice, harvestVersion, sha256));

    /// <summary>Slices that take the same rows from the same export.</summary>
    public UseScope OfPart(SliceManifest like, SliceExport export)
    {
        byte[] overrides = CanonicalJson.Of(like.FilterOverrides);
        return Where(slice => IsUnder(slice, like.HarvestVersion, like.HarvestSha256)
            && slice.Exports.Any(other => other.Sha256 == export.Sha256
                && other.Project == export.Project
                && other.YieldsTo.Order(StringComparer.Ordinal).SequenceEqual(export.YieldsTo.Order(StringComparer.Ordinal)))
            && CanonicalJson.Of(slice.FilterOverrides).AsSpan().SequenceEqual(overrides));
    }

    private static bool IsUnder(SliceManifest slice, string harvestVersion, string? sha256) =>
        slice.HarvestVersion == harvestVersion && slice.HarvestSha256 == sha256;

    private UseScope Where(Func<SliceManifest, bool> uses) => new([.. _slices.Where(uses)]);
}
