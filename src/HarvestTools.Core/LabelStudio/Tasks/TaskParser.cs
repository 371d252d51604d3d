using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// Reads a task of an export, also of the form before Label Studio 1.0 (<c>completions</c>, <c>skipped</c>,
/// <c>honeypot</c>). Texts point into the task's buffer; nothing is allocated once the reused objects have grown.
/// </summary>
internal static class TaskParser
{
    /// <summary>Fills <paramref name="into"/>, which is reset first.</summary>
    /// <param name="task">The bytes of the task; what is read lives as long as they do.</param>
    /// <param name="into">Receives the task.</param>
    /// <param name="predictions">False leaves predictions and prediction copies out, which takes less time.</param>
    /// <exception cref="HarvestException">The task is malformed, no task, or has a value of the wrong kind.</exception>
    public static void Parse(in RawTask task, LabelTask into, bool predictions = true)
    {
        into.Reset();
        into.FileName = task.FileName;
        into.Ordinal = task.Ordinal;
        into.ByteOffset = task.ByteOffset;
        into.Line = task.Line;
        try
        {
            into.Tape.Load(task.Span);
            var reader = new TaskReader(task, into.Arena, into.Tape);
            reader.Json.Read();
            TaskKeys keys = ReadTask(ref reader, into, predictions);
            TaskShape.Check(task, keys);
        }
        catch (JsonException e)
        {
            throw TaskCheck.Malformed(task, e);
        }
        catch (CanonicalJsonException e)
        {
            throw ExportErrors.ExportValueUnusable(task, e.Position, e.Message);
        }
    }

    private static TaskKeys ReadTask(ref TaskReader reader, LabelTask task, bool predictions)
    {
        TaskKeys keys = TaskKeys.None;
        bool annotated = false;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            keys |= TaskShape.KeyOf(key);
            if (key.SequenceEqual("id"u8))
            {
                task.Id = reader.Id("id");
            }
            else if (key.SequenceEqual("annotations"u8))
            {
                annotated = true;
                ReadAnnotations(ref reader, task, predictions);
            }
            else if (key.SequenceEqual("completions"u8) && !annotated)
            {
                ReadAnnotations(ref reader, task, predictions);
            }
            else if (key.SequenceEqual("data"u8))
            {
                task.Data = reader.Raw();
            }
            else if (key.SequenceEqual("drafts"u8))
            {
                task.Drafts = CountElements(ref reader);
            }
            else if (key.SequenceEqual("predictions"u8) && predictions)
            {
                ReadPredictions(ref reader, task);
            }
            else if (key.SequenceEqual("project"u8))
            {
                task.ProjectId = reader.IdIfAny();
            }
            else
            {
                reader.Skip();
            }
        }

        return keys;
    }

    private static void ReadAnnotations(ref TaskReader reader, LabelTask task, bool predictions)
    {
        task.ClearAnnotations();
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

            AnnotationParser.Read(ref reader, task.AddAnnotation(), predictions);
        }
    }

    private static void ReadPredictions(ref TaskReader reader, LabelTask task)
    {
        task.ClearPredictions();
        if (reader.Json.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.NextElement())
        {
            PredictionParser.Read(ref reader, task.AddPrediction());
        }
    }

    /// <summary>How many elements the array has that the reader stands on; 0 for anything else.</summary>
    internal static int CountElements(ref TaskReader reader)
    {
        int count = 0;
        if (reader.Json.TokenType == JsonTokenType.StartArray)
        {
            for (; reader.NextElement(); count++)
            {
                reader.Skip();
            }
        }
        else
        {
            reader.Skip();
        }

        return count;
    }
}
