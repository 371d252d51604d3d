using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HarvestTools.Packs;
using HarvestTools.Samples;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>
/// The exports of one project week after week: each grows by a fiftieth, three in a hundred of its tasks are edited, every task has
/// another time stamp, and whatever says how long ago something was says something else.
/// </summary>
/// <param name="folder">Where they go.</param>
/// <param name="weeks">How many.</param>
/// <param name="lastBytes">Size that the last would have if none were edited.</param>
/// <param name="shuffled">Whether each has its tasks in an order of its own, as a database may give them.</param>
internal sealed partial class WeeklyExports(string folder, int weeks, long lastBytes, bool shuffled)
{
    private const double Growth = 1.02;
    private const double Edited = 0.03;

    /// <summary>Writes them; their paths, the oldest first.</summary>
    public string[] Write()
    {
        Directory.CreateDirectory(folder);
        string all = Path.Combine(folder, "all.json");
        using (FileStream file = File.Create(all))
        {
            ExportGenerator.Write(file, ExportGenerator.Benchmark(lastBytes));
        }

        string[] tasks = Tasks(all);
        File.Delete(all);
        var random = new Random(1);
        var paths = new string[weeks];
        for (int week = 0; week < weeks; week++)
        {
            int count = (int)(tasks.Length / Math.Pow(Growth, weeks - 1 - week));
            for (int i = 0; week > 0 && i < count * Edited; i++)
            {
                int at = random.Next(count);
                tasks[at] = Number().Replace(tasks[at], _ => $"\"x\":{(random.NextDouble() * 100).ToString("R", CultureInfo.InvariantCulture)}", 12);
            }

            string[] now = [.. tasks.Take(count).Select(task => Moved(task, week, random))];
            if (shuffled)
            {
                random.Shuffle(now);
            }

            paths[week] = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{week:D2}.json"));
            File.WriteAllText(paths[week], $"[{string.Join(',', now)}]");
        }

        return paths;
    }

    private static string[] Tasks(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        using var stream = new MemoryStream(bytes);
        return [.. PackUnits.TryCut(stream, path, CancellationToken.None)!.ById.Select(unit =>
            Encoding.UTF8.GetString(bytes, (int)unit.Offset, unit.Length).TrimStart('[', ',').TrimEnd(']', '\n'))];
    }

    private static string Moved(string task, int week, Random random)
    {
        Match own = UpdatedAt().Matches(task)[^1];
        var moved = new StringBuilder(task.Length);
        moved.Append(task, 0, own.Groups[1].Index)
            .Append(new DateTime(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc).AddDays(7 * week).AddTicks(random.NextInt64(TimeSpan.TicksPerDay)).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture))
            .Append(task, own.Groups[1].Index + own.Groups[1].Length, task.Length - own.Groups[1].Index - own.Groups[1].Length);
        return Ago().Replace(moved.ToString(), _ => string.Create(CultureInfo.InvariantCulture, $"\"created_ago\":\"{week + 1} weeks, {random.Next(7)} days\""));
    }

    [GeneratedRegex("\"x\":\\d+\\.\\d+")]
    private static partial Regex Number();

    [GeneratedRegex("\"updated_at\":\"([^\"]+)\"")]
    private static partial Regex UpdatedAt();

    [GeneratedRegex("\"created_ago\":\"[^\"]*\"")]
    private static partial Regex Ago();
}
