using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Tests.Archive;

/// <summary>The orders in which keys of records are searched: each by what it is named for first, and none ends before the export.</summary>
public sealed class RecordKeyTests
{
    private static readonly string s_low = new('1', 64);

    [Fact]
    public void Hashes_are_in_the_order_of_their_text_wherever_they_differ()
    {
        string[] texts = [s_low, .. Enumerable.Range(0, 64).SelectMany(static place => new[] { '0', '2', 'f' }.Select(digit => s_low[..place] + digit + s_low[(place + 1)..]))];
        string[] sorted = [.. texts.Order(StringComparer.Ordinal)];
        Assert.Equal(sorted, texts.Select(HashKey.Of).Order().Select(static key => key.ToString()));
        Assert.Equal(sorted, sorted.Select(static text => HashKey.Of(text).ToString()));
        Assert.Equal(default, HashKey.Of(null));
        Assert.All(sorted, static text => Assert.Equal(0, HashKey.Of(text).CompareTo(HashKey.Of(text))));
    }

    [Fact]
    public void Each_order_asks_in_turn()
    {
        RecordKey middle = Key();
        HashKey more = HashKey.Of(new string('6', 64));
        AssertTurns(RecordKey.BySha256, middle, middle with { Sha256 = more }, middle with { Project = 6 });
        AssertTurns(RecordKey.ByLabels, middle, middle with { Labels = more }, middle with { Project = 6 }, middle with { Added = 6 }, middle with { Sha256 = more });
        AssertTurns(RecordKey.ByPath, middle, middle with { Path = 6 }, middle with { Project = 6 }, middle with { Added = 6 }, middle with { Sha256 = more });
        AssertTurns(RecordKey.ByAge, middle, middle with { Project = 6 }, middle with { Through = 6 }, middle with { Added = 6 }, middle with { Sha256 = more });
        AssertTurns(RecordKey.ByAddition, middle, middle with { Added = 6 }, middle with { Sha256 = more });
    }

    [Fact]
    public void Keys_are_the_same_where_all_of_both_is()
    {
        RecordKey key = Key();
        HashKey more = HashKey.Of(new string('6', 64));
        Assert.True(RecordKey.AreSame(key, Key()));
        Assert.All(
            new[] { key with { Sha256 = more }, key with { Labels = more }, key with { Path = 6 }, key with { Through = 6 }, key with { Added = 6 }, key with { Project = 6 } },
            other => Assert.False(RecordKey.AreSame(key, other)));
    }

    [Fact]
    public void A_key_has_what_the_record_says_and_what_it_does_not_say_is_least()
    {
        var added = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(2));
        var record = new ExportRecord { Project = "a", Sha256 = s_low, Bytes = 1, AddedAt = added };
        Assert.Equal(new RecordKey(HashKey.Of(s_low), default, 0, long.MinValue, added.Instant.UtcTicks, 3), RecordKey.Of(record, 3));

        string labels = new('a', 64);
        RecordKey full = RecordKey.Of(record with { LabelSha256 = labels, LabelVersion = LabelHash.Version, Path = "a.json", LabelsThrough = added }, 3);
        Assert.Equal((HashKey.Of(labels), added.Instant.UtcTicks), (full.Labels, full.Through));
        Assert.Equal(RecordKey.PathKey("a.json"), full.Path);
        Assert.NotEqual(RecordKey.PathKey("b.json"), full.Path);
        Assert.All(Enumerable.Range(0, 50), static i => Assert.NotEqual(0UL, RecordKey.PathKey($"{i}") & 1));

        // Another definition's hash says nothing of this one's labels.
        Assert.Equal(default, RecordKey.Of(record with { LabelSha256 = labels, LabelVersion = LabelHash.Version - 1 }, 3).Labels);
    }

    private delegate int Order(in RecordKey x, in RecordKey y);

    private static RecordKey Key() => new(HashKey.Of(new string('5', 64)), HashKey.Of(new string('5', 64)), 5, 5, 5, 5);

    /// <summary>Each of the larger keys is larger whatever comes after it in the order is.</summary>
    private static void AssertTurns(Order order, RecordKey middle, params RecordKey[] larger)
    {
        Assert.Equal(0, order(middle, middle));
        for (int i = 0; i < larger.Length; i++)
        {
            Assert.True(order(middle, larger[i]) < 0, $"{i}");
            Assert.True(order(larger[i], middle) > 0, $"{i}");
            for (int j = i + 1; j < larger.Length; j++)
            {
                Assert.True(order(larger[i], larger[j]) > 0, $"{i} before {j}");
                Assert.True(order(larger[j], larger[i]) < 0, $"{i} before {j}");
            }
        }
    }
}
