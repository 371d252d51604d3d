using HarvestTools.Cache;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Repositories;

/// <summary>
/// What each project of a new slice lacks that the parent has: the wrong export makes a training set that is smaller, and looks
/// as good as any other.
/// </summary>
internal static class ProjectLosses
{
    /// <summary>The share of a project's labelled tasks that a slice may lack without being asked for.</summary>
    private const double Allowed = 0.1;

    /// <summary>By project, those whose exports are others than the parent's.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="parent">The slice before.</param>
    /// <param name="exports">The new slice's exports.</param>
    /// <param name="tasks">Gives the labelled tasks of an export; null where it cannot.</param>
    public static IReadOnlyList<ProjectLoss> Find(
        Repository repository, SliceManifest parent, IReadOnlyList<SliceExport> exports, Func<SliceExport, ListedTask[]?> tasks)
    {
        SliceManifest before = SliceInputs.UnderPresentNames(repository, parent);
        var losses = new List<ProjectLoss>();
        foreach (IGrouping<string, SliceExport> project in before.Exports.GroupBy(static export => export.Project, StringComparer.Ordinal))
        {
            SliceExport[] now = [.. exports.Where(export => export.Project == project.Key)];
            bool same = project.Select(static export => export.Sha256).Order().SequenceEqual(now.Select(static export => export.Sha256).Order());
            if (same)
            {
                continue;
            }

            HashSet<long>? had = Ids(project, tasks);
            HashSet<long>? has = had is null ? null : Ids(now, tasks);
            long? lost = has is null ? null : had!.Count(id => !has.Contains(id));

            // Also where no task is lost: its rows may be.
            losses.Add(new ProjectLoss(
                project.Key,
                now.Length == 0 ? null : string.Join(", ", now.Select(static export => export.Path ?? export.Name ?? Figures.ShortHash(export.Sha256))),
                had?.Count,
                lost,
                Rows(before.Outputs, project),
                now.Length == 0 ? 0 : null)
            {
                Hashes = now.Length == 0 ? null : string.Join(", ", now.Select(static export => Figures.ShortHash(export.Sha256))),
                Retired = now.Length == 0 && repository.Settings.ProjectNames.IsRetired(project.Key),
            });
        }

        return losses;
    }

    /// <summary>Refuses a project that loses more of its labelled tasks than passes unnoticed.</summary>
    /// <exception cref="HarvestException">ProjectShrinks.</exception>
    public static void RequireTasks(IEnumerable<ProjectLoss> losses, string version, string parent)
    {
        if (losses.FirstOrDefault(static loss => !loss.Retired && loss.TasksLost > Allowed * loss.TasksBefore) is { } loss)
        {
            throw ProjectErrors.ProjectShrinks(loss, version, parent);
        }
    }

    /// <summary>
    /// Where the parent's labels cannot be read here, its rows stand for them; only rows under the same rules can be compared.
    /// </summary>
    /// <exception cref="HarvestException">ProjectShrinks.</exception>
    public static void RequireRows(IEnumerable<ProjectLoss> losses, SliceManifest slice, SliceManifest parent)
    {
        bool sameRules = slice.HarvestSha256 == parent.HarvestSha256
            && slice.DerivationVersion == parent.DerivationVersion
            && System.Text.Json.Nodes.JsonNode.DeepEquals(slice.FilterOverrides, parent.FilterOverrides);
        if (losses.FirstOrDefault(loss => !loss.Retired && loss.TasksLost is null && (sameRules || loss.Export is null) && loss.RowsLost > Allowed * loss.RowsBefore) is { } loss)
        {
            throw ProjectErrors.ProjectShrinks(loss, slice.Version, parent.Version);
        }
    }

    /// <summary>The losses with the rows that the slice has.</summary>
    public static IReadOnlyList<ProjectLoss> WithRows(IEnumerable<ProjectLoss> losses, SliceManifest slice) =>
        [.. losses.Select(loss => loss with { RowsAfter = Rows(slice.Outputs, slice.Exports.Where(export => export.Project == loss.Project)) })];

    /// <summary>Those in which something is lost, or may be.</summary>
    public static IReadOnlyList<ProjectLoss> Real(IEnumerable<ProjectLoss> losses) =>
        [.. losses.Where(static loss => !loss.Retired && (loss.TasksLost > 0 || loss.RowsLost is not null || (loss.TasksLost is null && loss.RowsAfter is null)))];

    private static long? Rows(IReadOnlyList<SliceOutput> outputs, IEnumerable<SliceExport> exports)
    {
        HashSet<string> hashes = [.. exports.Select(static export => export.Sha256)];
        string[] kept = [.. TableCatalog.All.Where(static table => table.HoldsLabels).Select(static table => table.Name)];
        return outputs.Count == 0 ? null : outputs
            .Where(output => kept.Contains(output.Table) && hashes.Contains(output.Export))
            .Sum(static output => output.Rows);
    }

    private static HashSet<long>? Ids(IEnumerable<SliceExport> exports, Func<SliceExport, ListedTask[]?> tasks)
    {
        var ids = new HashSet<long>();
        foreach (SliceExport export in exports)
        {
            if (tasks(export) is not { } listed)
            {
                return null;
            }

            ids.UnionWith(listed.Select(static task => task.Id));
        }

        return ids;
    }
}
