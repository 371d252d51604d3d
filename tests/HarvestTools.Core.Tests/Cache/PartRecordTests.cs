using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Cache;

/// <summary>part.json is read back as it was written, and anything else is no part.</summary>
public sealed class PartRecordTests
{
    private static readonly string s_hash = new('a', 64);

    // The second is of rows that belong to no episode.
    private static readonly EpisodeList s_episodes = new(
        "keypoints",
        [
            new EpisodeCounts(new RunEpisode(Text("pour"), Text("episode \"ü\""))) { Rows = 7, Corrections = 5 },
            new EpisodeCounts(new RunEpisode(Text("pour"), default)) { Rows = 1 },
            new EpisodeCounts(new RunEpisode(default, Text("e2"))) { Rows = 2 },
        ],
        [.. Enumerable.Repeat((byte)0xaa, 32), .. Enumerable.Repeat((byte)1, 32), .. Enumerable.Repeat((byte)0xbb, 32)]);

    [Fact]
    public void What_was_written_is_read_back()
    {
        Part part = Made();

        Part read = PartRecord.TryRead(part.Key, Bytes(part), withEpisodes: true)!;

        Assert.Equal(part.Key, read.Key);
        Assert.Equal(part.ExportSha256, read.ExportSha256);
        Assert.Equal(part.Tables, read.Tables);
        Assert.Equal(
            [
                new EpisodeFacts("keypoints", "pour", "episode \"ü\"", 7, 5, s_hash),
                new EpisodeFacts("keypoints", "", "e2", 2, 0, new string('b', 64)),
            ],
            read.Episodes);
        Assert.Equal(part.Episodes, read.Episodes);
        Assert.Equal(part.Tally.ToJson().ToJsonString(), read.Tally.ToJson().ToJsonString());
    }

    [Fact]
    public void Unknown_keys_are_passed_over()
    {
        JsonObject json = Written();
        json["later"] = new JsonArray(1, new JsonObject { ["x"] = "y" });
        json["tables"]![0]!["later"] = new JsonObject { ["x"] = 1 };

        Assert.Equal(Made().Tables, Read(json)!.Tables);
    }

    [Fact]
    public void Without_the_episodes_all_else_is_read_and_they_cannot_be_taken_for_none()
    {
        Part read = PartRecord.TryRead("key", Bytes(Made()), withEpisodes: false)!;

        Assert.Equal(Made().Tables, read.Tables);
        Assert.Throws<InvalidOperationException>(() => read.Episodes);
        byte[] cut = Bytes(Made());
        Assert.Null(PartRecord.TryRead("key", cut.AsSpan(0, cut.AsSpan().IndexOf("head_sha256"u8) + 70), withEpisodes: false));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("export_sha256")]
    [InlineData("tables")]
    [InlineData("tally")]
    [InlineData("episodes")]
    public void Without_one_of_its_fields_it_is_no_part(string field)
    {
        JsonObject json = Written();
        json.Remove(field);

        Assert.Null(Read(json));
    }

    [Theory]
    [InlineData("tables", "rows")]
    [InlineData("tables", "sha256")]
    [InlineData("episodes", "digest")]
    [InlineData("episodes", "rows")]
    public void An_item_that_lacks_a_field_or_holds_another_type_makes_it_no_part(string list, string field)
    {
        JsonObject lacking = Written();
        lacking[list]![0]!.AsObject().Remove(field);
        Assert.Null(Read(lacking));

        JsonObject other = Written();
        other[list]![0]![field] = new JsonArray();
        Assert.Null(Read(other));
    }

    [Theory]
    [InlineData("export_sha256", null, "0123")]
    [InlineData("tables", "table", "keypointz")]
    [InlineData("tables", "table", "boxes")]
    [InlineData("tables", "rows", -1)]
    [InlineData("tables", "bytes", -1)]
    [InlineData("tables", "rows_sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("tables", "sha256", "gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg")]
    [InlineData("episodes", "table", "keypointz")]
    [InlineData("episodes", "rows", -1)]
    [InlineData("episodes", "corrected_rows", 8)]
    [InlineData("episodes", "digest", "bb")]
    public void A_value_that_no_derivation_gives_makes_it_no_part(string member, string? field, object value)
    {
        JsonObject json = Written();
        JsonNode node = value is int number ? number : (string)value;
        if (field is null)
        {
            json[member] = node;
        }
        else
        {
            json[member]![0]![field] = node;
        }

        Assert.Null(Read(json));
    }

    [Fact]
    public void The_record_of_another_part_and_one_that_lacks_a_table_are_no_part()
    {
        Assert.Null(PartRecord.TryRead("other", Bytes(Made()), withEpisodes: true));
        JsonObject json = Written();
        json["tables"]!.AsArray().RemoveAt(5);
        Assert.Null(Read(json));
    }

    [Fact]
    public void A_bit_flipped_anywhere_makes_it_no_part_or_is_where_the_reader_does_not_look()
    {
        byte[] bytes = Bytes(Made());
        int head = bytes.AsSpan().IndexOf("\"head_sha256\""u8);
        string whole = Shown(PartRecord.TryRead("key", bytes, withEpisodes: false)!);
        Assert.InRange(head, 1, bytes.Length - 100);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(PartRecord.TryRead("key", bytes, withEpisodes: true));
            Part? read = PartRecord.TryRead("key", bytes, withEpisodes: false);
            Assert.True(bit / 8 >= head ? read is null || Shown(read) == whole : read is null, $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static string Shown(Part part) => $"{part.Key} {part.ExportSha256} {string.Join(' ', part.Tables)} {part.Tally.ToJson().ToJsonString()}";

    [Fact]
    public void Another_format_version_is_no_part()
    {
        JsonObject json = Written();
        json["format_version"] = FormatVersion.Current.Number + 1;

        Assert.Null(Read(json));
    }

    [Fact]
    public void A_record_cut_anywhere_is_no_part()
    {
        byte[] bytes = Bytes(Made());
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Null(PartRecord.TryRead("key", bytes.AsSpan(0, length), withEpisodes: true));
        }
    }

    [Fact]
    public void What_the_helper_seals_is_read_where_nothing_was_changed() => Assert.NotNull(Read(Written()));

    private static Utf8Text Text(string text) => new(Encoding.UTF8.GetBytes(text), 0, Encoding.UTF8.GetByteCount(text));

    private static byte[] Bytes(Part part)
    {
        using var file = new MemoryStream();
        PartRecord.Write(part, [s_episodes], file);
        return file.ToArray();
    }

    private static JsonObject Written() => JsonNode.Parse(Bytes(Made()))!.AsObject();

    /// <summary>Reads the record with digests that are right, so that nothing but what was changed speaks against it.</summary>
    private static Part? Read(JsonObject json)
    {
        var head = (JsonObject)json.DeepClone();
        head.Remove("episodes");
        head.Remove("head_sha256");
        head.Remove("sha256");
        string text = head.ToJsonString()[..^1];
        text = $"{text},\"head_sha256\":\"{Digest(text)}\"";
        text = json["episodes"] is { } episodes ? $"{text},\"episodes\":{episodes.ToJsonString()}" : text;
        return PartRecord.TryRead("key", Encoding.UTF8.GetBytes($"{text},\"sha256\":\"{Digest(text)}\"}}"), withEpisodes: true);
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Part Made()
    {
        var tally = new Tally { Tasks = 3 };
        tally.SetRows([7, .. new long[TableCatalog.All.Count - 1]]);
        tally.Label("tip \"é\""u8).Kept = 2;
        tally.Model("m1"u8).Stratum("pour"u8, 4).AddCorrections(11, 2);
        return new Part(
            "key",
            s_hash,
            [.. TableCatalog.All.Select(static table => new PartTable(table.Name, table.Name == "keypoints" ? 7 : 0, 1234, s_hash, new string('b', 64)))],
            tally,
            s_episodes);
    }
}
