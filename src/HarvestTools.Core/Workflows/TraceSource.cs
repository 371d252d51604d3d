using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>One export's share in one slice: which corrections went into it, and which models came out.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Project">The export's project.</param>
/// <param name="Sha256">The export.</param>
/// <param name="Path">Where it came from.</param>
/// <param name="Episodes">Episodes with rows; those that were asked for where one was. Null where the export is not on this machine.</param>
/// <param name="CorrectedEpisodes">Those of them in which a person drew or changed something; null where the export is not on this machine.</param>
/// <param name="Rows">Rows of all tables that hold labels; as the slice recorded them where the export is not on this machine, null where it did not, and where rows of a program's table cannot be read.</param>
/// <param name="CorrectedRows">Rows that a person drew or changed; null where the export is not on this machine.</param>
/// <param name="TaskSubdirs">The task folders of these episodes; empty where the export is not on this machine.</param>
/// <param name="Models">Models and runs registered on the slice.</param>
/// <param name="LabelConfigSha256">The labeling configuration that the export was derived under; null where it had none.</param>
public sealed record SliceSource(
    string Version,
    string Project,
    string Sha256,
    string? Path,
    int? Episodes,
    int? CorrectedEpisodes,
    long? Rows,
    long? CorrectedRows,
    IReadOnlyList<string> TaskSubdirs,
    IReadOnlyList<RegisteredModel> Models,
    string? LabelConfigSha256 = null)
{
    /// <summary>The rules that the rows were derived by, for example <c>harvest@v1.4.2</c>.</summary>
    public string? HarvestVersion { get; init; }

    /// <summary>The SHA-256 of these rules; null where slice.json does not say.</summary>
    public string? HarvestSha256 { get; init; }

    /// <summary>Where the labels of the export end; null where slice.json does not say.</summary>
    public DateTimeOffset? LabelsThrough { get; init; }

    /// <summary>How many tasks the export has, or of what was asked for; null where it is not on this machine.</summary>
    public long? Tasks { get; init; }

    /// <summary>How many annotations it has, or of what was asked for; null where it is not on this machine.</summary>
    public long? Annotations { get; init; }

    /// <summary>Ids of the people whose regions were kept, ascending; empty where the export is not on this machine.</summary>
    public IReadOnlyList<string> Annotators { get; init; } = [];

    /// <summary>
    /// How many rows of the table <c>rejected</c> are of the task, annotation or annotator that was asked for; null for other questions.
    /// </summary>
    public int? Rejected { get; init; }

    /// <summary>Every annotation in which a person drew or changed something; null where it was not asked for, or is not known.</summary>
    public IReadOnlyList<SliceCorrection>? Corrections { get; init; }

    /// <summary>Why episodes and corrected rows are not known here; null where they are.</summary>
    public string? NotKnown { get; init; }

    /// <summary>What to do about that; null where all is known.</summary>
    public Remedy? Remedy { get; init; }

    /// <summary>The columns that no table of the slice has, and what is not known for it.</summary>
    internal IReadOnlyList<(ColumnRole Role, string What)> Lacking { get; init; } = [];

    /// <summary>Files of the slice whose rows cannot be read.</summary>
    internal IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>What was asked for and some rows do not say; null where all do.</summary>
    internal ColumnRole? Silent { get; init; }
}

/// <summary>Traces a model or a slice back to its exports; <see cref="TraceReach"/> goes the other way.</summary>
public static class TraceSource
{
    // Fewer digits might be a name.
    internal const int ShortestHash = 8;

    /// <summary>The exports of one slice.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="corrections">Whether each correction is listed, which reads rows and exports.</param>
    public static IEnumerable<SliceSource> OfSlice(Repository repository, string version, WorkContext context, bool corrections = false) =>
        Sources(repository, repository.Slices.Load(version), null, context, corrections);

    /// <summary>
    /// The exports behind a model: a file, which is known by its bytes wherever it is; a registered name; or the path or address
    /// of an artifact that is not on this machine.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="model">A relative path starts at the repository's folder.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <param name="corrections">Whether each correction is listed.</param>
    /// <remarks>
    /// Where there is a file, its bytes decide, also where its name is a registered one: what was overwritten in place must not
    /// answer as the model that it took the place of.
    /// </remarks>
    /// <exception cref="HarvestException">
    /// ModelUnknown, ModelFileUnknown: no slice has such a model. ModelOverwritten: the file at a recorded path has other bytes.
    /// </exception>
    public static IEnumerable<SliceSource> OfModel(Repository repository, string model, WorkContext context, bool corrections = false) =>
        SlicesOf(repository, model, context).SelectMany(slice => Sources(repository, slice, null, context, corrections));

    /// <summary>The slices that a model was trained on.</summary>
    internal static IEnumerable<SliceManifest> SlicesOf(Repository repository, string model, WorkContext context)
    {
        List<SliceManifest> all = [.. All(repository, context)];
        List<RegisteredModel> registered = [.. all.SelectMany(RegisteredModels.Of)];
        HashSet<string> versions = [.. Meant(repository, model, registered, context).Select(static meant => meant.Version)];
        return all.Where(slice => versions.Contains(slice.Version));
    }

    private static List<RegisteredModel> Meant(Repository repository, string model, List<RegisteredModel> registered, WorkContext context)
    {
        string full = Path.GetFullPath(model, repository.Root);
        string? relative = repository.MakeRelative(full);
        if (!File.Exists(full))
        {
            if (model == ProductionLog.Alias && ProductionUse.Present(repository) is { } production)
            {
                // The alias before a model that was given the name by an earlier release.
                List<RegisteredModel> promoted = [.. registered.Where(one => one.Name == production.Name && one.Version == production.Version)];
                return promoted.Count > 0 ? promoted : throw TraceErrors.ProductionNotHere(production.Name, production.Version);
            }

            List<RegisteredModel> named =
                [.. registered.Where(one => one.Name == model || one.Path == model || (relative is not null && one.Path == relative) || IsCalled(one, model))];
            return named.Count > 0 ? named : throw TraceErrors.ModelUnknown(model, NamesOf(registered));
        }

        string sha256 = FileHash.Compute(
            full, context.Bytes("Hashing", Path.GetFileName(full), new FileInfo(full).Length), context.Cancellation);
        List<RegisteredModel> same = [.. registered.Where(one => one.Sha256 == sha256)];
        if (same.Count > 0)
        {
            return same;
        }

        List<RegisteredModel> there = [.. registered.Where(one => relative is not null && one.Path == relative)];
        if (there.FindLast(static one => one.Sha256 is not null) is { } overwritten)
        {
            throw TraceErrors.ModelOverwritten(overwritten.Path!, overwritten.Name, overwritten.Version, overwritten.Sha256!, sha256);
        }

        // Recorded without a hash, as model_outputs has them: the path is all that there is to compare.
        string name = Path.GetFileName(full);
        return there.Count > 0
            ? there
            : throw TraceErrors.ModelFileUnknown(relative ?? full, sha256, registered.Any(one => one.Name == name) ? name : null, NamesOf(registered));
    }

    /// <summary>Whether a model has that hash, or begins with these digits of it, or a run of that id or link in an experiment tracker.</summary>
    private static bool IsCalled(RegisteredModel model, string text) =>
        (text.Length >= ShortestHash && model.Sha256 is { } sha256 && sha256.StartsWith(text, StringComparison.OrdinalIgnoreCase))
        || RegisteredModels.TrackedAs(model, text);

    private static List<string> NamesOf(IEnumerable<RegisteredModel> registered) =>
        [.. registered.SelectMany(static one => new[] { one.Name, one.Path }).OfType<string>().Distinct(StringComparer.Ordinal)];

    internal static IEnumerable<SliceManifest> All(Repository repository, WorkContext context) =>
        repository.Slices.Versions().Select(version => repository.Slices.Load(version, context.Cancellation));

    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="only">The SHA-256 of the one export that is meant; null for all.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="corrections">Whether each correction is listed.</param>
    internal static IEnumerable<SliceSource> Sources(
        Repository repository, SliceManifest slice, string? only, WorkContext context, bool corrections)
    {
        HarvestDefinition definition = SliceInputs.Definition(repository, slice);
        using var parts = new PartSource(repository, context, episodes: true);
        IReadOnlyList<RegisteredModel> models = [.. RegisteredModels.Of(slice)];
        if (slice.IsProgram)
        {
            foreach (SliceSource source in ProgramShares.OfSlice(repository, slice, definition, only, new LineageIndexes(repository, parts, context), corrections, context))
            {
                yield return source;
            }

            yield break;
        }

        foreach (SliceExport export in slice.Exports.Where(export => only is null || export.Sha256 == only))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            (Part? part, HarvestException? fault) = TryGet(parts, slice.Version, export, definition);
            if (part is null)
            {
                yield return Recorded(repository, slice, export, models, fault!);
                continue;
            }

            List<EpisodeFacts> facts = [.. part.Episodes];
            var episodes = facts.GroupBy(static f => (f.TaskSubdir, f.Episode)).ToList();

            // The origin of a row is its lead's; whether another of those who agree changed it is counted apart.
            var overruled = part.Tally.People
                .Where(static entry => entry.Labels.OverruledRows > 0)
                .ToDictionary(static entry => (entry.TaskSubdir, entry.Episode), static entry => entry.Labels.OverruledRows);
            yield return Of(slice, export, models) with
            {
                Episodes = episodes.Count,
                CorrectedEpisodes = episodes.Count(group => group.Any(static f => f.CorrectedRows > 0) || overruled.ContainsKey(group.Key)),
                Rows = facts.Sum(static f => f.Rows),
                CorrectedRows = facts.Sum(static f => f.CorrectedRows) + overruled.Values.Sum(),
                TaskSubdirs = [.. facts.Select(static f => f.TaskSubdir).Distinct().Order(StringComparer.Ordinal)],
                Tasks = part.Tally.Tasks,
                Annotations = part.Tally.Annotations,
                Annotators = InOrder(part.Tally.ByAnnotator.Where(static entry => entry.Key.Length > 0 && entry.Value.Kept > 0).Select(static entry => entry.Key)),
                Corrections = corrections
                    ? new SliceCorrections(repository, parts.Store, context).Of(
                        slice.Version, export, part, () => parts.Request(slice.Version, export, definition), static (in SourceRowKey _) => true)
                    : null,
            };
        }
    }

    /// <summary>What slice.json says of an export, without what is in it.</summary>
    internal static SliceSource Of(SliceManifest slice, SliceExport export, IReadOnlyList<RegisteredModel> models) => new(
        slice.Version, export.Project, export.Sha256, export.Path ?? export.Name, null, null, null, null, [], models, export.LabelConfigSha256)
    {
        LabelsThrough = export.LabelsThrough?.Instant,
        HarvestVersion = slice.HarvestVersion,
        HarvestSha256 = slice.HarvestSha256,
    };

    /// <summary>Ids by their size.</summary>
    internal static IReadOnlyList<string> InOrder(IEnumerable<string> ids) => [.. ids.OrderBy(static id => id.Length).ThenBy(static id => id, StringComparer.Ordinal)];

    private static (Part? Part, HarvestException? Fault) TryGet(PartSource parts, string version, SliceExport export, HarvestDefinition definition)
    {
        try
        {
            return (parts.Get(version, export, definition).Part, null);
        }
        catch (HarvestException fault) when (DerivationErrors.IsOfMissingInput(fault))
        {
            return (null, fault);
        }
    }

    /// <summary>What slice.json says of an export that is not on this machine.</summary>
    internal static SliceSource Recorded(
        Repository repository, SliceManifest slice, SliceExport export, IReadOnlyList<RegisteredModel> models, HarvestException fault) => Of(slice, export, models) with
    {
        Rows = SliceHistory.RowsOf(slice with { Outputs = [.. slice.Outputs.Where(output => output.Export == export.Sha256)] }),
        NotKnown = $"Which episodes and how many corrected rows is not known here: {fault.Message}",
        Remedy = TraceErrors.Bring(fault, export, repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder),
    };
}
