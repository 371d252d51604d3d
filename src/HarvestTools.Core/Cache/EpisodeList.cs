using System.Collections;
using HarvestTools.Rows.Tables;

namespace HarvestTools.Cache;

/// <summary>What was counted of one episode while a table was written.</summary>
/// <param name="Key">Where its first row stands.</param>
internal record struct EpisodeCounts(RunKey Key)
{
    public long Rows { get; set; }

    public long Corrections { get; set; }
}

/// <summary>
/// The episodes of one written table in row order. A large export has tens of thousands: they are kept closely packed, and
/// their texts are made for whoever reads them.
/// </summary>
/// <param name="table">The table's name.</param>
/// <param name="counts">Those of an absent name are left out: rows that belong to no episode.</param>
/// <param name="digests">Of every one of these the 32 bytes of its digest.</param>
internal sealed class EpisodeList(string table, IReadOnlyList<EpisodeCounts> counts, byte[] digests) : IEnumerable<EpisodeFacts>
{
    public IEnumerator<EpisodeFacts> GetEnumerator()
    {
        string? last = null;
        for (int i = 0; i < counts.Count; i++)
        {
            EpisodeCounts episode = counts[i];
            if (episode.Key.Episode.IsAbsent)
            {
                continue;
            }

            // Neighbouring episodes share their task folder; one string serves them all.
            string subdir = episode.Key.TaskSubdir.ToString();
            last = subdir == last ? last : subdir;
            yield return new EpisodeFacts(
                table, last, episode.Key.Episode.ToString(), episode.Rows, episode.Corrections, EpisodeDigests.Hex(digests, i));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
