using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>
/// Keeps a project of Label Studio under one name: by its id, by equal label hashes, and where ids are not known by tasks that
/// two projects have with the same labels.
/// </summary>
internal static class ProjectIdentity
{
    /// <summary>The project whose exports are of that id; null where none is, or several are.</summary>
    public static string? NameOf(Repository repository, long id)
    {
        string[] names = [.. Known(repository).Where(project => project.Value.Contains(id)).Select(static project => project.Key)];
        return names.Length == 1 ? names[0] : null;
    }

    /// <summary>
    /// The project under which slices have the export; null where none has it. In a clone without the archive they are what is
    /// left of the names.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="sha256">The export.</param>
    /// <param name="unreadable">Where none was found, the slices that cannot be read and may have it.</param>
    public static string? NameInSlices(Repository repository, string sha256, out IReadOnlyList<SliceEntry> unreadable)
    {
        List<SliceEntry> slices = [.. repository.Slices.LoadAll()];
        string[] names =
        [
            .. slices
                .Select(static entry => entry.Manifest)
                .OfType<SliceManifest>()
                .SelectMany(static slice => slice.Exports)
                .Where(export => export.Sha256 == sha256)
                .Select(export => repository.Archive.CurrentName(export.Project))
                .Distinct(StringComparer.Ordinal),
        ];
        unreadable = names.Length == 0 ? [.. slices.Where(static entry => entry.Error is not null)] : [];
        return names.Length == 1 ? names[0] : null;
    }

    /// <summary>Refuses an export whose project is another one.</summary>
    /// <param name="repository">Where it is to be archived.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <param name="export">Its record as it is to be.</param>
    /// <param name="tasks">Its labelled tasks; null where they were not read.</param>
    /// <exception cref="HarvestException">ProjectHasAnotherName, ProjectHasAnotherId, LabelsInAnotherProject.</exception>
    public static void Require(Repository repository, string file, ExportRecord export, IReadOnlyList<ListedTask>? tasks)
    {
        try
        {
            RequireOnce(repository, file, export, tasks);
        }
        catch (HarvestException) when (repository.Archive.Index.Forgo())
        {
            // What is kept of records refuses nothing: the records themselves are read before that.
            RequireOnce(repository, file, export, tasks);
        }
    }

    private static void RequireOnce(Repository repository, string file, ExportRecord export, IReadOnlyList<ListedTask>? tasks)
    {
        repository.Archive.Index.Prepare();
        if (repository.Archive.ProjectsOf(export.Sha256).Contains(export.Project, StringComparer.Ordinal))
        {
            return;
        }

        IReadOnlyDictionary<string, HashSet<long>> known = Known(repository);
        HashSet<long> own = known.GetValueOrDefault(export.Project) ?? [];
        foreach ((string other, HashSet<long> ids) in known)
        {
            if (other != export.Project && export.ProjectIds.Where(id => ids.Contains(id) && !own.Contains(id)).Take(1).ToArray() is [long shared])
            {
                throw ProjectErrors.ProjectHasAnotherName(file, export.Project, other, shared);
            }
        }

        if (export.ProjectIds.Count > 0 && own.Count > 0 && !own.Overlaps(export.ProjectIds))
        {
            throw ProjectErrors.ProjectHasAnotherId(file, export.Project, export.ProjectIds[0], [.. own.Order()]);
        }

        if (repository.Archive.Index.TwinOf(export) is { } twin)
        {
            // Equal hashes are equal ids of tasks and annotations: no other project has them, whatever id the file gives.
            bool sameId = export.ProjectIds.Count == 0 || known.GetValueOrDefault(twin.Project) is not { Count: > 0 } ids || ids.Overlaps(export.ProjectIds);
            throw ProjectErrors.LabelsInAnotherProject(
                file, export.Project, twin.Project, tasks?.Count ?? twin.Tasks ?? 0, sameId ? null : export.ProjectIds[0]);
        }

        if (tasks is not null)
        {
            RequireOwnTasks(repository, file, export, tasks, known);
        }
    }

    /// <summary>Refuses two names of one project in one slice.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="exports">The slice's exports.</param>
    /// <param name="tasks">Gives the labelled tasks of an export where it can; null compares what records say alone.</param>
    /// <exception cref="HarvestException">ProjectUnderTwoNames.</exception>
    public static void Require(Repository repository, IReadOnlyList<SliceExport> exports, Func<SliceExport, IReadOnlyList<ListedTask>?> tasks)
    {
        IGrouping<string, SliceExport>[] projects = [.. exports.GroupBy(static export => export.Project, StringComparer.Ordinal)];
        if (projects.Length < 2)
        {
            return;
        }

        IReadOnlyDictionary<string, HashSet<long>> known = Known(repository);
        for (int i = 0; i < projects.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Require(projects[j], projects[i], known, repository.Settings.ProjectNames.LabelStudioIds, tasks);
            }
        }
    }

    /// <summary>Label Studio's ids by project: those in records and in slices, and those that the settings add.</summary>
    public static IReadOnlyDictionary<string, HashSet<long>> Known(Repository repository) => Known(repository, added: true);

    /// <summary>Every project's ids as its exports have them, archived or named by slices.</summary>
    public static IReadOnlyDictionary<string, HashSet<long>> OfExports(Repository repository) => Known(repository, added: false);

    private static Dictionary<string, HashSet<long>> Known(Repository repository, bool added)
    {
        var known = new Dictionary<string, HashSet<long>>(StringComparer.Ordinal);
        HashSet<long> Ids(string project)
        {
            if (!known.TryGetValue(project, out HashSet<long>? ids))
            {
                known.Add(project, ids = added ? [.. repository.Settings.ProjectNames.LabelStudioIds(project)] : []);
            }

            return ids;
        }

        foreach ((string project, long id) in repository.SliceExports.ProjectIds())
        {
            Ids(repository.Archive.CurrentName(project)).Add(id);
        }

        foreach ((string project, HashSet<long> ids) in repository.Archive.Index.ProjectIds())
        {
            Ids(project).UnionWith(ids);
        }

        return known;
    }

    private static void Require(
        IGrouping<string, SliceExport> one,
        IGrouping<string, SliceExport> other,
        IReadOnlyDictionary<string, HashSet<long>> known,
        Func<string, IReadOnlyList<long>> added,
        Func<SliceExport, IReadOnlyList<ListedTask>?> tasks)
    {
        HashSet<long> ids = known.GetValueOrDefault(one.Key) ?? [];
        HashSet<long> others = known.GetValueOrDefault(other.Key) ?? [];
        if (ids.Overlaps(others))
        {
            long[] both = [.. ids.Intersect(others).Order()];

            // Exports of one id are of one project: only what was said by hand can be a mistake.
            (string Project, long Id)? given = both
                .SelectMany(id => new[] { (Project: other.Key, Id: id), (Project: one.Key, Id: id) })
                .Where(pair => added(pair.Project).Contains(pair.Id))
                .Select(static pair => ((string, long)?)pair)
                .FirstOrDefault();
            throw ProjectErrors.ProjectUnderTwoNames(
                one.Key, other.Key, $"both are Label Studio's {string.Join(", ", both)}", given?.Project, given?.Id);
        }

        // Ids that differ say that the tasks are others, and nothing need be read.
        if (ids.Count > 0 && others.Count > 0)
        {
            return;
        }

        foreach (SliceExport a in one)
        {
            foreach (SliceExport b in other)
            {
                long shared = tasks(a) is { } left && tasks(b) is { } right ? Shared(left, right) : 0;
                if (shared > 0)
                {
                    throw ProjectErrors.ProjectUnderTwoNames(
                        one.Key, other.Key, $"{Strings.Figures.Count(shared, "labelled task")} {(shared == 1 ? "is" : "are")} in both, with the same labels", given: null, id: null);
                }
            }
        }
    }

    /// <summary>Against the newest export of each other project of which it is not known that it is another one.</summary>
    private static void RequireOwnTasks(
        Repository repository, string file, ExportRecord export, IReadOnlyList<ListedTask> tasks, IReadOnlyDictionary<string, HashSet<long>> known)
    {
        var lists = new TaskLists(repository.CacheFolder);
        var newest = new NewestExports(repository);
        foreach (string project in repository.Archive.Projects().Where(project => project != export.Project && !repository.Settings.ProjectNames.IsRetired(project)))
        {
            // Ids that differ say that the tasks are others, and nothing need be read.
            if (export.ProjectIds.Count > 0 && known.GetValueOrDefault(project) is { Count: > 0 })
            {
                continue;
            }

            ExportRecord other = newest.Of(project);
            if (lists.TryLoad(other.Sha256) is { } theirs && Shared(tasks, theirs) is > 0 and var shared)
            {
                throw ProjectErrors.LabelsInAnotherProject(file, export.Project, project, shared, anotherId: null);
            }
        }
    }

    /// <summary>How many tasks two lists share, with the same labels.</summary>
    private static long Shared(IReadOnlyList<ListedTask> one, IReadOnlyList<ListedTask> other)
    {
        long shared = 0;
        for (int i = 0, j = 0; i < one.Count && j < other.Count;)
        {
            int order = one[i].Id.CompareTo(other[j].Id);
            shared += order == 0 && one[i].Labels == other[j].Labels ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return shared;
    }
}
