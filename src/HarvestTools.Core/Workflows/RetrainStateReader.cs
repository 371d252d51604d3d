using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Derivation.Tallies;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Computes the retrain state from the repository: the newest export of each project, from the archive or else from recorded
/// paths, against the slice that was trained last, both under the definition now in force, so that a changed rule does not pass for changed labels.
/// </summary>
public static class RetrainStateReader
{
    private const double DaysAWeek = 7;

    /// <param name="repository">The repository.</param>
    /// <param name="context">The clock, progress and cancellation.</param>
    /// <param name="asOf">The state as it was then, by what was exported, made and trained until then; null for now.</param>
    /// <exception cref="HarvestException">A manifest cannot be read; StateNotReadable where an export is on neither.</exception>
    public static RetrainState Run(Repository repository, WorkContext context, DateTimeOffset? asOf = null) => Read(repository, context, asOf, cachedOnly: false);

    /// <summary>The same for now, with nothing derived: where the cache lacks a part, <see cref="PartNotCachedException"/> ends it.</summary>
    internal static RetrainState RunCached(Repository repository, WorkContext context) => Read(repository, context, asOf: null, cachedOnly: true);

    private static RetrainState Read(Repository repository, WorkContext context, DateTimeOffset? asOf, bool cachedOnly)
    {
        RemoteRecords.FetchMissing(repository, context.Cancellation);
        RetrainThresholds thresholds = repository.Settings.Retrain;
        HarvestDefinition definition = CountingRules(repository.Settings.Harvest) ?? repository.Harvest;
        List<SliceManifest> slices = [.. repository.Slices.Versions().Select(version => repository.Slices.Load(version, context.Cancellation)).Select(slice => PastState.Of(slice, asOf)).OfType<SliceManifest>()];
        ProductionUse production = ProductionUse.Read(repository, slices, asOf);
        SliceManifest? trained = LastTraining.Latest(slices, production.Choice);
        IReadOnlyList<ExportRecord> newest = new NewestExports(repository).Of(context, asOf);
        using var source = new PartSource(repository, context, episodes: true) { CachedOnly = cachedOnly };
        var exports = new RetrainExports(
            repository, slices, source, new CheckInputs(repository, context, PartRequest.DefaultRowBudget).ProjectIdsAt);
        List<SliceExport> candidate = exports.Candidate(newest);
        List<(SliceExport Export, Part Part)> candidateParts = exports.Parts("the candidate", candidate, definition);
        List<(SliceExport Export, Part Part)> trainedParts = trained is null
            ? []
            : exports.Parts(
                trained.Version,
                trained.Exports.Select(export => UnderConfigOf(candidate, SliceInputs.UnderPresentName(repository, export))),
                definition);
        exports.RequireAll();
        var counts = new ModelVersionCounts(ByProject(repository, candidateParts));
        IReadOnlyDictionary<(string Version, string Project), (string? Line, bool Unknown)> lines = ModelLines.Of(
            counts.Projects(), slices.SelectMany(RegisteredModels.Of).Select(static model => model.Name), thresholds.Regression.Lines);
        (SliceManifest Slice, List<(SliceExport Export, Part Part)> Parts)[] before = trained is null
            ? []
            : [.. LastTraining.Line(trained, slices, thresholds.CorpusSince).Skip(1).Select(slice => (slice, ReadOrWarn(repository, source, slice, exports)!)).Where(static entry => entry.Item2 is not null)];
        IReadOnlyList<EpisodeSnapshot> shared = EpisodeSnapshots.Of(trainedParts.Where(entry => candidate.Exists(export => export.Project == entry.Export.Project)).Select(static entry => entry.Part));
        var emptied = new EmptiedEpisodes(repository, source, definition, context);
        IReadOnlyList<EpisodeSnapshot> episodes = emptied.With(shared, EpisodeSnapshots.Of(candidateParts.Select(static entry => entry.Part)), trainedParts, candidateParts);
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = trained?.Version,
            Training = trained is null ? null : LastTraining.Of(trained, production.Choice),
            Trained = EpisodeSnapshots.Of(trainedParts.Select(static entry => entry.Part)),
            TrainedShared = shared,
            TrainedBefore = [.. before.Select(static slice => EpisodeSnapshots.Of(slice.Parts.Select(static entry => entry.Part)))],
            TrainedVersions = trained is null ? [] : [.. before.Prepend((Slice: trained, Parts: trainedParts)).Select(slice => Answered(slice.Slice, Versions(repository, slice.Parts, lines, slices)))],
            Candidate = episodes,
            Dates = counts.Dates(),
            CandidateExports = [.. candidate.Select(static export => export.FileStem)],
            CandidateWarnings = [.. production.Warnings, .. CountedByDefault(repository.Settings.Harvest), .. Unnamed(thresholds, slices), .. exports.Warnings, .. emptied.Warnings, .. candidateParts.SelectMany(entry => Warnings(entry.Export, entry.Part.Tally, repository.Settings.Harvest.Program is not null, context.Commands))],
            EvalSet = EvalSetReader.Read(repository, trained, trainedParts.SelectMany(static entry => entry.Part.Episodes), context),
            ModelVersions = Versions(repository, candidateParts, lines, slices),
            Runs = [.. Runs(slices, source, repository)],
            AsOf = asOf ?? context.Clock.GetUtcNow(),
        }, thresholds);
        DateTimeOffset? until = newest.Max(static record => record.LabelsThrough?.Instant);
        return state with { CorrectedPerWeek = Pace(state.CorrectedEpisodes, trained, until), LabelledUntil = until };
    }

    /// <summary>
    /// What was corrected is in the exports, and a team's own program says nothing of it: it is counted by the rules that are the default.
    /// Null where rules derive.
    /// </summary>
    private static HarvestDefinition? CountingRules(HarvestDefinition definition) => definition.Program is null ? null : HarvestDefinition.Default;

    private static IEnumerable<string> CountedByDefault(HarvestDefinition definition)
    {
        if (definition.Program is not null)
        {
            yield return $"A program of the team's own derives under {definition.FullVersion}: corrections are counted in the exports, by the default rules, whether or not the program makes rows of them.";
        }
    }

    private static IReadOnlyList<(string Project, Part Part)> ByProject(Repository repository, IEnumerable<(SliceExport Export, Part Part)> parts) =>
        [.. parts.Select(entry => (repository.Settings.ProjectNames.Current(entry.Export.Project), entry.Part))];

    private static IReadOnlyList<VersionCorrections> Versions(
        Repository repository,
        IEnumerable<(SliceExport Export, Part Part)> parts,
        IReadOnlyDictionary<(string Version, string Project), (string? Line, bool Unknown)> lines,
        IReadOnlyList<SliceManifest> slices) =>
        [.. new ModelVersionCounts(ByProject(repository, parts)).Of(lines, version => TrainedAt(version, slices))];

    /// <summary>
    /// The versions whose alarm the training of a slice answers: those of the models that were trained on it, where the names of its
    /// models say which; one model's training is no answer to what another one needs.
    /// </summary>
    private static IReadOnlyList<VersionCorrections> Answered(SliceManifest slice, IReadOnlyList<VersionCorrections> versions)
    {
        string[] models = [.. RegisteredModels.Of(slice).Where(static model => model.TrainedAt is not null).SelectMany(static model => new[] { model.Name, ModelLines.StemText(model.Name) }).Where(static name => name.Length > 0).Distinct()];
        VersionCorrections[] named = [.. versions.Where(version => version.Line is { } line && models.Any(model => line == model || line.StartsWith(model + " in ", StringComparison.Ordinal)))];
        return named.Length == 0 ? versions : named;
    }

    /// <summary>Settings that name what is not there: the decision goes on as without them, and says so.</summary>
    private static IEnumerable<string> Unnamed(RetrainThresholds thresholds, List<SliceManifest> slices)
    {
        if (thresholds.CorpusSince is { } version && slices.TrueForAll(slice => slice.Version != version))
        {
            yield return $"retrain.corpus_since in harvest.json names {version}, which is no slice.";
        }
    }

    /// <summary>The parts of a slice that was trained on earlier; null, with a warning, where one of its exports is not on this machine.</summary>
    private static List<(SliceExport Export, Part Part)>? ReadOrWarn(Repository repository, PartSource source, SliceManifest slice, RetrainExports exports)
    {
        if (TryRead(repository, source, slice) is { } parts)
        {
            return parts;
        }

        exports.WarnOfCorpus(slice);
        return null;
    }

    /// <summary>
    /// What was trained without a labeling configuration is derived under its project's present one, so that a configuration that
    /// was archived since does not pass for changed labels.
    /// </summary>
    private static SliceExport UnderConfigOf(List<SliceExport> candidate, SliceExport trained) =>
        trained.LabelConfigSha256 is null && candidate.Find(export => export.Project == trained.Project) is { LabelConfigSha256: { } config }
            ? trained with { LabelConfigSha256 = config }
            : trained;

    /// <summary>Episodes are counted by task folder and name: tasks that share them by guess make every figure doubtful.</summary>
    private static IEnumerable<string> Warnings(SliceExport export, Tally tally, bool ofProgram, ICommandSpelling commands) =>
        from note in tally.Notes
        where note.Kind == TallyNoteKind.SharedFrames
        select $"{export.FileStem}: {note.Message}, so their episodes count as one. {(ofProgram ? "Give the tasks data.task_subdir, data.episode and data.frame, by which they are counted: the definition of a program maps no fields." : note.Remedy.Spell(commands))}";

    private static DateTimeOffset? TrainedAt(string model, IReadOnlyList<SliceManifest> slices) =>
        slices.Where(slice => slice.Version == model).Select(static slice => LastTraining.Of(slice)?.At.Instant)
            .Concat(slices.SelectMany(static slice => slice.Runs).Where(run => run.Name == model).Select(static run => run.TrainedAt?.Instant))
            .Min();

    private static IEnumerable<RegisteredRun> Runs(IEnumerable<SliceManifest> slices, PartSource source, Repository repository)
    {
        foreach (SliceManifest slice in slices.Where(static slice => slice.Runs.Any(static run => run.Metrics.Count > 0)))
        {
            // The forecast goes by the slices that can be read; the others have no size here.
            if (TryRead(repository, source, slice) is not { } parts)
            {
                continue;
            }

            int episodes = EpisodeSnapshots.Of(parts.Select(static entry => entry.Part)).Count(static episode => episode.HasRows);
            foreach (RegisteredModel run in RegisteredModels.Of(slice).Where(static run => run.Metrics.Count > 0))
            {
                yield return new RegisteredRun(run.Name, slice.Version, episodes, run.TrainedAt, run.Metrics);
            }
        }
    }

    private static List<(SliceExport Export, Part Part)>? TryRead(Repository repository, PartSource source, SliceManifest slice)
    {
        try
        {
            HarvestDefinition definition = slice.IsProgram ? HarvestDefinition.Default : SliceInputs.Definition(repository, slice);
            return [.. slice.Exports.Select(export => (SliceInputs.UnderPresentName(repository, export), source.Get(slice.Version, export, definition).Part))];
        }
        catch (HarvestException fault) when (DerivationErrors.IsOfMissingInput(fault))
        {
            return null;
        }
    }

    /// <summary>
    /// By the dates that exports have, since when they were archived says nothing of when people worked; null where they lack
    /// one, or less than a week is between them.
    /// </summary>
    private static double? Pace(int corrected, SliceManifest? trained, DateTimeOffset? until)
    {
        DateTimeOffset? since = trained?.Exports.Max(static export => export.LabelsThrough?.Instant);
        double? weeks = (until - since)?.TotalDays / DaysAWeek;
        return weeks >= 1 ? corrected / weeks : null;
    }
}
