using System.Text.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads one entry of <c>annotations[]</c>, or of <c>completions[]</c> in old files.</summary>
internal static class AnnotationParser
{
    public static void Read(ref TaskReader reader, Annotation into, bool predictions)
    {
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("id"u8))
            {
                into.Id = reader.Id("id");
            }
            else if (key.SequenceEqual("completed_by"u8))
            {
                into.AnnotatorId = ReadAnnotator(ref reader);
            }
            else if (key.SequenceEqual("result"u8))
            {
                ReadResult(ref reader, into);
            }
            else if (key.SequenceEqual("was_cancelled"u8) || key.SequenceEqual("skipped"u8))
            {
                into.WasCancelled = reader.Flag("was_cancelled");
            }
            else if (key.SequenceEqual("ground_truth"u8) || key.SequenceEqual("honeypot"u8))
            {
                into.GroundTruth = reader.Flag("ground_truth");
            }
            else if (key.SequenceEqual("parent_prediction"u8))
            {
                into.ParentPrediction = reader.IdIfAny();
            }
            else if (key.SequenceEqual("prediction"u8) && predictions)
            {
                ReadPrediction(ref reader, into);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>The annotator: a number, or an object with an id; null for anything else.</summary>
    public static long? ReadAnnotator(ref TaskReader reader)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            return reader.IdIfAny();
        }

        long? id = null;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            if (key.SequenceEqual("id"u8))
            {
                id = reader.IdIfAny();
            }
            else
            {
                reader.Skip();
            }
        }

        return id;
    }

    private static void ReadResult(ref TaskReader reader, Annotation into)
    {
        into.ClearRegions();
        if (!reader.IsArray("result"))
        {
            return;
        }

        while (reader.NextElement())
        {
            RegionParser.Read(ref reader, into.AddRegion());
        }
    }

    private static void ReadPrediction(ref TaskReader reader, Annotation into)
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
