using System.Security.Cryptography;
using System.Text.Json;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Tables;
using static HarvestTools.Json.RecordJson;

namespace HarvestTools.Cache;

/// <summary>
/// <c>part.json</c>: what a part holds. Written and read token by token: a tree of nodes would hold tens of thousands of
/// episodes twice, and a serializer that looks at types takes longer to get ready than fifty records take to read.
/// It carries two digests of itself, <c>head_sha256</c> of the bytes before it and <c>sha256</c> of all bytes before that: a
/// record is verified before any of it is believed, and a reader that leaves the episodes out need not hash them.
/// </summary>
internal static class PartRecord
{
    private const int HexDigits = 2 * SHA256.HashSizeInBytes;

    // A quotation mark inside of a text is escaped, so neither is found inside of one.
    private static ReadOnlySpan<byte> HeadDigest => ",\"head_sha256\":\""u8;

    private static ReadOnlySpan<byte> WholeDigest => ",\"sha256\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <param name="part">The part.</param>
    /// <param name="episodes">Its episodes, table by table, from which no text is made on the way.</param>
    /// <param name="to">The file.</param>
    public static void Write(Part part, IReadOnlyList<EpisodeList> episodes, Stream to)
    {
        Span<byte> hex = stackalloc byte[HexDigits];
        using var hashed = new HashingStream(to);
        using (var json = new Utf8JsonWriter(hashed))
        {
            json.WriteStartObject();
            json.WriteNumber("format_version"u8, FormatVersion.Current.Number);
            json.WriteString("key"u8, part.Key);
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
            WriteDigest("head_sha256"u8);
            json.WriteStartArray("episodes"u8);
            foreach (EpisodeList table in episodes)
            {
                foreach ((EpisodeCounts episode, ReadOnlyMemory<byte> digest) in table.Packed)
                {
                    Convert.TryToHexStringLower(digest.Span, hex, out _);
                    json.WriteStartObject();
                    json.WriteString("table"u8, table.Table);
                    json.WriteString("task_subdir"u8, episode.Episode.TaskSubdir.Span);
                    json.WriteString("episode"u8, episode.Episode.Name.Span);
                    json.WriteNumber("rows"u8, episode.Rows);
                    json.WriteNumber("corrected_rows"u8, episode.Corrections);
                    json.WriteString("digest"u8, hex);
                    json.WriteEndObject();
                    HandOn(json);
                }
            }

            json.WriteEndArray();
            WriteDigest("sha256"u8);
            json.WriteEndObject();

            void WriteDigest(ReadOnlySpan<byte> name)
            {
                json.Flush();
                json.WriteString(name, hashed.Sha256());
            }
        }
    }

    /// <summary>
    /// The part, or null where the record is not as it was written, is of another part or of another format: the cache regenerates.
    /// </summary>
    /// <param name="key">The part's key.</param>
    /// <param name="record">The file's bytes.</param>
    /// <param name="withEpisodes">False stops where the episodes begin, and neither looks at them nor believes anything of them.</param>
    public static Part? TryRead(string key, ReadOnlySpan<byte> record, bool withEpisodes)
    {
        if (!(withEpisodes ? IsWhole(record) : IsHeadWhole(record)))
        {
            return null;
        }

        try
        {
            var json = new Utf8JsonReader(record);
            return Read(key, ref json, withEpisodes);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> record)
    {
        int at = record.Length - End.Length - HexDigits - WholeDigest.Length;
        return at > 0 && record.EndsWith(End) && record[at..].StartsWith(WholeDigest) && HasDigest(record, at, WholeDigest.Length);
    }

    private static bool IsHeadWhole(ReadOnlySpan<byte> record)
    {
        int at = record.IndexOf(HeadDigest);
        return at > 0 && at + HeadDigest.Length + HexDigits < record.Length && HasDigest(record, at, HeadDigest.Length);
    }

    /// <summary>Whether the digest that is written after some bytes is theirs, in lower case as it was written.</summary>
    private static bool HasDigest(ReadOnlySpan<byte> record, int bytes, int nameLength)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> hex = stackalloc byte[HexDigits];
        SHA256.HashData(record[..bytes], hash);
        Convert.TryToHexStringLower(hash, hex, out _);
        return record.Slice(bytes + nameLength, HexDigits).SequenceEqual(hex);
    }

    private static Part? Read(string key, ref Utf8JsonReader json, bool withEpisodes)
    {
        bool keyed = false;
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
            else if (Is(ref json, "key"u8))
            {
                keyed = Text(ref json) == key;
            }
            else if (Is(ref json, "export_sha256"u8))
            {
                export = Hash(ref json);
            }
            else if (Is(ref json, "tables"u8))
            {
                tables = Items(ref json, ReadTable);
            }
            else if (Is(ref json, "tally"u8))
            {
                tally = TallyReader.Read(ref json);
            }
            else if (Is(ref json, "head_sha256"u8) && !withEpisodes)
            {
                break;
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

        return !keyed || export is null || tables is null || tally is null || !AreAll(tables) || (withEpisodes && episodes is null)
            ? null
            : new Part(key, export, tables, tally, withEpisodes ? episodes : null);
    }

    private static bool AreAll(List<PartTable> tables) =>
        tables.Select(static table => table.Table).SequenceEqual(TableCatalog.All.Select(static table => table.Name), StringComparer.Ordinal);

    private static string Hash(ref Utf8JsonReader json)
    {
        string hash = Text(ref json);
        Expect(Sha256Text.IsNormal(hash));
        return hash;
    }

    private static long Count(ref Utf8JsonReader json)
    {
        long count = Number(ref json);
        Expect(count >= 0);
        return count;
    }

    private static string Table(ref Utf8JsonReader json)
    {
        string table = Text(ref json);
        Expect(TableCatalog.Find(table) is not null);
        return table;
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
                table = Table(ref json);
            }
            else if (Is(ref json, "rows"u8))
            {
                rows = Count(ref json);
            }
            else if (Is(ref json, "bytes"u8))
            {
                bytes = Count(ref json);
            }
            else if (Is(ref json, "sha256"u8))
            {
                sha256 = Hash(ref json);
            }
            else if (Is(ref json, "rows_sha256"u8))
            {
                rowsSha256 = Hash(ref json);
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
                table = Table(ref json);
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
                rows = Count(ref json);
            }
            else if (Is(ref json, "corrected_rows"u8))
            {
                corrected = Count(ref json);
            }
            else if (Is(ref json, "digest"u8))
            {
                digest = Hash(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        Expect(corrected <= rows);
        return new EpisodeFacts(
            table ?? throw Damaged(),
            taskSubdir ?? throw Damaged(),
            episode ?? throw Damaged(),
            rows ?? throw Damaged(),
            corrected ?? throw Damaged(),
            digest ?? throw Damaged());
    }
}
