using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Tests.Archive;

/// <summary>Keys that records were put into one by one are those of all of them at once, and come back from a file as they were.</summary>
public sealed class KeysOfRecordsTests
{
    private static readonly string[] s_labels = [.. "123".Select(static digit => new string(digit, 64))];

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Keys_that_came_one_by_one_are_those_of_all(int count)
    {
        ExportRecord[] records = [.. Enumerable.Range(0, count).Select(static i => Record(i))];
        foreach (int first in new[] { 0, count / 2 })
        {
            var keys = RecordKeys.Of(records[..first]);
            Assert.All(records[first..], record => Assert.True(keys.TryPut(record, before: null)));
            AssertSame(RecordKeys.Of(records), keys);
        }
    }

    [Fact]
    public void A_record_that_was_written_again_takes_its_own_place()
    {
        ExportRecord[] records = [.. Enumerable.Range(0, 50).Select(static i => Record(i))];
        var keys = RecordKeys.Of(records);
        foreach (int i in new[] { 7, 0, 49, 7 })
        {
            ExportRecord now = records[i] with
            {
                LabelSha256 = s_labels[0], LabelVersion = LabelHash.Version, Path = "in/now.json", LabelsThrough = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(90)),
            };
            Assert.True(keys.TryPut(now, records[i]));
            records[i] = now;
            AssertSame(RecordKeys.Of(records), keys);
        }
    }

    [Fact]
    public void What_was_not_known_as_it_is_said_to_have_been_or_lost_an_id_is_not_taken()
    {
        ExportRecord[] records = [.. Enumerable.Range(0, 5).Select(static i => Record(i) with { ProjectIds = [1, 2] })];
        var keys = RecordKeys.Of(records);
        Assert.False(keys.TryPut(records[2], before: null));
        Assert.False(keys.TryPut(Record(9), before: Record(9)));
        Assert.False(keys.TryPut(records[2] with { ProjectIds = [1] }, before: records[2]));
        Assert.False(keys.TryPut(records[2] with { ProjectIds = [] }, before: records[2]));
        Assert.True(keys.TryPut(records[2] with { ProjectIds = [2, 3, 1] }, before: records[2]));
        Assert.Equal(5, keys.Count);
    }

    [Fact]
    public void Ids_and_what_others_take_the_place_of_are_known_by_project()
    {
        var keys = RecordKeys.Of(
        [
            Record(0) with { Project = "a", ProjectIds = [7, 8], NewerThan = [s_labels[0]] },
            Record(1) with { Project = "b", ProjectIds = [7] },
            Record(2) with { Project = "a", ProjectIds = [8, 7, 9] },
            Record(3) with { Project = "c", ArchivedAs = "old", ProjectIds = [] },
        ]);
        Assert.Equal(["a", "b", "old"], keys.Projects);
        Assert.Equal([0, 7, 0, 8, 1, 7, 0, 9], keys.Ids);
        Assert.True(keys.IsReplaced(0, s_labels[0]));
        Assert.False(keys.IsReplaced(1, s_labels[0]));
        Assert.False(keys.IsReplaced(0, s_labels[1]));
        Assert.False(RecordKeys.Of([Record(0) with { NewerThan = [] }]).IsReplaced(0, s_labels[0]));
    }

    [Fact]
    public void They_come_back_from_a_file_as_they_were_and_take_more()
    {
        ExportRecord[] records = [.. Enumerable.Range(0, 70).Select(static i => Record(i))];
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            RecordKeys.Of(records).Write(writer);
        }

        bytes.Position = 0;
        using var reader = new BinaryReader(bytes);
        RecordKeys read = RecordKeys.Read(reader);
        Assert.Equal(bytes.Length, bytes.Position);
        AssertSame(RecordKeys.Of(records), read);
        Assert.True(read.TryPut(Record(70), before: null));
        AssertSame(RecordKeys.Of([.. records, Record(70)]), read);
    }

    /// <summary>The keys of names are added up, so that one that came and one that went must not cancel each other.</summary>
    [Fact]
    public void Names_that_differ_in_one_letter_or_in_length_have_other_keys()
    {
        string name = Record(3).FileName;
        var keys = new HashSet<ulong> { RecordKeys.NameKey(name) };
        for (int i = 0; i < name.Length; i++)
        {
            Assert.True(keys.Add(RecordKeys.NameKey(name[..i] + "~" + name[(i + 1)..])), $"{i}");
            Assert.True(keys.Add(RecordKeys.NameKey(name.AsSpan(0, i))), $"{i}");
            Assert.True(keys.Add(RecordKeys.NameKey(name[..i] + "\0" + name[i..])), $"{i}");
        }

        // Four letters are taken at a time, and of nothing but zeros the length alone is left.
        Assert.True(keys.Add(RecordKeys.NameKey("\0\0\0\0" + name)));
        Assert.Equal(unchecked(RecordKeys.NameKey(name) + RecordKeys.NameKey(Record(4).FileName)), RecordKeys.Of([Record(3), Record(4)]).Names);
    }

    private static ExportRecord Record(int number) => new()
    {
        Project = "abc"[number % 3].ToString(),
        Sha256 = ArchiveFixture.Hash($"{number}"),
        Bytes = number,
        AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(number * 7 % 10)),
        Path = number % 4 == 0 ? null : $"in/{number % 4}.json",
        LabelSha256 = number % 5 == 0 ? null : s_labels[number % 3],
        LabelVersion = number % 5 == 0 ? null : LabelHash.Version,
        LabelsThrough = number % 7 == 0 ? null : Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(number % 6)),
        ProjectIds = number % 2 == 0 ? [] : [number % 3],
        NewerThan = number % 9 == 1 ? [ArchiveFixture.Hash($"{number - 1}")] : [],
    };

    /// <summary>The same keys in the same orders, whatever places they have.</summary>
    private static void AssertSame(RecordKeys expected, RecordKeys actual)
    {
        Assert.Equal((expected.Count, expected.Names), (actual.Count, actual.Names));
        Assert.Equal(expected.Projects, actual.Projects);
        Assert.Equal(expected.Ids, actual.Ids);
        foreach ((KeyOrder one, KeyOrder other) in new[]
        {
            (expected.BySha256, actual.BySha256), (expected.ByLabels, actual.ByLabels), (expected.ByPath, actual.ByPath), (expected.ByAge, actual.ByAge),
        })
        {
            Assert.Equal(expected.Count, other.Count);
            Assert.Equal(Enumerable.Range(0, expected.Count).Select(i => expected[one, i]), Enumerable.Range(0, actual.Count).Select(i => actual[other, i]));
        }

        for (int place = 0; place < expected.Projects.Count; place++)
        {
            for (int number = 0; number < 80; number++)
            {
                Assert.Equal(expected.IsReplaced(place, ArchiveFixture.Hash($"{number}")), actual.IsReplaced(place, ArchiveFixture.Hash($"{number}")));
            }
        }
    }
}
