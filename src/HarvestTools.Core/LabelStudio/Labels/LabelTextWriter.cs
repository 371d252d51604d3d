using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>Writes the canonical texts of one task's annotations, see <see cref="LabelHash"/>; reusable.</summary>
internal sealed class LabelTextWriter
{
    private readonly RegionTextWriter _region = new();
    private readonly ByteWriter _regions = new();
    private readonly ByteWriter _annotations = new();
    private readonly List<Piece> _regionPieces = [];
    private readonly List<Piece> _annotationPieces = [];
    private readonly List<Utf8Text> _types = [];

    // Kept, since a lambda at the place of use would be a new object for every annotation.
    private readonly Comparison<Piece> _byText;
    private readonly Comparison<Piece> _byIdAndText;
    private long _cancelled;

    public LabelTextWriter()
    {
        _byText = (left, right) => _regions.Slice(left.Start, left.Length).SequenceCompareTo(_regions.Slice(right.Start, right.Length));
        _byIdAndText = (left, right) =>
        {
            int order = Nullable.Compare(left.Id, right.Id);
            return order != 0
                ? order
                : _annotations.Slice(left.Start, left.Length).SequenceCompareTo(_annotations.Slice(right.Start, right.Length));
        };
    }

    public int Count => _annotationPieces.Count;

    /// <summary>The project that an annotation names; old exports have it only there.</summary>
    public long? ProjectId { get; private set; }

    public void Clear()
    {
        _regions.Clear();
        _annotations.Clear();
        _annotationPieces.Clear();
        _types.Clear();
        _cancelled = 0;
        ProjectId = null;
    }

    /// <summary>Reads an array of annotations; what an earlier key of the same name held is forgotten.</summary>
    public void Read(ref TaskReader reader)
    {
        Clear();
        if (!reader.IsArray("annotations"))
        {
            return;
        }

        while (reader.NextElement())
        {
            if (reader.Json.TokenType != JsonTokenType.StartObject)
            {
                throw reader.Fault("an annotation must be an object");
            }

            ReadAnnotation(ref reader);
        }
    }

    public void CountInto(LabelFacts facts) => facts.AddAnnotations(Count, _cancelled, _types);

    /// <summary>Appends the annotations by id, then by text, with commas between.</summary>
    public void AppendSorted(ByteWriter to)
    {
        _annotationPieces.Sort(_byIdAndText);
        AppendPieces(_annotationPieces, _annotations, to);
    }

    public static void AddId(long? id, ByteWriter to)
    {
        if (id is long value)
        {
            to.Add(value);
        }
        else
        {
            to.Add("null"u8);
        }
    }

    private void ReadAnnotation(ref TaskReader reader)
    {
        long? id = null;
        long? annotator = null;
        bool cancelled = false;
        bool groundTruth = false;
        int typesBefore = _types.Count;
        _regions.Clear();
        _regionPieces.Clear();
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("id"u8))
            {
                id = reader.Id("id");
            }
            else if (key.SequenceEqual("completed_by"u8))
            {
                annotator = AnnotationParser.ReadAnnotator(ref reader);
            }
            else if (key.SequenceEqual("was_cancelled"u8) || key.SequenceEqual("skipped"u8))
            {
                cancelled = reader.Flag("was_cancelled");
            }
            else if (key.SequenceEqual("ground_truth"u8) || key.SequenceEqual("honeypot"u8))
            {
                groundTruth = reader.Flag("ground_truth");
            }
            else if (key.SequenceEqual("project"u8))
            {
                ProjectId = reader.IdIfAny() ?? ProjectId;
            }
            else if (key.SequenceEqual("result"u8))
            {
                _types.RemoveRange(typesBefore, _types.Count - typesBefore);
                ReadResult(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        _cancelled += cancelled ? 1 : 0;
        int start = _annotations.Length;
        _annotations.Add("{\"annotator\":"u8);
        AddId(annotator, _annotations);
        _annotations.Add(cancelled ? ",\"cancelled\":true"u8 : ",\"cancelled\":false"u8);
        _annotations.Add(groundTruth ? ",\"ground_truth\":true,\"id\":"u8 : ",\"ground_truth\":false,\"id\":"u8);
        AddId(id, _annotations);
        _annotations.Add(",\"regions\":["u8);
        _regionPieces.Sort(_byText);
        AppendPieces(_regionPieces, _regions, _annotations);
        _annotations.Add("]}"u8);
        _annotationPieces.Add(new Piece(id, start, _annotations.Length - start));
    }

    private void ReadResult(ref TaskReader reader)
    {
        _regions.Clear();
        _regionPieces.Clear();
        if (!reader.IsArray("result"))
        {
            return;
        }

        while (reader.NextElement())
        {
            int start = _regions.Length;
            _types.Add(_region.Append(ref reader, _regions));
            _regionPieces.Add(new Piece(null, start, _regions.Length - start));
        }
    }

    private static void AppendPieces(List<Piece> pieces, ByteWriter from, ByteWriter to)
    {
        bool first = true;
        foreach (Piece piece in pieces)
        {
            if (!first)
            {
                to.Add((byte)',');
            }

            first = false;
            to.Add(from.Slice(piece.Start, piece.Length));
        }
    }

    private readonly record struct Piece(long? Id, int Start, int Length);
}
