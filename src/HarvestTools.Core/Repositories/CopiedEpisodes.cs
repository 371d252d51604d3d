using System.Buffers.Binary;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>
/// Episodes that two projects of a slice have with the same labels by people: a project that Label Studio copied, or imported its
/// own export, has new ids of tasks and annotations, and only its labels say what it is.
/// </summary>
internal static class CopiedEpisodes
{
    /// <summary>Bytes of the digest of what people made, and of how many labels there are.</summary>
    private const int LabelBytes = Digest128.Bytes + sizeof(long);

    /// <summary>Of each two projects how many episodes both have, in the order in which the later one comes.</summary>
    /// <param name="parts">What was counted of each export, with its project.</param>
    public static IReadOnlyList<(string Project, string Other, long Episodes)> Find(IEnumerable<(string Project, Tally Tally)> parts)
    {
        // By what was labelled and the episode's name, as bytes: fifty exports have ten thousand episodes, of which no text is needed.
        var first = new Utf8Table<Holder>();
        var places = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        SortedDictionary<(int Other, int Project), long>? copies = null;
        byte[] key = new byte[256];
        foreach ((string project, Tally tally) in parts)
        {
            places.TryAdd(project, places.Count);
            int place = places[project];
            tally.PackedPeople.ForEach((episode, labels) =>
            {
                // What no one changed may be equal because one model predicted it twice.
                if (EpisodeLabels.MadeOf(labels) == 0)
                {
                    return;
                }

                int length = LabelBytes + episode.Length;
                if (key.Length < length)
                {
                    key = new byte[2 * length];
                }

                labels[..Digest128.Bytes].CopyTo(key);
                BinaryPrimitives.WriteInt64LittleEndian(key.AsSpan(Digest128.Bytes), EpisodeLabels.AllOf(labels));
                episode.CopyTo(key.AsSpan(LabelBytes));
                Holder holder = first[key.AsSpan(0, length)];
                if (holder.Project < 0)
                {
                    holder.Project = place;
                }
                else if (holder.Project != place)
                {
                    copies ??= [];
                    copies[(place, holder.Project)] = copies.GetValueOrDefault((place, holder.Project)) + 1;
                }
            });
        }

        return copies is null ? [] : [.. copies.Select(pair => (places.GetAt(pair.Key.Project).Key, places.GetAt(pair.Key.Other).Key, pair.Value))];
    }

    private sealed class Holder
    {
        public int Project { get; set; } = -1;
    }
}
