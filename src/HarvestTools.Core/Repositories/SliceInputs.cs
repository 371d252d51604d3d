using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Parquet.Writing;
using HarvestTools.Rules;

namespace HarvestTools.Repositories;

/// <summary>Finds what a slice names: its definition, and the bytes of its exports.</summary>
internal static class SliceInputs
{
    /// <summary>The definition a slice was made under, its overrides applied.</summary>
    /// <exception cref="HarvestException">It is neither archived nor the one in harvest.json.</exception>
    public static HarvestDefinition Definition(Repository repository, SliceManifest slice)
    {
        HarvestDefinition recorded = Recorded(repository, slice);
        return slice.FilterOverrides is { Count: > 0 } overrides
            ? recorded with { Rules = recorded.Rules.With(overrides) }
            : recorded;
    }

    /// <summary>Where an export's bytes are read from: the archive, else the file it was added from while that has its hash.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="export">The export.</param>
    /// <param name="hashOf">Gives the hash of a file, null where there is none; null hashes it.</param>
    /// <remarks>Whoever reads the bytes to the end compares their hash; opening does not.</remarks>
    public static IObjectSource SourceOf(Repository repository, SliceExport export, Func<string, string?>? hashOf = null) =>
        RecordedPath(repository, export) is { } recorded
            ? new SourcesInOrder(
                repository.Archive.Objects,
                new RecordedFile(export.Sha256, recorded, hashOf ?? (static path => File.Exists(path) ? FileHash.Compute(path) : null)))
            : repository.Archive.Objects;

    /// <summary>Opens an export's bytes; null where they are not here. See <see cref="SourceOf"/>.</summary>
    public static ObjectContent? TryOpen(Repository repository, SliceExport export) =>
        SourceOf(repository, export).TryOpen(export.Sha256);

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
        slice, slice.HarvestSha256 ?? repository.Settings.Harvest.Sha256, slice.FormatVersion ?? FormatVersion.Current);

    /// <summary>What the slice recorded of one table of one export; null where it recorded nothing.</summary>
    public static SliceOutput? OutputOf(SliceManifest slice, SliceExport export, string table) =>
        slice.Outputs.FirstOrDefault(output => output.Export == export.Sha256 && output.Table == table);

    private static ExportRecord? RecordOf(Repository repository, SliceExport export) =>
        repository.Archive.List(export.Project).FirstOrDefault(record => record.Sha256 == export.Sha256);

    /// <summary>The archived definition of that hash; null where there is none whose bytes still have it.</summary>
    public static HarvestDefinition? TryArchivedDefinition(Repository repository, string sha256)
    {
        using ObjectContent? content = repository.Archive.Verified.TryOpen(sha256);
        if (content is null)
        {
            return null;
        }

        try
        {
            byte[] bytes = content.ToArray(repository.Archive.Objects.LocalPath(sha256) ?? repository.Archive.Objects.Name);
            return JsonNode.Parse(bytes) is JsonObject definition ? HarvestDefinition.Parse(definition) : null;
        }
        catch (HarvestException damaged) when (damaged.ErrorId == nameof(ArchiveErrors.ObjectDamaged))
        {
            // A check tells of the damage; for all others it is as if it were not there.
            return null;
        }
        catch (JsonException)
        {
            // A manifest that was edited can name anything that the archive holds.
            return null;
        }
    }

    private static HarvestDefinition Recorded(Repository repository, SliceManifest slice)
    {
        if (slice.HarvestSha256 is { } archived && TryArchivedDefinition(repository, archived) is { } recorded)
        {
            return recorded;
        }

        HarvestDefinition current = repository.Settings.Harvest;
        bool same = slice.HarvestSha256 is null ? current.FullVersion == slice.HarvestVersion : current.Sha256 == slice.HarvestSha256;
        return same ? current : throw DerivationErrors.DefinitionNotFound(slice.Version, slice.HarvestVersion, slice.HarvestSha256);
    }
}
