using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using static HarvestTools.Json.RecordJson;

namespace HarvestTools.Derivation.Tallies;

/// <content>What models and people did.</content>
internal static partial class TallyReader
{
    private static void ReadModel(ref Utf8JsonReader json, ModelTally model)
    {
        Begin(ref json);
        Expect(NextProperty(ref json) && Is(ref json, "strata"u8));
        BeginItems(ref json);
        while (NextItem(ref json))
        {
            ReadStratum(ref json, model);
        }

        Expect(!NextProperty(ref json));
    }

    private static void ReadStratum(ref Utf8JsonReader json, ModelTally model)
    {
        string? subdir = null;
        long? annotator = null;
        long? annotations = null;
        byte[]? corrections = null;
        DateTime? first = null;
        DateTime? last = null;
        var sources = new RegionSources();
        int fields = 0;
        while (NextProperty(ref json))
        {
            fields++;
            switch (json.GetString())
            {
                case "task_subdir":
                    subdir = Text(ref json);
                    break;
                case "annotator":
                    json.Read();
                    annotator = json.TokenType == JsonTokenType.Null ? null : json.GetInt64();
                    break;
                case "annotations":
                    annotations = Number(ref json);
                    break;
                case "accepted":
                    sources.Accepted = Number(ref json);
                    break;
                case "corrected":
                    sources.Corrected = Number(ref json);
                    break;
                case "drawn":
                    sources.Drawn = Number(ref json);
                    break;
                case "deleted":
                    sources.Deleted = Number(ref json);
                    break;
                case "unknown":
                    sources.Unknown = Number(ref json);
                    break;
                case "corrections_by_episode":
                    json.Read();
                    corrections = json.GetBytesFromBase64();
                    break;
                case "first_at":
                    first = Time(ref json);
                    break;
                case "last_at":
                    last = Time(ref json);
                    break;
                default:
                    throw Damaged();
            }
        }

        Expect(fields == 11);
        ModelStratum stratum = model.Stratum(Encoding.UTF8.GetBytes(subdir ?? throw Damaged()), annotator);
        stratum.AddSources(sources, annotations ?? throw Damaged());
        stratum.AddDates(first, last);
        ReadOnlySpan<byte> packed = corrections ?? throw Damaged();
        stratum.MakeRoom(packed.Length / PackedEpisode);
        for (; packed.Length >= PackedEpisode; packed = packed[PackedEpisode..])
        {
            stratum.AddCorrections(BinaryPrimitives.ReadUInt64LittleEndian(packed), BinaryPrimitives.ReadInt64LittleEndian(packed[sizeof(ulong)..]));
        }
    }

    private static void ReadPeople(ref Utf8JsonReader json, Tally tally)
    {
        BeginItems(ref json);
        while (NextItem(ref json))
        {
            Expect(NextProperty(ref json) && Is(ref json, "task_subdir"u8));
            byte[] taskSubdir = Encoding.UTF8.GetBytes(Text(ref json));
            Expect(NextProperty(ref json) && Is(ref json, "episode"u8));
            byte[] episode = Encoding.UTF8.GetBytes(Text(ref json));
            Expect(NextProperty(ref json) && Is(ref json, "labels"u8));
            json.Read();
            Expect(tally.EpisodeOf(taskSubdir, episode).TryAdd(json.GetBytesFromBase64()) && !NextProperty(ref json));
        }
    }

    private static void ReadWeeks(ref Utf8JsonReader json, Tally tally)
    {
        BeginItems(ref json);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            int week = json.GetInt32();
            Expect(week >= 0 && week <= DateTime.MaxValue.Ticks / TimeSpan.TicksPerDay / 7);
            tally.Weeks.Add(week);
        }
    }

    private static DateTime? Time(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        long ticks = json.GetInt64();
        Expect(ticks >= 0 && ticks <= DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Utc);
    }
}
