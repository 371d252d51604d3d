using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>A project as the archive and harvest.json have it.</summary>
/// <param name="Project">Its present name.</param>
/// <param name="EarlierNames">Names that its exports were archived under before.</param>
/// <param name="LabelStudioIds">Its ids in Label Studio, ascending; empty where no export says one.</param>
/// <param name="Retired">Whether slices have it only when it is named.</param>
/// <param name="Exports">How many of its exports are archived.</param>
/// <param name="Newest">SHA-256 of the newest of them; null where there is none.</param>
/// <param name="LabelsThrough">Where the labels of that one end; null where that is not known.</param>
public sealed record HarvestProject(
    string Project,
    IReadOnlyList<string> EarlierNames,
    IReadOnlyList<long> LabelStudioIds,
    bool Retired,
    int Exports,
    string? Newest,
    DateTimeOffset? LabelsThrough)
{
    /// <summary>What is to be known of a change that was made all the same: an id that another project has too, or that it had already.</summary>
    public IReadOnlyList<ExportNotice> Notices { get; init; } = [];
}

/// <summary>
/// Lists projects, and changes what harvest.json says of them: their names, ids and ends. Records of exports and slices stay as
/// they are.
/// </summary>
public static class ProjectList
{
    /// <summary>Every project that has an export or a setting, or that a slice names, by name.</summary>
    public static IReadOnlyList<HarvestProject> Run(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ILookup<string, ExportRecord> exports = repository.Archive.List().ToLookup(static record => record.Project, StringComparer.Ordinal);
        IReadOnlyDictionary<string, ProjectSettings> settings = repository.Settings.Projects;
        return
        [
            .. from project in exports.Select(static records => records.Key)
                   .Union(settings.Keys, StringComparer.Ordinal)
                   .Union(repository.SliceExports.Paths().Keys.Select(repository.Archive.CurrentName), StringComparer.Ordinal)
                   .Order(StringComparer.Ordinal)
               select Describe(repository, project, [.. exports[project]], settings.GetValueOrDefault(project) ?? new ProjectSettings()),
        ];
    }

    /// <summary>Gives a project another name, or joins it with the project that has that name, if both are the same one.</summary>
    /// <exception cref="HarvestException">ProjectNotFound, ProjectNameInvalid, ProjectDiffersByCase, ProjectNameTaken; harvest.json cannot be written.</exception>
    public static HarvestProject Rename(Repository repository, string project, string newName) => Rename(repository, project, newName, write: true);

    /// <summary>What can be wrong with a new name is found without writing anything.</summary>
    /// <exception cref="HarvestException">As <see cref="Rename(Repository, string, string)"/>.</exception>
    public static void CheckRename(Repository repository, string project, string newName) => Rename(repository, project, newName, write: false);

    private static HarvestProject Rename(Repository repository, string project, string newName, bool write)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return Change(repository, project, newName, write, (all, current) =>
        {
            if (current == newName)
            {
                return;
            }

            // A name that differs by case alone is taken, unless it is this very project's.
            if (!current.Equals(newName, StringComparison.OrdinalIgnoreCase))
            {
                repository.Archive.CheckProject(newName);
            }
            else if (SliceNames.WhyNotProject(newName) is { } why)
            {
                throw ArchiveErrors.ProjectNameInvalid(newName, why);
            }

            if (repository.Archive.CurrentName(newName) is var owner && owner != newName && owner != current)
            {
                throw ProjectErrors.ProjectNameOfAnother(newName, owner);
            }

            RequireSame(repository, current, newName);
            ProjectSettings old = all.GetValueOrDefault(current) ?? new ProjectSettings();
            ProjectSettings kept = all.GetValueOrDefault(newName) ?? old;
            all.Remove(current);
            all[newName] = kept with
            {
                Names = [.. kept.Names.Union(old.Names).Append(current).Where(name => name != newName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                LabelStudioIds = [.. kept.LabelStudioIds.Union(old.LabelStudioIds).Order()],
            };
        });
    }

    /// <summary>Keeps a project out of slices that do not name it, or takes it back in.</summary>
    /// <exception cref="HarvestException">ProjectNotFound; harvest.json cannot be written.</exception>
    public static HarvestProject Retire(Repository repository, string project, bool retired)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return Change(repository, project, null, write: true, (all, current) =>
            all[current] = (all.GetValueOrDefault(current) ?? new ProjectSettings()) with { Retired = retired });
    }

    /// <summary>
    /// Says that a project has a further id in Label Studio, for example since it was moved to another server. An id that another
    /// project has is taken with a notice: said of both, it is how two names are joined afterwards.
    /// </summary>
    /// <exception cref="HarvestException">ProjectNotFound; harvest.json cannot be written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The id is no positive number.</exception>
    public static HarvestProject AddId(Repository repository, string project, long id)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(id);
        var notices = new List<ExportNotice>();
        HarvestProject changed = Change(repository, project, null, write: true, (all, current) =>
        {
            ProjectIds ids = ProjectIds.Of(repository, all);
            if (ids.Has(current, id))
            {
                notices.Add(ExportNotice.Of(ProjectErrors.ProjectIdKnown(current, id)));
            }
            else
            {
                ProjectSettings settings = all.GetValueOrDefault(current) ?? new ProjectSettings();
                all[current] = settings with { LabelStudioIds = [.. settings.LabelStudioIds.Append(id).Distinct().Order()] };
            }

            notices.AddRange(ids.Others(current, id).Select(other => ExportNotice.Of(ProjectErrors.ProjectIdOfAnother(
                current, other, id, ids.IsAdded(current, id) || !ids.Has(current, id) ? current : ids.IsAdded(other, id) ? other : null))));
        });
        return changed with { Notices = notices };
    }

    /// <summary>Takes back what <see cref="AddId"/> said.</summary>
    /// <exception cref="HarvestException">ProjectNotFound, ProjectIdNotAdded; harvest.json cannot be written.</exception>
    public static HarvestProject RemoveId(Repository repository, string project, long id) => RemoveId(repository, project, id, write: true);

    /// <summary>Whether an id can be taken back is found without writing anything.</summary>
    /// <exception cref="HarvestException">As <see cref="RemoveId(Repository, string, long)"/>.</exception>
    public static void CheckRemoveId(Repository repository, string project, long id) => RemoveId(repository, project, id, write: false);

    private static HarvestProject RemoveId(Repository repository, string project, long id, bool write)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return Change(repository, project, null, write, (all, current) =>
        {
            ProjectSettings settings = all.GetValueOrDefault(current) ?? new ProjectSettings();
            if (!settings.LabelStudioIds.Contains(id))
            {
                ProjectIds ids = ProjectIds.Of(repository, all);
                throw ProjectErrors.ProjectIdNotAdded(current, id, settings.LabelStudioIds, ids.OfExports(current));
            }

            all[current] = settings with { LabelStudioIds = [.. settings.LabelStudioIds.Where(known => known != id)] };
        });
    }

    private static HarvestProject Change(
        Repository repository, string project, string? newName, bool write, Action<OrderedDictionary<string, ProjectSettings>, string> change)
    {
        string current = repository.Archive.CurrentName(project);
        if (!repository.Settings.Projects.ContainsKey(current))
        {
            repository.Archive.RequireProject(current);
        }

        repository.EnsureIgnored();
        using FileLock exclusive = FileLock.Acquire(Path.Combine(repository.LocksFolder, "settings"));
        HarvestSettings settings = HarvestSettings.Load(repository.SettingsPath);
        var all = new OrderedDictionary<string, ProjectSettings>(settings.Projects, StringComparer.Ordinal);
        change(all, current);
        foreach (string nothing in all.Where(static entry => entry.Value.IsEmpty).Select(static entry => entry.Key).ToArray())
        {
            all.Remove(nothing);
        }

        if (write)
        {
            (settings with { Projects = all }).Write(repository.SettingsPath);
        }

        Repository changed = Repository.Find(repository.Root);
        string name = newName ?? current;
        return Run(changed).FirstOrDefault(described => described.Project == name)
            ?? Describe(changed, name, [], new ProjectSettings());
    }

    /// <summary>Two projects of Label Studio stay two.</summary>
    private static void RequireSame(Repository repository, string project, string name)
    {
        IReadOnlyDictionary<string, HashSet<long>> known = ProjectIdentity.Known(repository);
        bool joins = repository.Settings.Projects.ContainsKey(name) || repository.Archive.Projects().Contains(name, StringComparer.Ordinal);
        if (joins && (known.GetValueOrDefault(project) is not { Count: > 0 } || known.GetValueOrDefault(name) is not { Count: > 0 })
            && repository.Slices.LoadAll().Select(static entry => entry.Error).FirstOrDefault(static error => error is not null) is { } unreadable)
        {
            // It may have the ids that show the two to be different.
            throw unreadable;
        }

        if (known.GetValueOrDefault(project) is { Count: > 0 } ids && known.GetValueOrDefault(name) is { Count: > 0 } others && !ids.Overlaps(others))
        {
            throw ProjectErrors.ProjectNameTaken(project, name, [.. ids.Order()], [.. others.Order()]);
        }
    }

    private static HarvestProject Describe(Repository repository, string project, IReadOnlyList<ExportRecord> exports, ProjectSettings settings)
    {
        ExportRecord? newest = exports.Count == 0 ? null : new NewestExports(repository).Of(exports, context: null);
        return new HarvestProject(
            project,
            settings.Names,
            [.. exports.SelectMany(static export => export.ProjectIds).Union(settings.LabelStudioIds).Distinct().Order()],
            settings.Retired,
            exports.Count,
            newest?.Sha256,
            newest?.LabelsThrough?.Instant);
    }
}
