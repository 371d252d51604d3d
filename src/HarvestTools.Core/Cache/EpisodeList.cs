using System.Collections;
using HarvestTools.Tables.Log;

namespace HarvestTools.Cache;

/// <summary>What was counted of one episode while a table was written.</summary>
internal record struct EpisodeCounts(RunEpisode Episode)
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
    public string Table => table;

    /// <summary>The named episodes as they are kept, without a text made of anything.</summary>
    public IEnumerable<(EpisodeCounts Counts, ReadOnlyMemory<byte> Digest)> Packed
    {
        get
        {
            for (int i = 0; i < counts.Count; i++)
            {
                if (!counts[i].Episode.Name.IsAbsent)
                {
                    yield return (counts[i], EpisodeDigests.Of(digests, i));
                }
            }
        }
    }

    public IEnumerator<EpisodeFacts> GetEnumerator()
    {
        string? last = null;
        foreach ((EpisodeCounts episode, ReadOnlyMemory<byte> digest) in Packed)
        {
            // Neighbouring episodes share their task folder; one string serves them all.
            string subdir = episode.Episode.TaskSubdir.ToString();
            last = subdir == last ? last : subdir;
            yield return new EpisodeFacts(
                table, last, episode.Episode.Name.ToString(), episode.Rows, episode.Corrections, Convert.ToHexStringLower(digest.Span));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
