using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Collects what it is given, as text that can be compared.</summary>
internal sealed class Collector(ConcurrentBag<(long Ordinal, string Text)> seen) : ITaskWorker
{
    public void Process(in RawTask task) => seen.Add((task.Ordinal, string.Create(
        CultureInfo.InvariantCulture,
        $"{task.Ordinal} @{task.ByteOffset} line {task.Line} {Encoding.UTF8.GetString(task.Span)}")));
}

/// <summary>Runs bytes through the pipeline.</summary>
internal static class Replay
{
    /// <summary>The tasks, in the file's order.</summary>
    public static List<string> Tasks(byte[] file, int threads, ExportLimits? limits = null, Stream? stream = null)
    {
        var seen = new ConcurrentBag<(long Ordinal, string Text)>();
        ExportPipeline.Run(
            stream ?? new MemoryStream(file), "a.json", null, threads, _ => new Collector(seen), null, CancellationToken.None, limits);
        return [.. seen.OrderBy(static task => task.Ordinal).Select(static task => task.Text)];
    }

    /// <summary>Cuts files of a few kilobytes too, and spares clearing large buffers thousands of times.</summary>
    private static ExportLimits SmallBatches { get; } = new(BatchBytes: 2048);

    /// <summary>A worker that reads a task in every way there is.</summary>
    public static ITaskWorker Everything(int index) => new Reader();

    /// <summary>The error's id and message, or "fine".</summary>
    public static string Outcome(byte[] file, Func<int, ITaskWorker> createWorker, int threads = 1, ExportLimits? limits = null, Stream? stream = null)
    {
        try
        {
            ExportPipeline.Run(
                stream ?? new MemoryStream(file), "a.json", null, threads, createWorker, null, CancellationToken.None, limits ?? SmallBatches);
            return "fine";
        }
        catch (HarvestException e)
        {
            return $"{e.ErrorId}: {e.Message}";
        }
    }

    private sealed class Reader : ITaskWorker
    {
        private readonly LabelHashWorker _labels = new();
        private readonly ExportTask _task = new();

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task);
            _labels.Process(task);
        }
    }
}
