using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive;

/// <summary>The digest that a record carries: what it covers, and what is none.</summary>
public sealed class RecordDigestTests
{
    private static readonly byte[] s_sealed = Encoding.UTF8.GetBytes(RecordSeal.Seal(Record()).ToJsonString());

    [Fact]
    public void It_is_the_last_member_and_right()
    {
        JsonObject record = RecordSeal.Seal(Record());
        Assert.Equal("record_sha256", record.Last().Key);
        string digest = record[RecordSeal.Member]!.GetValue<string>();
        Assert.Equal("6975cca792a8cd80d26c75d902d25ed6d70145ea99db07596c8a25307f0ddb8c", digest);
        Assert.Equal(SealState.Right, RecordSeal.Open(record));

        // Taken out it is absent, and another one takes its place.
        Assert.Equal(SealState.Absent, RecordSeal.Open(record));
        record[RecordSeal.Member] = new string('0', 64);
        record["bytes"] = 1;
        Assert.Equal(digest, RecordSeal.Seal(record)[RecordSeal.Member]!.GetValue<string>());
        Assert.Equal(4, record.Count);
    }

    [Fact]
    public void It_is_blind_to_spacing_and_order_and_to_nothing_else()
    {
        Assert.True(RecordSeal.IsSealed(s_sealed));
        string text = Encoding.UTF8.GetString(s_sealed);
        Assert.True(IsSealed(text.Replace(",", " ,\n ", StringComparison.Ordinal)));
        JsonObject record = JsonNode.Parse(s_sealed)!.AsObject();
        var backwards = new JsonObject();
        foreach ((string name, JsonNode? value) in record.Reverse())
        {
            backwards.Add(name, value?.DeepClone());
        }

        Assert.True(IsSealed(backwards.ToJsonString()));
        foreach ((string written, string other) in new[]
        {
            ("\"p\"", "\"q\""), ("\"bytes\":1", "\"bytes\":2"), ("9007199254740993", "9007199254740992"), ("\"bytes\"", "\"byten\""), ("\"bytes\":1,", ""),
        })
        {
            Assert.Contains(written, text, StringComparison.Ordinal);
            Assert.False(IsSealed(text.Replace(written, other, StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    [InlineData("[\"a\"]")]
    public void A_digest_that_is_no_text_is_wrong(string value)
    {
        JsonObject record = JsonNode.Parse(s_sealed)!.AsObject();
        record[RecordSeal.Member] = JsonNode.Parse(value);

        Assert.False(IsSealed(record.ToJsonString()));
        Assert.Equal(SealState.Wrong, RecordSeal.Open(record));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"a\":\"\\ud800\",\"record_sha256\":\"0\"}")]
    [InlineData("{\"a\":1e999,\"record_sha256\":\"0\"}")]
    public void What_is_no_record_carries_none(string text) => Assert.False(IsSealed(text));

    [Fact]
    public void A_record_that_says_one_thing_twice_is_not_as_it_was_written()
    {
        string text = Encoding.UTF8.GetString(s_sealed);
        Assert.False(IsSealed("{\"project\":\"p\"," + text[1..]));
    }

    private static JsonObject Record() => new() { ["project"] = "p", ["bytes"] = 1, ["later"] = JsonNode.Parse("[9007199254740993, null]") };

    private static bool IsSealed(string text) => RecordSeal.IsSealed(Encoding.UTF8.GetBytes(text));
}
