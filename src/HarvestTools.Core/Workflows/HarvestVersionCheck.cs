using System.Text;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A version of the rules stands for one content: no slice is made under a version that another slice recorded with other rules.</summary>
internal static class HarvestVersionCheck
{
    /// <param name="repository">The repository.</param>
    /// <param name="context">For deriving what a refusal proposes a version for, as the check does.</param>
    /// <exception cref="HarvestException">HarvestRedefined.</exception>
    public static void Require(Repository repository, WorkContext context)
    {
        foreach (HarvestDefinition step in repository.Harvest.Steps)
        {
            Require(repository, context, step);
        }
    }

    private static void Require(Repository repository, WorkContext context, HarvestDefinition current)
    {
        SliceManifest? other = UnderAnotherDefinition(repository.Slices, current.FullVersion, current.Sha256).FirstOrDefault(slice => SliceVersions.Of(slice) is { AreSupported: true, Derivation: { } derivation } && derivation == current.Derivation);
        if (other is null)
        {
            return;
        }

        bool own = other.HarvestVersion == current.FullVersion;
        string sha256 = own ? other.HarvestSha256! : other.Steps.First(step => step.HarvestVersion == current.FullVersion).HarvestSha256;
        IReadOnlyList<RuleChange> rules = SliceInputs.TryDefinitionAsRecorded(repository, other, current.Derivation)?.Steps.FirstOrDefault(step => step.Sha256 == sha256) is { } recorded
            ? RuleChange.Between(recorded, current)
            : [];
        var uses = new Lazy<SliceUses>(() => new SliceUses(repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()));
        var bumps = new DefinitionBump(repository, uses, new CheckInputs(repository, context, PartRequest.DefaultRowBudget), context.Cancellation);
        throw DerivationErrors.HarvestRedefined(
            current.FullVersion, other.Version, sha256, current.Sha256, [.. rules.Select(static rule => rule.ToString())], own ? bumps.From(current, sha256) : bumps.Unseen(current, rules));
    }

    /// <summary>
    /// Slices made under that version of the rules with another content than that of the hash. Looks into the text first: of ten
    /// thousand manifests mostly none has to be understood.
    /// </summary>
    private static IEnumerable<SliceManifest> UnderAnotherDefinition(SliceStore slices, string harvestVersion, string sha256)
    {
        byte[] version = Encoding.UTF8.GetBytes($"\"{harvestVersion}\"");
        byte[] hash = Encoding.UTF8.GetBytes(sha256);
        return
            from slice in slices.Versions()
            where MayBe(Path.Combine(slices.Folder, slice, SliceStore.FileName), version, hash)
            let manifest = slices.TryLoad(slice).Manifest
            where manifest is not null
                && ((manifest.HarvestSha256 is { } recorded && manifest.HarvestVersion == harvestVersion && recorded != sha256)
                    || manifest.Steps.Any(step => step.HarvestVersion == harvestVersion && step.HarvestSha256 != sha256))
            select manifest;
    }

    private static bool MayBe(string path, byte[] version, byte[] hash)
    {
        try
        {
            ReadOnlySpan<byte> text = JsonFileText.Load(path).Text;
            return text.IndexOf(version) >= 0 && text.IndexOf(hash) < 0;
        }
        catch (HarvestException)
        {
            // What cannot be read is reported where a slice's parent is chosen, and by the check.
            return false;
        }
    }
}
