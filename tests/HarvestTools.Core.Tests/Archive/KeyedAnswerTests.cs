using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Tests.Archive;

/// <summary>Single answers of keys and of records, whose right one is plain without asking another index.</summary>
public sealed class KeyedAnswerTests : IDisposable
{
    private readonly FewRecords _few = new(seed: 1, count: 0);

    public void Dispose() => _few.Dispose();

    /// <summary>Whatever is not an answer may be damaged: nobody has read it.</summary>
    [Fact]
    public void Keys_answer_without_a_look_at_other_records()
    {
        string answer = Write(1, "a");
        for (int i = 2; i < 7; i++)
        {
            Write(i, i % 2 == 0 ? "a" : "b", labels: 2, path: "in/other.json", through: 0);
        }

        RecordIndex index = Keyed();
        foreach (string file in _few.Files.Where(file => file != answer && !file.Contains(Hash(0), StringComparison.Ordinal)))
        {
            File.WriteAllText(file, "{");
        }

        Assert.Equal(Hash(1), index.LastWithLabels("a", MadeRecords.Labels[1], Hash(9))!.Sha256);
        Assert.Equal([Hash(1)], index.FirstFrom("in/one.json", except: null).Select(static record => record.Sha256));
        Assert.Empty(index.FirstFrom("in/one.json", except: Hash(1)));
        Assert.Equal(Hash(1), index.TwinOf(Record(9, "c"))!.Sha256);
        Assert.Null(index.TwinOf(Record(9, "a")));
        Assert.Equal(Hash(1), index.Newest("a", AsAdded)!.Sha256);
        Assert.Null(index.Newest("c", AsAdded));
        Assert.Equal(["a", "b", "d"], index.Projects());
        Assert.Equal(answer, Assert.Single(index.Of(Hash(1))).Path);
        Assert.Empty(index.Of(Hash(9)));
        Assert.True(index.UsesKeys);
    }

    /// <summary>Records of one project under two names are one row of answers.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Of_two_names_of_a_project_the_last_with_the_labels_and_the_newest_may_be_under_either(int old, int present)
    {
        Write(old, "old");
        Write(present, "a");
        Fill();
        RecordIndex index = Keyed();
        foreach (RecordIndex asked in new[] { index, _few.OpenWithoutKeys() })
        {
            Assert.Equal(Hash(2), asked.LastWithLabels("a", MadeRecords.Labels[1], Hash(9))!.Sha256);
            Assert.Equal(Hash(1), asked.LastWithLabels("a", MadeRecords.Labels[1], Hash(2))!.Sha256);
            Assert.Null(asked.LastWithLabels("old", MadeRecords.Labels[1], Hash(9)));
            Assert.Equal([Hash(1)], asked.FirstFrom("in/one.json", except: null).Select(static record => record.Sha256));
            Assert.Equal([Hash(2)], asked.FirstFrom("in/one.json", except: Hash(1)).Select(static record => record.Sha256));
            Assert.Equal(Hash(1), asked.TwinOf(Record(9, "c"))!.Sha256);
        }

        Assert.Equal(Hash(2), index.Newest("a", AsAdded)!.Sha256);
        Assert.True(index.UsesKeys);
    }

    [Fact]
    public void A_name_may_have_the_first_and_the_last_of_a_project()
    {
        Write(1, "old");
        Write(2, "a");
        Write(3, "old");
        Fill();
        RecordIndex index = Keyed();
        Assert.Equal(Hash(3), index.LastWithLabels("a", MadeRecords.Labels[1], Hash(9))!.Sha256);
        Assert.Equal(Hash(2), index.LastWithLabels("a", MadeRecords.Labels[1], Hash(3))!.Sha256);
        Assert.Equal(Hash(3), index.Newest("a", AsAdded)!.Sha256);
    }

    [Fact]
    public void Of_exports_whose_labels_end_alike_the_one_that_came_in_last_is_the_newest()
    {
        // In hours: what the record says, and since when a slice has the export.
        string Newest(params (int Added, int CameIn)[] exports)
        {
            using var few = new FewRecords(seed: 1, count: 0);
            for (int i = 0; i < FewRecords.Fewest; i++)
            {
                few.Write(Record(100 + i, "d", labels: 3, path: "in/d.json"));
            }

            for (int i = 0; i < exports.Length; i++)
            {
                few.Write(Record(i, "a", through: 1) with { AddedAt = Hour(exports[i].Added) });
            }

            RecordIndex index = few.Open();
            index.Prepare();
            Dictionary<string, DateTimeOffset> came = Enumerable.Range(0, exports.Length).ToDictionary(Hash, i => Hour(exports[i].CameIn).Instant, StringComparer.Ordinal);
            return index.Newest("a", (sha256, added) => came[sha256])!.Sha256;
        }

        Assert.Equal(Hash(0), Newest((9, 9), (10, 5)));
        Assert.Equal(Hash(1), Newest((9, 4), (10, 5)));
        Assert.Equal(Hash(0), Newest((9, 6), (10, 5)));
        Assert.Equal(Hash(1), Newest((3, 3), (10, 5)));

        // As late, the larger hash, which may be the one whose record is as old as the other came in.
        string larger = string.CompareOrdinal(Hash(0), Hash(1)) > 0 ? Hash(0) : Hash(1);
        Assert.Equal(larger, Newest((5, 5), (10, 5)));
        Assert.Equal(larger, Newest((10, 5), (5, 5)));
    }

    [Fact]
    public void What_another_was_said_to_take_the_place_of_is_not_the_newest()
    {
        Write(5, "a");
        _few.Write(Record(1, "a") with { NewerThan = [Hash(5)] });
        Write(6, "b");
        _few.Write(Record(2, "b") with { NewerThan = [Hash(9)] });
        Fill();
        RecordIndex index = Keyed();
        Assert.Equal(Hash(1), index.Newest("a", AsAdded)!.Sha256);
        Assert.Equal(Hash(6), index.Newest("b", AsAdded)!.Sha256);
    }

    /// <summary>Labels that are none are the same in every export without annotations.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData(0L, false)]
    [InlineData(1L, true)]
    public void Labels_make_a_twin_where_there_are_some(long? annotations, bool twin)
    {
        Write(1, "a");
        Fill();
        ExportRecord asked = Record(9, "b") with { Annotations = annotations };
        Assert.Equal(twin ? Hash(1) : null, Keyed().TwinOf(asked)?.Sha256);
        Assert.Equal(twin ? Hash(1) : null, _few.OpenWithoutKeys().TwinOf(asked)?.Sha256);
        Assert.Equal(Hash(1), _few.OpenWithoutKeys().TwinOf(asked with { Sha256 = Hash(1) })?.Sha256);
        Assert.Equal(Hash(1), Keyed().TwinOf(asked with { Sha256 = Hash(1) })?.Sha256);
    }

    [Fact]
    public void Projects_may_have_the_same_ids_and_one_several()
    {
        _few.Write(Record(1, "a") with { ProjectIds = [7] });
        _few.Write(Record(2, "b") with { ProjectIds = [7] });
        _few.Write(Record(3, "b") with { ProjectIds = [7] });
        _few.Write(Record(4, "b") with { ProjectIds = [8] });
        Fill();
        foreach (RecordIndex index in new[] { Keyed(), _few.OpenWithoutKeys() })
        {
            IReadOnlyDictionary<string, HashSet<long>> ids = index.ProjectIds();
            Assert.Equal(["a", "b", "d"], ids.Keys);
            Assert.Equal(["7", "7 8", ""], ids.Values.Select(static some => string.Join(' ', some.Order())));
        }
    }

    [Fact]
    public void What_another_process_writes_is_seen_by_every_question()
    {
        string path = Write(1, "a");
        RecordIndex index = _few.OpenWithoutKeys();
        Assert.Equal("in/one.json", index.Load(path).Path);
        Assert.Single(index.Records("a"));
        _few.Write(Record(1, "a", path: "in/now.json"));
        Assert.Equal("in/now.json", index.Load(path).Path);
        Write(2, "a");
        Assert.Equal(2, index.Records("a").Count);
        Write(3, "b");
        Assert.Equal(["a", "b"], index.Projects());
        Write(3, "a");
        Assert.Equal(2, index.Of(Hash(3)).Count());
        Write(4, "c");
        Assert.Equal(5, index.Files().Count);

        // Written in place it is as it was when it was read.
        _ = index.Load(path);
        File.WriteAllText(path, "{");
        Assert.Equal("in/now.json", index.Load(path).Path);
    }

    /// <summary>The same export with the same time, recorded before and after a project was renamed.</summary>
    [Fact]
    public void One_export_of_one_project_under_two_names_is_two_records()
    {
        ExportRecord first = Record(1, "a");
        _few.Write(first);
        RecordIndex index = _few.OpenWithoutKeys();
        Assert.Single(index.Records(project: null));
        _few.Record(index, first with { ArchivedAs = "old" });
        Assert.Equal(2, index.Records(project: null).Count);
        Assert.Equal(["a", "old"], index.Records("a").Select(static record => record.RecordedProject).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_that_are_named_otherwise_are_no_records()
    {
        string path = Write(1, "a");
        File.WriteAllText(Path.ChangeExtension(path, ".txt"), "{");
        File.WriteAllText(path + ".new", "{");
        File.WriteAllText(Path.Combine(_few.Folder, "notes.json"), "{");
        Assert.Equal([path], _few.OpenWithoutKeys().Files().Select(static file => file.Path));
        Directory.Delete(_few.Folder, recursive: true);
        RecordIndex none = _few.Open();
        Assert.Empty(none.Files());
        Assert.Empty(none.Projects());
        none.Prepare();
        Assert.False(none.UsesKeys);
        Directory.CreateDirectory(_few.Folder);
    }

    private static DateTimeOffset AsAdded(string sha256, DateTimeOffset added) => added;

    private static string Hash(int number) => ArchiveFixture.Hash($"{number}");

    private static Timestamp Hour(int hour) => Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(hour));

    /// <summary>Added in the hour and with labels up to the day of its number.</summary>
    private static ExportRecord Record(int number, string project, int labels = 1, string path = "in/one.json", int? through = null) => new()
    {
        Project = project,
        Sha256 = Hash(number),
        Bytes = number,
        Path = path,
        AddedAt = Hour(number),
        LabelSha256 = MadeRecords.Labels[labels],
        LabelVersion = LabelHash.Version,
        Annotations = 1,
        LabelsThrough = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(through ?? number)),
    };

    private string Write(int number, string project, int labels = 1, string path = "in/one.json", int? through = null) =>
        _few.Write(Record(number, project, labels, path, through));

    /// <summary>Enough records of another project that keys are made.</summary>
    private void Fill()
    {
        for (int i = 0; i < FewRecords.Fewest; i++)
        {
            Write(100 + i, "d", labels: 3, path: "in/d.json");
        }
    }

    /// <summary>An index as the command after one that wrote a record has it: keys, and nothing that was read.</summary>
    private RecordIndex Keyed()
    {
        RecordIndex before = _few.Open();
        before.Prepare();
        _few.Record(before, Record(0, "d", labels: 3, path: "in/d.json"));
        RecordIndex index = _few.Open();
        Assert.True(index.UsesKeys);
        return index;
    }
}
