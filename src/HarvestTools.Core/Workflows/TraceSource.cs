using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>One export's share in one slice: which corrections went into it, and which models came out.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Project">The export's project.</param>
/// <param name="Sha256">The export.</param>
/// <param name="Path">Where it came from.</param>
/// <param name="Episodes">Episodes with rows; those that were asked for where one was. Null where the export is not on this machine.</param>
/// <param name="CorrectedEpisodes">Those of them in which a person drew or changed something; null where the export is not on this machine.</param>
/// <param name="Rows">Rows of all tables that hold labels; as the slice recorded them where the export is not on this machine, null where it did not.</param>
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
    /// <summary>Where the labels of the export end; null where slice.json does not say.</summary>
    public DateTimeOffset? LabelsThrough { get; init; }

    /// <summary>How many tasks the export has; null where it is not on this machine.</summary>
    public long? Tasks { get; init; }

    /// <summary>How many annotations it has; null where it is not on this machine.</summary>
    public long? Annotations { get; init; }

    /// <summary>Ids of the people whose regions were kept, ascending; empty where the export is not on this machine.</summary>
    public IReadOnlyList<string> Annotators { get; init; } = [];

    /// <summary>Every annotation in which a person drew or changed something; null where it was not asked for, or is not known.</summary>
    public IReadOnlyList<SliceCorrection>? Corrections { get; init; }

    /// <summary>Why episodes and corrected rows are not known here; null where they are.</summary>
    public string? NotKnown { get; init; }

    /// <summary>What to do about that; null where all is known.</summary>
    public Remedy? Remedy { get; init; }
}

/// <summary>Traces a model or a slice back to its exports, or an episode forward to the slices and models it reached.</summary>
public static class TraceSource
{
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
    public static IEnumerable<SliceSource> OfModel(Repository repository, string model, WorkContext context, bool corrections = false)
    {
        List<SliceManifest> all = [.. All(repository, context)];
        List<RegisteredModel> registered = [.. all.SelectMany(RegisteredModels.Of)];
        HashSet<string> versions = [.. Meant(repository, model, registered, context).Select(static meant => meant.Version)];
        return all.Where(slice => versions.Contains(slice.Version)).SelectMany(slice => Sources(repository, slice, null, context, corrections));
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
                [.. registered.Where(one => one.Name == model || one.Path == model || (relative is not null && one.Path == relative))];
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

    private static List<string> NamesOf(IEnumerable<RegisteredModel> registered) =>
        [.. registered.SelectMany(static one => new[] { one.Name, one.Path }).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Every slice that holds rows of an episode.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="episode">The episode's name, or <c>task_subdir/episode</c>.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="corrections">Whether each correction is listed.</param>
    /// <exception cref="HarvestException">
    /// Once all slices are read: EpisodeUnknown, no slice has rows of it; EpisodeNotTraceable, exports that may have some are not
    /// on this machine.
    /// </exception>
    public static IEnumerable<SliceSource> OfEpisode(Repository repository, string episode, WorkContext context, bool corrections = false)
    {
        bool found = false;
        var unread = new List<string>();
        var known = new SortedSet<string>(NaturalOrder.Instance);
        foreach (SliceSource source in All(repository, context).SelectMany(slice => Sources(repository, slice, episode, context, corrections, known)))
        {
            if (source.NotKnown is not null)
            {
                unread.Add(source.Version);
            }
            else if (source.Rows > 0)
            {
                found = true;
                yield return source;
            }
        }

        if (unread.Count > 0)
        {
            throw TraceErrors.EpisodeNotTraceable(episode, [.. unread.Distinct()], repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder);
        }

        if (!found)
        {
            throw TraceErrors.EpisodeUnknown(episode, known);
        }
    }

    private static IEnumerable<SliceManifest> All(Repository repository, WorkContext context) =>
        repository.Slices.Versions().Select(version => repository.Slices.Load(version, context.Cancellation));

    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="episode">Only of this episode; null for all.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="corrections">Whether each correction is listed.</param>
    /// <param name="known">Gets the names of all episodes that are read, in the form of the one that is looked for.</param>
    private static IEnumerable<SliceSource> Sources(
        Repository repository, SliceManifest slice, string? episode, WorkContext context, bool corrections, SortedSet<string>? known = null)
    {
        HarvestDefinition definition = SliceInputs.Definition(repository, slice);
        using var parts = new PartSource(repository, context, episodes: true);
        IReadOnlyList<RegisteredModel> models = [.. RegisteredModels.Of(slice)];
        bool withFolder = episode?.Contains('/', StringComparison.Ordinal) ?? false;
        foreach (SliceExport export in slice.Exports)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            (Part? part, HarvestException? fault) = TryGet(parts, slice.Version, export, definition);
            if (part is null)
            {
                yield return Recorded(repository, slice, export, models, fault!);
                continue;
            }

            known?.UnionWith(part.Episodes.Where(static f => f.Rows > 0).Select(f => withFolder ? $"{f.TaskSubdir}/{f.Episode}" : f.Episode));
            List<EpisodeFacts> facts = [.. part.Episodes.Where(facts => episode is null || Is(facts, episode))];
            var episodes = facts.GroupBy(static f => (f.TaskSubdir, f.Episode)).ToList();

            // The origin of a row is its lead's; whether another of those who agree changed it is counted apart.
            var overruled = part.Tally.People
                .Where(entry => entry.Labels.OverruledRows > 0 && (episode is null || Is(entry.TaskSubdir, entry.Episode, episode)))
                .ToDictionary(static entry => (entry.TaskSubdir, entry.Episode), static entry => entry.Labels.OverruledRows);
            yield return new SliceSource(
                slice.Version,
                export.Project,
                export.Sha256,
                export.Path ?? export.Name,
                episodes.Count,
                episodes.Count(group => group.Any(static f => f.CorrectedRows > 0) || overruled.ContainsKey(group.Key)),
                facts.Sum(static f => f.Rows),
                facts.Sum(static f => f.CorrectedRows) + overruled.Values.Sum(),
                [.. facts.Select(static f => f.TaskSubdir).Distinct().Order(StringComparer.Ordinal)],
                models,
                export.LabelConfigSha256)
            {
                LabelsThrough = export.LabelsThrough?.Instant,
                Tasks = part.Tally.Tasks,
                Annotations = part.Tally.Annotations,
                Annotators =
                [
                    .. part.Tally.ByAnnotator.Where(static entry => entry.Key.Length > 0 && entry.Value.Kept > 0).Select(static entry => entry.Key)
                        .OrderBy(static id => id.Length).ThenBy(static id => id, StringComparer.Ordinal),
                ],
                Corrections = corrections
                    ? new SliceCorrections(repository, parts.Store, context).Of(
                        slice.Version,
                        export,
                        part,
                        () => parts.Request(slice.Version, export, definition),
                        (folder, name) => episode is null || Is(folder, name, episode))
                    : null,
            };
        }
    }

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
    private static SliceSource Recorded(Repository repository, SliceManifest slice, SliceExport export, IReadOnlyList<RegisteredModel> models, HarvestException fault) => new(
        slice.Version,
        export.Project,
        export.Sha256,
        export.Path ?? export.Name,
        null,
        null,
        SliceHistory.RowsOf(slice with { Outputs = [.. slice.Outputs.Where(output => output.Export == export.Sha256)] }),
        null,
        [],
        models,
        export.LabelConfigSha256)
    {
        LabelsThrough = export.LabelsThrough?.Instant,
        NotKnown = $"Which episodes and how many corrected rows is not known here: {fault.Message}",
        Remedy = TraceErrors.Bring(fault, export, repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder),
    };

    private static bool Is(EpisodeFacts facts, string episode) => Is(facts.TaskSubdir, facts.Episode, episode);

    private static bool Is(string taskSubdir, string name, string episode) => name == episode || $"{taskSubdir}/{name}" == episode;
}
