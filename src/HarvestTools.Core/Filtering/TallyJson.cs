using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HarvestTools.Filtering;

/// <summary>Writes tallies as JSON and reads them back, so that a cached part keeps its counts.</summary>
internal static class TallyJson
{
    private const int PackedEpisode = sizeof(ulong) + sizeof(long);

    public static JsonObject Write(Tally tally)
    {
        var json = new JsonObject
        {
            ["tasks"] = tally.Tasks,
            ["annotations"] = tally.Annotations,
            ["regions"] = tally.Regions,
            ["drafts"] = tally.Drafts,
            ["unlabeled"] = tally.Unlabeled,
            ["rows"] = new JsonObject
            {
                ["keypoints"] = tally.KeypointRows,
                ["boxes"] = tally.BoxRows,
                ["actions"] = tally.ActionRows,
                ["rejected"] = tally.RejectedRows,
            },
            ["attributes"] = tally.Attributes,
            ["out_of_range"] = tally.OutOfRange,
            ["unknown_sizes"] = tally.UnknownSizes,
            ["total"] = Write(tally.Total),
            ["fields"] = new JsonObject
            {
                ["task_subdir"] = Write(tally.TaskSubdir),
                ["episode"] = Write(tally.Episode),
                ["frame"] = Write(tally.Frame),
            },
            ["by_label"] = Write(tally.ByLabel, Write),
            ["by_annotator"] = Write(tally.ByAnnotator, Write),
            ["by_task_subdir"] = Write(tally.ByTaskSubdir, Write),
            ["by_model"] = Write(tally.ByModel, Write),
        };
        if (tally.FirstData is { } first)
        {
            json["first_data"] = new JsonObject { ["ordinal"] = first.Ordinal, ["keys"] = first.Keys };
        }

        return json;
    }

    /// <summary>
    /// Reads what <see cref="Write(Tally)"/> wrote. Anything else throws InvalidOperationException, FormatException or
    /// NullReferenceException: whoever keeps tallies takes that for "not there".
    /// </summary>
    public static Tally Read(JsonObject json)
    {
        JsonNode rows = json["rows"]!;
        var tally = new Tally
        {
            Tasks = Number(json, "tasks"),
            Annotations = Number(json, "annotations"),
            Regions = Number(json, "regions"),
            Drafts = Number(json, "drafts"),
            Unlabeled = Number(json, "unlabeled"),
            KeypointRows = Number(rows, "keypoints"),
            BoxRows = Number(rows, "boxes"),
            ActionRows = Number(rows, "actions"),
            RejectedRows = Number(rows, "rejected"),
            Attributes = Number(json, "attributes"),
            OutOfRange = Number(json, "out_of_range"),
            UnknownSizes = Number(json, "unknown_sizes"),
        };
        Read(json["total"]!, tally.Total);
        JsonNode fields = json["fields"]!;
        Read(fields["task_subdir"]!, tally.TaskSubdir);
        Read(fields["episode"]!, tally.Episode);
        Read(fields["frame"]!, tally.Frame);
        foreach ((string label, JsonNode? counts) in json["by_label"]!.AsObject())
        {
            Read(counts!, tally.Label(Encoding.UTF8.GetBytes(label)));
        }

        foreach ((string annotator, JsonNode? counts) in json["by_annotator"]!.AsObject())
        {
            long? id = annotator.Length == 0 ? null : long.Parse(annotator, CultureInfo.InvariantCulture);
            Read(counts!, tally.Annotator(id));
        }

        foreach ((string subdir, JsonNode? counts) in json["by_task_subdir"]!.AsObject())
        {
            Read(counts!, tally.Subdir(Encoding.UTF8.GetBytes(subdir)));
        }

        foreach ((string model, JsonNode? counts) in json["by_model"]!.AsObject())
        {
            Read(counts!, tally.Model(Encoding.UTF8.GetBytes(model)));
        }

        if (json["first_data"] is { } first)
        {
            tally.SetFirstData(Number(first, "ordinal"), first["keys"]!.GetValue<string>());
        }

        return tally;
    }

    private static long Number(JsonNode json, string name) => json[name]!.GetValue<long>();

    private static JsonObject Write<T>(IReadOnlyDictionary<string, T> counts, Func<T, JsonObject> write)
    {
        var json = new JsonObject();
        foreach ((string key, T value) in counts)
        {
            json[key] = write(value);
        }

        return json;
    }

    private static JsonObject Write(RegionCounts counts)
    {
        var dropped = new JsonObject();
        foreach ((string reason, long count) in counts.Dropped)
        {
            dropped[reason] = count;
        }

        return new JsonObject { ["kept"] = counts.Kept, ["rows"] = counts.Rows, ["dropped"] = dropped };
    }

    private static void Read(JsonNode json, RegionCounts counts)
    {
        counts.Kept = Number(json, "kept");
        counts.Rows = Number(json, "rows");
        foreach ((string reason, JsonNode? count) in json["dropped"]!.AsObject())
        {
            int index = DropReasons.IndexOf(reason);
            if (index < 0)
            {
                throw new FormatException(reason);
            }

            counts.CountDropped((DropReason)index, count!.GetValue<long>());
        }
    }

    private static JsonObject Write(FieldCounts counts) => new()
    {
        ["mapped"] = counts.Mapped,
        ["from_path"] = counts.FromPath,
        ["missing"] = counts.Missing,
    };

    private static void Read(JsonNode json, FieldCounts counts)
    {
        counts.Mapped = Number(json, "mapped");
        counts.FromPath = Number(json, "from_path");
        counts.Missing = Number(json, "missing");
    }

    private static JsonObject Write(ModelTally model) => new()
    {
        ["strata"] = new JsonArray([.. model.Strata.Select(static entry => Write(entry.TaskSubdir, entry.AnnotatorId, entry.Stratum))]),
    };

    private static JsonObject Write(string taskSubdir, long? annotatorId, ModelStratum stratum) => new()
    {
        ["task_subdir"] = taskSubdir,
        ["annotator"] = annotatorId,
        ["annotations"] = stratum.Annotations,
        ["accepted"] = stratum.Sources.Accepted,
        ["corrected"] = stratum.Sources.Corrected,
        ["drawn"] = stratum.Sources.Drawn,
        ["deleted"] = stratum.Sources.Deleted,
        ["unknown"] = stratum.Sources.Unknown,

        // Sixteen bytes an episode: a list of numbers would be beyond what JavaScript readers hold exactly.
        ["corrections_by_episode"] = Convert.ToBase64String(Pack(stratum.CorrectionsByEpisode)),
    };

    private static void Read(JsonNode json, ModelTally model)
    {
        foreach (JsonNode? entry in json["strata"]!.AsArray())
        {
            ModelStratum stratum = model.Stratum(
                Encoding.UTF8.GetBytes(entry!["task_subdir"]!.GetValue<string>()), entry["annotator"]?.GetValue<long>());
            stratum.AddSources(
                new RegionSources
                {
                    Accepted = Number(entry, "accepted"),
                    Corrected = Number(entry, "corrected"),
                    Drawn = Number(entry, "drawn"),
                    Deleted = Number(entry, "deleted"),
                    Unknown = Number(entry, "unknown"),
                },
                Number(entry, "annotations"));
            ReadOnlySpan<byte> packed = Convert.FromBase64String(entry["corrections_by_episode"]!.GetValue<string>());
            for (; packed.Length >= PackedEpisode; packed = packed[PackedEpisode..])
            {
                stratum.AddCorrections(
                    BinaryPrimitives.ReadUInt64LittleEndian(packed), BinaryPrimitives.ReadInt64LittleEndian(packed[sizeof(ulong)..]));
            }
        }
    }

    private static byte[] Pack(IEnumerable<KeyValuePair<ulong, long>> corrections)
    {
        var packed = new List<byte>();
        Span<byte> entry = stackalloc byte[PackedEpisode];
        foreach ((ulong episode, long count) in corrections)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(entry, episode);
            BinaryPrimitives.WriteInt64LittleEndian(entry[sizeof(ulong)..], count);
            packed.AddRange(entry);
        }

        return [.. packed];
    }
}
