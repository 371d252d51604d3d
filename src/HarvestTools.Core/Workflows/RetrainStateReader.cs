using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Decisions;
using HarvestTools.Files;
using HarvestTools.Filtering;
using HarvestTools.Manifests;

namespace HarvestTools.Workflows;

/// <summary>
/// Computes the retrain state from the repository: the newest export of each project against the slice that was
/// trained last, both under the definition now in force, so that a changed rule does not pass for changed labels.
/// </summary>
public static class RetrainStateReader
{
    private const double DaysAWeek = 7;

    /// <exception cref="HarvestException">An export or a manifest cannot be read.</exception>
    public static RetrainState Run(Repository repository, WorkContext context)
    {
        HarvestDefinition definition = repository.Settings.Harvest;
        List<SliceManifest> slices = [.. repository.Slices.Versions().Select(repository.Slices.Load)];
        SliceManifest? trained = slices
            .Where(static slice => TrainedAt(slice) is not null)
            .OrderBy(static slice => TrainedAt(slice))
            .LastOrDefault();
        IReadOnlyList<ExportRecord> newest = repository.Archive.Newest();
        List<SliceExport> candidate = [.. newest.Select(NewSlice.ToSliceExport)];
        var source = new PartSource(repository, context);
        List<(SliceExport Export, Part Part)> candidateParts = Parts(source, "the candidate", candidate, definition);
        List<(SliceExport Export, Part Part)> trainedParts = trained is null
            ? []
            : Parts(source, trained.Version, trained.Exports, definition);
        DateTimeOffset now = context.Clock.GetUtcNow();
        RetrainState state = RetrainStateBuilder.Build(new RetrainInputs
        {
            TrainedSlice = trained?.Version,
            Trained = Snapshots(trainedParts),
            Candidate = Snapshots(candidateParts),
            CandidateExports = [.. candidate.Select(SliceInputs.StemOf)],
            EvalSet = EvalSet(repository, trained, context),
            Releases = [.. Releases(candidateParts)],
            Runs = [.. Runs(slices, trained, Snapshots(trainedParts).Count)],
            AsOf = now,
        });
        return state with { CorrectedPerWeek = Pace(state.CorrectedEpisodes, trained, newest) };
    }

    private static DateTimeOffset? TrainedAt(SliceManifest slice) =>
        slice.Runs.Select(static run => run.TrainedAt?.Instant).Append(slice.TrainedAt?.Instant).Max();

    private static List<(SliceExport Export, Part Part)> Parts(
        PartSource source, string version, IEnumerable<SliceExport> exports, HarvestDefinition definition) =>
        [.. exports.Select(export => (export, source.Get(version, export, definition).Part))];

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

    private static EvalSetState? EvalSet(Repository repository, SliceManifest? trained, WorkContext context)
    {
        PinnedFile? recorded = trained?.EvalSet;
        string? path = repository.Settings.EvalSet ?? recorded?.Path;
        return path is null
            ? null
            : new EvalSetState(
                recorded?.Sha256,
                TreeHash.TryCompute(repository.Resolve(RepositoryPath.Normalize(path)), context.Cancellation),
                path,
                [],
                recorded?.Path);
    }

    private static IEnumerable<ReleaseCorrections> Releases(IEnumerable<(SliceExport Export, Part Part)> parts)
    {
        var tally = new Tally();
        foreach ((_, Part part) in parts)
        {
            tally.Merge(part.Tally);
        }

        foreach ((string model, ModelTally counts) in tally.ByModel)
        {
            yield return new ReleaseCorrections(
                model,
                null,
                [
                    new CorrectionStratum(
                        "",
                        null,
                        counts.Episodes,
                        counts.Accepted + counts.Corrected + counts.Deleted,
                        counts.Accepted,
                        counts.Corrected,
                        counts.Drawn,
                        counts.Deleted,
                        counts.Unknown),
                ]);
        }
    }

    private static IEnumerable<RegisteredRun> Runs(IEnumerable<SliceManifest> slices, SliceManifest? trained, int trainedEpisodes) =>
        from slice in slices
        where slice.Version == trained?.Version
        from run in slice.Runs
        select new RegisteredRun(
            run.Name,
            slice.Version,
            trainedEpisodes,
            run.TrainedAt?.Instant,
            run.Metrics
                .Where(static metric => metric.Value?.GetValueKind() == System.Text.Json.JsonValueKind.Number)
                .ToDictionary(static metric => metric.Key, static metric => metric.Value!.GetValue<double>()));

    private static double? Pace(int corrected, SliceManifest? trained, IReadOnlyList<ExportRecord> newest)
    {
        if (trained?.CreatedAt is not { } since || newest.Count == 0)
        {
            return null;
        }

        double weeks = (newest.Max(static record => record.AddedAt.Instant) - since.Instant).TotalDays / DaysAWeek;
        return weeks > 0 ? corrected / weeks : null;
    }
}
