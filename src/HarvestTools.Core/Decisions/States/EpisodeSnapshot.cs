using System.Security.Cryptography;
using System.Text;
using HarvestTools.Tables;

namespace HarvestTools.Decisions.States;

/// <summary>One episode as a slice or the candidate holds it, over all its projects and tables.</summary>
/// <param name="TaskSubdir">The task folder; may be empty.</param>
/// <param name="Episode">The episode's name, unique within its task folder.</param>
/// <param name="HasCorrection">Whether a person drew or changed at least one row that was kept.</param>
/// <param name="Digest">What its labels are: two snapshots hold the same labels exactly if their digests agree.</param>
internal sealed record EpisodeSnapshot(string TaskSubdir, string Episode, bool HasCorrection, string Digest);

/// <summary>What one table derived from one export holds of one episode.</summary>
/// <param name="Project">The export's project.</param>
/// <param name="Table">The table's name; <c>rejected</c> is left out when merging, since nothing in it was kept.</param>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Rows">Rows of the episode.</param>
/// <param name="CorrectedRows">Rows that a person drew or changed.</param>
/// <param name="Digest">SHA-256 over the episode's rows, lower-case hex.</param>
internal sealed record EpisodePart(
    string Project, string Table, string TaskSubdir, string Episode, long Rows, long CorrectedRows, string Digest);

/// <summary>Merges what several exports and tables hold of an episode into one snapshot.</summary>
internal static class EpisodeSnapshots
{
    /// <summary>
    /// One snapshot for each (task folder, episode) that has a row, sorted by both in ordinal order. The digest is
    /// SHA-256 over the sorted lines <c>project TAB table TAB digest</c>: the export's own hash is not part of it, so
    /// an export saved again with the same labels leaves every digest as it was.
    /// </summary>
    public static IReadOnlyList<EpisodeSnapshot> Merge(IEnumerable<EpisodePart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var episodes = new Dictionary<(string, string), (List<string> Lines, bool Corrected)>();
        foreach (EpisodePart part in parts)
        {
            if (part.Rows == 0 || !TableCatalog.HoldsLabels(part.Table))
            {
                continue;
            }

            var key = (part.TaskSubdir, part.Episode);
            (List<string> lines, bool corrected) = episodes.TryGetValue(key, out var found) ? found : ([], false);
            lines.Add($"{part.Project}\t{part.Table}\t{part.Digest}\n");
            episodes[key] = (lines, corrected || part.CorrectedRows > 0);
        }

        var snapshots = new List<EpisodeSnapshot>(episodes.Count);
        foreach (((string taskSubdir, string episode), (List<string> lines, bool corrected)) in episodes)
        {
            lines.Sort(StringComparer.Ordinal);
            byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines)));
            snapshots.Add(new EpisodeSnapshot(taskSubdir, episode, corrected, Convert.ToHexStringLower(digest)));
        }

        snapshots.Sort(static (left, right) =>
        {
            int order = string.CompareOrdinal(left.TaskSubdir, right.TaskSubdir);
            return order != 0 ? order : string.CompareOrdinal(left.Episode, right.Episode);
        });
        return snapshots;
    }
}
