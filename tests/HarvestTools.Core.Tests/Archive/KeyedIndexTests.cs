using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Tests.Archive;

/// <summary>
/// The questions of an addition, put to the keys of a few records, are answered as reading all of them answers; and when keys are made,
/// kept and given up.
/// </summary>
public sealed class KeyedIndexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Answers_are_those_of_the_records_while_they_are_added_rewritten_and_changed_behind_them(int seed)
    {
        using var few = new FewRecords(seed, count: 25);
        RecordIndex index = few.Open();
        for (int step = 0; step < 8; step++)
        {
            index.Prepare();
            few.AssertAnswersAreThoseOfTheRecords(index);
            string file = few.Files[few.Made.Random.Next(few.Files.Count)];
            switch (few.Made.Random.Next(6))
            {
                case 0:
                    File.Delete(file);
                    break;
                case 1:
                    few.Write(few.Made.Next());
                    break;
                case 2:
                    few.Write(ExportRecord.Load(file) with { LabelSha256 = MadeRecords.Labels[0], LabelVersion = LabelHash.Version, Path = MadeRecords.Paths[0], Name = null });
                    break;
                case 3:
                    index.Keep();
                    index = few.Open();
                    break;
                case 4:
                    ExportRecord known = index.LoadAgain(file);
                    few.Record(index, known.JoinedWith(few.Made.Next() with { ProjectIds = known.ProjectIds }));
                    break;
                default:
                    few.Record(index, few.Made.Next());
                    break;
            }
        }
    }

    [Theory]
    [InlineData(FewRecords.Fewest - 1, false)]
    [InlineData(FewRecords.Fewest, true)]
    public void They_are_made_from_so_many_records_on(int count, bool made)
    {
        using var few = new FewRecords(1, count);
        RecordIndex index = few.Open();
        Assert.False(index.UsesKeys);
        index.Prepare();
        Assert.Equal(made, index.UsesKeys);
        few.AssertAnswersAreThoseOfTheRecords(index, made);
        Assert.Equal(made, index.Forgo());
        Assert.False(index.Forgo());
        few.AssertAnswersAreThoseOfTheRecords(index, keyed: false);
    }

    [Fact]
    public void Without_a_place_to_keep_them_none_are_made()
    {
        using var few = new FewRecords(1, count: 6);
        RecordIndex index = few.OpenWithoutKeys();
        index.Prepare();
        Assert.False(index.UsesKeys);
        few.Record(index, few.Made.Next());
        index.Keep();
        Assert.False(File.Exists(few.KeysPath));
    }

    /// <summary>The first record that a command writes is in the kept keys at once; those after it when the command ends.</summary>
    [Fact]
    public void What_is_written_is_kept_at_once_and_then_at_the_end()
    {
        using var few = new FewRecords(2, count: 6);
        RecordIndex index = few.Open();
        index.Prepare();
        Assert.False(index.IsUnsaved);
        Assert.False(File.Exists(few.KeysPath));
        few.Record(index, few.Made.Next());
        Assert.False(index.IsUnsaved);
        Assert.True(few.Open().UsesKeys);

        few.Record(index, few.Made.Next());
        Assert.True(index.IsUnsaved);
        Assert.False(few.Open().UsesKeys);
        index.Keep();
        Assert.False(index.IsUnsaved);
        RecordIndex next = few.Open();
        few.AssertAnswersAreThoseOfTheRecords(next);

        // Nothing is new.
        File.Delete(few.KeysPath);
        index.Keep();
        Assert.False(File.Exists(few.KeysPath));
    }

    /// <summary>What another process wrote meanwhile is in none of this command's keys.</summary>
    [Fact]
    public void Keys_are_not_kept_under_a_stat_that_they_are_not_of()
    {
        using var few = new FewRecords(3, count: 6);
        RecordIndex index = few.Open();
        index.Prepare();
        few.Record(index, few.Made.Next());
        few.Record(index, few.Made.Next());
        File.Delete(few.KeysPath);
        few.Write(few.Made.Next());
        index.Keep();
        Assert.False(index.IsUnsaved);
        Assert.False(File.Exists(few.KeysPath));
    }

    /// <summary>Writing into a file leaves its folder as it was: the record that answers shows it, and then all are read.</summary>
    [Fact]
    public void A_record_that_is_not_what_its_key_says_has_all_of_them_read()
    {
        using var few = new FewRecords(4, count: 0);
        for (int i = 0; i < 6; i++)
        {
            few.Write(Record(i, "a"));
        }

        RecordIndex first = few.Open();
        first.Prepare();
        few.Record(first, Record(6, "b"));

        void AssertGivenUp(Action<RecordIndex> ask)
        {
            RecordIndex index = few.Open();
            Assert.True(index.UsesKeys);
            ask(index);
            Assert.False(index.UsesKeys);
            few.AssertAnswersAreThoseOfTheRecords(index, keyed: false);
            index.Prepare();
            Assert.False(index.UsesKeys);
        }

        string path = Path.Combine(few.Folder, Record(5, "a").FileName);
        File.WriteAllBytes(path, (Record(5, "a") with { LabelSha256 = MadeRecords.Labels[1], Path = "in/other.json", LabelsThrough = null }).ToUtf8Bytes());
        AssertGivenUp(index => Assert.Null(index.Newest("a", static (_, added) => added)));
        AssertGivenUp(index => Assert.Equal(Record(4, "a").Sha256, index.LastWithLabels("a", MadeRecords.Labels[0], Record(6, "b").Sha256)!.Sha256));

        path = Path.Combine(few.Folder, Record(0, "a").FileName);
        File.WriteAllBytes(path, (Record(0, "a") with { LabelSha256 = MadeRecords.Labels[1], Path = "in/other.json" }).ToUtf8Bytes());
        AssertGivenUp(index => Assert.Equal([Record(1, "a").Sha256, Record(6, "b").Sha256], index.FirstFrom("in/one.json", except: null).Select(static record => record.Sha256)));
        AssertGivenUp(index => Assert.Equal(Record(1, "a").Sha256, index.TwinOf(Record(7, "c"))!.Sha256));

        // Who reads it to the end of a question that needs no key goes on.
        RecordIndex other = few.Open();
        Assert.Equal(Record(6, "b").Sha256, other.Newest("b", static (_, added) => added)!.Sha256);
        Assert.True(other.UsesKeys);
    }

    [Fact]
    public void Keys_that_a_record_cannot_be_put_into_are_made_again()
    {
        using var few = new FewRecords(5, count: 6);
        ExportRecord known = few.Made.Next() with { ProjectIds = [1, 2] };
        string path = few.Write(known);
        RecordIndex index = few.Open();
        index.Prepare();
        ExportRecord later = known with { ProjectIds = [1] };
        few.Write(later);
        index.Written(path, later, known);
        Assert.False(index.UsesKeys);
        Assert.False(index.IsUnsaved);
        index.Prepare();
        few.AssertAnswersAreThoseOfTheRecords(index);

        // Those are kept with the next record, as the first ones would have been.
        few.Record(index, few.Made.Next());
        Assert.True(few.Open().UsesKeys);
    }

    [Fact]
    public void A_check_asks_the_files_whatever_is_kept()
    {
        using var few = new FewRecords(6, count: 6);
        RecordIndex index = few.Open();
        index.Prepare();
        few.Record(index, few.Made.Next());
        RecordIndex check = few.Open(later: 60);
        check.Distrust();
        Assert.False(check.UsesKeys);
        Assert.Equal(7, check.Records(project: null).Count);
        Assert.False(File.Exists(few.CachePath));
        check.Prepare();
        Assert.False(check.UsesKeys);
    }

    /// <summary>A command that reads all records leaves right keys, where times can be relied on.</summary>
    [Fact]
    public void Who_reads_all_records_mends_the_keys()
    {
        using var few = new FewRecords(7, count: 6);
        RecordIndex index = few.Open();
        index.Prepare();
        few.Record(index, few.Made.Next());
        string path = few.Files[3];
        ExportRecord record = ExportRecord.Load(path);
        File.WriteAllBytes(path, (record with { Path = "in/mended.json", Name = null }).ToUtf8Bytes());
        byte[] wrong = File.ReadAllBytes(few.KeysPath);

        _ = few.Open().Records(record.Project);
        _ = few.Open().Records(project: null);
        Assert.Equal(wrong, File.ReadAllBytes(few.KeysPath));
        RecordIndex later = few.Open(later: 60);
        _ = later.Records(project: null);
        Assert.NotEqual(wrong, File.ReadAllBytes(few.KeysPath));
        RecordIndex after = few.Open();
        few.AssertAnswersAreThoseOfTheRecords(after);
        Assert.Equal(record.Sha256, Assert.Single(after.FirstFrom("in/mended.json", except: null)).Sha256);

        // Right ones are left as they are.
        DateTime written = DateTime.UnixEpoch.AddDays(1);
        File.SetLastWriteTimeUtc(few.KeysPath, written);
        _ = few.Open(later: 60).Records(project: null);
        Assert.Equal(written, File.GetLastWriteTimeUtc(few.KeysPath));
    }

    [Theory]
    [InlineData(FewRecords.Fewest - 1, false)]
    [InlineData(FewRecords.Fewest, true)]
    public void Who_reads_all_records_keeps_keys_and_records_from_so_many_on(int count, bool kept)
    {
        using var few = new FewRecords(8, count);
        _ = few.Open(later: 60).Records(project: null);
        Assert.Equal((kept, kept), (File.Exists(few.KeysPath), File.Exists(few.CachePath)));
        Assert.Equal(few.OpenWithoutKeys().Records(project: null).Select(MadeRecords.Text), few.Open(later: 60).Records(project: null).Select(MadeRecords.Text));
    }

    /// <summary>A record is taken from the cache with its project's present name, and the cache is not opened for those that are known.</summary>
    [Fact]
    public void Records_come_from_the_cache_under_the_present_names()
    {
        using var few = new FewRecords(9, count: 5);
        few.Write(few.Made.Next() with { Project = "old" });
        _ = few.Open(later: 60).Records(project: null);
        byte[] kept = File.ReadAllBytes(few.CachePath);
        RecordIndex index = few.Open(later: 60);
        ExportRecord renamed = Assert.Single(index.Records("a"), static record => record.RecordedProject == "old");
        Assert.Equal(("a", "old"), (renamed.Project, renamed.ArchivedAs));
        Assert.Empty(index.Records("old"));
        Assert.Equal(kept, File.ReadAllBytes(few.CachePath));
        few.Write(Record(90, "a"));
        Assert.Contains(index.Records("a"), static record => record is { RecordedProject: "a", ArchivedAs: null });
    }

    private static ExportRecord Record(int number, string project) => new()
    {
        Project = project,
        Sha256 = ArchiveFixture.Hash($"{number}"),
        Bytes = number,
        Path = "in/one.json",
        AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(number)),
        LabelSha256 = MadeRecords.Labels[0],
        LabelVersion = LabelHash.Version,
        Annotations = 1,
        LabelsThrough = Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(number)),
    };
}
