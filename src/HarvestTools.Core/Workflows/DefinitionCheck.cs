using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>Checks that a version of the harvest rules stands for one content, and proposes the next one where it does not.</summary>
internal sealed class DefinitionCheck(Repository repository, Lazy<SliceUses> uses, CheckInputs inputs, CancellationToken cancellation)
{
    private readonly DefinitionBump _bump = new(repository, uses, inputs, cancellation);

    /// <param name="slice">The slice.</param>
    /// <param name="quick">Derive nothing, so the version that is proposed is a minor one.</param>
    public IEnumerable<DriftFinding> Run(SliceManifest slice, bool quick)
    {
        // Null where it cannot be read now, which is the front end's to say, once; with what was recorded the slice is compared all the same.
        HarvestDefinition? current = Present(slice.HarvestVersion);

        // The hash of a definition is one of its derivation version; under another it cannot be told apart from a change.
        if (slice.HarvestSha256 is not { } recorded || SliceVersions.Of(slice) is not { AreSupported: true, Derivation: { } derivation })
        {
            yield break;
        }

        UseScope scope = uses.Value.OfDefinition(slice.HarvestVersion, recorded);
        if (current is not null && current.Derivation == derivation && current.FullVersion == slice.HarvestVersion && current.Sha256 != recorded)
        {
            HarvestDefinition? old = Archived(recorded, derivation).Definition ?? SliceInputs.TryDefinitionAsRecorded(repository, slice, derivation);
            IReadOnlyList<RuleChange> rules = old is null ? [] : RuleChange.Between(old, current);
            if (old?.Program is not null && current.Program is not null)
            {
                // A changed step asks for its own next version, and for those of all that follow it.
                VersionBump[] steps =
                [
                    .. from step in current.Steps.SkipLast(1)
                       let before = old.Steps.FirstOrDefault(before => before.FullVersion == step.FullVersion)
                       where before is not null && before.Sha256 != step.Sha256
                       select _bump.Unseen(step, RuleChange.Between(before, step)),
                ];
                foreach (ProgramChange change in ProgramChange.Between(old, current))
                {
                    yield return scope.Complete(DriftFindings.ProgramRedefined(
                        slice, change, quick ? _bump.Unseen(current, rules) : _bump.From(current, recorded), steps: change.IsOfStep ? steps : null));
                }

                yield break;
            }

            yield return scope.Complete(DriftFindings.HarvestRedefined(
                slice.Version, slice.HarvestVersion, recorded, current.Sha256, rules, quick ? _bump.Unseen(current, rules) : _bump.From(current, recorded)));
        }
        else if (uses.Value.FirstUnder(slice) is { } first && first.HarvestSha256 != recorded && !uses.Value.HasSuccessorUnderOther(slice))
        {
            yield return DriftFindings.VersionShared(
                slice,
                first,
                (current ?? repository.DeclaredOf(slice.HarvestVersion)).FullVersion,
                current?.FullVersion != slice.HarvestVersion ? null
                    : quick ? _bump.Unseen(current, [])
                    : _bump.From(current, first.HarvestSha256!));
        }

        foreach (DriftFinding step in current?.FullVersion == slice.HarvestVersion ? [] : CheckSteps(slice, derivation))
        {
            yield return step;
        }

        (HarvestDefinition? archived, string? actual) = Archived(recorded, derivation);
        if (actual is not null && actual != recorded)
        {
            yield return scope.Complete(DriftFindings.DefinitionDamaged(slice.HarvestVersion, recorded, actual));
        }
        else if (archived is not null && archived.FullVersion != slice.HarvestVersion)
        {
            yield return DriftFindings.DefinitionMisnamed(slice, archived.FullVersion, repository.Settings.SlicesFolder);
        }

        if (CheckFile(slice, recorded, derivation) is { } file)
        {
            yield return file;
        }
    }

    /// <summary>Steps before, of which harvest.json has another content under the same version. Of a slice whose own version it still has they differ with it.</summary>
    private IEnumerable<DriftFinding> CheckSteps(SliceManifest slice, DerivationVersion derivation)
    {
        foreach (SliceStep step in slice.Steps)
        {
            if (Present(step.HarvestVersion) is { } current && current.FullVersion == step.HarvestVersion && current.Sha256 != step.HarvestSha256
                && SliceInputs.TryDefinitionAsRecorded(repository, slice, derivation)?.Steps.FirstOrDefault(old => old.Sha256 == step.HarvestSha256) is { } recorded)
            {
                foreach (ProgramChange change in ProgramChange.BetweenSteps(recorded, current))
                {
                    yield return DriftFindings.ProgramRedefined(slice, change, _bump.Unseen(current, RuleChange.Between(recorded, current)), step.HarvestVersion);
                }
            }
        }
    }

    /// <summary>The file beside the manifest, which people read and a fresh clone derives under; gone, it is no drift.</summary>
    private DriftFinding? CheckFile(SliceManifest slice, string recorded, DerivationVersion derivation)
    {
        try
        {
            return repository.Slices.TryLoadDefinition(slice.Version, derivation) is { } beside && beside.Sha256 != recorded
                ? DriftFindings.DefinitionFileDiffers(slice, beside.Sha256, repository.Settings.SlicesFolder)
                : null;
        }
        catch (HarvestException fault)
        {
            return DriftFindings.DefinitionFileUnreadable(slice, fault, repository.Settings.SlicesFolder);
        }
    }

    /// <summary>The definition to derive under; null, with a finding, where it is not available.</summary>
    public HarvestDefinition? TryDefinition(SliceManifest slice, List<DriftFinding>? findings)
    {
        try
        {
            return SliceInputs.Definition(repository, slice);
        }
        catch (HarvestException unknown)
        {
            // Damage has been told with the archived file's hash already.
            if (findings is not null && findings.All(static finding => finding.Kind != DriftKind.HarvestRedefined))
            {
                findings.Add(uses.Value.OfDefinition(slice.HarvestVersion, slice.HarvestSha256)
                    .Complete(DriftFindings.DefinitionMissing(slice.HarvestVersion, slice.HarvestSha256, unknown)));
            }

            return null;
        }
    }

    /// <summary>The finding with the version that harvest.json should go to, if the slice's version is the one in force.</summary>
    public DriftFinding WithBump(SliceManifest slice, DriftFinding finding, bool rowsChange)
    {
        if (Present(slice.HarvestVersion) is not { } current || current.FullVersion != slice.HarvestVersion)
        {
            return finding;
        }

        string what = finding.Rows is { } rows
            ? $"deriving {finding.Subject} gives other rows ({RowFormatter.Counts(rows.Added, rows.Removed, rows.Changed)})"
            : rowsChange ? $"deriving {finding.Subject} gives other rows" : $"deriving {finding.Subject} gives other bytes of the same rows";
        return finding with { Bump = VersionBump.Propose(current, rowsChange, uses.Value.All.Select(static slice => slice.HarvestVersion), what) };
    }

    /// <summary>What harvest.json has under the name of a slice's definition; null where its files or parameters cannot be read.</summary>
    private HarvestDefinition? Present(string harvestVersion) => repository.PresentFault(harvestVersion) is null ? repository.PresentOf(harvestVersion) : null;

    /// <summary>The archived definition of that hash and the hash that its bytes have now; nulls where there is none.</summary>
    private (HarvestDefinition? Definition, string? Actual) Archived(string sha256, DerivationVersion derivation)
    {
        if (inputs.ObjectHash(sha256) is not { } actual)
        {
            return (null, null);
        }

        try
        {
            return (actual == sha256 ? SliceInputs.TryArchivedDefinition(repository, sha256, derivation) : null, actual);
        }
        catch (HarvestException)
        {
            // Of a later release, with rules that this one does not know: deriving under it tells that.
            return (null, actual);
        }
    }
}
