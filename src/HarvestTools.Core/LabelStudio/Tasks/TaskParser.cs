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
    /// <param name="parts">What to read.</param>
    /// <exception cref="HarvestException">The task is malformed, no task, or has a value of the wrong kind.</exception>
    public static void Parse(in RawTask task, ExportTask into, TaskParts parts = TaskParts.All)
    {
        into.Reset();
        try
        {
            into.Tokens.Load(task);
            TaskReader reader = into.Tokens.Open();
            reader.Json.Read();
            TaskKeys keys = ReadTask(ref reader, into, parts);
            into.IsRecognised = TaskShape.Check(task, keys);
            into.Place = TaskPlace.Of(task, into.Labels.Id);
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

    private static TaskKeys ReadTask(ref TaskReader reader, ExportTask task, TaskParts parts)
    {
        TaskKeys keys = TaskKeys.None;
        bool annotated = false;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            TaskMember member = Members.OfTask(key);
            keys |= TaskShape.KeyOf(member);
            switch (member)
            {
                case TaskMember.Id:
                    task.Labels.Id = reader.Id(Members.Id);
                    break;
                case TaskMember.Annotations:
                    annotated = true;
                    ReadAnnotations(ref reader, task, parts);
                    break;
                case TaskMember.Completions when !annotated:
                    ReadAnnotations(ref reader, task, parts);
                    break;
                case TaskMember.Data when parts.Has(TaskParts.Regions):
                    task.Labels.Data = reader.Data();
                    break;
                case TaskMember.Drafts:
                    task.Extras.Drafts = reader.CountElements();
                    break;
                case TaskMember.Predictions when parts.Has(TaskParts.Predictions):
                    ReadPredictions(ref reader, task.Extras);
                    break;
                case TaskMember.TotalAnnotations:
                    task.Extras.TotalAnnotations = reader.IdIfAny() ?? 0;
                    break;
                case TaskMember.Project:
                    task.Extras.SetProject(reader.IdIfAny());
                    break;
                case TaskMember.UpdatedAt:
                    task.Extras.NoteUpdate(reader.TimeIfAny());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return keys;
    }

    private static void ReadAnnotations(ref TaskReader reader, ExportTask task, TaskParts parts)
    {
        task.ClearAnnotations();
        if (!reader.IsArray(Members.Annotations))
        {
            return;
        }

        while (reader.NextElement())
        {
            if (reader.Json.TokenType != JsonTokenType.StartObject)
            {
                throw reader.Fault("an annotation must be an object");
            }

            AnnotationParser.Read(ref reader, task, parts);
        }
    }

    private static void ReadPredictions(ref TaskReader reader, TaskExtras extras)
    {
        extras.ClearPredictions();
        if (reader.Json.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.NextElement())
        {
            PredictionParser.Read(ref reader, extras.AddPrediction());
        }
    }
}
