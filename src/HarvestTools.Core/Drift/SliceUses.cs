using System.Collections.Concurrent;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>The slices that share what drifted, first used first.</summary>
internal sealed class UseScope
{
    private readonly Lazy<string> _sentence;

    public UseScope(IReadOnlyList<SliceManifest> slices)
    {
        Slices = slices;
        Versions = [.. slices.Select(static slice => slice.Version)];
        Models = [.. slices.SelectMany(RegisteredModels.Of)];
        _sentence = new(Sentence);
    }

    public IReadOnlyList<SliceManifest> Slices { get; }

    public string? Since => Slices.Count == 0 ? null : Slices[0].Version;

    public IReadOnlyList<string> Versions { get; }

    public IReadOnlyList<RegisteredModel> Models { get; }

    /// <summary>The finding with what the drift spoils, in its fields and in its message.</summary>
    public DriftFinding Complete(DriftFinding finding) => Slices.Count == 0
        ? finding
        : finding with { Since = Since, Slices = Versions, Models = Models, Message = $"{finding.Message} {_sentence.Value}" };

    private string Sentence()
    {
        string slices = Slices.Count == 1
            ? $"Only slice {Since} uses it"
            : $"{Figures.List(Versions)} use it, {Since} first";
        string models = Models.Count == 0
            ? $"no model is registered on {Them}"
            : $"trained on {Them}: {Figures.List([.. Models.Select(Name)])}";
        return $"{slices}; {models}.";
    }

    private string Them => Figures.Plural(Slices.Count, "it", "them");

    private static string Name(RegisteredModel model) => $"{model.Name} on {model.Version}{(model.Path is null ? "" : $" ({model.Path})")}";
}

/// <summary>Tells which slices share an export, a definition or a part. Manifests that cannot be read are left out.</summary>
internal sealed class SliceUses
{
    private readonly SliceManifest[] _slices;

    // Every slice that shares what drifted asks for the same scope.
    private readonly ConcurrentDictionary<string, UseScope> _ofExport = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, UseScope> _ofLabelConfig = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Version, string? Sha256), UseScope> _ofDefinition = new();
    private readonly Lazy<Dictionary<(string Project, string Sha256), int>> _firstOf;

    public SliceUses(IEnumerable<SliceManifest> slices)
    {
        _slices =
        [
            .. slices
                .OrderBy(static slice => (slice.CreatedAt ?? slice.TrainedAt)?.Instant ?? DateTimeOffset.MaxValue)
                .ThenBy(static slice => slice.Version, NaturalOrder.Instance),
        ];
        _firstOf = new(FirstUses);
    }

    public IReadOnlyList<SliceManifest> All => _slices;

    public UseScope OfExport(string sha256) => _ofExport.GetOrAdd(sha256, _ => Where(slice => slice.Exports.Any(export => export.Sha256 == sha256)));

    /// <summary>The place, in the order in which they were made, of the first slice made of a project's export; null where none is.</summary>
    public int? FirstOf(string project, string sha256) => _firstOf.Value.TryGetValue((project, sha256), out int place) ? place : null;

    /// <summary>Slices of which an export is derived under that labeling configuration.</summary>
    public UseScope OfLabelConfig(string sha256) =>
        _ofLabelConfig.GetOrAdd(sha256, _ => Where(slice => slice.Exports.Any(export => export.LabelConfigSha256 == sha256)));

    /// <summary>Slices made under that version, and under that content of it where they recorded one.</summary>
    public UseScope OfDefinition(string harvestVersion, string? sha256) =>
        _ofDefinition.GetOrAdd((harvestVersion, sha256), _ => Where(slice => IsUnder(slice, harvestVersion, sha256)));

    /// <summary>The first slice that was made under the same version of the rules, as far as hashes of definitions can be compared.</summary>
    public SliceManifest? FirstUnder(SliceManifest slice) => Array.Find(
        _slices,
        other => other.HarvestVersion == slice.HarvestVersion && other.HarvestSha256 is not null && other.DerivationVersion == slice.DerivationVersion);

    /// <summary>Whether a slice that follows this one has another version of the rules.</summary>
    public bool HasSuccessorUnderOther(SliceManifest slice) => Array.Exists(
        _slices, other => other.Parents.Contains(slice.Version) && other.HarvestVersion != slice.HarvestVersion);

    /// <summary>Slices that take the same rows from the same export.</summary>
    public UseScope OfPart(SliceManifest like, SliceExport export)
    {
        byte[] overrides = CanonicalJson.Of(like.FilterOverrides);
        return Where(slice => IsUnder(slice, like.HarvestVersion, like.HarvestSha256)
            && slice.Exports.Any(other => other.Sha256 == export.Sha256
                && other.Project == export.Project
                && other.LabelConfigSha256 == export.LabelConfigSha256
                && other.SupersededBy.Order(StringComparer.Ordinal).SequenceEqual(export.SupersededBy.Order(StringComparer.Ordinal)))
            && CanonicalJson.Of(slice.FilterOverrides).AsSpan().SequenceEqual(overrides));
    }

    private Dictionary<(string Project, string Sha256), int> FirstUses()
    {
        var first = new Dictionary<(string Project, string Sha256), int>();
        for (int i = 0; i < _slices.Length; i++)
        {
            foreach (SliceExport export in _slices[i].Exports)
            {
                first.TryAdd((export.Project, export.Sha256), i);
            }
        }

        return first;
    }

    private static bool IsUnder(SliceManifest slice, string harvestVersion, string? sha256) =>
        slice.HarvestVersion == harvestVersion && slice.HarvestSha256 == sha256;

    private UseScope Where(Func<SliceManifest, bool> uses) => new([.. _slices.Where(uses)]);
}
