using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HarvestTools.Filtering;

/// <summary>A tally as the cache keeps it, so that a part that is not derived again still tells what was dropped.</summary>
internal static class TallyJson
{
    public static JsonObject Write(Tally tally) => new()
    {
        ["tasks"] = tally.Tasks,
        ["annotations"] = tally.Annotations,
        ["regions"] = tally.Regions,
        ["drafts"] = tally.Drafts,
        ["unlabeled"] = tally.Unlabeled,
        ["keypoint_rows"] = tally.KeypointRows,
        ["box_rows"] = tally.BoxRows,
        ["action_rows"] = tally.ActionRows,
        ["rejected_rows"] = tally.RejectedRows,
        ["attributes"] = tally.Attributes,
        ["out_of_range"] = tally.OutOfRange,
        ["unknown_sizes"] = tally.UnknownSizes,
        ["task_subdir"] = Write(tally.TaskSubdir),
        ["episode"] = Write(tally.Episode),
        ["frame"] = Write(tally.Frame),
        ["total"] = Write(tally.Total),
        ["by_label"] = Write(tally.ByLabel, Write),
        ["by_annotator"] = Write(tally.ByAnnotator, Write),
        ["by_task_subdir"] = Write(tally.ByTaskSubdir, Write),
        ["by_model"] = Write(tally.ByModel, Write),
    };

    /// <summary>Reads what <see cref="Write(Tally)"/> wrote; anything else throws one of JsonNode's exceptions.</summary>
    public static Tally Read(JsonObject json)
    {
        var tally = new Tally
        {
            Tasks = Count(json, "tasks"),
            Annotations = Count(json, "annotations"),
            Regions = Count(json, "regions"),
            Drafts = Count(json, "drafts"),
            Unlabeled = Count(json, "unlabeled"),
            KeypointRows = Count(json, "keypoint_rows"),
            BoxRows = Count(json, "box_rows"),
            ActionRows = Count(json, "action_rows"),
            RejectedRows = Count(json, "rejected_rows"),
            Attributes = Count(json, "attributes"),
            OutOfRange = Count(json, "out_of_range"),
            UnknownSizes = Count(json, "unknown_sizes"),
        };
        Read(json["task_subdir"]!, tally.TaskSubdir);
        Read(json["episode"]!, tally.Episode);
        Read(json["frame"]!, tally.Frame);
        Read(json["total"]!, tally.Total);
        Read(json["by_label"]!, key => tally.Label(Encoding.UTF8.GetBytes(key)), Read);
        Read(
            json["by_annotator"]!,
            key => tally.Annotator(key.Length == 0 ? null : long.Parse(key, CultureInfo.InvariantCulture)),
            Read);
        Read(json["by_task_subdir"]!, key => tally.Subdir(Encoding.UTF8.GetBytes(key)), Read);
        Read(json["by_model"]!, key => tally.Model(Encoding.UTF8.GetBytes(key)), Read);
        return tally;
    }

    private static JsonObject Write(FieldCounts counts) => new()
    {
        ["mapped"] = counts.Mapped,
        ["from_path"] = counts.FromPath,
        ["missing"] = counts.Missing,
    };

    private static JsonObject Write(RegionCounts counts)
    {
        var dropped = new JsonObject();
        foreach ((string reason, long count) in counts.Dropped)
        {
            dropped[reason] = count;
        }

        return new JsonObject { ["kept"] = counts.Kept, ["rows"] = counts.Rows, ["dropped"] = dropped };
    }

    private static JsonObject Write(ModelTally counts) => new()
    {
        ["annotations"] = counts.Annotations,
        ["accepted"] = counts.Accepted,
        ["corrected"] = counts.Corrected,
        ["drawn"] = counts.Drawn,
        ["deleted"] = counts.Deleted,
        ["unknown"] = counts.Unknown,
        ["episodes"] = new JsonArray([.. counts.EpisodeHashes.Select(static hash => JsonValue.Create(hash))]),
        ["annotators"] = new JsonArray([.. counts.AnnotatorIds.Select(static id => JsonValue.Create(id))]),
    };

    private static JsonObject Write<T>(IReadOnlyDictionary<string, T> table, Func<T, JsonObject> write)
    {
        var json = new JsonObject();
        foreach ((string key, T counts) in table)
        {
            json[key] = write(counts);
        }

        return json;
    }

    private static void Read(JsonNode json, FieldCounts counts)
    {
        counts.Mapped = Count(json, "mapped");
        counts.FromPath = Count(json, "from_path");
        counts.Missing = Count(json, "missing");
    }

    private static void Read(JsonNode json, RegionCounts counts)
    {
        counts.Kept = Count(json, "kept");
        counts.Rows = Count(json, "rows");
        foreach ((string reason, JsonNode? count) in json["dropped"]!.AsObject())
        {
            var known = (DropReason)DropReasons.IndexOf(reason);
            counts.CountDropped(known, count!.GetValue<long>());
        }
    }

    private static void Read(JsonNode json, ModelTally counts)
    {
        counts.Annotations = Count(json, "annotations");
        counts.Accepted = Count(json, "accepted");
        counts.Corrected = Count(json, "corrected");
        counts.Drawn = Count(json, "drawn");
        counts.Deleted = Count(json, "deleted");
        counts.Unknown = Count(json, "unknown");
        foreach (JsonNode? hash in json["episodes"]!.AsArray())
        {
            counts.AddEpisode(hash!.GetValue<ulong>());
        }

        foreach (JsonNode? id in json["annotators"]!.AsArray())
        {
            counts.AddAnnotator(id!.GetValue<long>());
        }
    }

    private static void Read<T>(JsonNode json, Func<string, T> at, Action<JsonNode, T> read)
    {
        foreach ((string key, JsonNode? counts) in json.AsObject())
        {
            read(counts!, at(key));
        }
    }

    private static long Count(JsonNode json, string name) => json[name]!.GetValue<long>();
}
