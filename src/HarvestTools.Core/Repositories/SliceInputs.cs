using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>Finds what a slice names: its definition, and the bytes of its exports.</summary>
internal static class SliceInputs
{
    // Fewer are looked through as fast as they are put into a dictionary.
    private const int ManyOutputs = 64;

    // A slice of thousands of exports has each of them looked for by each of their tables.
    private static readonly ConditionalWeakTable<SliceManifest, Dictionary<string, SliceOutput>> s_outputs = [];

    // All of its exports are in a slice's key, and a check asks for it table by table.
    private static readonly ConditionalWeakTable<SliceManifest, string> s_keys = [];

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

        HarvestDefinition recorded = WithUnhashed(repository, slice, Recorded(repository, slice, derivation));
        return slice.FilterOverrides is { Count: > 0 } overrides
            ? recorded with { Rules = recorded.Rules.With(overrides) }
            : recorded;
    }

    /// <summary>
    /// Where an export's bytes are read from: the archive, git-lfs's store, the remote, else the file it was added from while that has
    /// its hash.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="export">The export.</param>
    /// <param name="hashOf">Gives the hash of a file, null where there is none; null hashes it.</param>
    /// <remarks>Whoever reads the bytes to the end compares their hash; opening does not.</remarks>
    public static IObjectSource SourceOf(Repository repository, SliceExport export, Func<string, string?>? hashOf = null) =>
        // What was erased is read from nowhere, though a file with its bytes may still be at its path or in git-lfs's store.
        repository.Archive.IsRemoved(export.Sha256) ? repository.Archive.Local
        : RecordedPath(repository, export) is { } recorded
            ? new SourcesInOrder(
                repository.Readable,
                new RecordedFile(export.Sha256, recorded, hashOf ?? (static path => File.Exists(path) ? ExportContent.HashOf(path) : null)))
            : repository.Readable;

    /// <summary>Reads an export whole and holds it against its hash; null where its bytes are not here.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="export">The export.</param>
    /// <param name="activity">What is being done, for progress.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <param name="read">Reads it to its end. The pass hashes what it reads; a source that verified would hash it once more.</param>
    /// <exception cref="HarvestException">It cannot be read; ObjectDamaged: it has other bytes than its hash says.</exception>
    public static (T Read, ExportPass Pass)? Read<T>(
        Repository repository, SliceExport export, string activity, WorkContext context, Func<Stream, IProgress<long>?, (T Read, ExportPass Pass)> read)
    {
        IObjectSource source = SourceOf(repository, export);
        using ObjectContent? content = source.TryOpen(export.Sha256, context.Cancellation);
        if (content is null)
        {
            return null;
        }

        (T found, ExportPass pass) = read(content.Stream, context.Bytes(activity, export.FileStem, content.Bytes));
        return pass.Sha256 == export.Sha256 ? (found, pass) : throw ArchiveErrors.ObjectDamaged(source.Name, export.Sha256, pass.Sha256);
    }

    /// <summary>Opens an export's bytes; null where they are not here. See <see cref="SourceOf"/>.</summary>
    public static ObjectContent? TryOpen(Repository repository, SliceExport export) =>
        SourceOf(repository, export).TryOpen(export.Sha256);

    /// <summary>Where the manifest says the export came from; null for exports from outside the repository.</summary>
    public static string? RecordedPath(Repository repository, SliceExport export) =>
        export.Path is null ? null : RepositoryPath.Resolve(repository.Root, export.Path);

    public static string PartKeyOf(Repository repository, SliceExport export, HarvestDefinition definition) => PartKey.Compute(
        export.Project,
        export.ComparableLabels ?? repository.Archive.TryRecord(export.Project, export.Sha256)?.ComparableLabels,
        export.Sha256,
        definition,
        export.SupersededBy,
        export.LabelConfigSha256);

    /// <summary>The labeling configuration that the export is derived under, from the archive and verified; null where it has none.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice it is for, for messages.</param>
    /// <param name="export">The export.</param>
    /// <exception cref="HarvestException">LabelConfigNotAvailable, ObjectDamaged; it is no labeling configuration.</exception>
    public static LabelConfig? LabelConfigOf(Repository repository, string version, SliceExport export)
    {
        if (export.LabelConfigSha256 is not { } sha256)
        {
            return null;
        }

        using ObjectContent content = repository.Archive.Verified.TryOpen(sha256)
            ?? throw DerivationErrors.LabelConfigNotAvailable(version, export.Project, sha256);
        return LabelConfig.Parse(
            content.ToArray(repository.Archive.Objects.LocalPath(sha256) ?? repository.Archive.Objects.Name),
            $"the labeling configuration {Figures.ShortHash(sha256)} of project {export.Project}");
    }

    /// <summary>The slice with the present names of its projects, so that a renamed project is compared with itself.</summary>
    public static SliceManifest UnderPresentNames(Repository repository, SliceManifest slice) =>
        slice.Exports.All(export => repository.Archive.CurrentName(export.Project) == export.Project)
            ? slice
            : slice with { Exports = [.. slice.Exports.Select(export => UnderPresentName(repository, export))] };

    /// <summary>The export with the present name of its project.</summary>
    public static SliceExport UnderPresentName(Repository repository, SliceExport export) =>
        export with { Project = repository.Archive.CurrentName(export.Project) };

    /// <summary>The slice's key; a manifest without a definition hash stands for the definition in harvest.json.</summary>
    public static string KeyOf(Repository repository, SliceManifest slice) => slice.HarvestSha256 is not null
        ? s_keys.GetValue(slice, static known => SliceKey.Compute(known, known.HarvestSha256!, SliceVersions.Of(known)))
        : SliceKey.Compute(slice, repository.PresentOf(slice.HarvestVersion).Sha256, SliceVersions.Of(slice));

    /// <summary>What a step before a slice's own definition is a slice of, so that both share the cache.</summary>
    public static SliceManifest StepOf(SliceManifest slice, string harvestVersion, string sha256) =>
        slice with { HarvestVersion = harvestVersion, HarvestSha256 = sha256, FilterOverrides = [] };

    /// <summary>What the slice recorded of one table of one export; null where it recorded nothing.</summary>
    public static SliceOutput? OutputOf(SliceManifest slice, SliceExport export, string table) => slice.Outputs.Count < ManyOutputs
        ? slice.Outputs.FirstOrDefault(output => output.Export == export.Sha256 && output.Table == table)
        : s_outputs.GetValue(slice, ByName).GetValueOrDefault(NameOf(export.Sha256, table));

    private static Dictionary<string, SliceOutput> ByName(SliceManifest slice)
    {
        var outputs = new Dictionary<string, SliceOutput>(slice.Outputs.Count, StringComparer.Ordinal);
        foreach (SliceOutput output in slice.Outputs)
        {
            // A manifest that was edited may have one twice; the first counts.
            outputs.TryAdd(NameOf(output.Export, output.Table), output);
        }

        return outputs;
    }

    private static string NameOf(string sha256, string table) => $"{sha256} {table}";

    /// <summary>The archived definition of that hash; null where there is none whose bytes still have it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="derivation">The derivation that it is of.</param>
    /// <param name="fetch">Bring it from the remote where it is not here.</param>
    public static HarvestDefinition? TryArchivedDefinition(Repository repository, string sha256, DerivationVersion derivation, bool fetch = false)
    {
        if (!fetch && !repository.Archive.Local.Holds(sha256))
        {
            return null;
        }

        using ObjectContent? content = repository.Archive.Verified.TryOpen(sha256);
        if (content is null)
        {
            return null;
        }

        try
        {
            byte[] bytes = content.ToArray(repository.Archive.Objects.LocalPath(sha256) ?? repository.Archive.Objects.Name);
            return JsonNode.Parse(bytes) is JsonObject definition ? HarvestDefinition.Parse(definition, derivation) : null;
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

    private static HarvestDefinition Recorded(Repository repository, SliceManifest slice, DerivationVersion derivation)
    {
        if (slice.HarvestSha256 is { } archived && TryArchivedDefinition(repository, archived, derivation) is { } recorded)
        {
            // What a run may use is no part of the hash, and not of what is archived: harvest.json or the file beside the manifest has it.
            return recorded.Program is null ? recorded
                : TryCurrent(repository, slice) is { } present && present.Sha256 == archived ? present
                : TryBesideManifest(repository, slice, derivation).Definition is { } whole && whole.Sha256 == archived ? whole
                : recorded;
        }

        // In a fresh clone git has brought the definition, and no archive.
        (HarvestDefinition? beside, HarvestException? fault) = TryBesideManifest(repository, slice, derivation);
        if (beside is not null && IsOf(slice, beside))
        {
            return beside;
        }

        // A file that is there and cannot be read, as after a merge, is what is to be put right.
        HarvestDefinition? current = TryCurrent(repository, slice);
        return current is not null && current.Derivation == derivation && IsOf(slice, current) ? current
            : slice.HarvestSha256 is { } elsewhere && TryArchivedDefinition(repository, elsewhere, derivation, fetch: true) is { } fetched ? fetched
            : throw fault ?? DerivationErrors.DefinitionNotFound(slice.Version, slice.HarvestVersion, slice.HarvestSha256);
    }

    /// <summary>
    /// What the hash of a program's definition does not cover is beside the manifest and not in the archive: its limits and what its
    /// columns are. Columns that were named since, in harvest.json, count where the slice's own definition says nothing of them, and
    /// limits that harvest.json names count before the slice's own: they are of this machine's patience, and not of what is derived.
    /// </summary>
    private static HarvestDefinition WithUnhashed(Repository repository, SliceManifest slice, HarvestDefinition recorded)
    {
        if (recorded.Program is not { } program)
        {
            return recorded;
        }

        if (TryBesideManifest(repository, slice, recorded.Derivation).Definition is { Program: { } beside } own && own.Sha256 == recorded.Sha256)
        {
            program = program with { Limits = beside.Limits, Columns = beside.Columns };
        }

        return recorded with
        {
            Program = repository.Settings.Definitions.TryFind(recorded.Name) is { Program: { } present }
                ? program with
                {
                    Columns = program.Columns.OrElse(present.Columns),
                    Limits = present.Limits == ProgramLimits.Default ? program.Limits : present.Limits,
                }
                : program,
        };
    }

    /// <summary>The definition that the slice recorded by its hash, without overrides; null where neither the archive nor the manifest's folder has it.</summary>
    public static HarvestDefinition? TryDefinitionAsRecorded(Repository repository, SliceManifest slice, DerivationVersion derivation)
    {
        if (slice.HarvestSha256 is not { } recorded)
        {
            return null;
        }

        return TryArchivedDefinition(repository, recorded, derivation)
            ?? (TryBesideManifest(repository, slice, derivation).Definition is { } beside && beside.Sha256 == recorded ? beside : null);
    }

    /// <summary>That of harvest.json; null where it is a program's and its files cannot be read, which concerns no slice that has its own.</summary>
    private static HarvestDefinition? TryCurrent(Repository repository, SliceManifest slice)
    {
        try
        {
            return repository.TryDefinition(slice.HarvestVersion.Split('@')[0]);
        }
        catch (HarvestException) when (repository.Settings.Definitions.Names.Count > 0)
        {
            return null;
        }
    }

    private static bool IsOf(SliceManifest slice, HarvestDefinition definition) => slice.HarvestSha256 is null
        ? definition.FullVersion == slice.HarvestVersion
        : definition.Sha256 == slice.HarvestSha256;

    private static (HarvestDefinition? Definition, HarvestException? Fault) TryBesideManifest(
        Repository repository, SliceManifest slice, DerivationVersion derivation)
    {
        try
        {
            return (repository.Slices.TryLoadDefinition(slice.Version, derivation), null);
        }
        catch (HarvestException fault)
        {
            return (null, fault);
        }
    }
}
