using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;

namespace HarvestTools.Decisions.Statistics;

/// <summary>Corrections by pre-annotating model version, as the parts of several exports count them.</summary>
/// <param name="parts">Each part with its project.</param>
internal sealed class ModelVersionCounts(IReadOnlyList<(string Project, Part Part)> parts)
{
    /// <summary>The model versions, none of which is the empty name: it is that of regions that no known prediction preceded.</summary>
    /// <param name="lines">Which model each is a version of, in each project.</param>
    /// <param name="trainedAt">When a model version was trained, which is taken for the exports' dates where they have none.</param>
    public IEnumerable<VersionCorrections> Of(
        IReadOnlyDictionary<(string Version, string Project), (string? Line, bool Unknown)> lines, Func<string, DateTimeOffset?> trainedAt)
    {
        var merged =
            from entry in parts
            from model in entry.Part.Tally.ByModel
            where model.Key.Length > 0
            group model.Value by (Version: model.Key, Line: lines.GetValueOrDefault((model.Key, entry.Project))) into one
            select (one.Key.Version, one.Key.Line, Counts: Merge(one));
        var known = merged.ToArray();
        foreach ((string version, (string? line, bool unknown), ModelTally counts) in known)
        {
            DateTimeOffset? first = Utc(counts.Strata.Min(static entry => entry.Stratum.FirstAt)) ?? trainedAt(version);
            yield return new VersionCorrections(version, first, [.. counts.Strata.Select(Stratum)])
            {
                Units = [.. Units(counts)],
                Line = line,
                LineUnknown = unknown,
                OrderUnknown = first is null && known.Count(other => other.Line == (line, unknown)) > 1,
            };
        }
    }

    /// <summary>The projects that each model version pre-annotated.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Projects()
    {
        var projects = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach ((string project, Part part) in parts)
        {
            foreach (string version in part.Tally.ByModel.Keys.Where(static version => version.Length > 0))
            {
                ((HashSet<string>)(projects.TryGetValue(version, out IReadOnlySet<string>? of) ? of : projects[version] = new HashSet<string>(StringComparer.Ordinal))).Add(project);
            }
        }

        return projects;
    }

    /// <summary>When people worked, where exports say so.</summary>
    public WorkDates Dates()
    {
        StratumEntry[] all = [.. parts.SelectMany(static part => part.Part.Tally.ByModel.Values).SelectMany(static model => model.Strata)];
        StratumEntry[] strata = [.. all.Where(static entry => entry.Stratum.LastAt is not null)];
        return new WorkDates(
            strata.GroupBy(static entry => entry.TaskSubdir).ToDictionary(static task => task.Key, static task => Utc(task.Max(static entry => entry.Stratum.LastAt))!.Value, StringComparer.Ordinal),
            [.. parts.SelectMany(static part => part.Part.Tally.Weeks.All).Distinct().Order().Select(static week => new DateTimeOffset(WorkWeeks.Start(week)))])
        {
            Undated = all.Where(static entry => entry.Stratum.LastAt is null).Select(static entry => entry.TaskSubdir).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static ModelTally Merge(IEnumerable<ModelTally> counts)
    {
        var merged = new ModelTally();
        foreach (ModelTally one in counts)
        {
            merged.Merge(one);
        }

        return merged;
    }

    /// <summary>An episode that several people labelled is no more independent than one: they meet the same difficulty.</summary>
    private static IEnumerable<CorrectionUnits> Units(ModelTally counts)
    {
        var episodes = new Dictionary<(string TaskSubdir, ulong Episode), (List<long?> Annotators, long Corrections)>();
        foreach ((string taskSubdir, long? annotator, ModelStratum stratum) in counts.Strata)
        {
            foreach ((ulong episode, long corrections) in stratum.CorrectionsByEpisode)
            {
                (List<long?> annotators, long sum) = episodes.TryGetValue((taskSubdir, episode), out var found) ? found : ([], 0);
                annotators.Add(annotator);
                episodes[(taskSubdir, episode)] = (annotators, sum + corrections);
            }
        }

        return
            from episode in episodes
            group (episode.Value.Annotators, episode.Value.Corrections) by (episode.Key.TaskSubdir, People: string.Join('+', episode.Value.Annotators.Order())) into cell
            orderby cell.Key.TaskSubdir, cell.Key.People
            select new CorrectionUnits(
                cell.Key.TaskSubdir,
                [.. cell.First().Annotators.Order()],
                cell.LongCount(),
                cell.Sum(static episode => episode.Corrections),
                cell.Sum(static episode => (double)episode.Corrections * episode.Corrections));
    }

    private static CorrectionStratum Stratum(StratumEntry entry) => new(
        entry.TaskSubdir,
        entry.AnnotatorId,
        entry.Stratum.Episodes,
        entry.Stratum.Sources.Accepted + entry.Stratum.Sources.Corrected + entry.Stratum.Sources.Deleted,
        entry.Stratum.Sources.Accepted,
        entry.Stratum.Sources.Corrected,
        entry.Stratum.Sources.Drawn,
        entry.Stratum.Sources.Deleted,
        entry.Stratum.Sources.Unknown,
        entry.Stratum.SquaredCorrections);

    private static DateTimeOffset? Utc(DateTime? time) => time is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}
