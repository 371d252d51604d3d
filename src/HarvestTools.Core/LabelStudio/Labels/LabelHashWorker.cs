using System.Text.Json;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// Digests the labels of tasks and counts what an export holds. One worker a thread; <see cref="LabelFacts.Merge"/> joins
/// what they found. Allocates nothing for a task once its buffers have grown.
/// </summary>
/// <param name="require">
/// Refuses tasks that could not become rows, from several threads; their regions are then read with all that they say. Null
/// reads regions by their places alone, which is all that the hash needs.
/// </param>
internal sealed class LabelHashWorker(Action<LabelTask, TaskPlace>? require = null) : ITaskWorker
{
    // Only of a worker that reads tasks itself.
    private ExportTask? _task;
    private readonly LabelTextWriter _text = new();

    public LabelFacts Facts { get; } = new();

    /// <summary>The id of the task that was processed last.</summary>
    public long? LastId { get; private set; }

    /// <summary>The labels of the task that was processed last; null where it has none.</summary>
    public TaskDigest? LastDigest { get; private set; }

    public void Process(in RawTask task)
    {
        _task ??= new ExportTask { Tokens = { IsHashed = true } };
        TaskParser.Parse(task, _task, require is null ? TaskParts.Regions : TaskParts.Shapes);
        require?.Invoke(_task.Labels, _task.Place);
        Process(_task);

        // Gives the memory that a huge task took back before the next one is read.
        _task.Tokens.Release();
    }

    /// <summary>Does the same with a task that was read before.</summary>
    /// <param name="task">Read with <see cref="TaskParts.Regions"/> or more.</param>
    public void Process(ExportTask task)
    {
        bool labelsMissing = task.Labels.Annotations.Count == 0 && task.Extras.TotalAnnotations > 0;
        Facts.AddTask(task.IsRecognised, task.Extras.ProjectId, task.Extras.Drafts, labelsMissing, task.Extras.UpdatedThrough);
        LastId = task.Labels.Id;
        LastDigest = null;
        if (task.Labels.Annotations.Count == 0)
        {
            return;
        }

        Count(task);
        TaskDigest digest = TaskDigest.Of(LastId, task.Tokens.Task, _text.Write(task.Labels, task.Tokens));
        Facts.Add(digest);
        LastDigest = digest;

        _text.Clear();
    }

    private void Count(ExportTask task)
    {
        TaskReader reader = task.Tokens.Open();
        for (int i = 0; i < task.Labels.Annotations.Count; i++)
        {
            Annotation annotation = task.Labels.Annotations[i];
            Facts.AddAnnotation(annotation.WasCancelled);
            IReadOnlyList<RegionItem> items = annotation.Items;
            for (int j = 0; j < items.Count; j++)
            {
                Facts.AddRegion(TypeOf(items[j], task.Tokens, ref reader));
            }
        }
    }

    /// <summary>The region's type; absent where it has none that could be a name.</summary>
    private static Utf8Text TypeOf(RegionItem region, TaskTokens tokens, ref TaskReader reader)
    {
        int place = region.PlaceOf(RegionMember.Type);
        if (place == 0)
        {
            return default;
        }

        tokens.GoTo(ref reader, place);
        return reader.Json.TokenType is JsonTokenType.String or JsonTokenType.Number ? reader.Text() : default;
    }
}
