using System.Globalization;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>
/// The version that harvest.json should go to where its present one has another content: patch where no row of the slices made
/// under it changes, else minor. The check and the making of a slice both ask here, so that they propose the same.
/// </summary>
internal sealed class DefinitionBump(Repository repository, Lazy<SliceUses> uses, CheckInputs inputs, CancellationToken cancellation)
{
    private readonly Dictionary<string, Effect> _effects = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Derives the slices made under the present version with another content, once.</summary>
    /// <param name="current">What harvest.json has.</param>
    /// <param name="recorded">The hash of the content that the change log compares with.</param>
    public VersionBump From(HarvestDefinition current, string recorded)
    {
        lock (_lock)
        {
            // One version follows, whichever of several contents is asked for.
            IEnumerable<string> others = uses.Value.All
                .Where(slice => slice.HarvestVersion == current.FullVersion
                    && slice.HarvestSha256 is { } sha256
                    && sha256 != current.Sha256
                    && SliceVersions.Of(slice) is { AreSupported: true, Derivation: { } derivation }
                    && derivation == current.Derivation)
                .Select(static slice => slice.HarvestSha256!)
                .Append(recorded)
                .Distinct();
            foreach (string other in others)
            {
                if (!_effects.ContainsKey(other))
                {
                    _effects.Add(other, EffectOn(other, current));
                }
            }

            return VersionBump.Propose(
                current,
                _effects.Values.Any(static effect => effect.RowsChange == true) ? true
                    : _effects.Values.All(static effect => effect.RowsChange == false) ? false : null,
                uses.Value.All.Select(static slice => slice.HarvestVersion),
                _effects[recorded].What) with { Trust = _effects[recorded].Trust };
        }
    }

    /// <summary>What can be proposed without deriving: a patch promises that rows stay, so it is none.</summary>
    /// <param name="current">What harvest.json has.</param>
    /// <param name="rules">What changed, where it is known.</param>
    public VersionBump Unseen(HarvestDefinition current, IReadOnlyList<RuleChange> rules) => VersionBump.Propose(
        current,
        rowsChange: null,
        uses.Value.All.Select(static slice => slice.HarvestVersion),
        (rules.Count == 0 ? "the rules changed" : string.Join(", ", rules)) + "; a full check finds whether rows of the shipped slices change") with { Trust = TrustOf(current) };

    private Effect EffectOn(string recorded, HarvestDefinition current)
    {
        IReadOnlyList<SliceManifest> slices = uses.Value.OfDefinition(current.FullVersion, recorded).Slices;
        HarvestDefinition? old = slices.Select(slice => SliceInputs.TryDefinitionAsRecorded(repository, slice, current.Derivation)).FirstOrDefault(static known => known is not null);
        if (old is null)
        {
            return new Effect(RowsChange: null, "the rules changed; which ones is not known, since the definition from before is not here");
        }

        if (old.Program is not null || current.Program is not null)
        {
            return EffectOfProgram(slices, old, current);
        }

        var scratch = new ScratchDiff(repository, inputs, cancellation);
        var parts = new Dictionary<string, RowTally?>(StringComparer.Ordinal);
        var tally = new RowTally();
        var changed = new List<string>();
        foreach (SliceManifest slice in slices)
        {
            HarvestDefinition before = old with { Rules = old.Rules.With(slice.FilterOverrides) };
            HarvestDefinition after = current with { Rules = current.Rules.With(slice.FilterOverrides) };
            bool changes = false;
            foreach (SliceExport export in slice.Exports)
            {
                // What several slices share is derived and counted once.
                string part = PartKey.Compute(export.Project, null, export.Sha256, before, export.SupersededBy, export.LabelConfigSha256);
                if (!parts.TryGetValue(part, out RowTally? rows))
                {
                    parts.Add(part, rows = scratch.TryCount(slice.Version, export, before, after));
                    if (rows is not null)
                    {
                        tally.Merge(rows);
                    }
                }

                changes |= rows is not null && rows.Added + rows.Removed + rows.Changed > 0;
            }

            if (changes)
            {
                changed.Add(slice.Version);
            }
        }

        // Of an export that is not here nobody knows, and a patch would promise that its rows stay.
        bool known = parts.Values.All(static rows => rows is not null);
        IReadOnlyList<RuleChange> rules = RuleChange.Between(old, current);
        string what = rules.Count == 0 ? "no rule changed" : string.Join(", ", rules);
        what += changed.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; in {string.Join(", ", changed)}: {RowFormatter.Counts(tally.Added, tally.Removed, tally.Changed)}")
            : known ? "; no row of the shipped slices changes"
            : "; whether rows of the shipped slices change is not known, since an export of theirs cannot be derived here";
        return new Effect(changed.Count > 0 ? true : known ? false : null, what);
    }

    /// <summary>How the program as it is now is trusted; null where it is, or where there is none.</summary>
    private RemedyAction.TrustProgram? TrustOf(HarvestDefinition current) => current.Program is null || new ProgramSource(repository, inputs.Context).IsTrusted(current)
        ? null : new RemedyAction.TrustProgram { Definition = repository.NameToSay(current.Name) };

    /// <summary>The program as it is now is run on what the slices were made of, where it was trusted.</summary>
    private Effect EffectOfProgram(IReadOnlyList<SliceManifest> slices, HarvestDefinition old, HarvestDefinition current)
    {
        string what = string.Join(", ", RuleChange.Between(old, current));
        if (TrustOf(current) is { } trust)
        {
            return new Effect(RowsChange: null, what + "; whether rows change is not known, since the program as it is now was not trusted on this machine and not run")
            {
                Trust = trust,
            };
        }

        bool?[] changes = [.. slices.Select(slice => current.Program is null ? null : ProgramCheck.RowsChange(repository, inputs.Context, slice, current))];
        string[] changed = [.. slices.Where((_, i) => changes[i] == true).Select(static slice => slice.Version)];
        return changed.Length > 0 ? new Effect(RowsChange: true, $"{what}; rows of {string.Join(", ", changed)} change")
            : changes.All(static change => change == false) ? new Effect(RowsChange: false, what + "; no row of the shipped slices changes")
            : new Effect(RowsChange: null, what + "; whether rows change is not known, since the program was not run");
    }

    /// <param name="RowsChange">Whether rows change; null where it is not known.</param>
    /// <param name="What">What changed, for the change log.</param>
    private sealed record Effect(bool? RowsChange, string What)
    {
        /// <summary>How the program is trusted where that is why it is not known.</summary>
        public RemedyAction.TrustProgram? Trust { get; init; }
    }
}
