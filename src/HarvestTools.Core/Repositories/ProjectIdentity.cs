using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Manifests;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>
/// Keeps a project of Label Studio under one name: by its id, by equal label hashes, and by tasks that two projects have with the
/// same labels, which are copies whatever ids the files give.
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
    public static void Require(Repository repository, string file, ExportRecord export, ListedTask[]? tasks)
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

    private static void RequireOnce(Repository repository, string file, ExportRecord export, ListedTask[]? tasks)
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
                file, export.Project, twin.Project, tasks?.Length ?? twin.Tasks ?? 0, sameId ? null : export.ProjectIds[0], all: true);
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
    /// <param name="threads">How many may read what is listed of the exports.</param>
    /// <exception cref="HarvestException">ProjectUnderTwoNames, TasksInTwoProjects.</exception>
    public static void Require(Repository repository, IReadOnlyList<SliceExport> exports, Func<SliceExport, ListedTask[]?> tasks, int threads)
    {
        IGrouping<string, SliceExport>[] projects = [.. exports.GroupBy(static export => export.Project, StringComparer.Ordinal)];
        if (projects.Length < 2)
        {
            return;
        }

        IReadOnlyDictionary<string, HashSet<long>> known = Known(repository);

        // Of fifty projects there are a thousand pairs, which mostly differ.
        var seen = new HashSet<long>();
        bool sharesIds = projects.Any(project => known.GetValueOrDefault(project.Key)?.All(seen.Add) == false);
        ListedTask[][] listed = Listed(repository, projects, known, threads);
        var read = new ListedTask[]?[projects.Length];
        for (int i = 0; i < projects.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (sharesIds)
                {
                    RequireOtherIds(projects[j].Key, projects[i].Key, known, repository.Settings.ProjectNames.LabelStudioIds);
                }

                RequireOtherTasks(j, i);
            }
        }

        void RequireOtherTasks(int one, int other)
        {
            // Where ids differ, tasks are others as a rule: what is listed already is compared all the same, but no export is read for it.
            if (HasIds(projects[one], known) && HasIds(projects[other], known))
            {
                if (TaskLists.Shared(listed[one], listed[other]) is > 0 and var copied)
                {
                    throw ProjectErrors.TasksInTwoProjects(projects[one].Key, projects[other].Key, copied, known[projects[other].Key].Min());
                }
            }
            else if (TaskLists.Shared(read[one] ??= Of(projects[one], tasks), read[other] ??= Of(projects[other], tasks)) is > 0 and var shared)
            {
                throw ProjectErrors.ProjectUnderTwoNames(
                    projects[one].Key, projects[other].Key, $"{Strings.Figures.Count(shared, "labelled task")} {(shared == 1 ? "is" : "are")} in both, with the same labels", given: null, id: null);
            }
        }
    }

    /// <summary>What is listed of the projects that Label Studio's ids are known of, in order; nothing of the others, and no export is read.</summary>
    private static ListedTask[][] Listed(Repository repository, IGrouping<string, SliceExport>[] projects, IReadOnlyDictionary<string, HashSet<long>> known, int threads)
    {
        var lists = new TaskLists(repository.CacheFolder);
        var listed = new ListedTask[projects.Length][];
        using var pool = new WorkerPool(projects.Length < PartSource.FewParts ? 1 : threads);
        pool.Run(
            projects.Length,
            i => listed[i] = HasIds(projects[i], known) ? Of(projects[i], export => lists.TryLoad(export.Sha256)) : [],
            CancellationToken.None);
        return listed;
    }

    private static bool HasIds(IGrouping<string, SliceExport> project, IReadOnlyDictionary<string, HashSet<long>> known) =>
        known.GetValueOrDefault(project.Key) is { Count: > 0 };

    /// <summary>The labelled tasks of a project's exports as far as they can be had, in order, each once.</summary>
    private static ListedTask[] Of(IGrouping<string, SliceExport> project, Func<SliceExport, ListedTask[]?> tasks) =>

        // The list of one export is in order already, unless a project has an id twice.
        project.Count() == 1 && tasks(project.First()) is { } only && IsInOrder(only) ? only
            : [.. project.SelectMany(export => tasks(export) ?? []).Distinct().OrderBy(static task => task.Id).ThenBy(static task => task.Labels)];

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

    private static void RequireOtherIds(
        string one, string other, IReadOnlyDictionary<string, HashSet<long>> known, Func<string, IReadOnlyList<long>> added)
    {
        long[] both = [.. (known.GetValueOrDefault(one) ?? []).Intersect(known.GetValueOrDefault(other) ?? []).Order()];
        if (both.Length == 0)
        {
            return;
        }

        // Exports of one id are of one project: only what was said by hand can be a mistake.
        (string Project, long Id)? given = both
            .SelectMany(id => new[] { (Project: other, Id: id), (Project: one, Id: id) })
            .Where(pair => added(pair.Project).Contains(pair.Id))
            .Select(static pair => ((string, long)?)pair)
            .FirstOrDefault();
        throw ProjectErrors.ProjectUnderTwoNames(one, other, $"both are Label Studio's {string.Join(", ", both)}", given?.Project, given?.Id);
    }

    /// <summary>Against the newest export of each other project.</summary>
    private static void RequireOwnTasks(
        Repository repository, string file, ExportRecord export, ListedTask[] tasks, IReadOnlyDictionary<string, HashSet<long>> known)
    {
        var lists = new TaskLists(repository.CacheFolder);
        var newest = new NewestExports(repository);
        foreach (string project in repository.Archive.Projects().Where(project => project != export.Project && !repository.Settings.ProjectNames.IsRetired(project)))
        {
            ExportRecord other = newest.Of(project);
            if (lists.TryLoad(other.Sha256) is { } theirs && TaskLists.Shared(tasks, theirs) is > 0 and var shared)
            {
                bool differ = export.ProjectIds.Count > 0 && known.GetValueOrDefault(project) is { Count: > 0 } ids && !ids.Overlaps(export.ProjectIds);
                throw ProjectErrors.LabelsInAnotherProject(
                    file, export.Project, project, shared, differ ? export.ProjectIds[0] : null, all: shared == tasks.Length);
            }
        }
    }

    private static bool IsInOrder(ReadOnlySpan<ListedTask> tasks)
    {
        for (int i = 1; i < tasks.Length; i++)
        {
            if (tasks[i - 1].CompareTo(tasks[i]) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
