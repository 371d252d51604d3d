using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>
/// Episodes that two projects of a slice have with the same labels by people: a project that Label Studio copied, or imported its
/// own export, has new ids of tasks and annotations, and only its labels say what it is.
/// </summary>
internal static class CopiedEpisodes
{
    /// <summary>Of each two projects how many episodes both have, in the order in which they come.</summary>
    /// <param name="parts">What was counted of each export, with its project.</param>
    public static IReadOnlyList<(string Project, string Other, long Episodes)> Find(IEnumerable<(string Project, Tally Tally)> parts)
    {
        var first = new Dictionary<(string TaskSubdir, string Episode, Digest128 Labels, long All), string>();
        var copies = new OrderedDictionary<(string Project, string Other), long>();
        foreach ((string project, Tally tally) in parts)
        {
            // What no one changed may be equal because one model predicted it twice.
            foreach ((string taskSubdir, string episode, EpisodeLabels labels) in tally.People.Where(static entry => entry.Labels.Made > 0))
            {
                (string, string, Digest128, long) known = (taskSubdir, episode, labels.Digest, labels.All);
                if (!first.TryAdd(known, project) && first[known] != project)
                {
                    (string, string) pair = (first[known], project);
                    copies[pair] = copies.TryGetValue(pair, out long before) ? before + 1 : 1;
                }
            }
        }

        return [.. copies.Select(static pair => (pair.Key.Project, pair.Key.Other, pair.Value))];
    }
}
