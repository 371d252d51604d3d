using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>
/// The index that is made of what parts keep of people is, byte for byte, the one that is made by reading exports: they are read where a
/// part keeps nothing, or something that is not its own, and it keeps it then.
/// </summary>
public sealed class KeptPeopleTests
{
    [Theory]
    [MemberData(nameof(LineageShape.All), MemberType = typeof(LineageShape))]
    public void The_index_is_the_one_of_the_exports(string shape)
    {
        using LineageShape made = LineageShape.Make(shape);
        string[] people = LineageShape.PeopleOf(made.Repository);
        Assert.NotEmpty(people);
        Dictionary<string, byte[]> kept;
        using (WithoutExports(made.Repository))
        {
            kept = Index(made.Repository);
        }

        foreach (string file in people)
        {
            File.Delete(file);
        }

        AssertSame(Index(made.Repository), kept);

        // Reading the exports gave each part what it lacked.
        Assert.Equal(people, LineageShape.PeopleOf(made.Repository));
        using (WithoutExports(made.Repository))
        {
            AssertSame(Index(made.Repository), kept);
        }
    }

    [Fact]
    public void Something_is_overruled_where_it_is_said_to_be()
    {
        using LineageShape made = LineageShape.Make("hands");
        Assert.Contains(LineageShape.PeopleOf(made.Repository), file => LineageShape.Load(file).Overruled.Count > 0);
        using LineageShape none = LineageShape.Make("nobody overruled");
        Assert.All(LineageShape.PeopleOf(none.Repository), file => Assert.Empty(LineageShape.Load(file).Overruled));
        Assert.All(LineageShape.PeopleOf(none.Repository), file => Assert.NotEmpty(LineageShape.Load(file).Annotations.Ids));
    }

    [Theory]
    [InlineData("hands", "damaged")]
    [InlineData("hands", "of another part")]
    [InlineData("hands", "of other rows")]
    [InlineData("nobody overruled", "damaged")]
    [InlineData("nobody overruled", "of another part")]
    public void What_is_not_as_it_was_written_is_made_again(string shape, string how)
    {
        using LineageShape made = LineageShape.Make(shape);
        Dictionary<string, byte[]> kept = Index(made.Repository);
        string[] people = LineageShape.PeopleOf(made.Repository);
        byte[][] written = [.. people.Select(File.ReadAllBytes)];
        foreach (string file in people)
        {
            string key = Path.GetFileName(Path.GetDirectoryName(file)!);
            PartPeople nobody = new(new AnnotationIndex([1], [2], [3]), []);
            if (how == "damaged")
            {
                byte[] bytes = File.ReadAllBytes(file);
                bytes[bytes.Length / 2] ^= 4;
                File.WriteAllBytes(file, bytes);
            }
            else if (how == "of another part")
            {
                nobody.Save(file, new string('0', key.Length), new byte[32]);
            }
            else
            {
                // Its annotations are those of the key, so that they alone are right.
                new PartPeople(LineageShape.Load(file).Annotations, []).Save(file, key, new byte[32]);
            }
        }

        AssertSame(Index(made.Repository), kept);

        Assert.Equal(written, people.Select(File.ReadAllBytes));
    }

    [Fact]
    public void Corrections_are_the_same_from_it_and_from_the_export()
    {
        using LineageShape made = LineageShape.Make("season 1");
        string[] kept = Corrections(made.Repository);
        Assert.NotEmpty(kept);
        foreach (string file in LineageShape.PeopleOf(made.Repository))
        {
            File.Delete(file);
        }

        Assert.Equal(Corrections(made.Repository), kept);
    }

    [Fact]
    public void An_answer_that_needs_no_annotations_reads_no_export_for_them()
    {
        using LineageShape made = LineageShape.Make("nobody overruled");
        string rows = Index(made.Repository).Keys.First(static name => Path.GetDirectoryName(name) == "rows");
        string lineage = LineageIndexes.FolderOf(made.Repository.Repository.CacheFolder);
        var episode = SourceQuery.OfEpisode(RowIndex.TryLoad(Path.Combine(lineage, rows))!.Episodes.Text(0));
        Directory.Delete(lineage, recursive: true);
        foreach (string file in LineageShape.PeopleOf(made.Repository))
        {
            File.Delete(file);
        }

        using (WithoutExports(made.Repository))
        {
            Assert.NotEmpty(TraceReach.Of(made.Repository.Repository, episode, made.Repository.Context));
        }
    }

    [Fact]
    public void A_part_that_is_checked_names_it_where_it_is_damaged_and_a_repair_removes_it()
    {
        using LineageShape made = LineageShape.Make("hands");
        string file = LineageShape.PeopleOf(made.Repository)[0];
        File.AppendAllText(file, "x");

        Assert.Contains(Findings(made.Repository, repair: true), finding => finding.Path == file && finding.Repaired);
        Assert.False(File.Exists(file));
        Assert.Empty(Findings(made.Repository, repair: false));
    }

    private static ArchiveFinding[] Findings(TemporaryRepository repository, bool repair) =>
        [.. new ArchiveCheck(CheckArchive.Of(repository.Repository)) { Repair = repair }.Run()];

    private static string[] Corrections(TemporaryRepository repository) =>
    [
        .. repository.Repository.Slices.Versions()
            .SelectMany(version => TraceSource.OfSlice(repository.Repository, version, repository.Context, corrections: true))
            .SelectMany(static source => source.Corrections!)
            .Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Version} {one.Project} {one.TaskId} {one.AnnotationId} {string.Join('-', one.Annotators)} {one.Rows}")),
    ];

    /// <summary>The files of the indexes of all slices, by name.</summary>
    private static Dictionary<string, byte[]> Index(TemporaryRepository at)
    {
        Repository repository = at.Repository;
        string folder = LineageIndexes.FolderOf(repository.CacheFolder);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        using var parts = new PartSource(repository, at.Context);
        var indexes = new LineageIndexes(repository, parts, at.Context);
        foreach (SliceManifest slice in repository.Slices.LoadAll(default).Select(static entry => entry.Manifest!))
        {
            HarvestDefinition definition = SliceInputs.Definition(repository, slice);
            foreach (SliceExport export in slice.Exports)
            {
                if (TraceReach.TryIndex(() => indexes.RowsOf(slice, export, definition)).Index is not null)
                {
                    Assert.NotNull(indexes.AnnotationsOf(export, definition));
                }
            }
        }

        return Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes);
    }

    private static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(actual[file.Key]), file.Key));
    }

    /// <summary>Takes archived exports and those at their paths away for a while.</summary>
    private static Away WithoutExports(TemporaryRepository repository) =>
        new([Path.Combine(repository.Repository.Archive.Folder, "sha256"), repository.PathOf("exports")]);

    private sealed class Away : IDisposable
    {
        private readonly string[] _folders;

        public Away(string[] folders)
        {
            _folders = folders;
            foreach (string folder in folders)
            {
                Directory.Move(folder, folder + ".away");
            }
        }

        public void Dispose()
        {
            foreach (string folder in _folders)
            {
                Directory.Move(folder + ".away", folder);
            }
        }
    }
}
