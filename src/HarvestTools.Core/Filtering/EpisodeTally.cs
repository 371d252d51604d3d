using System.Buffers.Binary;
using System.Text;

namespace HarvestTools.Filtering;

/// <summary>
/// The episodes that gave rows, with how many of their regions a person made or changed. Kept apart from
/// <see cref="Tally"/> because it grows with the number of episodes; attach one where it is wanted.
/// </summary>
public sealed class EpisodeTally
{
    private readonly Utf8Table<EpisodeCounts> _episodes = new();
    private byte[] _key = new byte[128];

    public int Count => _episodes.Count;

    /// <summary>Every episode in ordinal order of task_subdir and episode.</summary>
    public IReadOnlyList<EpisodeCount> Episodes
    {
        get
        {
            var episodes = new List<EpisodeCount>(_episodes.Count);
            _episodes.ForEach((key, counts) =>
            {
                int split = BinaryPrimitives.ReadInt32BigEndian(key);
                episodes.Add(new EpisodeCount(
                    Encoding.UTF8.GetString(key, 4, split),
                    Encoding.UTF8.GetString(key, 4 + split, key.Length - 4 - split),
                    counts.Rows,
                    counts.Kept,
                    counts.Corrected));
            });
            episodes.Sort(static (a, b) =>
            {
                int order = string.CompareOrdinal(a.TaskSubdir, b.TaskSubdir);
                return order != 0 ? order : string.CompareOrdinal(a.Episode, b.Episode);
            });
            return episodes;
        }
    }

    /// <summary>The counters of one episode; the length in front keeps "a"+"bc" apart from "ab"+"c".</summary>
    internal EpisodeCounts Of(ReadOnlySpan<byte> taskSubdir, ReadOnlySpan<byte> episode)
    {
        int length = 4 + taskSubdir.Length + episode.Length;
        if (_key.Length < length)
        {
            _key = new byte[length * 2];
        }

        BinaryPrimitives.WriteInt32BigEndian(_key, taskSubdir.Length);
        taskSubdir.CopyTo(_key.AsSpan(4));
        episode.CopyTo(_key.AsSpan(4 + taskSubdir.Length));
        return _episodes[_key.AsSpan(0, length)];
    }

    internal void Merge(EpisodeTally other) =>
        other._episodes.ForEach((key, counts) => _episodes[key].Merge(counts));
}

/// <param name="TaskSubdir">The episode's task_subdir.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Rows">Rows of all tables but <c>rejected</c>.</param>
/// <param name="Kept">Regions that stand in a row.</param>
/// <param name="Corrected">Those of them whose origin is <c>manual</c> or <c>prediction-changed</c>.</param>
public sealed record EpisodeCount(string TaskSubdir, string Episode, long Rows, long Kept, long Corrected);

internal sealed class EpisodeCounts
{
    public long Rows { get; set; }

    public long Kept { get; set; }

    public long Corrected { get; set; }

    public void Merge(EpisodeCounts other)
    {
        Rows += other.Rows;
        Kept += other.Kept;
        Corrected += other.Corrected;
    }
}
