using HarvestTools.Decisions.States;

namespace HarvestTools.Decisions;

/// <summary>
/// Holds the candidate's episodes against what was trained on. An episode is known by its task folder and name, or where it was
/// renamed by its labels: one that is gone and one that is new, labelled alike to the last coordinate.
/// </summary>
internal static class EpisodeComparison
{
    /// <summary>The episodes that are newly corrected, each with whether the trained slice did not have it at all.</summary>
    public static IEnumerable<(EpisodeSnapshot Episode, bool IsNew)> Corrected(IReadOnlyList<EpisodeSnapshot> trained, IReadOnlyList<EpisodeSnapshot> candidate)
    {
        Dictionary<(string, string), EpisodeSnapshot> known = ByName(trained);
        HashSet<EpisodeSnapshot> renamed = Renamed(trained, candidate);
        foreach (EpisodeSnapshot episode in candidate)
        {
            if (known.TryGetValue((episode.TaskSubdir, episode.Episode), out EpisodeSnapshot? before))
            {
                if (episode.DiffersFrom(before))
                {
                    yield return (episode, false);
                }
            }
            else if (episode.HasCorrection && !renamed.Contains(episode))
            {
                yield return (episode, true);
            }
        }
    }

    /// <summary>The distinct episodes with rows of several slices, the latest slice first.</summary>
    public static IReadOnlyList<EpisodeSnapshot> Corpus(IEnumerable<IReadOnlyList<EpisodeSnapshot>> slices)
    {
        var corpus = new List<EpisodeSnapshot>();
        var names = new HashSet<(string, string)>();
        foreach (IReadOnlyList<EpisodeSnapshot> slice in slices)
        {
            // Of one that was renamed since only the later name counts.
            HashSet<EpisodeSnapshot> later = Renamed(corpus, slice);
            corpus.AddRange(slice.Where(episode => episode.HasRows && !later.Contains(episode) && names.Add((episode.TaskSubdir, episode.Episode))));
        }

        return corpus;
    }

    /// <summary>Those of one state that are an episode of the other under another name.</summary>
    private static HashSet<EpisodeSnapshot> Renamed(IReadOnlyList<EpisodeSnapshot> one, IReadOnlyList<EpisodeSnapshot> other)
    {
        HashSet<(string, string)> kept = [.. other.Select(static episode => (episode.TaskSubdir, episode.Episode))];
        var gone = new Dictionary<(string, long), int>();
        foreach (EpisodeSnapshot episode in one.Where(episode => episode.HasCorrection && !kept.Contains((episode.TaskSubdir, episode.Episode))))
        {
            gone[(episode.Digest, episode.Labels)] = gone.GetValueOrDefault((episode.Digest, episode.Labels)) + 1;
        }

        var renamed = new HashSet<EpisodeSnapshot>(ReferenceEqualityComparer.Instance);
        if (gone.Count > 0)
        {
            Dictionary<(string, string), EpisodeSnapshot> known = ByName(one);
            foreach (EpisodeSnapshot episode in other.Where(episode => episode.HasCorrection && !known.ContainsKey((episode.TaskSubdir, episode.Episode))))
            {
                // Each is one: two episodes labelled alike are two.
                if (gone.GetValueOrDefault((episode.Digest, episode.Labels)) is > 0 and var left)
                {
                    gone[(episode.Digest, episode.Labels)] = left - 1;
                    renamed.Add(episode);
                }
            }
        }

        return renamed;
    }

    private static Dictionary<(string, string), EpisodeSnapshot> ByName(IEnumerable<EpisodeSnapshot> episodes)
    {
        var known = new Dictionary<(string, string), EpisodeSnapshot>();
        foreach (EpisodeSnapshot episode in episodes)
        {
            known[(episode.TaskSubdir, episode.Episode)] = episode;
        }

        return known;
    }
}
