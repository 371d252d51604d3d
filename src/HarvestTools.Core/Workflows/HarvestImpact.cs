using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What a changed definition would do to one shipped slice.</summary>
/// <param name="Version">The slice; it is not touched.</param>
/// <param name="HarvestVersion">The rules it was made under.</param>
/// <param name="Rules">What differs between those, its overrides included, and the changed ones.</param>
/// <param name="Rows">Rows that would be added, removed and changed; null where they cannot be read, as the files that are named say.</param>
/// <param name="Models">Models and runs that were trained on it.</param>
public sealed record SliceImpact(
    string Version,
    string HarvestVersion,
    IReadOnlyList<RuleChange> Rules,
    RowChangeSummary? Rows,
    IReadOnlyList<RegisteredModel> Models)
{
    /// <summary>Files of a team's own program that would have other bytes, and rows that cannot be read.</summary>
    public IReadOnlyList<string> OtherFiles { get; init; } = [];

    /// <summary>True where at least one row would differ, or a file whose rows cannot be read.</summary>
    public bool IsAffected => Rows?.Total > 0 || OtherFiles.Count > 0;
}

/// <summary>
/// Derives shipped slices under a changed definition and says what would differ. Manifests and the slices' tables stay
/// as they are; the parts that are derived on the way are cached like any other.
/// </summary>
public sealed class HarvestImpact
{
    private readonly Repository _repository;
    private readonly WorkContext _context;
    private readonly PartSource _source;
    private readonly PartDiffs _diffs;
    private readonly Dictionary<(string Before, string After), PartImpact> _parts = [];

    private HarvestImpact(Repository repository, WorkContext context, PartSource source)
    {
        _repository = repository;
        _context = context;
        _source = source;
        _diffs = new PartDiffs(source.Store, context.Cancellation);
    }

    /// <param name="repository">The repository.</param>
    /// <param name="versions">The slices; empty for all.</param>
    /// <param name="overrides">
    /// Rules that replace each slice's own. Null takes the definition in harvest.json instead, with the overrides that the
    /// slice recorded.
    /// </param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">A rule is wrong, or a slice, its definition or an export is not available.</exception>
    public static IEnumerable<SliceImpact> Run(
        Repository repository, IReadOnlyList<string> versions, JsonObject? overrides, WorkContext context)
    {
        // A misspelt rule is told before the first slice is derived.
        _ = repository.Settings.Harvest.Rules.With(overrides ?? []);
        List<SliceManifest> slices = [.. (versions.Count == 0 ? repository.Slices.Versions() : versions).Select(version => repository.Slices.Load(version, context.Cancellation))];
        return Each(repository, slices, overrides, context);
    }

    private static IEnumerable<SliceImpact> Each(
        Repository repository, IReadOnlyList<SliceManifest> slices, JsonObject? overrides, WorkContext context)
    {
        using var source = new PartSource(repository, context);
        var impact = new HarvestImpact(repository, context, source);
        foreach (SliceManifest slice in slices)
        {
            yield return impact.Of(slice, impact.Changed(slice, overrides));
        }
    }

    /// <summary>What the definition would do to the slice; a part that several slices share is compared once.</summary>
    private SliceImpact Of(SliceManifest slice, HarvestDefinition changed)
    {
        HarvestDefinition own = SliceInputs.Definition(_repository, slice);
        IReadOnlyList<RuleChange> rules = RuleChange.Between(own, changed);
        if (own.Program is not null && changed.Program is not null)
        {
            return OfProgram(slice, changed, rules);
        }

        if (own.Program is not null || changed.Program is not null)
        {
            throw ProgramColumnErrors.DefinitionOfOtherKind(slice.Version, changed.FullVersion, changed.Program is not null);
        }

        List<PartImpact> parts = rules.Count == 0
            ? []
            : [.. slice.Exports.Select(export => Compare(slice.Version, export, own, changed))];
        var tally = new RowTally();
        parts.ForEach(part => tally.Merge(part.Tally));
        return new SliceImpact(
            slice.Version,
            slice.HarvestVersion,
            rules,
            tally.ToSummary((project, annotation) => parts.Select(part => part.AnnotatorOf(project, annotation)).FirstOrDefault(static found => found is not null)),
            [.. RegisteredModels.Of(slice)]);
    }

    /// <summary>Runs the program as it is in the checkout, where it is trusted, on the slice's exports; what it writes is compared and thrown away.</summary>
    private SliceImpact OfProgram(SliceManifest slice, HarvestDefinition changed, IReadOnlyList<RuleChange> rules)
    {
        var impact = new SliceImpact(slice.Version, slice.HarvestVersion, rules, RowChangeSummary.None, [.. RegisteredModels.Of(slice)]);
        var source = new ProgramSource(_repository, _context);
        if (rules.Count == 0)
        {
            return impact;
        }

        // Before the slice's own is run, where its tables are not in the cache.
        source.RequireTrust(changed);
        var before = ProgramSide.Of(_repository, slice, _context);
        return source.Run(slice, changed, written =>
        {
            var diff = new ProgramDiff(before, new ProgramSide(before.Slice, changed, written), _context.Cancellation);
            return impact with { Rows = diff.KnowsNone ? null : diff.Summary(_repository, _context), OtherFiles = diff.Unreadable };
        });
    }

    private HarvestDefinition Changed(SliceManifest slice, JsonObject? overrides)
    {
        if (overrides is not null)
        {
            HarvestDefinition own = SliceInputs.Definition(_repository, slice);

            // A program has no rules that could be set: "the same rules" would read as if nothing came of them.
            return own.Program is null ? own with { Rules = own.Rules.With(overrides) } : throw CacheErrors.RowsOfProgram(own.FullVersion);
        }

        HarvestDefinition current = _repository.TryDefinition(slice.HarvestVersion.Split('@')[0]) ?? _repository.Harvest;
        return current with { Rules = current.Rules.With(slice.FilterOverrides) };
    }

    private PartImpact Compare(string version, SliceExport export, HarvestDefinition own, HarvestDefinition changed)
    {
        var keys = (SliceInputs.PartKeyOf(_repository, export, own), SliceInputs.PartKeyOf(_repository, export, changed));
        if (!_parts.TryGetValue(keys, out PartImpact? part))
        {
            Part before = _source.Get(version, export, own).Part;
            Part after = _source.Get(version, export, changed).Part;
            RowTally tally = _diffs.Count([before], [after]);
            _parts.Add(keys, part = new PartImpact(tally, new SliceAnnotators(_repository, _context).Of(tally, [export])));
        }

        return part;
    }

    private sealed record PartImpact(RowTally Tally, Func<string, long, long?> AnnotatorOf);
}
