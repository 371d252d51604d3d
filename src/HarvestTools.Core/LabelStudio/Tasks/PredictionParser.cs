using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads a prediction as far as <see cref="Prediction"/> keeps it. What is odd in one is passed over: no row depends on it.</summary>
internal static class PredictionParser
{
    /// <summary>Reads a prediction, or only its id.</summary>
    /// <returns>False where an empty object stands.</returns>
    public static bool Read(ref TaskReader reader, Prediction into)
    {
        if (reader.Json.TokenType != JsonTokenType.StartObject)
        {
            into.Id = reader.IdIfAny();
            return true;
        }

        bool any = false;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            any = true;
            switch (Members.OfPrediction(key))
            {
                case PredictionMember.Id:
                    into.Id = reader.IdIfAny();
                    break;
                case PredictionMember.ModelVersion:
                    into.ModelVersion = reader.Text();
                    break;
                case PredictionMember.Result:
                    ReadResult(ref reader, into);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return any;
    }

    private static void ReadResult(ref TaskReader reader, Prediction into)
    {
        into.HasResult = false;
        into.RegionIds.Clear();
        into.RegionsWithoutId = 0;
        if (reader.Json.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        into.HasResult = true;
        while (reader.NextElement())
        {
            if (reader.Json.TokenType == JsonTokenType.StartObject)
            {
                ReadItem(ref reader, into);
            }
            else
            {
                reader.Skip();
            }
        }

        MakeDistinct(into.RegionIds);
    }

    private static void ReadItem(ref TaskReader reader, Prediction into)
    {
        Utf8Text id = default;
        bool relation = false;
        while (reader.NextMember(out ReadOnlySpan<byte> key))
        {
            switch (Members.OfRegion(key))
            {
                case RegionMember.Id:
                    id = reader.Text();
                    break;
                case RegionMember.Type:
                    relation = reader.Text().Is("relation"u8);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (relation)
        {
            return;
        }

        if (id.IsAbsent)
        {
            into.RegionsWithoutId++;
        }
        else
        {
            into.RegionIds.Add(id);
        }
    }

    private static void MakeDistinct(List<Utf8Text> ids)
    {
        ids.Sort();
        int kept = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            if (i == 0 || ids[i] != ids[kept - 1])
            {
                ids[kept++] = ids[i];
            }
        }

        ids.RemoveRange(kept, ids.Count - kept);
    }
}
