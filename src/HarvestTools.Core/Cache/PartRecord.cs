using System.Security.Cryptography;
using System.Text.Json;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Tables;
using static HarvestTools.Json.RecordJson;

namespace HarvestTools.Cache;

/// <summary>
/// <c>part.json</c>: what a part holds. Written and read token by token: a tree of nodes would hold tens of thousands of
/// episodes twice, and a serializer that looks at types takes longer to get ready than fifty records take to read.
/// </summary>
internal static class PartRecord
{
    /// <param name="part">The part.</param>
    /// <param name="episodes">Its episodes, table by table, from which no text is made on the way.</param>
    /// <param name="to">The file.</param>
    public static void Write(Part part, IReadOnlyList<EpisodeList> episodes, Stream to)
    {
        Span<byte> hex = stackalloc byte[2 * SHA256.HashSizeInBytes];
        using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartObject();
            json.WriteNumber("format_version"u8, FormatVersion.Current.Number);
            json.WriteString("export_sha256"u8, part.ExportSha256);
            json.WriteStartArray("tables"u8);
            foreach (PartTable table in part.Tables)
            {
                json.WriteStartObject();
                json.WriteString("table"u8, table.Table);
                json.WriteNumber("rows"u8, table.Rows);
                json.WriteNumber("bytes"u8, table.Bytes);
                json.WriteString("sha256"u8, table.Sha256);
                json.WriteString("rows_sha256"u8, table.RowsSha256);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WritePropertyName("tally"u8);
            TallyJson.Write(json, part.Tally);
            json.WriteStartArray("episodes"u8);
            foreach (EpisodeList table in episodes)
            {
                foreach ((EpisodeCounts episode, ReadOnlyMemory<byte> digest) in table.Packed)
                {
                    Convert.TryToHexStringLower(digest.Span, hex, out _);
                    json.WriteStartObject();
                    json.WriteString("table"u8, table.Table);
                    json.WriteString("task_subdir"u8, episode.Key.TaskSubdir.Span);
                    json.WriteString("episode"u8, episode.Key.Episode.Span);
                    json.WriteNumber("rows"u8, episode.Rows);
                    json.WriteNumber("corrected_rows"u8, episode.Corrections);
                    json.WriteString("digest"u8, hex);
                    json.WriteEndObject();
                    HandOn(json);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>The part, or null where the record cannot be read or is of another format: the cache regenerates.</summary>
    /// <param name="key">The part's key.</param>
    /// <param name="record">The file's bytes.</param>
    /// <param name="withEpisodes">False stops where the episodes begin, if all else came before, as it is written.</param>
    public static Part? TryRead(string key, ReadOnlySpan<byte> record, bool withEpisodes)
    {
        try
        {
            var json = new Utf8JsonReader(record);
            return Read(key, ref json, withEpisodes);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Part? Read(string key, ref Utf8JsonReader json, bool withEpisodes)
    {
        string? export = null;
        List<PartTable>? tables = null;
        Tally? tally = null;
        List<EpisodeFacts>? episodes = null;
        Begin(ref json);
        while (NextProperty(ref json))
        {
            if (Is(ref json, "format_version"u8))
            {
                if (Number(ref json) != FormatVersion.Current.Number)
                {
                    return null;
                }
            }
            else if (Is(ref json, "export_sha256"u8))
            {
                export = Text(ref json);
            }
            else if (Is(ref json, "tables"u8))
            {
                tables = Items(ref json, ReadTable);
            }
            else if (Is(ref json, "tally"u8))
            {
                tally = TallyReader.Read(ref json);
            }
            else if (Is(ref json, "episodes"u8) && !withEpisodes && export is not null && tables is not null && tally is not null)
            {
                return new Part(key, export, tables, tally, null);
            }
            else if (Is(ref json, "episodes"u8))
            {
                episodes = Items(ref json, ReadEpisode);
            }
            else
            {
                json.Skip();
            }
        }

        return export is null || tables is null || tally is null || episodes is null
            ? null
            : new Part(key, export, tables, tally, episodes);
    }

    private static PartTable ReadTable(ref Utf8JsonReader json)
    {
        string? table = null;
        string? sha256 = null;
        string? rowsSha256 = null;
        long? rows = null;
        long? bytes = null;
        while (NextProperty(ref json))
        {
            if (Is(ref json, "table"u8))
            {
                table = Text(ref json);
            }
            else if (Is(ref json, "rows"u8))
            {
                rows = Number(ref json);
            }
            else if (Is(ref json, "bytes"u8))
            {
                bytes = Number(ref json);
            }
            else if (Is(ref json, "sha256"u8))
            {
                sha256 = Text(ref json);
            }
            else if (Is(ref json, "rows_sha256"u8))
            {
                rowsSha256 = Text(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return new PartTable(table ?? throw Damaged(), rows ?? throw Damaged(), bytes ?? throw Damaged(), sha256 ?? throw Damaged(), rowsSha256 ?? throw Damaged());
    }

    private static EpisodeFacts ReadEpisode(ref Utf8JsonReader json)
    {
        string? table = null;
        string? taskSubdir = null;
        string? episode = null;
        string? digest = null;
        long? rows = null;
        long? corrected = null;
        while (NextProperty(ref json))
        {
            if (Is(ref json, "table"u8))
            {
                table = Text(ref json);
            }
            else if (Is(ref json, "task_subdir"u8))
            {
                taskSubdir = Text(ref json);
            }
            else if (Is(ref json, "episode"u8))
            {
                episode = Text(ref json);
            }
            else if (Is(ref json, "rows"u8))
            {
                rows = Number(ref json);
            }
            else if (Is(ref json, "corrected_rows"u8))
            {
                corrected = Number(ref json);
            }
            else if (Is(ref json, "digest"u8))
            {
                digest = Text(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return new EpisodeFacts(
            table ?? throw Damaged(),
            taskSubdir ?? throw Damaged(),
            episode ?? throw Damaged(),
            rows ?? throw Damaged(),
            corrected ?? throw Damaged(),
            digest ?? throw Damaged());
    }
}
