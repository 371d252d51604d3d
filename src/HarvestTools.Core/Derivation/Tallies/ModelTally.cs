using System.Buffers.Binary;
using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Tallies;

/// <summary>What a labeler did with the regions of one annotation, told from the prediction it began from.</summary>
internal struct RegionSources
{
    /// <summary>Predicted and left as it was.</summary>
    public long Accepted;

    /// <summary>Predicted, then moved, reshaped or relabelled.</summary>
    public long Corrected;

    /// <summary>Drawn by the labeler where the model predicted nothing.</summary>
    public long Drawn;

    /// <summary>Predicted and removed by the labeler.</summary>
    public long Deleted;

    /// <summary>The export does not tell.</summary>
    public long Unknown;

    public readonly long Corrections => Corrected + Drawn + Deleted;
}

/// <summary>
/// What labelers did with the predictions of one pre-annotating model version, region by region. A region of which
/// the export does not tell is <see cref="Unknown"/>, never guessed.
/// </summary>
public sealed class ModelTally
{
    private const int AnnotatorBytes = 1 + sizeof(long);
    private readonly Utf8Table<ModelStratum> _strata = new();
    private byte[] _key = new byte[128];

    /// <summary>Annotations that started from this version's predictions.</summary>
    public long Annotations => Sum(static stratum => stratum.Annotations);

    /// <summary>Predicted and left as it was.</summary>
    public long Accepted => Sum(static stratum => stratum.Sources.Accepted);

    /// <summary>Predicted, then moved, reshaped or relabelled.</summary>
    public long Corrected => Sum(static stratum => stratum.Sources.Corrected);

    /// <summary>Drawn by the labeler where the model predicted nothing.</summary>
    public long Drawn => Sum(static stratum => stratum.Sources.Drawn);

    /// <summary>Predicted and removed by the labeler.</summary>
    public long Deleted => Sum(static stratum => stratum.Sources.Deleted);

    /// <summary>Regions of which the export does not tell.</summary>
    public long Unknown => Sum(static stratum => stratum.Sources.Unknown);

    /// <summary>How many different episodes (with their task_subdir) these annotations belong to.</summary>
    public int Episodes => Strata.SelectMany(static entry => entry.Stratum.EpisodeHashes).Distinct().Count();

    /// <summary>How many different known annotators made them.</summary>
    public int Annotators => Strata.Select(static entry => entry.AnnotatorId).OfType<long>().Distinct().Count();

    /// <summary>The counts by task_subdir and annotator, in the order of both; a null annotator is unknown.</summary>
    internal IReadOnlyList<StratumEntry> Strata
    {
        get
        {
            var strata = new List<StratumEntry>(_strata.Count);
            _strata.ForEach((key, stratum) => strata.Add(new StratumEntry(
                Encoding.UTF8.GetString(key.AsSpan(AnnotatorBytes)),
                key[0] == 0 ? null : BinaryPrimitives.ReadInt64BigEndian(key.AsSpan(1)),
                stratum)));
            strata.Sort(static (a, b) => string.CompareOrdinal(a.TaskSubdir, b.TaskSubdir) is var order && order != 0
                ? order
                : Nullable.Compare(a.AnnotatorId, b.AnnotatorId));
            return strata;
        }
    }

    /// <summary>The stratum of a task_subdir and annotator, made on first sight.</summary>
    internal ModelStratum Stratum(ReadOnlySpan<byte> taskSubdir, long? annotatorId)
    {
        int length = AnnotatorBytes + taskSubdir.Length;
        if (_key.Length < length)
        {
            _key = new byte[length * 2];
        }

        _key[0] = annotatorId is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64BigEndian(_key.AsSpan(1), annotatorId ?? 0);
        taskSubdir.CopyTo(_key.AsSpan(AnnotatorBytes));
        return _strata[_key.AsSpan(0, length)];
    }

    internal void Merge(ModelTally other) => other._strata.ForEach((key, stratum) => _strata[key].Merge(stratum));

    private long Sum(Func<ModelStratum, long> count)
    {
        long sum = 0;
        _strata.ForEach((_, stratum) => sum += count(stratum));
        return sum;
    }
}

/// <summary>The counts of one task_subdir and annotator; a null annotator is unknown.</summary>
internal sealed record StratumEntry(string TaskSubdir, long? AnnotatorId, ModelStratum Stratum);

/// <summary>The counts of one model version, task_subdir and annotator, with the corrections of each episode.</summary>
internal sealed class ModelStratum
{
    /// <summary>Bytes of an episode's corrections where they are packed: its hash and how many.</summary>
    public const int PackedEpisode = sizeof(ulong) + sizeof(long);

    private readonly Dictionary<ulong, long> _corrections = [];

    // As records hold them, until somebody asks: a slice of fifty exports reads and adds up what its decision alone looks at.
    private List<ReadOnlyMemory<byte>>? _packed;
    private RegionSources _sources;

    public long Annotations { get; private set; }

    public RegionSources Sources => _sources;

    public int Episodes => Corrections.Count;

    public IEnumerable<ulong> EpisodeHashes => Corrections.Keys;

    /// <summary>The sum over the episodes of the squared number of corrections: how much episodes scatter.</summary>
    public double SquaredCorrections => Corrections.Values.Sum(static count => (double)count * count);

    /// <summary>Corrections by episode hash, in the order of the hashes.</summary>
    public IEnumerable<KeyValuePair<ulong, long>> CorrectionsByEpisode => Corrections.OrderBy(static entry => entry.Key);

    /// <summary>When the first of these annotations was submitted, UTC; null where the export does not say.</summary>
    public DateTime? FirstAt { get; private set; }

    /// <summary>When the last of them was.</summary>
    public DateTime? LastAt { get; private set; }

    private Dictionary<ulong, long> Corrections
    {
        get
        {
            if (Volatile.Read(ref _packed) is not null)
            {
                Unpack();
            }

            return _corrections;
        }
    }

    public void Add(ulong episode, in RegionSources sources, DateTime? first, DateTime? last)
    {
        AddSources(sources, annotations: 1);
        AddCorrections(episode, sources.Corrections);
        AddDates(first, last);
    }

    public void AddDates(DateTime? first, DateTime? last)
    {
        FirstAt = FirstAt is null || first < FirstAt ? first ?? FirstAt : FirstAt;
        LastAt = LastAt is null || last > LastAt ? last ?? LastAt : LastAt;
    }

    public void AddCorrections(ulong episode, long corrections) =>
        _corrections[episode] = _corrections.GetValueOrDefault(episode) + corrections;

    /// <summary>Adds what <see cref="Pack"/> gave.</summary>
    /// <param name="corrections">Sixteen bytes an episode; kept, so it must not change.</param>
    public void AddPacked(ReadOnlyMemory<byte> corrections)
    {
        if (!corrections.IsEmpty)
        {
            (_packed ??= []).Add(corrections);
        }
    }

    /// <summary>The corrections by episode, sixteen bytes each, in the order of the hashes.</summary>
    public byte[] Pack()
    {
        var packed = new byte[Episodes * PackedEpisode];
        Span<byte> rest = packed;
        foreach ((ulong episode, long count) in CorrectionsByEpisode)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, episode);
            BinaryPrimitives.WriteInt64LittleEndian(rest[sizeof(ulong)..], count);
            rest = rest[PackedEpisode..];
        }

        return packed;
    }

    public void AddSources(in RegionSources sources, long annotations)
    {
        Annotations += annotations;
        _sources.Accepted += sources.Accepted;
        _sources.Corrected += sources.Corrected;
        _sources.Drawn += sources.Drawn;
        _sources.Deleted += sources.Deleted;
        _sources.Unknown += sources.Unknown;
    }

    public void Merge(ModelStratum other)
    {
        AddSources(other._sources, other.Annotations);
        AddDates(other.FirstAt, other.LastAt);
        lock (other._corrections)
        {
            other._packed?.ForEach(AddPacked);
            foreach ((ulong episode, long corrections) in other._corrections)
            {
                AddCorrections(episode, corrections);
            }
        }
    }

    /// <summary>Once, also where several ask at the same time.</summary>
    private void Unpack()
    {
        lock (_corrections)
        {
            if (_packed is not { } all)
            {
                return;
            }

            _corrections.EnsureCapacity(_corrections.Count + (all.Max(static packed => packed.Length) / PackedEpisode));
            foreach (ReadOnlyMemory<byte> packed in all)
            {
                for (ReadOnlySpan<byte> rest = packed.Span; !rest.IsEmpty; rest = rest[PackedEpisode..])
                {
                    AddCorrections(BinaryPrimitives.ReadUInt64LittleEndian(rest), BinaryPrimitives.ReadInt64LittleEndian(rest[sizeof(ulong)..]));
                }
            }

            Volatile.Write(ref _packed, null);
        }
    }
}
