using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>
/// The index that is made of what parts keep of people is, byte for byte, the one that is made by reading exports: they are read where a
/// part keeps nothing, or something that is not its own, and it keeps it then.
/// </summary>
public sealed class KeptPeopleTests
{
    private static readonly ExportPlan s_plan = ExportPlan.ForTasks(SampleKind.Hands, 24, predictedShare: 0.8) with
    {
        SecondAnnotatorShare = 0.7, DisagreementShare = 0.2, CancelledShare = 0.1, GroundTruthShare = 0.1, OrderSeed = 3,
    };

    public static TheoryData<string> Shapes =>
    [
        "season 1", "season 2", "hands", "body", "actions", "annotators as objects", "nobody overruled", "ground truth", "overlap", "renamed", "erased", "overrides",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_index_is_the_one_of_the_exports(string shape)
    {
        using Made made = Make(shape);
        string[] people = PeopleOf(made.Repository);
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
        Assert.Equal(people, PeopleOf(made.Repository));
        using (WithoutExports(made.Repository))
        {
            AssertSame(Index(made.Repository), kept);
        }
    }

    [Fact]
    public void Something_is_overruled_where_it_is_said_to_be()
    {
        using Made made = Make("hands");
        Assert.Contains(PeopleOf(made.Repository), file => Load(file).Overruled.Count > 0);
        using Made none = Make("nobody overruled");
        Assert.All(PeopleOf(none.Repository), file => Assert.Empty(Load(file).Overruled));
        Assert.All(PeopleOf(none.Repository), file => Assert.NotEmpty(Load(file).Annotations.Ids));
    }

    [Theory]
    [InlineData("hands", "damaged")]
    [InlineData("hands", "of another part")]
    [InlineData("hands", "of other rows")]
    [InlineData("nobody overruled", "damaged")]
    [InlineData("nobody overruled", "of another part")]
    public void What_is_not_as_it_was_written_is_made_again(string shape, string how)
    {
        using Made made = Make(shape);
        Dictionary<string, byte[]> kept = Index(made.Repository);
        string[] people = PeopleOf(made.Repository);
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
                (Load(file) with { Overruled = [] }).Save(file, key, new byte[32]);
            }
        }

        AssertSame(Index(made.Repository), kept);

        Assert.Equal(written, people.Select(File.ReadAllBytes));
    }

    [Fact]
    public void Corrections_are_the_same_from_it_and_from_the_export()
    {
        using Made made = Make("season 1");
        string[] kept = Corrections(made.Repository);
        Assert.NotEmpty(kept);
        foreach (string file in PeopleOf(made.Repository))
        {
            File.Delete(file);
        }

        Assert.Equal(Corrections(made.Repository), kept);
    }

    [Fact]
    public void An_answer_that_needs_no_annotations_reads_no_export_for_them()
    {
        using Made made = Make("nobody overruled");
        string rows = Index(made.Repository).Keys.First(static name => Path.GetDirectoryName(name) == "rows");
        string lineage = LineageIndexes.FolderOf(made.Repository.Repository.CacheFolder);
        var episode = SourceQuery.OfEpisode(RowIndex.TryLoad(Path.Combine(lineage, rows))!.Episodes.Text(0));
        Directory.Delete(lineage, recursive: true);
        foreach (string file in PeopleOf(made.Repository))
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
        using Made made = Make("hands");
        string file = PeopleOf(made.Repository)[0];
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

    private static string[] PeopleOf(TemporaryRepository repository) =>
        [.. Directory.GetFiles(Path.Combine(repository.Repository.CacheFolder, "parts"), PartStore.PeopleName, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static PartPeople Load(string file) => PartPeople.TryLoad(file, Path.GetFileName(Path.GetDirectoryName(file)!), identity: null)!;

    /// <summary>Takes archived exports and those at their paths away for a while.</summary>
    private static Away WithoutExports(TemporaryRepository repository) =>
        new([Path.Combine(repository.Repository.Archive.Folder, "sha256"), repository.PathOf("exports")]);

    private static Made Make(string shape)
    {
        if (shape.StartsWith("season", StringComparison.Ordinal) || shape == "erased")
        {
            var season = new LineageSeason(shape.EndsWith('2') ? 2 : 1);
            if (shape == "erased")
            {
                var subject = SourceQuery.OfAnnotator(season.Slices["v4"][0].Annotator);
                PlanErasure.Write(season.Repository.Repository, subject, season.Repository.Context);
                season.Repository.New(new NewSliceRequest("v5") { AllowShrink = true });
                RemoveErased.Run(season.Repository.Repository, subject, season.Repository.Context);
            }

            return new Made(season.Repository, season);
        }

        var repository = new TemporaryRepository();
        ExportPlan plan = shape switch
        {
            "body" => s_plan with { Kind = SampleKind.Body },
            "actions" => ExportPlan.ForTasks(SampleKind.Actions, 6, predictedShare: 0.8) with { SecondAnnotatorShare = 0.7 },
            "annotators as objects" => s_plan with { AnnotatorObjects = true, Predictions = PredictionForm.Objects, NewerKeys = true },
            "nobody overruled" => s_plan with { SecondAnnotatorShare = 0, GroundTruthShare = 0 },
            "ground truth" => s_plan with { GroundTruthShare = 0.8 },
            _ => s_plan,
        };
        AddedExport first = repository.Add("exports/a.json", plan, "a");
        if (shape == "overlap")
        {
            AddedExport second = repository.Add("exports/b.json", plan with { TaskLimit = 14, Relabelled = [4, 9] }, "a");
            repository.New(new NewSliceRequest("v1") { Exports = [first.Sha256, second.Sha256], Prefer = "newest" });
            repository.New(new NewSliceRequest("v2") { Exports = [first.Sha256, second.Sha256], Prefer = first.Sha256[..8] });
            return new Made(repository, repository);
        }

        repository.New("v1");
        if (shape == "renamed")
        {
            ProjectList.Rename(repository.Repository, "a", "b");
            repository.Add("exports/b.json", plan.ReExported() with { Relabelled = [2, 3] }, "b");
            repository.New("v2");
        }
        else if (shape == "overrides")
        {
            repository.New(new NewSliceRequest("v2") { FilterOverrides = new JsonObject { ["min_pixel_agreement"] = 40 } });
        }

        return new Made(repository, repository);
    }

    private sealed record Made(TemporaryRepository Repository, IDisposable Owner) : IDisposable
    {
        public void Dispose() => Owner.Dispose();
    }

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
