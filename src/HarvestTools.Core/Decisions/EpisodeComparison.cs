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

    /// <summary>Labelled episodes of the trained slice that the candidate has neither by their names nor, renamed, by their labels.</summary>
    public static IEnumerable<EpisodeSnapshot> Gone(IReadOnlyList<EpisodeSnapshot> trained, IReadOnlyList<EpisodeSnapshot> candidate)
    {
        HashSet<(string, string)> names = [.. candidate.Select(static episode => (episode.TaskSubdir, episode.Episode))];
        HashSet<EpisodeSnapshot> renamed = Renamed(candidate, trained);
        return trained.Where(episode => episode.HasCorrection || episode.Labels > 0)
            .Where(episode => !names.Contains((episode.TaskSubdir, episode.Episode)) && !renamed.Contains(episode));
    }

    /// <summary>
    /// Those of the other state that are an episode of the first under another name. Where more are new than are gone, or less, with
    /// the same labels, nobody can say which is which, and none is: two pictures of which all that is said is "good" are two.
    /// </summary>
    private static HashSet<EpisodeSnapshot> Renamed(IReadOnlyList<EpisodeSnapshot> one, IReadOnlyList<EpisodeSnapshot> other)
    {
        ILookup<(string, long), EpisodeSnapshot> gone = Without(one, other);
        if (gone.Count == 0)
        {
            return [];
        }

        ILookup<(string, long), EpisodeSnapshot> added = Without(other, one);
        return new HashSet<EpisodeSnapshot>(
            added.Where(group => gone[group.Key].Count() == group.Count()).SelectMany(static group => group),
            ReferenceEqualityComparer.Instance);
    }

    /// <summary>The labelled episodes whose names the other state does not have, by their labels.</summary>
    private static ILookup<(string, long), EpisodeSnapshot> Without(IReadOnlyList<EpisodeSnapshot> one, IReadOnlyList<EpisodeSnapshot> other)
    {
        HashSet<(string, string)> names = [.. other.Select(static episode => (episode.TaskSubdir, episode.Episode))];
        return one.Where(episode => episode.HasCorrection && !names.Contains((episode.TaskSubdir, episode.Episode))).ToLookup(static episode => (episode.Digest, episode.Labels));
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
