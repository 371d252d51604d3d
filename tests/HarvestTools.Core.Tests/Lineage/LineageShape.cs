using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>A repository with slices in which something is special for who made what.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Owner">What to dispose.</param>
internal sealed record LineageShape(TemporaryRepository Repository, IDisposable Owner) : IDisposable
{
    private static readonly ExportPlan s_plan = ExportPlan.ForTasks(SampleKind.Hands, 24, predictedShare: 0.8) with
    {
        SecondAnnotatorShare = 0.7, DisagreementShare = 0.2, CancelledShare = 0.1, GroundTruthShare = 0.1, OrderSeed = 3,
    };

    public static TheoryData<string> All =>
    [
        "season 1", "season 2", "hands", "body", "actions", "annotators as objects", "nobody overruled", "ground truth", "overlap", "renamed", "erased", "overrides",
    ];

    public void Dispose() => Owner.Dispose();

    /// <summary>What parts keep of people, sorted.</summary>
    public static string[] PeopleOf(TemporaryRepository repository) =>
        [.. Directory.GetFiles(Path.Combine(repository.Repository.CacheFolder, "parts"), PartStore.PeopleName, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Reads one of these files.</summary>
    public static PartPeople Load(string file) => PartPeople.TryLoad(file, Path.GetFileName(Path.GetDirectoryName(file)!), identity: null)!;

    /// <summary>Makes it.</summary>
    public static LineageShape Make(string shape)
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

            return new LineageShape(season.Repository, season);
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
            return new LineageShape(repository, repository);
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

        return new LineageShape(repository, repository);
    }
}
