using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>One eval set held against one slice.</summary>
/// <param name="Path">The eval set's, as it is recorded.</param>
/// <param name="Versions">The slices that record it, the slice itself first where it does.</param>
/// <param name="Own">Whether the slice records it itself.</param>
/// <param name="Leak">What both have.</param>
/// <param name="Problem">Why it is not known what the eval set has; null where it is.</param>
internal sealed record LeakResult(string Path, IReadOnlyList<string> Versions, bool Own, EvalLeak Leak, string? Problem);

/// <summary>
/// Holds slices against the eval sets of every model in their line: their own, and those of the slices that they come from or that come
/// from them. One instance serves one run; an eval set is read once in it.
/// </summary>
internal sealed class LeakCheck : IDisposable
{
    private static readonly EvalLeak s_nothing = new([], [], []);

    private readonly Repository _repository;
    private readonly WorkContext _context;
    private readonly EvalLeaks _leaks;
    private readonly Dictionary<string, (EvalSetContents? Contents, string? Problem)> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlySet<string>> _links = new(StringComparer.Ordinal);

    /// <param name="repository">The repository.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public LeakCheck(Repository repository, WorkContext context)
    {
        _repository = repository;
        _context = context;
        _leaks = new EvalLeaks(repository, context);
    }

    public void Dispose() => _leaks.Dispose();

    /// <summary>The eval sets of a slice's line by their paths, each with the slices that record it.</summary>
    /// <param name="slice">The slice, which need not be among the others.</param>
    /// <param name="all">All slices.</param>
    public IReadOnlyList<(string Path, IReadOnlyList<string> Versions)> EvalSets(SliceManifest slice, IReadOnlyCollection<SliceManifest> all)
    {
        var sets = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (SliceManifest one in Line(slice, all))
        {
            // A model of a slice that records none is measured on what harvest.json names.
            string? path = one.EvalSet?.Path ?? (RegisteredModels.Of(one).Any() ? _repository.Settings.EvalSet : null);
            if (path is null)
            {
                continue;
            }

            if (!sets.TryGetValue(path, out List<string>? versions))
            {
                sets.Add(path, versions = []);
            }

            versions.Add(one.Version);
        }

        return [.. sets.Select(static pair => (pair.Key, (IReadOnlyList<string>)pair.Value))];
    }

    /// <summary>Holds a slice against some eval sets; only those that share something, or of which nothing is known, are given.</summary>
    /// <param name="version">The slice.</param>
    /// <param name="sets">The eval sets.</param>
    /// <param name="training">What the slice has.</param>
    public IEnumerable<LeakResult> Run(string version, IEnumerable<(string Path, IReadOnlyList<string> Versions)> sets, TrainingSide training)
    {
        foreach ((string path, IReadOnlyList<string> versions) in sets)
        {
            bool own = versions[0] == version;
            (EvalSetContents? contents, string? problem) = Contents(path);
            EvalLeak leak = s_nothing;
            if (contents is not null)
            {
                try
                {
                    leak = _leaks.Find(contents, training);
                }
                catch (HarvestException fault)
                {
                    problem = fault.Message;
                }
            }

            if (problem is not null || !leak.IsEmpty || leak.Neighbours.Count > 0)
            {
                yield return new LeakResult(path, versions, own, leak, problem);
            }
        }
    }

    /// <summary>What a slice has, from parts; of an export without one the episodes are asked for, and the media are known where they are listed.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="store">Where its parts are.</param>
    /// <param name="partOf">An export's part; null where it is not in the cache.</param>
    /// <param name="episodesOf">Its episodes where it has no part; null where they are not known either.</param>
    public TrainingSide SideOf(
        SliceManifest slice, PartStore store, Func<SliceExport, Part?> partOf, Func<SliceExport, IEnumerable<(string TaskSubdir, string Episode)>?>? episodesOf = null)
    {
        var episodes = new HashSet<(string, string)>();
        var links = new HashSet<string>(StringComparer.Ordinal);
        var notKnown = new List<string>();
        MediaList? list = ListOf(slice);
        bool mediaNotKnown = false;
        foreach (SliceExport export in slice.Exports)
        {
            if (partOf(export) is { } part)
            {
                episodes.UnionWith(part.Episodes.Select(static facts => (facts.TaskSubdir, facts.Episode)));
                if (list is null)
                {
                    links.UnionWith(LinksOf(store, part));
                }
            }
            else if (episodesOf?.Invoke(export) is { } derived)
            {
                episodes.UnionWith(derived);
                mediaNotKnown |= list is null;
            }
            else
            {
                notKnown.Add(export.FileStem);
            }
        }

        links.UnionWith(list?.Entries.Select(static entry => entry.Link) ?? []);
        return new TrainingSide(episodes, links) { List = list, NotKnown = notKnown, MediaNotKnown = mediaNotKnown };
    }

    /// <summary>What a slice of a program has, by the columns of its tables; the program is not run for it.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="definition">Its definition; null where it is not known.</param>
    public TrainingSide SideOfProgram(SliceManifest slice, HarvestDefinition? definition)
    {
        // Whose rows they are is no matter, so that no export is read.
        var indexes = new ProgramIndexes(_repository, _context, static _ => null);
        MediaList? list = ListOf(slice);
        HashSet<string> links = [.. list?.Entries.Select(static entry => entry.Link) ?? []];
        var episodes = new HashSet<(string, string)>();
        if (definition is null || TryGet() is not { } found)
        {
            return new TrainingSide(episodes, links) { List = list, NotKnown = [.. slice.Exports.Select(static export => export.FileStem)] };
        }

        foreach (RowIndex index in found.Indexes.Values)
        {
            episodes.UnionWith(Enumerable.Range(0, index.Episodes.Count).Select(i => (index.Folders.Text(i), index.Episodes.Text(i))).Where(static episode => episode.Item2.Length > 0));
            links.UnionWith(list is null ? Enumerable.Range(0, index.Media.Count).Select(index.Media.Text) : []);
        }

        // A name that says which episode is meant is found without its folder; others are not.
        ColumnRole[] lacking =
        [
            .. new[] { ColumnRole.Episode, ColumnRole.TaskSubdir, ColumnRole.Medium }.Where(role => role switch
            {
                ColumnRole.Medium => list is null && !found.Roles.Has(role),
                ColumnRole.TaskSubdir => episodes.Any(static episode => !EvalSetEpisodes.MayBeNamed(episode)),
                _ => !found.Roles.Has(role),
            }),
        ];
        return new TrainingSide(episodes, links) { IsOfProgram = true, List = list, Lacking = [.. lacking.Select(ProgramColumns.Word)] };

        (IReadOnlyDictionary<string, RowIndex> Indexes, RowRoles Roles)? TryGet()
        {
            try
            {
                return indexes.Of(slice, definition, cachedOnly: true);
            }
            catch (HarvestException)
            {
                // The check of tables says what the matter with them is.
                return null;
            }
        }
    }

    /// <summary>An export's part where the cache has it whole; null elsewhere, also where its key cannot be said.</summary>
    public static Part? Cached(Repository repository, PartStore store, SliceExport export, HarvestDefinition definition)
    {
        try
        {
            return store.TryLoad(SliceInputs.PartKeyOf(repository, export, definition), episodes: true);
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    private MediaList? ListOf(SliceManifest slice)
    {
        try
        {
            return slice.Media is { } media && _repository.Archive.Local.Holds(media.Sha256) ? SliceMediaLists.TryRead(_repository, slice) : null;
        }
        catch (HarvestException)
        {
            // The check of media says what the matter with it is.
            return null;
        }
    }

    private IReadOnlySet<string> LinksOf(PartStore store, Part part)
    {
        if (!_links.TryGetValue(part.Key, out IReadOnlySet<string>? links))
        {
            _links.Add(part.Key, links = LineageIndexes.LinksOf(_repository, store, part, _context.Cancellation).ToHashSet(StringComparer.Ordinal));
        }

        return links;
    }

    private (EvalSetContents? Contents, string? Problem) Contents(string path)
    {
        if (!_read.TryGetValue(path, out (EvalSetContents? Contents, string? Problem) known))
        {
            try
            {
                EvalSetContents? contents = EvalSetContentsReader.Read(_repository.Resolve(RepositoryPath.Normalize(path)), _repository.Settings.Harvest.Fields, _context);
                known = (contents, contents is null ? "It is not there." : null);
            }
            catch (HarvestException fault)
            {
                known = (null, fault.Message);
            }

            _read.Add(path, known);
        }

        return known;
    }

    /// <summary>The slice, those that it comes from, and those that come from it.</summary>
    private static List<SliceManifest> Line(SliceManifest slice, IReadOnlyCollection<SliceManifest> all)
    {
        Dictionary<string, SliceManifest> byVersion = all.DistinctBy(static one => one.Version).ToDictionary(static one => one.Version, StringComparer.Ordinal);
        byVersion[slice.Version] = slice;
        ILookup<string, SliceManifest> children = byVersion.Values.SelectMany(static one => one.Parents, static (one, parent) => (one, parent)).ToLookup(static pair => pair.parent, static pair => pair.one, StringComparer.Ordinal);
        var line = new List<SliceManifest> { slice };
        Walk(one => one.Parents.Select(parent => byVersion.GetValueOrDefault(parent)).OfType<SliceManifest>());
        Walk(one => children[one.Version]);
        return line;

        void Walk(Func<SliceManifest, IEnumerable<SliceManifest>> next)
        {
            var met = new HashSet<string>(StringComparer.Ordinal) { slice.Version };
            var queue = new Queue<SliceManifest>([slice]);
            while (queue.TryDequeue(out SliceManifest? one))
            {
                foreach (SliceManifest other in next(one).Where(other => met.Add(other.Version)))
                {
                    line.Add(other);
                    queue.Enqueue(other);
                }
            }
        }
    }
}
