using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>Errors of projects: one under two names, two under one name, and names that are none.</summary>
internal static class ProjectErrors
{
    /// <summary>Of more projects under one name the first are named.</summary>
    private const int ProjectsNamed = 6;

    /// <summary>The same project of Label Studio is archived under another name.</summary>
    /// <param name="file">The export's file.</param>
    /// <param name="project">The name it was to be archived under.</param>
    /// <param name="other">The name it has.</param>
    /// <param name="id">Label Studio's id.</param>
    public static HarvestException ProjectHasAnotherName(string file, string project, string other, long id) => new(
        nameof(ProjectHasAnotherName),
        HarvestFault.Usage,
        $"The export '{file}' is of Label Studio's project {Id(id)}, whose exports are archived as project {other}, not {project}: a slice would have its rows twice.",
        $"Archive it under its name with {new RemedyAction.AddExport(file, other)}, or give the project the new name first with {new RemedyAction.RenameProject(other, project)}.",
        project);

    /// <summary>Two projects of Label Studio under one name.</summary>
    /// <param name="file">The export's file.</param>
    /// <param name="project">The name.</param>
    /// <param name="id">The export's id.</param>
    /// <param name="known">The ids of the project's other exports.</param>
    public static HarvestException ProjectHasAnotherId(string file, string project, long id, IReadOnlyList<long> known) => new(
        nameof(ProjectHasAnotherId),
        HarvestFault.Usage,
        $"The export '{file}' is of Label Studio's project {Id(id)}, but the exports of project {project} are of {string.Join(", ", known.Select(Id))}: the newest of both would pass for the newest of one.",
        $"Archive it under a name of its own with {new RemedyAction.AddExport(file, $"project-{Id(id)}")}; if Label Studio gave the same project a new id, say so with {new RemedyAction.AddProjectId(project, id)}.",
        project);

    /// <summary>Exports of several projects of Label Studio were archived unread under one name.</summary>
    /// <param name="project">The name.</param>
    /// <param name="ids">An id of each; at least two.</param>
    /// <param name="files">The newest export's file of each.</param>
    /// <param name="exports">The same exports, as they can be named.</param>
    public static HarvestException ProjectOfSeveralIds(string project, IReadOnlyList<long> ids, IReadOnlyList<string> files, IReadOnlyList<string> exports) => new(
        nameof(ProjectOfSeveralIds),
        HarvestFault.InvalidData,
        $"The exports of project {project} are of {Figures.Count(ids.Count, "project")} of Label Studio: {string.Join(", ", ids.Zip(files).Take(ProjectsNamed).Select(static one => $"{Id(one.First)} ({one.Second})"))}{(ids.Count > ProjectsNamed ? ", …" : "")}. The newest of all would pass for the newest of one, and the rows of the others would be missing.",
        $"Name the exports that the slice takes: {new RemedyAction.NewSlice { Exports = exports }}. If Label Studio gave the same project a new id, say so with {new RemedyAction.AddProjectId(project, ids[^1])}.",
        project);

    /// <summary>The same labels are archived under another name.</summary>
    /// <param name="file">The export's file.</param>
    /// <param name="project">The name it was to be archived under.</param>
    /// <param name="other">The name under which the labels are archived.</param>
    /// <param name="tasks">How many of its labelled tasks that project has too, with the same labels.</param>
    /// <param name="anotherId">Label Studio's id of the file's project, where the other one's exports have others; null otherwise.</param>
    /// <param name="all">Whether these are all labelled tasks of the export.</param>
    public static HarvestException LabelsInAnotherProject(string file, string project, string other, long tasks, long? anotherId, bool all) => new(
        nameof(LabelsInAnotherProject),
        HarvestFault.Usage,
        $"{Figures.Count(tasks, "labelled task")} of the export '{file}' {(tasks == 1 ? "is" : "are")} in project {other} too, with the same labels; under {project} a slice would have their rows twice.",
        anotherId is { } part && !all
            ? (Remedy)$"If Label Studio gave project {other} a new id, say so with {new RemedyAction.AddProjectId(other, part)}, and archive it under that name with {new RemedyAction.AddExport(file, other)}; otherwise delete these tasks from one of the two projects in Label Studio, and export it again."
            : anotherId is { } id
            ? (Remedy)$"Leave it out: its labels are archived. If Label Studio gave the project a new id, say so with {new RemedyAction.AddProjectId(other, id)}, and archive it under that name with {new RemedyAction.AddExport(file, other)}."
            : $"Archive it under that name with {new RemedyAction.AddExport(file, other)}, or give the project the new name first with {new RemedyAction.RenameProject(other, project)}.",
        project);

    /// <summary>A slice of two names that are one project.</summary>
    /// <param name="one">The one name.</param>
    /// <param name="other">The other.</param>
    /// <param name="why">By what that is known.</param>
    /// <param name="given">The one that was given the id by hand; null where none was.</param>
    /// <param name="id">The id in Label Studio that both have; null where it is known by their tasks.</param>
    public static HarvestException ProjectUnderTwoNames(string one, string other, string why, string? given, long? id) => new(
        nameof(ProjectUnderTwoNames),
        HarvestFault.Usage,
        $"The projects {one} and {other} are one project under two names ({why}): the slice would have rows twice.",
        given is not null && id is { } added
            ? (Remedy)$"Join them with {new RemedyAction.RenameProject(other, one)}, or leave one of them out with {new RemedyAction.RetireProject(other)}; if they are two, take back the id that {given} was given by mistake with {new RemedyAction.RemoveProjectId(given, added)}."
            : $"Join them with {new RemedyAction.RenameProject(other, one)}, or leave one of them out with {new RemedyAction.RetireProject(other)}.",
        other);

    /// <summary>A slice of two projects that have tasks in common, though their ids in Label Studio differ.</summary>
    /// <param name="one">The one project.</param>
    /// <param name="other">The other.</param>
    /// <param name="tasks">How many labelled tasks are in both, with the same labels.</param>
    /// <param name="otherId">Label Studio's id of the other.</param>
    public static HarvestException TasksInTwoProjects(string one, string other, long tasks, long otherId) => new(
        nameof(TasksInTwoProjects),
        HarvestFault.Usage,
        $"{Figures.Count(tasks, "labelled task")} {(tasks == 1 ? "is" : "are")} in both projects {one} and {other}, with the same labels: the slice would have their rows twice.",
        $"Leave one of the two out with {new RemedyAction.RetireProject(other)}, or delete these tasks from one of them in Label Studio and add a new export of it. If they are one project, to which Label Studio gave a new id, say so with {new RemedyAction.AddProjectId(one, otherId)} and join them with {new RemedyAction.RenameProject(other, one)}.",
        other);

    /// <summary>A warning: a slice of two projects of which one is a copy of the other, or of a part of it.</summary>
    /// <param name="one">The one project.</param>
    /// <param name="other">The other.</param>
    /// <param name="episodes">How many episodes are in both, with the same labels.</param>
    public static HarvestException EpisodesInTwoProjects(string one, string other, long episodes) => new(
        nameof(EpisodesInTwoProjects),
        HarvestFault.Usage,
        $"{Figures.Count(episodes, "episode")} {(episodes == 1 ? "is" : "are")} in both projects {one} and {other}, with the same labels by people: their rows are in the slice twice.",
        $"If {other} is a copy, leave it out of the next slice with {new RemedyAction.RetireProject(other)}.",
        other);

    /// <summary>A warning: an id that the project has already.</summary>
    /// <param name="project">The project.</param>
    /// <param name="id">The id.</param>
    public static HarvestException ProjectIdKnown(string project, long id) => new(
        nameof(ProjectIdKnown),
        HarvestFault.Usage,
        $"Project {project} has Label Studio's id {Id(id)} already, so nothing was changed.",
        "Nothing need be done.",
        project);

    /// <summary>A warning: an id that another project has too.</summary>
    /// <param name="project">The project.</param>
    /// <param name="other">The other one.</param>
    /// <param name="id">The id.</param>
    /// <param name="given">The one that was given the id by hand; null where both have exports of it.</param>
    public static HarvestException ProjectIdOfAnother(string project, string other, long id, string? given) => new(
        nameof(ProjectIdOfAnother),
        HarvestFault.Usage,
        $"Project {other} has Label Studio's id {Id(id)} too: a slice of {other} and {project} is refused, because it would have the rows of one project twice.",
        given is null
            ? (Remedy)$"Join the two with {new RemedyAction.RenameProject(project, other)}."
            : $"If both are one project, join them with {new RemedyAction.RenameProject(project, other)}; if not, take the id back with {new RemedyAction.RemoveProjectId(given, id)}.",
        project);

    /// <summary>An id that cannot be taken back.</summary>
    /// <param name="project">The project.</param>
    /// <param name="id">The id.</param>
    /// <param name="added">The ids that harvest.json adds to it.</param>
    /// <param name="exports">The ids that its exports are of.</param>
    public static HarvestException ProjectIdNotAdded(string project, long id, IReadOnlyList<long> added, IReadOnlyList<long> exports) => new(
        nameof(ProjectIdNotAdded),
        HarvestFault.Usage,
        exports.Contains(id)
            ? $"Project {project} has Label Studio's id {Id(id)} from its exports, so it cannot be taken back; {Added(added)}."
            : $"Project {project} has no id {Id(id)} in Label Studio: {(exports.Count == 0 ? "its exports name none" : $"its exports are of {Figures.List([.. exports.Select(Id)])}")}, and {Added(added)}.",
        added.Count == 0 ? "Nothing need be taken back." : (Remedy)$"Take back one that was added, for example with {new RemedyAction.RemoveProjectId(project, added[0])}.",
        project);

    private static string Added(IReadOnlyList<long> ids) => ids.Count == 0
        ? "no further id was added to it"
        : $"{Figures.List([.. ids.Select(Id)])} {(ids.Count == 1 ? "was" : "were")} added to it";

    /// <summary>The new name is one that another project had before, by which its exports are still known.</summary>
    /// <param name="name">The name.</param>
    /// <param name="owner">The project that had it.</param>
    public static HarvestException ProjectNameOfAnother(string name, string owner) => new(
        nameof(ProjectNameOfAnother),
        HarvestFault.Usage,
        $"'{name}' is an earlier name of project {owner}, under which its exports are archived.",
        $"Choose another name, or give {owner} that name back first with {new RemedyAction.RenameProject(owner, name)}.",
        name);

    /// <summary>Two different projects cannot be joined.</summary>
    /// <param name="project">The one that was to be renamed.</param>
    /// <param name="name">The name, which the other has.</param>
    /// <param name="ids">Label Studio's ids of the one.</param>
    /// <param name="others">Label Studio's ids of the other.</param>
    public static HarvestException ProjectNameTaken(string project, string name, IReadOnlyList<long> ids, IReadOnlyList<long> others) => new(
        nameof(ProjectNameTaken),
        HarvestFault.Usage,
        $"Project {name} is another project: its exports are of Label Studio's {string.Join(", ", others.Select(Id))}, those of {project} of {string.Join(", ", ids.Select(Id))}.",
        $"Choose another name; if Label Studio gave the same project a new id, say so first with {new RemedyAction.AddProjectId(name, ids[0])}.",
        name);

    /// <summary>A project would lose labels that the parent has.</summary>
    /// <param name="loss">What it would lose.</param>
    /// <param name="version">The slice that was to be made.</param>
    /// <param name="parent">The slice that has them.</param>
    public static HarvestException ProjectShrinks(ProjectLoss loss, string version, string parent) => new(
        nameof(ProjectShrinks),
        HarvestFault.InvalidData,
        $"Project {loss.Project} would lose {What(loss)} that slice {parent} has{(loss.Export is null ? ": the new slice has no export of it" : $": its export is now {loss.Export} ({loss.Hashes})")}.",
        $"Archive the export that has them; if they are to go, add {new RemedyAction.NewSlice(version) { AllowShrink = true }}; if the project has ended, {new RemedyAction.RetireProject(loss.Project)}.",
        loss.Project);

    private static string What(ProjectLoss loss) => loss.TasksBefore is { } before && loss.TasksLost is { } lost
        ? $"{Figures.Count(lost)} of {Figures.Count(before, "labelled task")}"
        : $"{Figures.Count(loss.RowsBefore - loss.RowsAfter ?? 0)} of {Figures.Count(loss.RowsBefore ?? 0, "row")}";

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}
