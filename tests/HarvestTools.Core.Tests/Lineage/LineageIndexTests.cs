using HarvestTools.Cache;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>The indexes in the cache: believed only where they are whole, and of the rows that slice.json names.</summary>
public sealed class LineageIndexTests : IDisposable
{
    private readonly LineageSeason _season = new(1);

    public void Dispose() => _season.Dispose();

    [Fact]
    public void A_file_with_one_other_bit_counts_as_absent()
    {
        _ = Answers();
        string rows = Files("rows")[0];
        string annotations = Files("annotations")[0];
        foreach ((string path, Func<bool> isThere) in new (string, Func<bool>)[]
        {
            (rows, () => RowIndex.TryLoad(rows) is not null),
            (annotations, () => AnnotationIndex.TryLoad(annotations) is not null),
        })
        {
            byte[] whole = File.ReadAllBytes(path);
            Assert.True(isThere());
            for (int place = 0; place < whole.Length; place += 7)
            {
                byte[] flipped = [.. whole];
                flipped[place] ^= (byte)(1 << (place % 8));
                File.WriteAllBytes(path, flipped);
                Assert.False(isThere(), $"byte {place}");
            }

            File.WriteAllBytes(path, whole[..^1]);
            Assert.False(isThere());
            File.WriteAllBytes(path, []);
            Assert.False(isThere());
            File.WriteAllBytes(path, [.. whole, 0]);
            Assert.False(isThere());
        }
    }

    [Fact]
    public void Damaged_and_missing_ones_are_made_again()
    {
        string[] answers = Answers();
        foreach (string file in Files("rows").Concat(Files("annotations")))
        {
            File.WriteAllText(file, "no index");
        }

        Assert.Equal(answers, Answers());
        Assert.All(Files("rows"), static file => Assert.NotNull(RowIndex.TryLoad(file)));
        Directory.Delete(Path.Combine(_season.Repository.Folder, ".harvest", "cache", "lineage"), recursive: true);
        Assert.Equal(answers, Answers());
    }

    [Fact]
    public void One_of_other_rows_is_not_believed_though_it_is_whole()
    {
        string[] answers = Answers();
        string[] files = Files("rows");
        byte[] first = File.ReadAllBytes(files[0]);
        foreach (string file in files[1..])
        {
            File.WriteAllBytes(file, first);
        }

        Assert.Equal(answers, Answers());
    }

    [Fact]
    public void It_answers_where_the_rows_are_no_longer_in_the_cache()
    {
        string[] answers = Answers();
        string cache = Path.Combine(_season.Repository.Folder, ".harvest", "cache");
        foreach (string folder in Directory.GetDirectories(cache).Where(static folder => Path.GetFileName(folder) != "lineage"))
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.Equal(answers, Answers());
        Assert.False(Directory.Exists(Path.Combine(cache, "parts")), "The rows were derived again.");
    }

    [Fact]
    public void The_links_of_a_part_are_read_once()
    {
        SliceManifest slice = _season.Repository.Repository.Slices.Load("v4");
        using var parts = new PartSource(_season.Repository.Repository, _season.Repository.Context);
        foreach (SliceExport export in slice.Exports)
        {
            Part part = parts.Get("v4", export, _season.Repository.Repository.Settings.Harvest).Part;
            string[] links = [.. _season.Slices["v4"].Where(one => one.Project == export.Project && one.Rows > 0).Select(static one => one.Medium).Distinct().Order(StringComparer.Ordinal)];
            IReadOnlyList<string> Read() => LineageIndexes.LinksOf(_season.Repository.Repository, parts.Store, part, default);

            Assert.Equal(links, Read());
            string table = parts.Store.PathOf(part.Key, "keypoints");
            File.Move(table, table + ".away");
            Assert.Equal(links, Read());
            File.WriteAllText(Files("media").Single(file => Path.GetFileName(file) == part.Key), "no index");
            File.Move(table + ".away", table);
            Assert.Equal(links, Read());
        }
    }

    [Fact]
    public void A_cache_that_takes_no_index_is_no_fault()
    {
        string[] answers = Answers();
        string lineage = Path.Combine(_season.Repository.Folder, ".harvest", "cache", "lineage");
        Directory.Delete(lineage, recursive: true);
        File.WriteAllText(lineage, "in the way");

        Assert.Equal(answers, Answers());
    }

    private string[] Answers() =>
    [
        .. _season.Slices["v4"].Select(static one => one.Annotator).Distinct()
            .SelectMany(annotator => TraceReach.Of(_season.Repository.Repository, SourceQuery.OfAnnotator(annotator), _season.Repository.Context))
            .Select(static share => $"{share.Version} {share.Project} {share.Rows} {share.CorrectedRows} {share.Rejected} {share.Annotations} {string.Join('-', share.Annotators)}"),
    ];

    private string[] Files(string kind) =>
        [.. Directory.GetFiles(Path.Combine(LineageIndexes.FolderOf(_season.Repository.Repository.CacheFolder), kind)).Order(StringComparer.Ordinal)];
}
