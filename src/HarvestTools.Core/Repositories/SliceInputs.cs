using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Rules;

namespace HarvestTools.Repositories;

/// <summary>Finds what a slice names: its definition, and the bytes of its exports.</summary>
internal static class SliceInputs
{
    /// <summary>The definition a slice was made under, its overrides applied.</summary>
    /// <exception cref="HarvestException">
    /// It is neither archived, nor beside the manifest, nor the one in harvest.json; or this release cannot give the versions
    /// that the slice was recorded under.
    /// </exception>
    public static HarvestDefinition Definition(Repository repository, SliceManifest slice)
    {
        SliceVersions versions = SliceVersions.Of(slice);
        if (versions.Format is null || versions.Derivation is not { } derivation)
        {
            throw DerivationErrors.FormatUnsupported(slice.Version, versions, slice.WrittenBy);
        }

        HarvestDefinition recorded = Recorded(repository, slice, derivation);
        return slice.FilterOverrides is { Count: > 0 } overrides
            ? recorded with { Rules = recorded.Rules.With(overrides) }
            : recorded;
    }

    /// <summary>Opens an export's bytes: from the archive, else from its recorded path.</summary>
    /// <remarks>Whoever reads them to the end compares their hash; opening does not.</remarks>
    public static FileStream? TryOpen(Repository repository, SliceExport export)
    {
        string? path = PathOf(repository, export);
        return path is null ? null : AtomicFile.OpenRead(path, bufferBytes: 0);
    }

    public static string? PathOf(Repository repository, SliceExport export)
    {
        string archived = repository.Archive.PathOf(export.Sha256);
        if (File.Exists(archived))
        {
            return archived;
        }

        string? recorded = RecordedPath(repository, export);
        return recorded is not null && File.Exists(recorded) && FileHash.Compute(recorded) == export.Sha256 ? recorded : null;
    }

    /// <summary>Where the manifest says the export came from; null for exports from outside the repository.</summary>
    public static string? RecordedPath(Repository repository, SliceExport export) =>
        export.Path is null ? null : RepositoryPath.Resolve(repository.Root, export.Path);

    public static string PartKeyOf(Repository repository, SliceExport export, HarvestDefinition definition) => PartKey.Compute(
        export.Project,
        export.LabelSha256 ?? RecordOf(repository, export)?.LabelSha256,
        export.Sha256,
        definition,
        export.SupersededBy);

    /// <summary>The slice's key; a manifest without a definition hash stands for the definition in harvest.json.</summary>
    public static string KeyOf(Repository repository, SliceManifest slice) => SliceKey.Compute(
        slice, slice.HarvestSha256 ?? repository.Settings.Harvest.Sha256, SliceVersions.Of(slice));

    /// <summary>What the slice recorded of one table of one export; null where it recorded nothing.</summary>
    public static SliceOutput? OutputOf(SliceManifest slice, SliceExport export, string table) =>
        slice.Outputs.FirstOrDefault(output => output.Export == export.Sha256 && output.Table == table);

    private static ExportRecord? RecordOf(Repository repository, SliceExport export) =>
        repository.Archive.List(export.Project).FirstOrDefault(record => record.Sha256 == export.Sha256);

    /// <summary>The archived definition of that hash; null where there is none whose bytes still have it.</summary>
    public static HarvestDefinition? TryArchivedDefinition(Repository repository, string sha256, DerivationVersion derivation)
    {
        string path = repository.Archive.PathOf(sha256);
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = AtomicFile.ReadAllBytes(path);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(bytes) is JsonObject definition ? HarvestDefinition.Parse(definition, derivation) : null;
        }
        catch (JsonException)
        {
            // A manifest that was edited can name anything that the archive holds.
            return null;
        }
    }

    private static HarvestDefinition Recorded(Repository repository, SliceManifest slice, DerivationVersion derivation)
    {
        if (slice.HarvestSha256 is { } archived && TryArchivedDefinition(repository, archived, derivation) is { } recorded)
        {
            return recorded;
        }

        // In a fresh clone git has brought the definition, and no archive.
        if (TryBesideManifest(repository, slice, derivation) is { } beside && IsOf(slice, beside))
        {
            return beside;
        }

        HarvestDefinition current = repository.Settings.Harvest;
        return current.Derivation == derivation && IsOf(slice, current)
            ? current
            : throw DerivationErrors.DefinitionNotFound(slice.Version, slice.HarvestVersion, slice.HarvestSha256);
    }

    private static bool IsOf(SliceManifest slice, HarvestDefinition definition) => slice.HarvestSha256 is null
        ? definition.FullVersion == slice.HarvestVersion
        : definition.Sha256 == slice.HarvestSha256;

    private static HarvestDefinition? TryBesideManifest(Repository repository, SliceManifest slice, DerivationVersion derivation)
    {
        try
        {
            return repository.Slices.TryLoadDefinition(slice.Version, derivation);
        }
        catch (HarvestException)
        {
            // The check tells what is wrong with the file; here it only is no definition.
            return null;
        }
    }
}
