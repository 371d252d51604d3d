using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive;

/// <summary>A record's file has every member in its place, and what a later addition says more is joined to what is there.</summary>
public sealed class ExportRecordTests
{
    private static readonly string s_sha256 = new('1', 64);

    private static readonly ExportRecord s_least = new() { Project = "p", Sha256 = s_sha256, Bytes = 9, AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch) };

    private static readonly ExportRecord s_full = s_least with
    {
        LabelSha256 = new string('a', 64),
        LabelVersion = LabelHash.Version,
        LabelConfigSha256 = new string('b', 64),
        Path = "in/a.json",
        LabelsThrough = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(1)),
        ProjectIds = [7, 3],
        NewerThan = [new string('c', 64)],
        RedactedFrom = new string('d', 64),
        Redacted = new Exclusion([7], ["fold/9"]),
        RemovedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(2)),
        Tasks = 1,
        Annotations = 2,
        Cancelled = 3,
        Drafts = 4,
        LabelsMissing = 5,
        RegionTypes = new OrderedDictionary<string, long> { ["z"] = 6, ["a"] = 7 },
        Rest = new JsonObject { ["later"] = 8 },
    };

    [Fact]
    public void A_file_has_the_members_in_one_order()
    {
        string text = $$"""
            {"project":"p","sha256":"{{s_sha256}}","label_sha256":"{{s_full.LabelSha256}}","label_version":{{LabelHash.Version}},"label_config_sha256":"{{s_full.LabelConfigSha256}}",
            "bytes":9,"path":"in/a.json","added_at":"1970-01-01T00:00:00Z","labels_through":"1970-01-02T00:00:00Z","project_ids":[7,3],"newer_than":["{{s_full.NewerThan[0]}}"],
            "redacted_from":"{{s_full.RedactedFrom}}","redacted":{"annotators":[7],"episodes":["fold/9"]},"removed_at":"1970-01-03T00:00:00Z",
            "tasks":1,"annotations":2,"cancelled":3,"drafts":4,"labels_missing":5,"region_types":{"z":6,"a":7},"later":8}
            """;
        Assert.Equal(text.ReplaceLineEndings(""), Unsealed(s_full));
        Assert.Equal($$"""{"project":"p","sha256":"{{s_sha256}}","bytes":9,"added_at":"1970-01-01T00:00:00Z"}""", Unsealed(s_least));

        // What is none is not there, and who was left out of an export of Label Studio is nobody.
        Assert.Equal(Unsealed(s_least), Unsealed(s_least with { LabelsMissing = 0, Redacted = s_full.Redacted }));
        Assert.Contains("\"project\":\"old\"", Unsealed(s_least with { ArchivedAs = "old" }), StringComparison.Ordinal);
        Assert.Contains("\"name\":\"x.json\"", Unsealed(s_least with { Name = "x.json" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_member_comes_back()
    {
        ExportRecord read = Parse(s_full.ToUtf8Bytes());
        Assert.Equal(Unsealed(s_full), Unsealed(read));
        Assert.Equal(
            (s_full.RedactedFrom, s_full.Redacted, s_full.RemovedAt, s_full.LabelsThrough, s_full.LabelsMissing),
            (read.RedactedFrom, read.Redacted, read.RemovedAt, read.LabelsThrough, read.LabelsMissing));
        Assert.Equal("x.json", Parse((s_least with { Name = "x.json" }).ToUtf8Bytes()).Name);
        Assert.Equal(Exclusion.None, Parse(s_least.ToUtf8Bytes()).Redacted);
        Assert.Null(Parse(s_least.ToUtf8Bytes()).Rest);
    }

    [Theory]
    [InlineData("project", null, "FieldMissing")]
    [InlineData("project", "\"../x\"", "FieldInvalid")]
    [InlineData("sha256", null, "FieldMissing")]
    [InlineData("bytes", null, "FieldMissing")]
    [InlineData("added_at", null, "FieldMissing")]
    [InlineData("region_types", """{"box":null}""", "FieldMissing")]
    [InlineData("redacted", """{"annotators":["x"]}""", "FieldInvalid")]
    public void What_a_record_needs_is_asked_for_by_its_name(string member, string? value, string error)
    {
        JsonObject json = JsonNode.Parse(s_full.ToUtf8Bytes())!.AsObject();
        json.Remove(member);
        if (value is not null)
        {
            json[member] = JsonNode.Parse(value);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(RecordSeal.Seal(json).ToJsonString());
        HarvestException fault = Assert.Throws<HarvestException>(() => Parse(bytes));
        Assert.Equal(error, fault.ErrorId);
        Assert.Contains(member, fault.Message, StringComparison.Ordinal);
        Assert.Equal(s_least.FileName, fault.Subject);
        Assert.Null(ExportRecord.TryReadDamaged(bytes, s_least.FileName));
    }

    [Fact]
    public void A_name_that_cannot_be_a_project_is_quoted_with_the_reason()
    {
        JsonObject json = JsonNode.Parse(s_least.ToUtf8Bytes())!.AsObject();
        json["project"] = "a b";
        HarvestException fault = Assert.Throws<HarvestException>(() => Parse(Encoding.UTF8.GetBytes(RecordSeal.Seal(json).ToJsonString())));
        Assert.Contains("\"project\" is \"a b\", which cannot name a project: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal("Use letters, digits, '.', '_' and '-'.", fault.Remedy.ToString());
    }

    [Fact]
    public void A_record_is_under_its_own_name()
    {
        byte[] bytes = s_least.ToUtf8Bytes();
        Assert.Equal($"p-{s_sha256}.json", s_least.FileName);
        Assert.Equal($"old-{s_sha256}.json", (s_least with { ArchivedAs = "old" }).FileName);
        Assert.Equal(("p-111111111111", "p", "old"), (s_least.FileStem, s_least.RecordedProject, (s_least with { ArchivedAs = "old" }).RecordedProject));
        Assert.Equal("RecordMismatch", Assert.Throws<HarvestException>(() => ExportRecord.Parse(bytes, $"q-{s_sha256}.json")).ErrorId);
        using var folder = new TemporaryFolder();
        string path = folder[s_least.FileName];
        File.WriteAllBytes(path, bytes);
        Assert.Equal(Unsealed(s_least), Unsealed(ExportRecord.Load(path)));
    }

    [Fact]
    public void Without_its_digest_a_record_is_one_of_an_earlier_build_or_damaged()
    {
        Assert.Equal(9, Parse(Encoding.UTF8.GetBytes(Unsealed(s_least))).Bytes);
        byte[] later = Encoding.UTF8.GetBytes(Unsealed(s_full));
        Assert.Equal("RecordDamaged", Assert.Throws<HarvestException>(() => Parse(later)).ErrorId);
        byte[] wrong = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s_full.ToUtf8Bytes()).Replace("\"bytes\": 9", "\"bytes\": 8", StringComparison.Ordinal));
        Assert.Equal("RecordDamaged", Assert.Throws<HarvestException>(() => Parse(wrong)).ErrorId);

        // What it says is read all the same where somebody looks at it, but for what is not known.
        ExportRecord damaged = ExportRecord.TryReadDamaged(wrong, s_full.FileName)!;
        Assert.Equal((8, "in/a.json", null), (damaged.Bytes, damaged.Path, damaged.Rest));
        Assert.Null(ExportRecord.TryReadDamaged("{"u8.ToArray(), s_full.FileName));
    }

    [Fact]
    public void What_a_later_addition_says_counts_and_what_it_does_not_say_stays()
    {
        Assert.Equal(Unsealed(s_full), Unsealed(s_full.JoinedWith(s_least)));
        Assert.Equal(Unsealed(s_full with { Rest = null }), Unsealed(s_least.JoinedWith(s_full)));
        ExportRecord other = s_full with
        {
            AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(9)),
            LabelSha256 = new string('e', 64),
            LabelVersion = 1,
            LabelConfigSha256 = new string('e', 64),
            Path = "in/b.json",
            LabelsThrough = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(4)),
            ProjectIds = [8],
            NewerThan = [new string('b', 64), new string('c', 64)],
            RedactedFrom = new string('e', 64),
            Redacted = new Exclusion([8], []),
            RemovedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(5)),
            Tasks = 11,
            Annotations = 12,
            Cancelled = 13,
            Drafts = 14,
            LabelsMissing = 15,
            RegionTypes = new OrderedDictionary<string, long> { ["q"] = 16 },
        };
        Assert.Equal(Unsealed(other with { AddedAt = s_full.AddedAt }), Unsealed(s_full.JoinedWith(other)));

        // The version is of the hash: without one it says nothing.
        Assert.Equal(LabelHash.Version, s_full.JoinedWith(s_least with { LabelVersion = 1 }).LabelVersion);
        Assert.Equal(s_full.Redacted, s_full.JoinedWith(s_least with { Redacted = other.Redacted }).Redacted);
    }

    [Theory]
    [InlineData(null, "x", null, "y", null, "y")]
    [InlineData(null, "x", null, null, null, "x")]
    [InlineData(null, "x", "in/a", null, "in/a", null)]
    [InlineData("in/a", null, null, "y", "in/a", null)]
    [InlineData("in/a", null, "in/b", null, "in/b", null)]
    public void A_path_replaces_a_name_and_no_name_a_path(string? path, string? name, string? laterPath, string? laterName, string? joinedPath, string? joinedName)
    {
        ExportRecord joined = (s_least with { Path = path, Name = name }).JoinedWith(s_least with { Path = laterPath, Name = laterName });
        Assert.Equal((joinedPath, joinedName), (joined.Path, joined.Name));
    }

    [Fact]
    public void What_was_read_of_the_labels_is_all_that_the_record_says_of_them()
    {
        var read = new ExportFingerprint
        {
            Sha256 = s_sha256,
            Bytes = 9,
            LabelSha256 = new string('f', 64),
            Tasks = 21,
            Annotations = 22,
            Cancelled = 23,
            Drafts = 24,
            LabelsMissing = 25,
            LabelsThrough = DateTimeOffset.UnixEpoch.AddDays(6),
            RegionTypes = new Dictionary<string, long> { ["r"] = 26 },
            ProjectIds = [27],
        };
        ExportRecord with = s_full.With(read);
        Assert.Equal((read.LabelSha256, LabelHash.Version, 21, 22, 23, 24, 25), (with.LabelSha256, with.LabelVersion, with.Tasks, with.Annotations, with.Cancelled, with.Drafts, with.LabelsMissing));
        Assert.Equal((read.LabelsThrough.Value, 27L, 26L), (with.LabelsThrough!.Value.Instant, with.ProjectIds.Single(), with.RegionTypes["r"]));
        Assert.Equal((s_full.Path, s_full.AddedAt), (with.Path, with.AddedAt));

        ExportRecord without = s_full.With(new ExportFingerprint { Sha256 = s_sha256, Bytes = 9 });
        Assert.Equal((null, null, null, false), (without.LabelSha256, without.LabelVersion, without.LabelsThrough, without.LabelsRead));
        Assert.Empty(without.ProjectIds);
        Assert.Empty(without.RegionTypes);
        Assert.True(with.LabelsRead);
    }

    [Theory]
    [InlineData(0L, 1L, true)]
    [InlineData(0L, 0L, false)]
    [InlineData(1L, 1L, false)]
    [InlineData(null, 1L, false)]
    [InlineData(0L, null, false)]
    public void Labels_are_lacking_where_there_are_none_and_some_are_missing(long? annotations, long? missing, bool lacks) =>
        Assert.Equal(lacks, (s_least with { Annotations = annotations, LabelsMissing = missing }).LacksAllLabels);

    private static ExportRecord Parse(byte[] bytes) => ExportRecord.Parse(bytes, s_least.FileName);

    /// <summary>The record's members without spacing and without its digest.</summary>
    private static string Unsealed(ExportRecord record)
    {
        JsonObject json = JsonNode.Parse(record.ToUtf8Bytes())!.AsObject();
        Assert.Equal(RecordSeal.Member, json.Last().Key);
        Assert.Equal(SealState.Right, RecordSeal.Open(json));
        return json.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
