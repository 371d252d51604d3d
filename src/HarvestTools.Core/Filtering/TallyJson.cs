using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace HarvestTools.Filtering;

/// <summary>Writes tallies as JSON, so that a cached part keeps its counts; <see cref="TallyReader"/> reads them back.</summary>
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

    private static JsonObject Write(FieldCounts counts) => new()
    {
        ["mapped"] = counts.Mapped,
        ["from_path"] = counts.FromPath,
        ["missing"] = counts.Missing,
    };

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
