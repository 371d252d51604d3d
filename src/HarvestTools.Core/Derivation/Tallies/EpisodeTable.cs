using System.Buffers.Binary;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Tallies;

/// <summary>An episode and what people labelled in it.</summary>
/// <param name="name">Its task_subdir, a null byte and its own name, in UTF-8.</param>
/// <param name="labels">As <see cref="EpisodeLabels.Pack"/> gives them.</param>
internal delegate void PackedEpisode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels);

/// <summary>
/// What people labelled, episode by episode. What a record has stays packed until somebody asks for an episode: a slice of fifty
/// exports has ten thousand of them, and only adds them up.
/// </summary>
internal sealed class EpisodeTable
{
    private readonly Utf8Table<EpisodeLabels> _episodes = new();
    private List<ReadOnlyMemory<byte>>? _packed;
    private byte[] _name = new byte[128];

    /// <summary>In ordinal order.</summary>
    public IEnumerable<(string TaskSubdir, string Episode, EpisodeLabels Labels)> Sorted =>
        from entry in Episodes.Sorted()
        let end = entry.Key.IndexOf('\0', StringComparison.Ordinal)
        select (entry.Key[..end], entry.Key[(end + 1)..], entry.Value);

    private Utf8Table<EpisodeLabels> Episodes
    {
        get
        {
            if (Volatile.Read(ref _packed) is not null)
            {
                Unpack();
            }

            return _episodes;
        }
    }

    /// <summary>The counts of an episode, made on first sight; to add to, since what is packed is not in them.</summary>
    public EpisodeLabels Of(ReadOnlySpan<byte> taskSubdir, ReadOnlySpan<byte> episode)
    {
        int length = taskSubdir.Length + 1 + episode.Length;
        if (_name.Length < length)
        {
            _name = new byte[length * 2];
        }

        // Taken apart again at the first null byte.
        taskSubdir.CopyTo(_name);
        _name[taskSubdir.Length] = 0;
        episode.CopyTo(_name.AsSpan(taskSubdir.Length + 1));
        return _episodes[_name.AsSpan(0, length)];
    }

    /// <summary>Appends an episode to those that <see cref="AddPacked"/> takes.</summary>
    /// <param name="taskSubdir">Its task folder.</param>
    /// <param name="episode">Its name.</param>
    /// <param name="labels">What people labelled in it, packed.</param>
    /// <param name="to">Where the others are.</param>
    public static void Append(ReadOnlySpan<byte> taskSubdir, ReadOnlySpan<byte> episode, ReadOnlySpan<byte> labels, ByteWriter to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.Reserve(sizeof(int)), taskSubdir.Length + 1 + episode.Length);
        to.Advance(sizeof(int));
        to.Add(taskSubdir);
        to.Add((byte)0);
        to.Add(episode);
        to.Add(labels);
    }

    /// <summary>Adds the counts of many episodes.</summary>
    /// <param name="episodes">As they were appended; kept, so it must not change.</param>
    public void AddPacked(ReadOnlyMemory<byte> episodes)
    {
        if (!episodes.IsEmpty)
        {
            (_packed ??= []).Add(episodes);
        }
    }

    public void Merge(EpisodeTable other)
    {
        lock (other._episodes)
        {
            other._packed?.ForEach(AddPacked);
            other._episodes.ForEach((name, labels) => _episodes[name].Merge(labels));
        }
    }

    /// <summary>Each episode once, in no order.</summary>
    public void ForEach(PackedEpisode action)
    {
        lock (_episodes)
        {
            // One record has each episode once; of several, or beside others, the counts are to be added up first.
            if (_episodes.Count == 0 && _packed is [var only])
            {
                ForEach(only.Span, action);
                return;
            }
        }

        Episodes.ForEach((name, labels) => action(name, labels.Pack()));
    }

    private static void ForEach(ReadOnlySpan<byte> packed, PackedEpisode action)
    {
        while (!packed.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(packed);
            packed = packed[sizeof(int)..];
            action(packed[..length], packed.Slice(length, EpisodeLabels.PackedBytes));
            packed = packed[(length + EpisodeLabels.PackedBytes)..];
        }
    }

    /// <summary>Once, also where several ask at the same time.</summary>
    private void Unpack()
    {
        lock (_episodes)
        {
            _packed?.ForEach(packed => ForEach(packed.Span, (name, labels) => _episodes[name].TryAdd(labels)));
            Volatile.Write(ref _packed, null);
        }
    }
}
