using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
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

    private readonly GeometryDigest _geometry = new();
    private readonly HashSet<UInt128> _made = [];
    private readonly HashSet<UInt128> _all = [];
    private TaskMedia _media = null!;

    /// <summary>The key columns that stand for the task as a whole.</summary>
    public TaskFields Fields => _media.Main;

    /// <param name="media">Of a task with annotations.</param>
    /// <param name="tally">Receives the episode, so that one whose labels were taken back is not taken for one that is gone.</param>
    public void Begin(TaskMedia media, Tally tally)
    {
        _media = media;
        _made.Clear();
        _all.Clear();
        _ = tally.EpisodeOf(Fields.TaskSubdir.Span, Fields.Episode.Span);
    }

    /// <summary>Counts the labels of a submitted annotation that no other one of the task has.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="changed">Whether a person changed a region that was predicted; null where its origin says it.</param>
    /// <param name="tally">Receives them.</param>
    public void Add(Annotation annotation, Func<Region, bool?> changed, Tally tally)
    {
        foreach (Region region in annotation.Regions)
        {
            if (region.Kind == RegionKind.Relation)
            {
                continue;
            }

            TaskFields fields = region.HasMedium ? _media.FieldsOf(region) : Fields;
            UInt128 label = Of(region, fields);
            int all = _all.Add(label) ? 1 : 0;
            int made = (changed(region) ?? !region.Origin.Is("prediction"u8)) && _made.Add(label) ? 1 : 0;
            if (all + made > 0)
            {
                tally.EpisodeOf(fields.TaskSubdir.Span, fields.Episode.Span).Add(made == 0 ? UInt128.Zero : label, made, all);
            }
        }
    }

    /// <summary>Counts predicted regions that the annotation does not have any more.</summary>
    /// <param name="id">The region's; absent where predictions have none.</param>
    /// <param name="count">How many; several only where they have no id.</param>
    /// <param name="tally">Receives them.</param>
    public void AddDeleted(Utf8Text id, int count, Tally tally)
    {
        for (int i = 0; i < count; i++)
        {
            UInt128 deleted = Hash([DeletedKind, Fields.Frame, (long)Utf8Hash.Of(id.Span), i]);
            if (_made.Add(deleted))
            {
                tally.EpisodeOf(Fields.TaskSubdir.Span, Fields.Episode.Span).Add(deleted, made: 1, all: 0);
            }
        }
    }

    private UInt128 Of(Region region, in TaskFields fields)
    {
        UInt128 drawn = region.IsShape ? _geometry.Of(region) : XxHash128.HashToUInt128(region.Value.Span);
        ulong labels = 0;
        foreach (Utf8Text label in region.Labels)
        {
            labels += Utf8Hash.Of(label.Span);
        }

        return Hash(
        [
            (long)region.Kind,
            fields.Frame,
            region.ItemIndex ?? 0,
            (long)Utf8Hash.Of(region.ToName.Span),
            (long)Utf8Hash.Of(region.FromName.Span),
            (long)(region.HasMedium ? MediumName(_media.IndexOf(region)) : 0),
            (long)(ulong)(drawn >> 64),
            (long)(ulong)drawn,
            (long)labels,
        ]);
    }

    /// <summary>
    /// The name of a medium's file, so that an episode in a folder of another name is the same one, and so it is after its files
    /// were uploaded again, which gives their names another prefix.
    /// </summary>
    private ulong MediumName(int index)
    {
        if (index >= _media.All.Count)
        {
            return 0;
        }

        ReadOnlySpan<byte> name = _media.All[index].Link.Span;
        name = name[(name.LastIndexOfAny((byte)'/', (byte)'\\') + 1)..];
        int escaped = Math.Max(name.LastIndexOf("%2F"u8), name.LastIndexOf("%2f"u8));
        name = escaped >= 0 ? name[(escaped + 3)..] : name;
        int end = name.IndexOfAny((byte)'?', (byte)'&', (byte)'#');
        name = end > 0 ? name[..end] : name;
        bool uploaded = name.Length > UploadPrefix && name[UploadPrefix] == '-' && !name[..UploadPrefix].ContainsAnyExcept(s_hex);
        return Utf8Hash.Of(uploaded ? name[(UploadPrefix + 1)..] : name);
    }

    private static UInt128 Hash(ReadOnlySpan<long> words) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(words));
}
