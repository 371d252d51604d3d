using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>The top-level keys that tell a task from what is mistaken for one.</summary>
[Flags]
internal enum TaskKeys
{
    None = 0,
    Id = 1,
    Data = 2,
    Annotations = 4,
    Predictions = 8,

    /// <summary>Only a prediction or an annotation has its result at the top.</summary>
    Result = 16,

    /// <summary>Only JSON-MIN has an annotation's fields at the top.</summary>
    AnnotationField = 32,
}

/// <summary>Refuses elements of the array that are no tasks; every reader of tasks asks it.</summary>
internal static class TaskShape
{
    public static TaskKeys KeyOf(TaskMember member) => member switch
    {
        TaskMember.Id => TaskKeys.Id,
        TaskMember.Data => TaskKeys.Data,
        TaskMember.Annotations or TaskMember.Completions => TaskKeys.Annotations,
        TaskMember.Predictions => TaskKeys.Predictions,
        TaskMember.Result => TaskKeys.Result,
        TaskMember.AnnotationField => TaskKeys.AnnotationField,
        _ => TaskKeys.None,
    };

    /// <summary>
    /// True where these keys make a task; false for an object that has none of them, which is taken for the flat form that
    /// Label Studio imports (the data without a <c>data</c> key): a task without annotations.
    /// </summary>
    /// <exception cref="HarvestException">The object with these keys is something else.</exception>
    public static bool Check(in RawTask task, TaskKeys keys)
    {
        if ((keys & (TaskKeys.Annotations | TaskKeys.Data)) != 0)
        {
            return true;
        }

        if ((keys & (TaskKeys.Result | TaskKeys.AnnotationField)) != 0 && InputSniffer.ExplainElement(task) is { } foreign)
        {
            throw foreign;
        }

        return (keys & (TaskKeys.Id | TaskKeys.Predictions)) != 0;
    }
}
