using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Archive;

/// <summary>One place that refers to an object.</summary>
/// <param name="Source">For messages: "slice v3" or "the record of project a".</param>
/// <param name="Path">The recorded path of the same bytes in the repository; null where there is none.</param>
/// <param name="Export">The project whose export the object is the labeling configuration of; null for what is none.</param>
internal sealed record ArchiveReference(string Source, string? Path, string? Export = null)
{
    /// <summary>Whether the object is a file of a program, which is no export and is not added as one.</summary>
    public bool OfProgram { get; init; }
}

/// <summary>A slice that names an export.</summary>
/// <param name="Export">As the slice has it.</param>
/// <param name="Version">The slice.</param>
/// <param name="CreatedAt">When it was made; null where it does not say.</param>
/// <param name="Made">By what slices are ordered: when it was made, or else trained on.</param>
internal sealed record NamedExport(SliceExport Export, string Version, Timestamp? CreatedAt, DateTimeOffset Made);

/// <summary>Which objects the records and the slices refer to.</summary>
internal sealed class ArchiveReferences
{
    private const string SliceWord = "slice ";

    private readonly SortedDictionary<string, List<ArchiveReference>> _byHash = new(StringComparer.Ordinal);

    /// <summary>Records and manifests that cannot be read, so that their references are unknown.</summary>
    public List<ArchiveFinding> Unreadable { get; } = [];

    /// <summary>What readable manifests say that cannot be.</summary>
    public List<ManifestFault> Faults { get; } = [];

    /// <summary>Slices that follow one that is not here: the slice, its manifest's path, the parent.</summary>
    public List<(string Version, string Path, string Parent)> Orphans { get; } = [];

    /// <summary>The exports that slices name, by hash, each as the first slice has it.</summary>
    public Dictionary<string, SliceExport> Exports { get; } = new(StringComparer.Ordinal);

    /// <summary>Each time that a slice names an export.</summary>
    public List<NamedExport> Named { get; } = [];

    /// <summary>The slices that name them.</summary>
    public List<string> Slices { get; } = [];

    public IEnumerable<string> Hashes => _byHash.Keys;

    public static ArchiveReferences Collect(ExportArchive archive, SliceStore slices, CancellationToken cancellation, bool repairing = false)
    {
        var references = new ArchiveReferences { Repairing = repairing };
        foreach (ExportRecordEntry entry in archive.Records())
        {
            if (entry.Record is { } record)
            {
                string source = $"the record of project {record.Project}";
                references.Add(record.Sha256, new ArchiveReference(source, record.Path));
                references.AddLabelConfig(record.LabelConfigSha256, source, record.Project);
            }
            else
            {
                references.Unreadable.Add(UnreadableRecord(entry));
            }
        }

        foreach (SliceEntry entry in slices.LoadAll(cancellation))
        {
            if (entry.Manifest is not { } manifest)
            {
                references.AddUnreadable(entry.Version, entry.Path, entry.Error!);
                continue;
            }

            references.Faults.AddRange(ManifestFaults.Of(manifest).Concat(ManifestFaults.StrayOutputs(manifest)));
            references.Orphans.AddRange(slices.MissingParents(manifest).Select(parent => (manifest.Version, entry.Path, parent)));
            string source = SliceWord + manifest.Version;
            DateTimeOffset made = (manifest.CreatedAt ?? manifest.TrainedAt)?.Instant ?? DateTimeOffset.MinValue;
            if (manifest.Exports.Count > 0)
            {
                references.Slices.Add(manifest.Version);
            }

            foreach (SliceExport export in manifest.Exports)
            {
                references.Exports.TryAdd(export.Sha256, export);
                references.Named.Add(new NamedExport(export, manifest.Version, manifest.CreatedAt, made));
                references.Add(export.Sha256, new ArchiveReference(source, export.Path));
                references.AddLabelConfig(export.LabelConfigSha256, source, export.Project);
            }

            if (manifest.HarvestSha256 is not null)
            {
                references.Add(manifest.HarvestSha256, new ArchiveReference(source, null));
            }

            foreach (ProgramFile file in manifest.IsProgram ? ProgramFiles(slices, manifest) : [])
            {
                references.Add(file.Sha256, new ArchiveReference($"{source} (program)", file.Path) { OfProgram = true });
            }

            if (manifest.Media is { } media)
            {
                references.Add(media.Sha256, new ArchiveReference($"{source} (list of media)", null));
            }
        }

        return references;
    }

    /// <summary>The files of the program that a slice was made with; none where its definition cannot be read, which is found elsewhere.</summary>
    private static IEnumerable<ProgramFile> ProgramFiles(SliceStore slices, SliceManifest manifest)
    {
        try
        {
            return SliceVersions.Of(manifest).Derivation is { } derivation ? slices.TryLoadDefinition(manifest.Version, derivation)?.Program?.AllFiles ?? [] : [];
        }
        catch (HarvestException)
        {
            return [];
        }
    }

    /// <summary>Whether a repair runs, which nobody need be advised to start.</summary>
    private bool Repairing { get; init; }

    public bool Contains(string sha256) => _byHash.ContainsKey(sha256);

    /// <summary>Whether a slice refers to it, and not records alone.</summary>
    public bool IsOfSlice(string sha256) => Of(sha256).Any(static reference => reference.Source.StartsWith(SliceWord, StringComparison.Ordinal));

    public IReadOnlyList<ArchiveReference> Of(string sha256) => _byHash.TryGetValue(sha256, out List<ArchiveReference>? found) ? found : [];

    /// <summary>"slices v2 and v3 refer to it" for messages, or that nothing does.</summary>
    public string Describe(string sha256)
    {
        string[] sources = [.. Of(sha256).Select(static reference => reference.Source).Distinct(StringComparer.Ordinal)];
        if (sources.Length == 0)
        {
            return "nothing refers to it";
        }

        // Of slices alone the word is said once.
        bool slices = sources.Length > 1 && Array.TrueForAll(sources, static source => source.StartsWith(SliceWord, StringComparison.Ordinal) && !source.Contains('('));
        string named = Figures.List(slices ? [.. sources.Select(static source => source[SliceWord.Length..])] : sources, most: 4);
        return $"{(slices ? "slices " : "")}{named} {(sources.Length == 1 ? "refers" : "refer")} to it";
    }

    /// <summary>How an object that is gone or damaged is archived again.</summary>
    public Remedy AddAgain(string sha256, bool atRecordedPath) =>
        Of(sha256).Select(static reference => reference.Export).FirstOrDefault(static project => project is not null) is { } project
            ? $"Archive the configuration with the same hash again: {new RemedyAction.AddExport(Project: project) { LabelConfig = RemedyAction.AnyConfig }}."
            : Of(sha256).FirstOrDefault(static reference => reference.OfProgram) is { } program
                ? Repairing
                    ? $"Bring it with {new RemedyAction.PullSlices()}; or put '{program.Path}' back as it was, from the commit that has it, and run {new RemedyAction.RepairArchive()}."
                    : (Remedy)$"Run {new RemedyAction.RepairArchive()} if '{program.Path}' is as it was; else put it back, from the commit that has it, or bring it with {new RemedyAction.PullSlices()}."
            : Repairing
                ? (Remedy)"Add the file with that hash again: it is not at a recorded path, or copy the archive's object from a machine that has it."
            : atRecordedPath
                ? (Remedy)$"Add the file with that hash again, or run {new RemedyAction.RepairArchive()} if it is still at its recorded path."
                : (Remedy)$"Run {new RemedyAction.RepairArchive()}, or add the file with the right hash again.";

    private void AddLabelConfig(string? sha256, string source, string project)
    {
        if (sha256 is not null)
        {
            Add(sha256, new ArchiveReference($"{source} (labeling configuration)", null, project));
        }
    }

    private void Add(string sha256, ArchiveReference reference)
    {
        if (!_byHash.TryGetValue(sha256, out List<ArchiveReference>? list))
        {
            _byHash.Add(sha256, list = []);
        }

        list.Add(reference);
    }

    /// <summary>A record that cannot be believed: the export that it is of says again what counts.</summary>
    public static ArchiveFinding UnreadableRecord(ExportRecordEntry entry)
    {
        HarvestException error = entry.Error!;
        bool damaged = error.Fault is HarvestFault.InvalidData or HarvestFault.Damaged && error.ErrorId != nameof(ArchiveErrors.RecordMismatch);
        return new ArchiveFinding(
            ArchiveFindingKind.Unreadable, FindingSeverity.Error, entry.Path, entry.Path, error.Message,
            damaged ? ArchiveErrors.RecordDamaged(entry.Path).Remedy : error.Remedy);
    }

    private void AddUnreadable(string subject, string path, HarvestException error) => Unreadable.Add(
        new ArchiveFinding(ArchiveFindingKind.Unreadable, FindingSeverity.Error, subject, path, error.Message, error.Remedy));
}
