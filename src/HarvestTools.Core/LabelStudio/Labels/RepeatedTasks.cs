using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// Tasks that one file has twice, as exports of joined tables have had them. With the same labels they are one task; with
/// others nobody can say which are meant.
/// </summary>
internal static class RepeatedTasks
{
    /// <summary>The digests without repeats.</summary>
    /// <param name="sorted">In order; those without an id cannot be told apart and all stay.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="repeated">Is called for each task that is left out.</param>
    /// <exception cref="HarvestException">A task is there again with other labels.</exception>
    public static IEnumerable<TaskDigest> LeaveOut(IEnumerable<TaskDigest> sorted, string fileName, Action repeated)
    {
        TaskDigest? before = null;
        foreach (TaskDigest task in sorted)
        {
            if (before is { Id: not null } known && known.CompareIds(task) == 0)
            {
                if (!known.HasLabelsOf(task))
                {
                    throw Differs(fileName, known, task);
                }

                repeated();
                continue;
            }

            before = task;
            yield return task;
        }
    }

    /// <summary>The error of two tasks with one id and different labels.</summary>
    public static HarvestException Differs(string fileName, in TaskDigest a, in TaskDigest b)
    {
        (TaskDigest first, TaskDigest second) = a.ByteOffset <= b.ByteOffset ? (a, b) : (b, a);
        return ExportErrors.ExportTaskRepeated(fileName, first.Id!.Value, (first.Line, first.ByteOffset), (second.Line, second.ByteOffset));
    }
}
