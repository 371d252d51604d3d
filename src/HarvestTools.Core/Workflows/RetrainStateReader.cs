using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
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

    /// <exception cref="HarvestException">A manifest cannot be read; StateNotReadable where an export is on neither.</exception>
    public static RetrainState Run(Repository repository, WorkContext context)
    {
        HarvestDefinition definition = repository.Settings.Harvest;
        List<SliceManifest> slices = [.. repository.Slices.Versions().Select(version => repository.Slices.Load(version, context.Cancellation))];
        SliceManifest? trained = LastTraining.Latest(slices);
        IReadOnlyList<ExportRecord> newest = new NewestExports(repository).Of(context);
        using var source = new PartSource(repository, context, episodes: true);
        var exports = new RetrainExports(repository, slices, source);
        List<SliceExport> candidate = exports.Candidate(newest);
        List<(SliceExport Export, Part Part)> candidateParts = exports.Parts("the candidate", candidate, definition);
        List<(SliceExport Export, Part Part)> trainedParts = trained is null
            ? []
            : exports.Parts(
                trained.Version,
                trained.Exports.Select(export => UnderConfigOf(candidate, SliceInputs.UnderPresentName(repository, export))),
                definition);
        exports.RequireAll();
        DateTimeOffset now = context.Clock.GetUtcNow();
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = trained?.Version,
            Training = trained is null ? null : LastTraining.Of(trained),
            Trained = Snapshots(trainedParts),
            Candidate = Snapshots(candidateParts),
            CandidateExports = [.. candidate.Select(static export => export.FileStem)],
            CandidateWarnings = [.. exports.Warnings, .. candidateParts.SelectMany(entry => Warnings(entry.Export, entry.Part.Tally, context.Commands))],
            EvalSet = EvalSet(repository, trained, trainedParts, context),
            ModelVersions = [.. ModelVersions(candidateParts, slices)],
            Runs = [.. Runs(slices, source, repository)],
            AsOf = now,
        }, repository.Settings.Retrain);
        return state with { CorrectedPerWeek = Pace(state.CorrectedEpisodes, trained, newest) };
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
    private static IEnumerable<string> Warnings(SliceExport export, Tally tally, ICommandSpelling commands) =>
        from note in tally.Notes
        where note.Kind == TallyNoteKind.SharedFrames
        select $"{export.FileStem}: {note.Message}, so their episodes count as one. {note.Remedy.Spell(commands)}";

    private static IReadOnlyList<EpisodeSnapshot> Snapshots(IEnumerable<(SliceExport Export, Part Part)> parts) =>
        EpisodeSnapshots.Merge(
            from entry in parts
            from facts in entry.Part.Episodes
            select new EpisodePart(
                entry.Export.Project,
                facts.Table,
                facts.TaskSubdir,
                facts.Episode,
                facts.Rows,
                facts.CorrectedRows,
                facts.Digest));

    private static EvalSetState? EvalSet(
        Repository repository, SliceManifest? trained, List<(SliceExport Export, Part Part)> trainedParts, WorkContext context)
    {
        PinnedFile? recorded = trained?.EvalSet;
        string? path = repository.Settings.EvalSet ?? recorded?.Path;
        if (path is null)
        {
            return null;
        }

        string full = repository.Resolve(RepositoryPath.Normalize(path));
        return new EvalSetState(
            recorded?.Sha256,
            TreeHash.TryCompute(full, context.Cancellation),
            path,
            EvalSetEpisodes.Find(
                full,
                trainedParts.SelectMany(static entry => entry.Part.Episodes).Select(static facts => (facts.TaskSubdir, facts.Episode)).Distinct(),
                context.Cancellation),
            recorded?.Path);
    }

    /// <summary>
    /// Corrections by pre-annotating version, task folder and annotator. Versions are dated by the slice or run of that
    /// name, since an export does not tell when a model was released.
    /// </summary>
    private static IEnumerable<VersionCorrections> ModelVersions(
        IEnumerable<(SliceExport Export, Part Part)> parts, IReadOnlyList<SliceManifest> slices)
    {
        var tally = new Tally();
        foreach ((_, Part part) in parts)
        {
            tally.Merge(part.Tally);
        }

        foreach ((string model, ModelTally counts) in tally.ByModel)
        {
            // The empty name stands for regions that no prediction preceded, or of which none is known.
            if (model.Length > 0)
            {
                yield return new VersionCorrections(
                    model, FirstAt(model, slices), [.. counts.Strata.Select(static entry => Stratum(entry.TaskSubdir, entry.AnnotatorId, entry.Stratum))]);
            }
        }
    }

    private static CorrectionStratum Stratum(string taskSubdir, long? annotatorId, ModelStratum stratum) => new(
        taskSubdir,
        annotatorId,
        stratum.Episodes,
        stratum.Sources.Accepted + stratum.Sources.Corrected + stratum.Sources.Deleted,
        stratum.Sources.Accepted,
        stratum.Sources.Corrected,
        stratum.Sources.Drawn,
        stratum.Sources.Deleted,
        stratum.Sources.Unknown,
        stratum.SquaredCorrections);

    private static DateTimeOffset? FirstAt(string model, IReadOnlyList<SliceManifest> slices) =>
        slices.Where(slice => slice.Version == model).Select(static slice => LastTraining.Of(slice)?.At.Instant)
            .Concat(slices.SelectMany(static slice => slice.Runs).Where(run => run.Name == model).Select(static run => run.TrainedAt?.Instant))
            .Min();

    private static IEnumerable<RegisteredRun> Runs(IEnumerable<SliceManifest> slices, PartSource source, Repository repository)
    {
        foreach (SliceManifest slice in slices.Where(static slice => slice.Runs.Any(static run => run.Metrics.Count > 0)))
        {
            // The forecast goes by the slices that can be read; the others have no size here.
            if (TryCountEpisodes(repository, source, slice) is not { } episodes)
            {
                continue;
            }

            foreach (RegisteredModel run in RegisteredModels.Of(slice).Where(static run => run.Metrics.Count > 0))
            {
                yield return new RegisteredRun(run.Name, slice.Version, episodes, run.TrainedAt, run.Metrics);
            }
        }
    }

    private static int? TryCountEpisodes(Repository repository, PartSource source, SliceManifest slice)
    {
        try
        {
            HarvestDefinition definition = SliceInputs.Definition(repository, slice);
            return Snapshots(slice.Exports.Select(export => (export, source.Get(slice.Version, export, definition).Part))).Count;
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
    private static double? Pace(int corrected, SliceManifest? trained, IReadOnlyList<ExportRecord> newest)
    {
        DateTimeOffset? since = trained?.Exports.Max(static export => export.LabelsThrough?.Instant);
        DateTimeOffset? until = newest.Max(static record => record.LabelsThrough?.Instant);
        double? weeks = (until - since)?.TotalDays / DaysAWeek;
        return weeks >= 1 ? corrected / weeks : null;
    }
}
