using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>What a project lost, as a sentence that both front ends print.</summary>
public static class LossText
{
    /// <summary>That a project is left out because it is retired.</summary>
    /// <param name="project">The project.</param>
    /// <param name="version">The slice that is made without it.</param>
    public static string OfRetired(string project, string version) => $"Project {project} is retired, so {version} is made without it.";

    /// <summary><c>project b has 3 of 40 labelled tasks and 312 rows fewer than v3.</c></summary>
    /// <param name="loss">What it lost.</param>
    /// <param name="parent">The slice that had it.</param>
    public static string Of(ProjectLoss loss, string parent)
    {
        ArgumentNullException.ThrowIfNull(loss);
        string rows = loss.RowsLost is { } lost ? Figures.Count(lost, "row") : string.Empty;
        string tasks = loss is { TasksLost: { } without and > 0, TasksBefore: { } before } ? $"{Figures.Count(without)} of {Figures.Count(before, "labelled task")}" : string.Empty;
        string what = (tasks.Length, rows.Length) switch
        {
            (0, 0) => "nothing that is known here",
            (0, _) => rows,
            (_, 0) => tasks,
            _ => $"{tasks} and {rows}",
        };
        return $"Project {loss.Project} has {what} fewer than {parent}."
            + (loss.TasksLost is null ? $" How many labelled tasks that are cannot be known here, where the exports of {parent} are not." : string.Empty);
    }
}
