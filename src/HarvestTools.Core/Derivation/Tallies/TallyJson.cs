using System.Text.Json;
using static HarvestTools.Json.RecordJson;

namespace HarvestTools.Derivation.Tallies;

/// <summary>
/// Writes tallies as JSON, so that a cached part keeps its counts; <see cref="TallyReader"/> reads them back. Token by
/// token, as one of a large export counts tens of thousands of episodes.
/// </summary>
internal static class TallyJson
{
    public static void Write(Utf8JsonWriter json, Tally tally)
    {
        json.WriteStartObject();
        json.WriteNumber("tasks"u8, tally.Tasks);
        json.WriteNumber("annotations"u8, tally.Annotations);
        json.WriteNumber("regions"u8, tally.Regions);
        json.WriteNumber("drafts"u8, tally.Drafts);
        json.WriteNumber("unlabeled"u8, tally.Unlabeled);
        json.WriteStartObject("rows"u8);
        foreach ((string table, long rows) in tally.RowsByTable)
        {
            json.WriteNumber(table, rows);
        }

        json.WriteEndObject();
        json.WriteNumber("attributes"u8, tally.Attributes);
        json.WriteNumber("out_of_range"u8, tally.OutOfRange);
        json.WriteNumber("unknown_sizes"u8, tally.UnknownSizes);
        json.WriteNumber("unknown_media"u8, tally.UnknownMedia);
        json.WriteNumber("size_conflicts"u8, tally.SizeConflicts);
        json.WriteNumber("repeated_tasks"u8, tally.RepeatedTasks);
        json.WriteNumber("repeated_annotations"u8, tally.RepeatedAnnotations);
        json.WriteNumber("unknown_labels"u8, tally.UnknownLabels);
        json.WriteString("unknown_label"u8, tally.UnknownLabel);
        if (tally.SharedFrame is { } shared)
        {
            json.WriteStartObject("shared_frames"u8);
            json.WriteNumber("tasks"u8, tally.SharedFrames);
            json.WriteNumber("first_task"u8, shared.FirstTask);
            json.WriteNumber("second_task"u8, shared.SecondTask);
            json.WriteString("task_subdir"u8, shared.TaskSubdir);
            json.WriteString("episode"u8, shared.Episode);
            json.WriteNumber("frame"u8, shared.Frame);
            json.WriteEndObject();
        }

        json.WritePropertyName("total"u8);
        Write(json, tally.Total);
        json.WriteStartObject("fields"u8);
        Write(json, "task_subdir"u8, tally.TaskSubdir);
        Write(json, "episode"u8, tally.Episode);
        Write(json, "frame"u8, tally.Frame);
        json.WriteEndObject();
        Write(json, "by_label"u8, tally.ByLabel, Write);
        Write(json, "by_annotator"u8, tally.ByAnnotator, Write);
        Write(json, "by_task_subdir"u8, tally.ByTaskSubdir, Write);
        Write(json, "by_model"u8, tally.ByModel, Write);

        // Under another name than in records whose digests were of what is said as it was spelled: those are derived again.
        json.WriteStartArray("labels_by_people"u8);
        foreach ((string taskSubdir, string episode, EpisodeLabels labels) in tally.People)
        {
            json.WriteStartObject();
            json.WriteString("task_subdir"u8, taskSubdir);
            json.WriteString("episode"u8, episode);
            json.WriteBase64String("labels"u8, labels.Pack());
            json.WriteEndObject();
            HandOn(json);
        }

        json.WriteEndArray();
        json.WriteStartArray("weeks"u8);
        foreach (int week in tally.Weeks.All)
        {
            json.WriteNumberValue(week);
        }

        json.WriteEndArray();
        if (tally.FirstData is { } first)
        {
            json.WriteStartObject("first_data"u8);
            json.WriteNumber("ordinal"u8, first.Ordinal);
            json.WriteString("keys"u8, first.Keys);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write<T>(
        Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, T> counts, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject(name);
        foreach ((string key, T value) in counts)
        {
            json.WritePropertyName(key);
            write(json, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RegionCounts counts)
    {
        json.WriteStartObject();
        json.WriteNumber("kept"u8, counts.Kept);
        json.WriteNumber("rows"u8, counts.Rows);
        json.WriteStartObject("dropped"u8);
        foreach ((string reason, long count) in counts.Dropped)
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, FieldCounts counts)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mapped"u8, counts.Mapped);
        json.WriteNumber("from_path"u8, counts.FromPath);
        json.WriteNumber("missing"u8, counts.Missing);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ModelTally model)
    {
        json.WriteStartObject();
        json.WriteStartArray("strata"u8);
        foreach ((string taskSubdir, long? annotatorId, ModelStratum stratum) in model.Strata)
        {
            Write(json, taskSubdir, annotatorId, stratum);
            HandOn(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string taskSubdir, long? annotatorId, ModelStratum stratum)
    {
        json.WriteStartObject();
        json.WriteString("task_subdir"u8, taskSubdir);
        if (annotatorId is { } id)
        {
            json.WriteNumber("annotator"u8, id);
        }
        else
        {
            json.WriteNull("annotator"u8);
        }

        json.WriteNumber("annotations"u8, stratum.Annotations);
        json.WriteNumber("accepted"u8, stratum.Sources.Accepted);
        json.WriteNumber("corrected"u8, stratum.Sources.Corrected);
        json.WriteNumber("drawn"u8, stratum.Sources.Drawn);
        json.WriteNumber("deleted"u8, stratum.Sources.Deleted);
        json.WriteNumber("unknown"u8, stratum.Sources.Unknown);

        // Sixteen bytes an episode: a list of numbers would be beyond what JavaScript readers hold exactly.
        json.WriteBase64String("corrections_by_episode"u8, stratum.Pack());
        Write(json, "first_at"u8, stratum.FirstAt);
        Write(json, "last_at"u8, stratum.LastAt);
        json.WriteEndObject();
    }

    /// <summary>In ticks, which no time zone and no culture changes.</summary>
    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTime? at)
    {
        if (at is { } time)
        {
            json.WriteNumber(name, time.Ticks);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
