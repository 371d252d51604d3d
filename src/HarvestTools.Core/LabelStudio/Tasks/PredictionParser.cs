using System.Runtime.InteropServices;
using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>Reads a prediction as far as <see cref="Prediction"/> keeps it. What is odd in one is passed over: no row depends on it.</summary>
internal static class PredictionParser
{
    /// <summary>Reads a prediction, or only its id.</summary>
    /// <returns>False for an empty object.</returns>
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
        into.ClearRegions();
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
        Utf8Text type = default;
        Utf8Text value = default;
        if (reader.Json.Shape is { } shape)
        {
            int opening = reader.Json.Place;
            int closing = reader.Json.Closing;
            MemberPlan plan = reader.Plans.OfRegion(shape, reader).Members;
            ReadPlanned(ref reader, RegionMember.Id, plan, opening, ref id, ref type, ref value);
            ReadPlanned(ref reader, RegionMember.Type, plan, opening, ref id, ref type, ref value);
            ReadPlanned(ref reader, RegionMember.Value, plan, opening, ref id, ref type, ref value);
            reader.Json.GoTo(closing);
        }
        else
        {
            while (reader.NextMember(out ReadOnlySpan<byte> key))
            {
                ReadMember(ref reader, Members.OfRegion(key), ref id, ref type, ref value);
            }
        }

        if (type.Is("relation"u8))
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
            if (!value.IsAbsent && (type.Is("timelinelabels"u8) || type.Is("videorectangle"u8)))
            {
                Region video = into.AddVideo();
                video.Id = id;
                video.Type = type;
                RegionParser.ReadValue(reader, value, video);
            }
        }
    }

    private static void ReadPlanned(ref TaskReader reader, RegionMember member, MemberPlan plan, int opening, ref Utf8Text id, ref Utf8Text type, ref Utf8Text value)
    {
        int place = plan.PlaceOf(member, opening);
        if (place > 0)
        {
            reader.Json.GoTo(place);
            ReadMember(ref reader, member, ref id, ref type, ref value);
        }
    }

    private static void ReadMember(ref TaskReader reader, RegionMember member, ref Utf8Text id, ref Utf8Text type, ref Utf8Text value)
    {
        switch (member)
        {
            case RegionMember.Id:
                id = reader.Text();
                break;
            case RegionMember.Type:
                type = reader.Text();
                break;
            case RegionMember.Value:
                // The type, which says whether anything in it matters, mostly comes after it.
                value = reader.Raw();
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static void MakeDistinct(List<Utf8Text> ids)
    {
        if (!MayRepeat(ids))
        {
            return;
        }

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

    /// <summary>False for most predictions, whose ids then stay in the file's order, which is mostly that of the regions made of them.</summary>
    private static bool MayRepeat(List<Utf8Text> ids)
    {
        Span<ulong> ends = stackalloc ulong[EndFilter.Words];
        ends.Clear();
        foreach (ref readonly Utf8Text id in CollectionsMarshal.AsSpan(ids))
        {
            if (!EndFilter.TryAdd(ends, id.Span))
            {
                return true;
            }
        }

        return false;
    }
}
