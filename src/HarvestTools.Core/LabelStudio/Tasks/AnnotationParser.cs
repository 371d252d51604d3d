using System.Text.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads one entry of <c>annotations[]</c>, or of <c>completions[]</c> in old files.</summary>
internal static class AnnotationParser
{
    public static void Read(ref TaskReader reader, ExportTask task, TaskParts parts)
    {
        Annotation into = task.AddAnnotation(out AnnotationExtras extras);
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            switch (Members.OfAnnotation(key))
            {
                case AnnotationMember.Id:
                    into.Id = reader.Id(Members.Id);
                    break;
                case AnnotationMember.CompletedBy:
                    into.AnnotatorId = ReadAnnotator(ref reader);
                    break;
                case AnnotationMember.Result when parts.Has(TaskParts.Regions):
                    ReadResult(ref reader, into, task.Tokens, parts);
                    break;
                case AnnotationMember.WasCancelled:
                    into.WasCancelled = reader.Flag(Members.WasCancelled);
                    break;
                case AnnotationMember.GroundTruth:
                    into.GroundTruth = reader.Flag(Members.GroundTruth);
                    break;
                case AnnotationMember.Project:
                    task.Extras.NoteProject(reader.IdIfAny());
                    break;
                case AnnotationMember.ParentPrediction:
                    extras.ParentPrediction = reader.IdIfAny();
                    break;
                case AnnotationMember.ParentAnnotation:
                    extras.ParentAnnotation = reader.IdIfAny();
                    break;
                case AnnotationMember.UpdatedAt:
                    extras.UpdatedAt = reader.TimeIfAny();
                    task.Extras.NoteAnnotationUpdate(extras.UpdatedAt);
                    break;
                case AnnotationMember.CreatedAt:
                    extras.CreatedAt = reader.TimeIfAny();
                    break;
                case AnnotationMember.Prediction when parts.Has(TaskParts.Predictions):
                    ReadPrediction(ref reader, extras);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    /// <summary>The annotator: a number, or an object with an id; null for anything else.</summary>
    private static long? ReadAnnotator(ref TaskReader reader)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            return Annotator(ref reader);
        }

        long? id = null;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            if (Members.OfAnnotation(key) == AnnotationMember.Id)
            {
                id = Annotator(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return id;
    }

    // A name or an e-mail address is no id, and the annotator then unknown; a number that does not fit would be another's.
    private static long? Annotator(ref TaskReader reader) =>
        reader.Json.TokenType == JsonTokenType.Number ? reader.Id(Members.CompletedBy) : reader.IdIfAny();

    private static void ReadResult(ref TaskReader reader, Annotation into, TaskTokens tokens, TaskParts parts)
    {
        into.ClearRegions();
        if (!reader.IsArray(Members.Result))
        {
            return;
        }

        while (reader.NextElement())
        {
            // An object of a known shape is in this window of tokens as a whole.
            bool keeps = tokens.KeepsTexts && reader.Json.Shape is not null;
            int place = reader.Json.Place;
            RegionItem item;
            if (parts.Has(TaskParts.Shapes))
            {
                Region region = into.AddRegion();
                RegionParser.Read(ref reader, region, parts.Has(TaskParts.Tolerant));
                item = region;
            }
            else
            {
                item = into.AddItem();
                RegionParser.ReadPlaces(ref reader, item);
            }

            if (keeps)
            {
                TaskReader again = reader;
                again.Json.GoTo(place);
                tokens.Regions.Keep(item, again);
            }
        }
    }

    private static void ReadPrediction(ref TaskReader reader, AnnotationExtras into)
    {
        into.PredictionCopy = null;
        into.PredictionId = null;
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.PredictionId = reader.IdIfAny();
            return;
        }

        Prediction copy = into.StartPredictionCopy();
        if (!PredictionParser.Read(ref reader, copy))
        {
            into.PredictionCopy = null;
        }
    }
}
