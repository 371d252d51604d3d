using System.Globalization;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// One task of an export, read once for all who work with it. The object and its lists are reused from task to task
/// by one worker; nothing in it outlives the call that receives it.
/// </summary>
internal sealed class ExportTask
{
    /// <summary>For messages.</summary>
    public TaskPlace Place { get; set; } = new("", 0, 0, 0, null);

    /// <summary>What the label hash covers; rows are derived from this alone.</summary>
    public LabelTask Labels { get; } = new();

    /// <summary>What only tallies and records of exports take notice of.</summary>
    public TaskExtras Extras { get; } = new();

    /// <summary>What the places in <see cref="Labels"/> are places of.</summary>
    public TaskTokens Tokens { get; } = new();

    /// <summary>False for an object without any of a task's members, which counts as a task without annotations.</summary>
    public bool IsRecognised { get; set; }

    public Annotation AddAnnotation(out AnnotationExtras extras)
    {
        extras = Extras.AddAnnotation();
        return Labels.AddAnnotation();
    }

    public void ClearAnnotations()
    {
        Labels.ClearAnnotations();
        Extras.ClearAnnotations();
    }

    public void Reset()
    {
        IsRecognised = false;
        Labels.Reset();
        Extras.Reset();
    }
}

/// <summary>Where a task is in its export, for messages and for nothing else: another spelling of the file moves it.</summary>
/// <param name="FileName">The export's name or path.</param>
/// <param name="Ordinal">Position of the task in the export, from 1.</param>
/// <param name="ByteOffset">Where the task's opening brace is in the file, in bytes from 0.</param>
/// <param name="Line">The line of the task's opening brace, from 1.</param>
/// <param name="TaskId">Null where the task has none.</param>
internal readonly record struct TaskPlace(string FileName, long Ordinal, long ByteOffset, long Line, long? TaskId)
{
    public static TaskPlace Of(in RawTask task, long? id) => new(task.FileName, task.Ordinal, task.ByteOffset, task.Line, id);

    /// <summary>As the errors of the export's JSON have it: <c>a.json, line 2, byte 4 (task 1, id 7)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{FileName}, line {Line}, byte {ByteOffset} (task {Ordinal}{(TaskId is { } id ? string.Create(CultureInfo.InvariantCulture, $", id {id}") : "")})");
}
