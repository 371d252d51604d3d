using System.Buffers;
using System.Runtime.InteropServices;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation;

/// <summary>
/// Collects what people labelled in one task, as the retrain decision compares it: an annotation that only agrees, an accepted
/// prediction, a mark of ground truth, a task that is imported again or another project name change nothing, and a label
/// that is added, moved, relabelled, deleted or taken back does. One a worker.
/// </summary>
internal sealed class PeopleLabels
{
    // No kind of region has it.
    private const long DeletedKind = -1;
    private const int UploadPrefix = 8;

    private static readonly SearchValues<byte> s_hex = SearchValues.Create("0123456789abcdef"u8);

    // What a label was met as: at all, and as one that a person made.
    private const byte Any = 1;
    private const byte Made = 2;

    private readonly GeometryDigest _geometry = new();
    private readonly DigestSet _met = new();
    private readonly JsonTape _tape = new();
    private readonly CanonicalWriter _canonical = new(exactIntegers: true);
    private readonly ByteWriter _canonicalText = new(0);

    // By the place of the medium: most regions of a task are on one.
    private readonly List<KnownMedium> _known = [];
    private NameHash _toName;
    private NameHash _fromName;
    private TaskMedia _media = null!;
    private EpisodeLabels _episode = null!;

    /// <summary>The key columns that stand for the task as a whole.</summary>
    public TaskFields Fields => _media.Main;

    /// <param name="media">Of a task with annotations.</param>
    /// <param name="tally">Receives the episode, so that one whose labels were taken back is not taken for one that is gone.</param>
    public void Begin(TaskMedia media, Tally tally)
    {
        _media = media;
        _met.Clear();
        _known.Clear();
        _episode = tally.EpisodeOf(Fields.TaskSubdir.Span, Fields.Episode.Span);
    }

    /// <summary>Counts the labels of a submitted annotation that no other one of the task has.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="changed">Whether a person changed a segment or a track that was predicted; null where its origin says it, as of all other regions.</param>
    /// <param name="tally">Receives them.</param>
    public void Add(Annotation annotation, Func<Region, bool?> changed, Tally tally)
    {
        foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
        {
            if (region.Kind == RegionKind.Relation)
            {
                continue;
            }

            KnownMedium medium = region.HasMedium ? KnownAt(_media.IndexOf(region), tally) : new KnownMedium(0, Fields.Frame, _episode);
            Digest128 label = Of(region, medium.Frame, medium.Name);
            bool made = (region.Kind is RegionKind.Timeline or RegionKind.Track ? changed(region) : null) ?? !region.Origin.Is("prediction"u8);
            byte added = _met.Add(label, made ? (byte)(Any | Made) : Any);
            if (added != 0)
            {
                bool madeNow = (added & Made) != 0;
                medium.Episode.Add(madeNow ? label : default, madeNow ? 1 : 0, added & Any);
            }
        }
    }

    /// <summary>Counts predicted regions that the annotation does not have any more.</summary>
    /// <param name="id">The region's; absent where predictions have none.</param>
    /// <param name="count">How many; several only where they have no id.</param>
    public void AddDeleted(Utf8Text id, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Digest128 deleted = Hash([DeletedKind, Fields.Frame, (long)Utf8Hash.Of(id.Span), i]);
            if (_met.Add(deleted, Made) != 0)
            {
                _episode.Add(deleted, made: 1, all: 0);
            }
        }
    }

    private KnownMedium KnownAt(int place, Tally tally)
    {
        while (_known.Count <= place)
        {
            _known.Add(default);
        }

        // A medium before it may be one of cancelled annotations alone, and its episode one of which nobody submitted anything.
        ref KnownMedium known = ref CollectionsMarshal.AsSpan(_known)[place];
        if (known.Episode is null)
        {
            TaskFields fields = _media.All[place].Fields;
            known = new KnownMedium(MediumName(place), fields.Frame, tally.EpisodeOf(fields.TaskSubdir.Span, fields.Episode.Span));
        }

        return known;
    }

    private Digest128 Of(Region region, long frame, ulong medium)
    {
        Digest128 drawn = region.IsShape ? _geometry.Of(region) : Said(region.Value.Span);
        ulong labels = 0;
        foreach (ref readonly Utf8Text label in CollectionsMarshal.AsSpan(region.Labels))
        {
            labels += Utf8Hash.Of(label.Span);
        }

        return Hash(
        [
            (long)region.Kind,
            frame,
            region.ItemIndex ?? 0,
            (long)_toName.Of(region.ToName.Span),
            (long)_fromName.Of(region.FromName.Span),
            (long)medium,
            (long)drawn.High,
            (long)drawn.Low,
            (long)labels,
        ]);
    }

    /// <summary>What is said of a medium or a task, however it is spelled: another export of the same labels may have other white space and escapes.</summary>
    private Digest128 Said(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return Digest128.Of(value);
        }

        _canonicalText.Clear();
        try
        {
            _tape.Load(value);
            var tokens = new JsonTokens(value, _tape);
            tokens.Read();
            _canonical.Append(ref tokens, _canonicalText);
        }
        catch (CanonicalJsonException)
        {
            // No label hash covers such a value either; as it is written it is at least the same from export to export.
            return Digest128.Of(value);
        }

        return Digest128.Of(_canonicalText.Written);
    }

    /// <summary>
    /// The name of a medium's file, so that an episode in a folder of another name is the same one, and so it is after its files
    /// were uploaded again, which gives their names another prefix.
    /// </summary>
    private ulong MediumName(int index)
    {
        ReadOnlySpan<byte> name = _media.All[index].Link.Span;
        name = name[(name.LastIndexOfAny((byte)'/', (byte)'\\') + 1)..];
        int escaped = Math.Max(name.LastIndexOf("%2F"u8), name.LastIndexOf("%2f"u8));
        name = escaped >= 0 ? name[(escaped + 3)..] : name;
        int end = name.IndexOfAny((byte)'?', (byte)'&', (byte)'#');
        name = end > 0 ? name[..end] : name;
        bool uploaded = name.Length > UploadPrefix && name[UploadPrefix] == '-' && !name[..UploadPrefix].ContainsAnyExcept(s_hex);
        return Utf8Hash.Of(uploaded ? name[(UploadPrefix + 1)..] : name);
    }

    private static Digest128 Hash(ReadOnlySpan<long> words) => Digest128.Of(MemoryMarshal.AsBytes(words));

    private readonly record struct KnownMedium(ulong Name, long Frame, EpisodeLabels Episode);

    /// <summary>The hash of a name that is mostly the one before.</summary>
    private struct NameHash
    {
        private byte[] _name;
        private ulong _hash;

        public ulong Of(ReadOnlySpan<byte> name)
        {
            if (_name is null || !name.SequenceEqual(_name))
            {
                _name = name.ToArray();
                _hash = Utf8Hash.Of(name);
            }

            return _hash;
        }
    }
}
