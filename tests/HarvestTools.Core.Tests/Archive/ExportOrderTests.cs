using HarvestTools.Archive;
using HarvestTools.Json;

namespace HarvestTools.Tests.Archive;

/// <summary>Which export of a project is the newest: what somebody said, then how far labels go, then when it was added, then the hash.</summary>
public sealed class ExportOrderTests
{
    [Fact]
    public void Each_answer_counts_only_where_those_before_it_give_none()
    {
        ExportRecord older = Record('5', through: 5, added: 5);
        AssertNewer(Record('1', through: 6, added: 1), older);
        AssertNewer(Record('1', through: 5, added: 6), older);
        AssertNewer(Record('6', through: 5, added: 5), older);
        AssertNewer(older, Record('6', through: null, added: 6));
        AssertNewer(Record('1', through: null, added: 6), Record('6', through: null, added: 5));
        Assert.Equal(0, ExportOrder.Instance.Compare(older, older with { Path = "elsewhere.json" }));
        Assert.False(ExportOrder.IsNewer(older, older));
    }

    [Fact]
    public void What_somebody_said_of_the_two_counts_before_their_dates_unless_both_say_it()
    {
        ExportRecord late = Record('6', through: 6, added: 6);
        ExportRecord chosen = Record('5', through: 5, added: 5) with { NewerThan = [new string('9', 64), late.Sha256] };
        AssertNewer(chosen, late);
        AssertNewer(late, chosen with { NewerThan = [new string('9', 64)] });
        AssertNewer(late with { NewerThan = [chosen.Sha256] }, chosen);
    }

    [Fact]
    public void When_an_export_came_in_can_be_said_by_the_caller()
    {
        ExportRecord first = Record('5', through: 5, added: 1);
        ExportRecord second = Record('6', through: 5, added: 2);
        var turned = new ExportOrder(static record => DateTimeOffset.UnixEpoch.AddHours(-record.AddedAt.Instant.Hour));
        Assert.True(turned.Compare(first, second) > 0);
        Assert.True(ExportOrder.Instance.Compare(first, second) < 0);
    }

    private static void AssertNewer(ExportRecord newer, ExportRecord older)
    {
        Assert.True(ExportOrder.IsNewer(newer, older));
        Assert.False(ExportOrder.IsNewer(older, newer));
    }

    private static ExportRecord Record(char hash, int? through, int added) => new()
    {
        Project = "a",
        Sha256 = new string(hash, 64),
        Bytes = 1,
        AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(added)),
        LabelsThrough = through is { } hour ? Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(hour)) : null,
    };
}
