using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Archive;

/// <summary>What is kept of records between commands answers as the records do, whatever happened to it and to them.</summary>
public sealed class RecordKeysTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Answers_are_those_of_all_records_while_they_are_added_rewritten_and_changed_behind_them(int seed)
    {
        using var many = new ManyRecords(seed);
        Repository repository = many.Open();
        for (int step = 0; step < 12; step++)
        {
            many.AssertAnswersAreThoseOfTheRecords(repository);
            string file = many.Files[many.Random.Next(many.Files.Count)];
            switch (many.Random.Next(6))
            {
                case 0:
                    File.Delete(file);
                    break;
                case 1:
                    many.WriteBehind(many.Next());
                    break;
                case 2:
                    many.WriteBehind(ExportRecord.Load(file) with { LabelSha256 = MadeRecords.Labels[0], LabelVersion = 2, Path = MadeRecords.Paths[0], Name = null });
                    break;
                case 3:
                    // The next command.
                    repository.Archive.KeepIndex();
                    repository = many.Open();
                    break;
                case 4:
                    ExportRecord known = repository.Archive.Index.Load(file);
                    ExportRecord other = many.Next();
                    (_, bool added) = repository.Archive.Record(other with { Project = known.Project, Sha256 = known.Sha256, ProjectIds = known.ProjectIds });
                    Assert.False(added);
                    break;
                default:
                    Assert.True(repository.Archive.Record(many.Next()).Added);
                    break;
            }
        }

        many.AssertAnswersAreThoseOfTheRecords(repository);
    }

    [Fact]
    public void A_command_that_adds_one_leaves_keys_to_the_next_and_one_that_adds_many_leaves_them_at_its_end()
    {
        using var many = new ManyRecords(5);
        Assert.False(many.HasKeys());
        many.Keep();

        Repository next = many.Open();
        next.Archive.Index.Prepare();
        for (int i = 0; i < 3; i++)
        {
            _ = next.Archive.Record(many.Next());
        }

        Assert.False(many.HasKeys());
        next.Archive.KeepIndex();
        Assert.True(many.HasKeys());
        many.AssertAnswersAreThoseOfTheRecords(many.Open());
    }

    /// <summary>Few records are read in no time, and nothing is kept of them.</summary>
    [Fact]
    public void Of_few_records_no_keys_are_kept()
    {
        using var few = new ManyRecords(6, count: 20);
        Repository repository = few.Open();
        repository.Archive.Index.Prepare();
        _ = repository.Archive.Record(few.Next());
        repository.Archive.KeepIndex();

        Assert.False(File.Exists(few.KeysPath));
        few.AssertAnswersAreThoseOfTheRecords(few.Open(), keyed: false);
    }

    [Fact]
    public void Keys_with_a_flipped_bit_anywhere_or_that_were_cut_are_none()
    {
        using var many = new ManyRecords(7);
        many.Keep();
        byte[] whole = File.ReadAllBytes(many.KeysPath);
        FlippedBits.Each(
            whole,
            (bytes, _) =>
            {
                File.WriteAllBytes(many.KeysPath, bytes);
                Assert.False(many.HasKeys());
            },
            most: 300);
        many.AssertAnswersAreThoseOfTheRecords(many.Open());
        foreach (int length in new[] { 0, 10, 86, 87, whole.Length - 1 })
        {
            File.WriteAllBytes(many.KeysPath, whole[..length]);
            Assert.False(many.HasKeys());
        }

        File.WriteAllBytes(many.KeysPath, whole);
        Assert.True(many.HasKeys());
    }

    /// <summary>A change within one tick of the folder's times leaves its stat as it was; the names are then others.</summary>
    [Fact]
    public void A_record_that_came_or_went_is_noticed_though_the_folder_has_the_stat_that_it_had()
    {
        using var many = new ManyRecords(8);
        string folder = many.Open().Archive.RecordsFolder;
        var file = new RecordKeysFile(Path.Combine(many.Folder, "keys"), folder);
        FileStat stat = FolderStat.TryGet(folder)!;
        file.TrySave(RecordKeys.Of(many.Open().Archive.List()), stat, DateTimeOffset.UtcNow);
        Assert.NotNull(file.TryLoad(stat));
        Assert.Null(file.TryLoad(stat with { Modified = stat.Modified + 1 }));

        string added = many.WriteBehind(many.Next());
        Assert.Null(file.TryLoad(stat));
        File.Delete(added);
        Assert.NotNull(file.TryLoad(stat));
        File.Delete(many.Files[9]);
        Assert.Null(file.TryLoad(stat));
    }

    /// <summary>As on a file system with times of whole seconds, where a second change within one cannot be seen.</summary>
    [Fact]
    public void Nothing_is_kept_of_a_folder_that_changed_within_the_second_where_times_are_of_seconds()
    {
        using var many = new ManyRecords(9);
        string folder = many.Open().Archive.RecordsFolder;
        var file = new RecordKeysFile(Path.Combine(many.Folder, "keys"), folder);
        var keys = RecordKeys.Of(many.Open().Archive.List());
        FileStat stat = FolderStat.TryGet(folder)!;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        long second = OperatingSystem.IsWindows() ? TimeSpan.TicksPerSecond : 1_000_000_000;
        FileStat coarse = stat with { Modified = stat.Modified / second * second };

        file.TrySave(keys, coarse, now);
        Assert.Null(file.TryLoad(coarse));
        file.TrySave(keys, coarse, now.AddSeconds(10));
        Assert.NotNull(file.TryLoad(coarse));
    }

    /// <summary>Writing into a file leaves its folder as it was: the record that answers shows it, and then all are read.</summary>
    [Fact]
    public void A_record_that_was_overwritten_in_place_is_believed_and_not_its_key()
    {
        using var many = new ManyRecords(10);
        many.Keep();
        Repository plain = many.OpenWithoutKeys();
        ExportRecord newest = new NewestExports(plain).Of("b");
        string path = Path.Combine(plain.Archive.RecordsFolder, newest.FileName);
        File.WriteAllBytes(path, (newest with { LabelsThrough = null }).ToUtf8Bytes());

        Assert.True(many.HasKeys());
        string now = new NewestExports(many.OpenWithoutKeys()).Of("b").Sha256;
        Assert.NotEqual(newest.Sha256, now);
        Repository repository = many.Open();
        Assert.Equal(now, new NewestExports(repository).Of("b").Sha256);
        many.AssertAnswersAreThoseOfTheRecords(repository, keyed: false);
    }

    /// <summary>A command that reads all records looks at each file, and leaves right keys.</summary>
    [Fact]
    public void What_was_written_into_records_is_in_the_keys_once_a_command_has_read_them_all()
    {
        using var many = new ManyRecords(11);
        many.Keep();
        foreach (string path in many.Files.Take(40))
        {
            File.WriteAllBytes(path, (ExportRecord.Load(path) with { LabelsThrough = null, NewerThan = [] }).ToUtf8Bytes());
        }

        Thread.Sleep(TimeSpan.FromSeconds(4));
        _ = many.Open().Archive.List();
        Assert.True(many.HasKeys());
        many.AssertAnswersAreThoseOfTheRecords(many.Open());
    }

    [Fact]
    public async Task Additions_by_several_at_once_are_all_in_the_answers()
    {
        using var many = new ManyRecords(12);
        many.Keep();
        ExportRecord[][] added = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 8).Select(_ => many.Next()).ToArray())];
        await Task.WhenAll(added.Select(records => Task.Run(() =>
        {
            Repository repository = many.Open();
            foreach (ExportRecord record in records)
            {
                repository.Archive.Index.Prepare();
                Assert.True(repository.Archive.Record(record).Added);
            }

            repository.Archive.KeepIndex();
        })));

        Repository after = many.Open();
        Assert.All(added.SelectMany(static records => records), record => Assert.NotEmpty(after.Archive.ProjectsOf(record.Sha256)));
        many.AssertAnswersAreThoseOfTheRecords(after);
    }

    [Fact]
    public void Where_keys_cannot_be_kept_the_answers_are_the_same()
    {
        using var many = new ManyRecords(13);
        Directory.CreateDirectory(many.KeysPath);
        Repository repository = many.Open();
        many.AssertAnswersAreThoseOfTheRecords(repository);
        _ = repository.Archive.Record(many.Next());
        repository.Archive.KeepIndex();

        Assert.True(Directory.Exists(many.KeysPath));
        many.AssertAnswersAreThoseOfTheRecords(repository);
        many.AssertAnswersAreThoseOfTheRecords(many.Open());
    }
}
