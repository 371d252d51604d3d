using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using HarvestTools.Json;
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
        byte[] packed = corrections ?? throw Damaged();
        Expect(packed.Length % ModelStratum.PackedEpisode == 0);
        stratum.AddPacked(packed);
    }

    private static void ReadPeople(ref Utf8JsonReader json, Tally tally)
    {
        // One more than there is: other bytes are no labels.
        Span<byte> packed = stackalloc byte[EpisodeLabels.PackedBytes + 3];
        var episodes = new ByteWriter();
        BeginItems(ref json);
        while (NextItem(ref json))
        {
            Expect(NextProperty(ref json) && Is(ref json, "task_subdir"u8));
            ReadOnlySpan<byte> taskSubdir = Utf8(ref json);
            Expect(NextProperty(ref json) && Is(ref json, "episode"u8));
            ReadOnlySpan<byte> episode = Utf8(ref json);
            Expect(NextProperty(ref json) && Is(ref json, "labels"u8));
            Expect(Base64.DecodeFromUtf8(Utf8(ref json), packed, out _, out int length) == OperationStatus.Done);
            Expect(EpisodeLabels.IsPacked(packed[..length]) && !NextProperty(ref json));
            EpisodeTable.Append(taskSubdir, episode, packed[..length], episodes);
        }

        tally.PackedPeople.AddPacked(episodes.Written.ToArray());
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
