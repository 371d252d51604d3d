using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of erasing; each factory's name is the error's id.</summary>
internal static class EraseErrors
{
    public static HarvestException ErasureNotPlanned(string subject, long? annotator, string? episode, string? project, IReadOnlyList<string> exports) => new(
        nameof(ErasureNotPlanned),
        HarvestFault.Usage,
        $"{Figures.Count(exports.Count, "export")} that {Figures.Plural(exports.Count, "holds", "hold")} something of {subject} {Figures.Plural(exports.Count, "has", "have")} no redacted export yet: {Figures.List(exports)}. Nothing was removed.",
        $"Write {Figures.Plural(exports.Count, "it", "them")} first: {new RemedyAction.PlanErasure(annotator, episode, project)}.",
        subject);

    public static HarvestException NothingToErase(string subject, long? annotator, string? episode, string? project, IReadOnlyCollection<string> notRead) => new(
        nameof(NothingToErase),
        HarvestFault.NotFound,
        $"No export on this machine has anything of {subject}{(project is null ? "" : $" in project {project}")}."
            + (notRead.Count == 0 ? "" : $" {Figures.Count(notRead.Count, "export")} could not be looked into: {Figures.List([.. notRead])}."),
        notRead.Count == 0
            ? (Remedy)$"Write the id or the name as the tables have it. {new RemedyAction.ProveErasure(annotator, episode, project)} says what else was searched."
            : (Remedy)$"Bring them with {new RemedyAction.PullSlices()} or from a machine that has them, and run the command again.",
        subject);
}
