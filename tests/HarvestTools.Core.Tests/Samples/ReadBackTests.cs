using System.Security.Cryptography;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Samples;

namespace HarvestTools.Tests.Samples;

/// <summary>Made exports against the project's own reader: what was put in comes out, whatever the style.</summary>
public sealed class ReadBackTests
{
    [Theory]
    [InlineData("Actions", "UserInterface", "Editor")]
    [InlineData("Actions", "Snapshot", "Postgres")]
    [InlineData("Hands", "UserInterface", "Editor")]
    [InlineData("Hands", "Snapshot", "Postgres")]
    [InlineData("Hands", "Indented", "Editor")]
    [InlineData("Body", "UserInterface", "Postgres")]
    public void The_reader_finds_what_was_written(string kind, string style, string order)
    {
        ExportPlan plan = ExportPlan.ForTasks(Enum.Parse<SampleKind>(kind), 200, predictedShare: 0.6) with
        {
            Style = Enum.Parse<ExportStyle>(style),
            KeyOrder = Enum.Parse<KeyOrder>(order),
            SecondAnnotatorShare = 0.3,
            DraftShare = 0.1,
            EmptyShare = 0.05,
            GroundTruthShare = 0.05,
            Predictions = PredictionForm.Objects,
            PredictionCopies = true,
            AnnotatorObjects = kind == "Body",
            OrderSeed = 9,
        };
        using var stream = new MemoryStream();
        ExportFacts facts = ExportGenerator.Write(stream, plan);
        stream.Position = 0;
        var counter = new Counter();

        ExportPass pass = ExportPipeline.Run(stream, "made.json", null, 1, _ => counter, null, CancellationToken.None);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())), pass.Sha256);
        Assert.Equal(facts.Bytes, pass.Bytes);
        Assert.Equal(facts.Tasks, pass.Tasks);
        Assert.Equal(facts.Unlabeled, counter.Unlabeled);
        Assert.Equal(facts.Annotations, counter.Annotations);
        Assert.Equal(facts.Cancelled, counter.Cancelled);
        Assert.Equal(facts.Empty, counter.Empty);
        Assert.Equal(facts.GroundTruth, counter.GroundTruth);
        Assert.Equal(facts.Drafts, counter.Drafts);
        Assert.Equal(facts.Predictions, counter.Predictions);
        Assert.Equal(facts.PredictionCopies, counter.Copies);
        Assert.Equal(facts.DeletedPredictedRegions, counter.Deleted);
        Assert.Equal(facts.RegionTypes, counter.Types);
        Assert.Equal(facts.Origins, counter.Origins);
    }

    private sealed class Counter : ITaskWorker
    {
        private readonly ExportTask _task = new();

        public long Unlabeled { get; private set; }

        public long Annotations { get; private set; }

        public long Cancelled { get; private set; }

        public long Empty { get; private set; }

        public long GroundTruth { get; private set; }

        public long Drafts { get; private set; }

        public long Predictions { get; private set; }

        public long Copies { get; private set; }

        public long Deleted { get; private set; }

        public SortedDictionary<string, long> Types { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, long> Origins { get; } = new(StringComparer.Ordinal);

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task);
            Assert.NotNull(_task.Labels.Id);
            Unlabeled += _task.Labels.Annotations.Count == 0 ? 1 : 0;
            Drafts += _task.Extras.Drafts;
            Predictions += _task.Extras.Predictions.Count(static p => p.HasResult);
            foreach ((Annotation annotation, AnnotationExtras extras) in _task.Labels.Annotations.Zip(_task.Extras.Annotations))
            {
                Add(annotation, extras);
            }
        }

        private void Add(Annotation annotation, AnnotationExtras extras)
        {
            Assert.NotNull(annotation.AnnotatorId);
            Annotations++;
            Cancelled += annotation.WasCancelled ? 1 : 0;
            Empty += !annotation.WasCancelled && annotation.Regions.Count == 0 ? 1 : 0;
            GroundTruth += annotation.GroundTruth ? 1 : 0;
            Copies += extras.PredictionCopy is null ? 0 : 1;
            foreach (Region region in annotation.Regions)
            {
                Count(Types, region.Type.ToString());
                Count(Origins, region.Origin.ToString());
                Assert.True(region.Kind is RegionKind.Keypoint or RegionKind.Rectangle or RegionKind.Timeline or RegionKind.Attribute);
                Assert.True(region.Kind == RegionKind.Timeline ? region.Ranges.Count == 1 : region is { X: >= 0, Y: >= 0, X: <= 100, Y: <= 100 });
            }

            if (extras.PredictionCopy is { } copy && !annotation.WasCancelled)
            {
                Deleted += copy.RegionIds.Count(id => annotation.Regions.All(region => region.Id != id));
            }
        }

        private static void Count(SortedDictionary<string, long> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
    }
}
