using System.Globalization;
using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.Profiles;

/// <summary>Labels of one shape, at any size.</summary>
/// <param name="Name">What it is called at the command line.</param>
/// <param name="Description">What is in it.</param>
/// <param name="Rows">What DuckDB takes out of it: <c>points</c>, <c>boxes</c>, <c>tracks</c> or <c>segments</c>.</param>
/// <param name="Write">Writes an export of about so many bytes, from a seed.</param>
/// <param name="Files">Exports that the bytes are spread over.</param>
/// <param name="MostMegabytes">Size above which it would be another shape: a thousand exports are small up to here.</param>
internal sealed record ExportProfile(
    string Name, string Description, string Rows, Action<Stream, long, int> Write, int Files = 1, int MostMegabytes = int.MaxValue)
{
    /// <summary>All there are. The first is what the other sections of the table measure.</summary>
    public static readonly ExportProfile[] All =
    [
        new("standard", "hands with predictions, a second annotator on four in ten", "points", Planned(static plan => plan)),
        new("one", "one annotator a task", "points", Planned(static plan => plan with { SecondAnnotatorShare = 0 })),
        new("two", "two annotators on every task, four in ten regions in disagreement", "points", Planned(static plan => plan with { SecondAnnotatorShare = 1, DisagreementShare = 0.4 })),
        new("crowds", "2,000 boxes a task, two annotators", "boxes", Shaped(new(RegionShape.Box, 2000) { Annotators = 2 })),
        new("videos", "ten tracks of 200 key frames a task, two annotators", "tracks", Shaped(new(RegionShape.Track, 10) { Annotators = 2 })),
        new("timelines", "segments of actions alone", "segments", Sized(ExportPlan.ForTasks(SampleKind.Actions, int.MaxValue / 2))),
        new("media", "eight cameras a task, 40 boxes, two annotators", "boxes", Shaped(new(RegionShape.Box, 40) { Annotators = 2, Media = 8 })),
        new("indented", "as standard, indented by an editor", "points", Planned(static plan => plan with { Style = ExportStyle.Indented })),
        new("texts", "labels, episodes and remarks outside of ASCII", "points", Shaped(new(RegionShape.Keypoint, 21)
        {
            Annotators = 2,
            Labels = ["左手", "чашка", "επίπεδο", "कप", "ねじ回し🔧"],
            Episode = "съёмка_",
            Remark = "видно плохо, 手が隠れている",
        })),
        new("large", "tasks of 5 MB: 4,500 points, four annotators", "points", Shaped(new(RegionShape.Keypoint, 4500) { Annotators = 4 })),
        new("tiny", "1,000 exports", "points", Planned(static plan => plan), 1000, 20),
    ];

    /// <summary>The profile of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ExportProfile Named(string name) => All.FirstOrDefault(profile => profile.Name == name)
        ?? throw new ArgumentException($"There is no profile '{name}', but {string.Join(", ", All.Select(static p => p.Name))}.", nameof(name));

    /// <summary>Writes the profile's exports into an empty folder; returns their paths, and a pattern that names them all.</summary>
    public (string[] Paths, string Pattern) WriteTo(string folder, long bytes)
    {
        Directory.CreateDirectory(folder);
        string[] paths = [.. Enumerable.Range(0, Files).Select(i => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Name}-{i:D4}.json")))];
        for (int i = 0; i < Files; i++)
        {
            using FileStream file = File.Create(paths[i]);
            Write(file, bytes / Files, i + 1);
        }

        return (paths, Path.Combine(folder, $"{Name}-*.json"));
    }

    private static Action<Stream, long, int> Planned(Func<ExportPlan, ExportPlan> change) => Sized(change(ExportGenerator.Benchmark(1)));

    private static Action<Stream, long, int> Shaped(ShapedExport shape) => (stream, bytes, seed) => shape.Write(stream, bytes, seed);

    /// <summary>Tasks of each seed have ids of their own, so that exports of several seeds are parts of one project.</summary>
    private static Action<Stream, long, int> Sized(ExportPlan plan)
    {
        // Found once for all exports of a size: to find it, thousands of tasks are made.
        var limits = new Dictionary<long, int?>();
        return (stream, bytes, seed) =>
        {
            if (!limits.TryGetValue(bytes, out int? limit))
            {
                limits[bytes] = limit = ExportGenerator.SizedTo(plan, bytes).TaskLimit;
            }

            long first = 1 + ((seed - 1) * 10_000_000L);
            ExportGenerator.Write(stream, plan with { TaskLimit = limit, Seed = (ulong)seed, FirstTaskId = first, FirstAnnotationId = first });
        };
    }
}
