using System.Globalization;
using System.Text;
using System.Text.Json;
using HarvestTools.Tables;
using static HarvestTools.Json.RecordJson;

namespace HarvestTools.Derivation.Tallies;

/// <summary>
/// Reads what <see cref="TallyJson"/> wrote, token by token: a slice of fifty exports reads fifty tallies of tens of
/// kilobytes, and a tree of nodes takes ten times as much. Anything else throws as <see cref="Json.RecordJson"/> does.
/// </summary>
internal static partial class TallyReader
{
    private const int Fields = 23;

    private static readonly string[] s_tables = [.. TableCatalog.All.Select(static table => table.Name)];
    private static readonly string[] s_places = ["mapped", "from_path", "missing"];

    private delegate void ReadValue(ref Utf8JsonReader json, string key);

    public static Tally Read(ref Utf8JsonReader json)
    {
        var tally = new Tally();
        int fields = 0;
        Begin(ref json);
        while (NextProperty(ref json))
        {
            string name = json.GetString()!;
            fields += name is "first_data" or "shared_frames" ? 0 : 1;
            switch (name)
            {
                case "tasks":
                    tally.Tasks = Number(ref json);
                    break;
                case "annotations":
                    tally.Annotations = Number(ref json);
                    break;
                case "regions":
                    tally.Regions = Number(ref json);
                    break;
                case "drafts":
                    tally.Drafts = Number(ref json);
                    break;
                case "unlabeled":
                    tally.Unlabeled = Number(ref json);
                    break;
                case "rows":
                    tally.SetRows(ReadNumbers(ref json, s_tables));
                    break;
                case "attributes":
                    tally.Attributes = Number(ref json);
                    break;
                case "out_of_range":
                    tally.OutOfRange = Number(ref json);
                    break;
                case "unknown_sizes":
                    tally.UnknownSizes = Number(ref json);
                    break;
                case "unknown_media":
                    tally.UnknownMedia = Number(ref json);
                    break;
                case "size_conflicts":
                    tally.SizeConflicts = Number(ref json);
                    break;
                case "repeated_tasks":
                    tally.RepeatedTasks = Number(ref json);
                    break;
                case "repeated_annotations":
                    tally.RepeatedAnnotations = Number(ref json);
                    break;
                case "total":
                    ReadCounts(ref json, tally.Total);
                    break;
                case "fields":
                    ReadFields(ref json, tally);
                    break;
                case "by_label":
                    ReadEach(ref json, (ref Utf8JsonReader each, string label) => ReadCounts(ref each, tally.Label(Encoding.UTF8.GetBytes(label))));
                    break;
                case "by_annotator":
                    ReadEach(ref json, (ref Utf8JsonReader each, string id) => ReadCounts(ref each, tally.Annotator(AnnotatorOf(id))));
                    break;
                case "by_task_subdir":
                    ReadEach(ref json, (ref Utf8JsonReader each, string subdir) => ReadCounts(ref each, tally.Subdir(Encoding.UTF8.GetBytes(subdir))));
                    break;
                case "by_model":
                    ReadEach(ref json, (ref Utf8JsonReader each, string version) => ReadModel(ref each, tally.Model(Encoding.UTF8.GetBytes(version))));
                    break;
                case "unknown_labels":
                    tally.UnknownLabels = Number(ref json);
                    break;
                case "unknown_label":
                    json.Read();
                    tally.UnknownLabel = json.GetString();
                    break;
                case "labels_by_people":
                    ReadPeople(ref json, tally);
                    break;
                case "weeks":
                    ReadWeeks(ref json, tally);
                    break;
                case "shared_frames":
                    ReadSharedFrames(ref json, tally);
                    break;
                case "first_data":
                    ReadFirstData(ref json, tally);
                    break;
                default:
                    fields--;
                    json.Skip();
                    break;
            }
        }

        Expect(fields == Fields);
        return tally;
    }

    private static long? AnnotatorOf(string digits) => digits.Length == 0 ? null : long.Parse(digits, CultureInfo.InvariantCulture);

    private static void ReadEach(ref Utf8JsonReader json, ReadValue read)
    {
        Begin(ref json);
        while (NextProperty(ref json))
        {
            read(ref json, json.GetString()!);
        }
    }

    /// <summary>Reads an object of exactly these numbers and gives them in the order of their names.</summary>
    private static long[] ReadNumbers(ref Utf8JsonReader json, string[] names)
    {
        long[] numbers = new long[names.Length];
        int read = 0;
        Begin(ref json);
        while (NextProperty(ref json))
        {
            int at = Array.IndexOf(names, json.GetString());
            Expect(at >= 0);
            numbers[at] = Number(ref json);
            read++;
        }

        Expect(read == names.Length);
        return numbers;
    }

    private static void ReadFields(ref Utf8JsonReader json, Tally tally)
    {
        int fields = 0;
        Begin(ref json);
        while (NextProperty(ref json))
        {
            FieldCounts counts = json.GetString() switch
            {
                "task_subdir" => tally.TaskSubdir,
                "episode" => tally.Episode,
                "frame" => tally.Frame,
                _ => throw Damaged(),
            };
            long[] numbers = ReadNumbers(ref json, s_places);
            (counts.Mapped, counts.FromPath, counts.Missing) = (numbers[0], numbers[1], numbers[2]);
            fields++;
        }

        Expect(fields == 3);
    }

    private static void ReadCounts(ref Utf8JsonReader json, RegionCounts counts)
    {
        int fields = 0;
        Begin(ref json);
        while (NextProperty(ref json))
        {
            fields++;
            switch (json.GetString())
            {
                case "kept":
                    counts.Kept = Number(ref json);
                    break;
                case "rows":
                    counts.Rows = Number(ref json);
                    break;
                case "dropped":
                    Begin(ref json);
                    while (NextProperty(ref json))
                    {
                        int reason = DropReasons.IndexOf(json.GetString()!);
                        Expect(reason >= 0);
                        counts.CountDropped((DropReason)reason, Number(ref json));
                    }

                    break;
                default:
                    throw Damaged();
            }
        }

        Expect(fields == 3);
    }

    private static void ReadSharedFrames(ref Utf8JsonReader json, Tally tally)
    {
        var shared = new SharedFrame(0, 0, "", "", 0);
        int fields = 0;
        Begin(ref json);
        while (NextProperty(ref json))
        {
            fields++;
            switch (json.GetString())
            {
                case "tasks":
                    tally.SharedFrames = Number(ref json);
                    break;
                case "first_task":
                    shared = shared with { FirstTask = Number(ref json) };
                    break;
                case "second_task":
                    shared = shared with { SecondTask = Number(ref json) };
                    break;
                case "task_subdir":
                    shared = shared with { TaskSubdir = Text(ref json) };
                    break;
                case "episode":
                    shared = shared with { Episode = Text(ref json) };
                    break;
                case "frame":
                    shared = shared with { Frame = Number(ref json) };
                    break;
                default:
                    throw Damaged();
            }
        }

        Expect(fields == 6);
        tally.SharedFrame = shared;
    }

    private static void ReadFirstData(ref Utf8JsonReader json, Tally tally)
    {
        long? ordinal = null;
        string? keys = null;
        Begin(ref json);
        while (NextProperty(ref json))
        {
            switch (json.GetString())
            {
                case "ordinal":
                    ordinal = Number(ref json);
                    break;
                case "keys":
                    keys = Text(ref json);
                    break;
                default:
                    throw Damaged();
            }
        }

        tally.SetFirstData(ordinal ?? throw Damaged(), keys ?? throw Damaged());
    }
}
