using HarvestTools.Archive;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>Finds the archived exports that a new slice is to be made of.</summary>
internal static class ExportSelection
{
    /// <summary>The exports that selectors name, by project and by the time they were added.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="selectors">Hashes or their beginnings, alone or as <c>project-hash</c>, projects, or paths of archived files; empty takes the newest of each project.</param>
    /// <param name="context">Exports whose labels were not read yet are read where the newest is to be known; null reads nothing.</param>
    /// <exception cref="HarvestException">Nothing is archived, a selector names nothing, an export has no labels or is of two projects.</exception>
    public static List<SliceExport> Find(Repository repository, IReadOnlyList<string> selectors, WorkContext? context)
    {
        IReadOnlyList<ExportRecord> archived = repository.Archive.List();
        if (archived.Count == 0)
        {
            // In a clone slices name what is not here.
            SliceManifest? named = repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()
                .Where(static slice => slice.Exports.Count > 0).MaxBy(static slice => slice.Version, NaturalOrder.Instance);
            throw named is null
                ? DerivationErrors.NothingToSlice()
                : DerivationErrors.ExportsNotHere(named.Version, named.Exports.Count, repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder);
        }

        var newest = new NewestExports(repository);
        ILookup<string, ExportRecord> projects = archived.ToLookup(static record => record.Project, StringComparer.Ordinal);
        IEnumerable<ExportRecord> records = selectors.Count == 0
            ? newest.Of(context) is { Count: > 0 } some ? some : throw DerivationErrors.ProjectsRetired()
            : selectors.SelectMany(selector => Find(repository, projects, selector, exports => newest.Of(exports, context)));
        List<SliceExport> exports = [.. records
            .Select(RequireLabels)
            .DistinctBy(static record => record.FileName)
            .OrderBy(static record => record.Project, StringComparer.Ordinal)
            .ThenBy(static record => record.AddedAt.Instant)
            .ThenBy(static record => record.Sha256, StringComparer.Ordinal)
            .Select(ToSliceExport)];

        // Outputs name their export by its hash, which must therefore stand for one project only.
        SliceExport? twice = exports.GroupBy(static export => export.Sha256).FirstOrDefault(static same => same.Count() > 1)?.First();
        return twice is null ? exports : throw DerivationErrors.ExportUnderTwoProjects(twice.Sha256);
    }

    /// <summary>A task list without its annotations would pass for a project whose labels were all deleted.</summary>
    /// <exception cref="HarvestException">CandidateHasNoLabels.</exception>
    public static ExportRecord RequireLabels(ExportRecord record) => record.LacksAllLabels
        ? throw DerivationErrors.CandidateHasNoLabels(record.Project, record.Path ?? record.Name ?? record.FileName, record.Tasks ?? 0, record.LabelsMissing ?? 0)
        : record;

    /// <summary>The export as a slice names it.</summary>
    public static SliceExport ToSliceExport(ExportRecord record) => new()
    {
        Project = record.Project,
        Sha256 = record.Sha256,
        LabelSha256 = record.ComparableLabels,
        LabelVersion = record.ComparableLabels is null ? null : record.LabelVersion,
        LabelConfigSha256 = record.LabelConfigSha256,
        LabelsThrough = record.LabelsThrough,
        ProjectIds = record.ProjectIds,
        Bytes = record.Bytes,
        Path = record.Path,
        Name = record.Name,
    };

    private static IEnumerable<ExportRecord> Find(
        Repository repository, ILookup<string, ExportRecord> projects, string selector, Func<IReadOnlyList<ExportRecord>, ExportRecord> newest)
    {
        string named = repository.Archive.CurrentName(selector);
        if (projects.Contains(named))
        {
            return [newest([.. projects[named]])];
        }

        // As file names and tables have it: a project, a dash, and a hash or its beginning.
        int dash = selector.LastIndexOf('-');
        if (dash > 0 && repository.Archive.CurrentName(selector[..dash]) is var project && projects.Contains(project))
        {
            return repository.Archive.FindExports(selector[(dash + 1)..]).Where(record => record.Project == project);
        }

        string path = Path.GetFullPath(selector, repository.Root);
        if (File.Exists(path))
        {
            string sha256 = ExportContent.HashOf(path);
            IReadOnlyList<ExportRecord> recorded = repository.Archive.RecordsOf(sha256);
            return recorded.Count > 0 ? recorded : throw ArchiveErrors.FileNotArchived(selector, sha256);
        }

        // Whoever mistypes a project's name did not mean a hash, and a message about hashes would not help.
        string[] names = [.. projects.Select(static records => records.Key)];
        return ExportArchive.IsHashPrefix(selector) && NearestName.Near(selector, names) is null
            ? repository.Archive.FindExports(selector)
            : throw ArchiveErrors.ExportUnknown(selector, names);
    }
}
