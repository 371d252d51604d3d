using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// Writes the canonical text of a task's labels, see <see cref="LabelHash"/>, by walking <see cref="LabelTask"/> whole.
/// Reusable.
/// </summary>
internal sealed class LabelTextWriter
{
    private readonly ByteWriter _regions = new();
    private readonly ByteWriter _annotations = new();
    private readonly ByteWriter _text = new();
    private readonly RegionTextOrder _regionOrder = new();
    private readonly List<Piece> _annotationPieces = [];

    // Kept, since a lambda at the place of use would be a new object for every annotation.
    private readonly Comparison<Piece> _byIdAndText;

    public LabelTextWriter()
    {
        _byIdAndText = (left, right) =>
        {
            int order = Nullable.Compare(left.Id, right.Id);
            return order != 0
                ? order
                : _annotations.Slice(left.Start, left.Length).SequenceCompareTo(_annotations.Slice(right.Start, right.Length));
        };
    }

    /// <summary>The text; valid until <see cref="Clear"/>.</summary>
    /// <param name="task">Read with <see cref="TaskParts.Regions"/>.</param>
    /// <param name="tokens">Of the same task.</param>
    /// <exception cref="CanonicalJsonException">A number is out of a double's range, or a lone surrogate is escaped.</exception>
    public ReadOnlySpan<byte> Write(LabelTask task, TaskTokens tokens)
    {
        Clear();
        TaskReader reader = tokens.Open();
        _annotations.Add("{\"annotations\":["u8);
        for (int i = 0; i < task.Annotations.Count; i++)
        {
            _annotations.Add(i > 0 ? ","u8 : ""u8);
            Append(task.Annotations[i], i, tokens, ref reader);
        }

        // As a rule annotations are in the order of their ids, each of which is there once, and the text is as it has to be.
        ByteWriter text = _annotations;
        if (!AreInOrder())
        {
            _annotationPieces.Sort(_byIdAndText);
            LeaveOutRepeated(tokens);
            text = _text;
            text.Add("{\"annotations\":["u8);
            AppendPieces(_annotationPieces, _annotations, text);
        }

        text.Add("],\"data\":"u8);
        text.Add(task.Data.IsAbsent ? "null"u8 : task.Data.Span);
        text.Add(",\"id\":"u8);
        AddId(task.Id, text);
        text.Add((byte)'}');
        return text.Written;
    }

    private bool AreInOrder()
    {
        for (int i = 1; i < _annotationPieces.Count; i++)
        {
            if (!(_annotationPieces[i - 1].Id < _annotationPieces[i].Id))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of one annotation.</summary>
    public byte[] TextOf(Annotation annotation, TaskTokens tokens)
    {
        Clear();
        TaskReader reader = tokens.Open();
        Append(annotation, 0, tokens, ref reader);
        return _annotations.ToArray();
    }

    /// <summary>The text of one region.</summary>
    public byte[] TextOf(RegionItem region, TaskTokens tokens)
    {
        Clear();
        TaskReader reader = tokens.Open();
        tokens.Regions.Append(region, tokens, ref reader, _regions);
        return _regions.ToArray();
    }

    /// <summary>Gives the memory back that a huge task took.</summary>
    public void Clear()
    {
        _regions.Clear();
        _annotations.Clear();
        _annotationPieces.Clear();
        _text.Clear();
    }

    private void Append(Annotation annotation, int index, TaskTokens tokens, ref TaskReader reader)
    {
        _regions.Clear();
        _regionOrder.Clear();
        IReadOnlyList<RegionItem> items = annotation.Items;
        for (int i = 0; i < items.Count; i++)
        {
            int from = _regions.Length;
            tokens.Regions.Append(items[i], tokens, ref reader, _regions);
            _regionOrder.Add(from, _regions.Length - from);
        }

        int start = _annotations.Length;
        _annotations.Add("{\"annotator\":"u8);
        AddId(annotation.AnnotatorId, _annotations);
        _annotations.Add(annotation.WasCancelled ? ",\"cancelled\":true"u8 : ",\"cancelled\":false"u8);
        _annotations.Add(annotation.GroundTruth ? ",\"ground_truth\":true,\"id\":"u8 : ",\"ground_truth\":false,\"id\":"u8);
        AddId(annotation.Id, _annotations);
        _annotations.Add(",\"regions\":["u8);
        bool first = true;
        foreach (int place in _regionOrder.Sort(_regions))
        {
            _annotations.Add(first ? ""u8 : ","u8);
            first = false;
            _annotations.Add(_regionOrder.Text(_regions, place));
        }

        _annotations.Add("]}"u8);
        _annotationPieces.Add(new Piece(annotation.Id, start, _annotations.Length - start, index));
    }

    /// <summary>An annotation that is there twice counts once; one that differs is an error, since nobody can say which is meant.</summary>
    private void LeaveOutRepeated(TaskTokens tokens)
    {
        int kept = 0;
        for (int i = 0; i < _annotationPieces.Count; i++)
        {
            Piece piece = _annotationPieces[i];
            if (kept > 0 && piece.Id is { } id && _annotationPieces[kept - 1] is var before && before.Id == id)
            {
                if (!_annotations.Slice(before.Start, before.Length).SequenceEqual(_annotations.Slice(piece.Start, piece.Length)))
                {
                    throw ExportErrors.ExportAnnotationRepeated(tokens.Task, id, PositionOf(before.Index, tokens), PositionOf(piece.Index, tokens));
                }

                continue;
            }

            _annotationPieces[kept++] = piece;
        }

        _annotationPieces.RemoveRange(kept, _annotationPieces.Count - kept);
    }

    /// <summary>Where an annotation starts, in bytes from the task's opening brace. Looked up for a message alone.</summary>
    private static int PositionOf(int index, TaskTokens tokens)
    {
        int position = 0;
        TaskReader reader = tokens.Open();
        reader.Json.Read();
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            bool annotations = Members.OfTask(key) is TaskMember.Annotations or TaskMember.Completions;
            if (!annotations || reader.Json.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            for (int i = 0; reader.NextElement(); i++)
            {
                position = i == index ? reader.Json.TokenStart : position;
                reader.Skip();
            }
        }

        return position;
    }

    private static void AddId(long? id, ByteWriter to)
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

    private readonly record struct Piece(long? Id, int Start, int Length, int Index);
}
