using System.Text;
using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Decisions.States;

/// <summary>What several exports hold of their episodes.</summary>
internal static class EpisodeSnapshots
{
    /// <summary>One snapshot for each task folder and episode that anybody worked on, in ordinal order of both.</summary>
    public static IReadOnlyList<EpisodeSnapshot> Of(IEnumerable<Part> parts)
    {
        var episodes = new Dictionary<(string TaskSubdir, string Episode), (EpisodeLabels Labels, bool HasRows)>();
        var seen = new HashSet<(string, string, Digest128, long)>();
        var predicted = new HashSet<ulong>();
        foreach (Part part in parts)
        {
            foreach ((string taskSubdir, string episode, EpisodeLabels labels) in part.Tally.People)
            {
                // What another project has once more, to the last label, is the same episode and not twice as much of it.
                EpisodeLabels known = Entry(episodes, taskSubdir, episode).Labels;
                if (seen.Add((taskSubdir, episode, labels.Digest, labels.All)))
                {
                    known.Merge(labels);
                }
            }

            foreach (EpisodeFacts facts in part.Episodes)
            {
                if (facts.Rows > 0 && TableCatalog.HoldsLabels(facts.Table))
                {
                    (EpisodeLabels labels, _) = Entry(episodes, facts.TaskSubdir, facts.Episode);
                    episodes[(facts.TaskSubdir, facts.Episode)] = (labels, true);
                }
            }

            // The empty name is that of regions that no prediction preceded, or of which none is known.
            predicted.UnionWith(part.Tally.ByModel.Where(static model => model.Key.Length > 0).SelectMany(static model => model.Value.Strata).SelectMany(static entry => entry.Stratum.EpisodeHashes));
        }

        return
        [
            .. episodes.Select(entry => new EpisodeSnapshot(
                    entry.Key.TaskSubdir, entry.Key.Episode, entry.Value.Labels.Made > 0, EpisodeSnapshot.DigestOf(entry.Value.Labels.Digest))
                {
                    Labels = entry.Value.Labels.All,
                    HasRows = entry.Value.HasRows,
                    HasPrediction = predicted.Contains(HashOf(entry.Key.TaskSubdir, entry.Key.Episode)),
                })
                .OrderBy(static episode => episode.TaskSubdir, StringComparer.Ordinal)
                .ThenBy(static episode => episode.Episode, StringComparer.Ordinal),
        ];
    }

    private static (EpisodeLabels Labels, bool HasRows) Entry(
        Dictionary<(string TaskSubdir, string Episode), (EpisodeLabels Labels, bool HasRows)> episodes, string taskSubdir, string episode)
    {
        if (!episodes.TryGetValue((taskSubdir, episode), out (EpisodeLabels Labels, bool HasRows) entry))
        {
            episodes.Add((taskSubdir, episode), entry = (new EpisodeLabels(), false));
        }

        return entry;
    }

    private static ulong HashOf(string taskSubdir, string episode) =>
        Utf8Hash.Of(Encoding.UTF8.GetBytes(episode), Utf8Hash.Of(Encoding.UTF8.GetBytes(taskSubdir)));
}
