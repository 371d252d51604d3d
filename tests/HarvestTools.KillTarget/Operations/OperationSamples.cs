using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.KillTarget.Operations;

/// <summary>A made export, and what any slice must have of it.</summary>
/// <param name="Project">Its project.</param>
/// <param name="Week">Counted from 1; a later week's export has all of an earlier one's tasks and more.</param>
/// <param name="File">Its path in a repository.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Sha256">The file's hash.</param>
/// <param name="Outputs">The tables, as a repository gave them in which nothing else happened.</param>
internal sealed record OperationSample(string Project, int Week, string File, byte[] Bytes, string Sha256, IReadOnlyList<SliceOutput> Outputs);

/// <summary>Two projects that are exported in three weeks.</summary>
internal sealed class OperationSamples
{
    public const int Weeks = 3;

    private OperationSamples(IReadOnlyList<OperationSample> all) => All = all;

    public IReadOnlyList<OperationSample> All { get; }

    public OperationSample this[int choice] => All[choice % All.Count];

    /// <summary>Makes them, and derives each in a repository of its own.</summary>
    public static OperationSamples Make()
    {
        var series = new SampleSeries
        {
            FramesPerEpisode = 1,
            Weeks = [.. Enumerable.Range(0, Weeks).Select(static week => new EpisodeBatch { Episodes = 2, ImportedAt = new DateTime(2026, 4, 13, 8, 0, 0, DateTimeKind.Utc).AddDays(7 * week) })],
        };
        string folder = Directory.CreateTempSubdirectory("harvest-samples-").FullName;
        try
        {
            Repository.Initialize(folder);
            var all = new List<OperationSample>();
            for (int week = 1; week <= Weeks; week++)
            {
                foreach (SampleExport export in series.Week(week).Take(2))
                {
                    all.Add(Derive(folder, export.Project, export.Plan, week));
                }
            }

            return new OperationSamples(all);
        }
        finally
        {
            Folders.Delete(folder);
        }
    }

    /// <summary>Two projects that are exported in five weeks in which hardly anything changes, so that most become small patches; in the fourth everything does.</summary>
    public static OperationSamples MakeAlike()
    {
        string folder = Directory.CreateTempSubdirectory("harvest-samples-").FullName;
        try
        {
            Repository.Initialize(folder);
            ExportPlan Plan(SampleKind kind, int week) => ExportPlan.ForTasks(kind, 12) with { Seed = week < 4 ? 1UL : 2UL, Relabelled = [week], RelabelRound = week };
            return new OperationSamples(
            [
                .. Enumerable.Range(1, 5).SelectMany(week => new[]
                {
                    Derive(folder, "hands", Plan(SampleKind.Hands, week), week),
                    Derive(folder, "body", Plan(SampleKind.Body, week), week),
                }),
            ]);
        }
        finally
        {
            Folders.Delete(folder);
        }
    }

    /// <summary>Writes their files into a repository.</summary>
    public void WriteTo(string folder)
    {
        foreach (OperationSample sample in All)
        {
            string path = Path.Combine(folder, sample.File);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, sample.Bytes);
        }
    }

    private static OperationSample Derive(string folder, string project, ExportPlan plan, int week)
    {
        string file = $"exports/{project}-{week}.json";
        string path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (FileStream stream = File.Create(path))
        {
            ExportGenerator.Write(stream, plan);
        }

        WorkContext context = WorkContext.Default with { Threads = 1 };
        string sha256 = AddExport.Run(Repository.Find(folder), path, project, context).Sha256;
        var request = new NewSliceRequest($"{project}-{week}") { Exports = [sha256], AllowShrink = true };
        return new OperationSample(project, week, file, File.ReadAllBytes(path), sha256, NewSlice.Run(Repository.Find(folder), request, context).Slice.Outputs);
    }
}
