using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Tables;
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
            new EpisodeCounts(new RunKey(Text("pour"), Text("episode \"ü\""), 3, 1)) { Rows = 7, Corrections = 5 },
            new EpisodeCounts(new RunKey(Text("pour"), default, 0, 2)) { Rows = 1 },
            new EpisodeCounts(new RunKey(default, Text("e2"), 0, 2)) { Rows = 2 },
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
    public void Keys_may_come_in_any_order_and_unknown_ones_are_passed_over()
    {
        JsonObject json = Written();
        var turned = new JsonObject { ["later"] = new JsonArray(1, new JsonObject { ["x"] = "y" }) };
        foreach ((string name, JsonNode? value) in json.Reverse())
        {
            turned[name] = value?.DeepClone();
        }

        turned["tables"]![0]!["later"] = new JsonObject { ["x"] = 1 };

        Assert.Equal(Made().Tables, Read(turned)!.Tables);
    }

    [Fact]
    public void Without_the_episodes_all_else_is_read_and_they_cannot_be_taken_for_none()
    {
        Part read = PartRecord.TryRead("key", Bytes(Made()), withEpisodes: false)!;

        Assert.Equal(Made().Tables, read.Tables);
        Assert.Throws<InvalidOperationException>(() => read.Episodes);
        byte[] cut = Bytes(Made());
        Assert.Null(PartRecord.TryRead("key", cut.AsSpan(0, cut.AsSpan().IndexOf("episodes"u8) - 1), withEpisodes: false));
    }

    [Theory]
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

    private static Utf8Text Text(string text) => new(Encoding.UTF8.GetBytes(text), 0, Encoding.UTF8.GetByteCount(text));

    private static byte[] Bytes(Part part)
    {
        using var file = new MemoryStream();
        PartRecord.Write(part, [s_episodes], file);
        return file.ToArray();
    }

    private static JsonObject Written() => JsonNode.Parse(Bytes(Made()))!.AsObject();

    private static Part? Read(JsonObject json) => PartRecord.TryRead("key", Encoding.UTF8.GetBytes(json.ToJsonString()), withEpisodes: true);

    private static Part Made()
    {
        var tally = new Tally { Tasks = 3 };
        tally.SetRows([7, .. new long[TableCatalog.All.Count - 1]]);
        tally.Label("tip \"é\""u8).Kept = 2;
        tally.Model("m1"u8).Stratum("pour"u8, 4).AddCorrections(11, 2);
        return new Part(
            "key",
            s_hash,
            [new PartTable("keypoints", 7, 1234, s_hash, new string('b', 64)), new PartTable("boxes", 0, 4, s_hash, s_hash)],
            tally,
            s_episodes);
    }
}
