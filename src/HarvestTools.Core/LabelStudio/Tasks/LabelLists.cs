using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>The lists of labels that a value may hold.</summary>
internal enum LabelList
{
    None,

    /// <summary><c>labels</c>: of tracks, of the Labels tag, of any region as a second choice.</summary>
    Plain,
    Keypoint,
    Rectangle,
    Timeline,
    Polygon,
}

/// <summary>
/// Which lists of labels a value has. Nearly always it is one, which is read at once; where there are several, the region's
/// kind decides, and the kind may be known only after the value.
/// </summary>
internal ref struct LabelLists
{
    private Utf8Text _plain;
    private Utf8Text _keypoint;
    private Utf8Text _rectangle;
    private Utf8Text _timeline;
    private Utf8Text _polygon;
    private LabelList _read;

    public readonly bool Has(LabelList list) => !Raw(list).IsAbsent;

    /// <summary>Takes the list that the reader is at; null stands for no list.</summary>
    public void Read(ref TaskReader reader, LabelList list, Region into)
    {
        int start = reader.Json.TokenStart;
        bool none = reader.Json.TokenType == JsonTokenType.Null;
        if (_read == LabelList.None || _read == list)
        {
            ReadInto(ref reader, into.Labels);
            _read = list;
        }
        else
        {
            reader.Skip();
        }

        Utf8Text raw = none ? default : reader.Since(start);
        switch (list)
        {
            case LabelList.Keypoint:
                _keypoint = raw;
                break;
            case LabelList.Rectangle:
                _rectangle = raw;
                break;
            case LabelList.Timeline:
                _timeline = raw;
                break;
            case LabelList.Polygon:
                _polygon = raw;
                break;
            default:
                _plain = raw;
                break;
        }
    }

    /// <summary>Leaves in the region the labels of the list that its kind asks for.</summary>
    public readonly void Settle(ref TaskReader reader, Region region)
    {
        LabelList own = region.Kind switch
        {
            RegionKind.Keypoint => LabelList.Keypoint,
            RegionKind.Rectangle => LabelList.Rectangle,
            RegionKind.Timeline => LabelList.Timeline,
            RegionKind.Polygon => LabelList.Polygon,
            RegionKind.Track or RegionKind.Labels => LabelList.Plain,
            _ => LabelList.None,
        };
        LabelList wanted = own == LabelList.None ? LabelList.None
            : Has(own) ? own
            : Has(LabelList.Plain) ? LabelList.Plain
            : LabelList.None;

        region.HasLabelList = wanted != LabelList.None;
        if (wanted == _read)
        {
            return;
        }

        region.Labels.Clear();
        if (wanted != LabelList.None)
        {
            TaskReader again = reader.Over(Raw(wanted));
            again.Json.Read();
            ReadInto(ref again, region.Labels);
        }
    }

    private static void ReadInto(ref TaskReader reader, List<Utf8Text> labels)
    {
        labels.Clear();
        if (reader.Json.TokenType != JsonTokenType.StartArray)
        {
            // A single label without brackets, as scripts write it; null adds none.
            Add(ref reader, labels);
            return;
        }

        while (reader.NextElement())
        {
            Add(ref reader, labels);
        }
    }

    private static void Add(ref TaskReader reader, List<Utf8Text> labels)
    {
        Utf8Text label = reader.Text();
        if (!label.IsAbsent)
        {
            labels.Add(label);
        }
    }

    private readonly Utf8Text Raw(LabelList list) => list switch
    {
        LabelList.Plain => _plain,
        LabelList.Keypoint => _keypoint,
        LabelList.Rectangle => _rectangle,
        LabelList.Timeline => _timeline,
        LabelList.Polygon => _polygon,
        _ => default,
    };
}
