using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of erasing; each factory's name is the error's id.</summary>
internal static class EraseErrors
{
    public static HarvestException ErasureNotPlanned(string subject, RemedyAction.EraseWork meant, IReadOnlyList<string> exports) => new(
        nameof(ErasureNotPlanned),
        HarvestFault.Usage,
        $"{Figures.Count(exports.Count, "export")} that {Figures.Plural(exports.Count, "holds", "hold")} something of {subject} {Figures.Plural(exports.Count, "has", "have")} no redacted export yet: {Figures.List(exports)}. Nothing was removed.",
        $"Write {Figures.Plural(exports.Count, "it", "them")} first: {meant with { Step = ErasureStep.Plan }}.",
        subject);

    /// <param name="subject">What is to be erased.</param>
    /// <param name="meant">The step that was asked for.</param>
    /// <param name="notRead">Exports that are not here.</param>
    /// <param name="message">What is not known of others; null where all is.</param>
    /// <param name="toKnow">How to come to know it.</param>
    public static HarvestException NothingToErase(string subject, RemedyAction.EraseWork meant, IReadOnlyCollection<string> notRead, string? message, Remedy? toKnow) => new(
        nameof(NothingToErase),
        HarvestFault.NotFound,
        $"No export on this machine has anything of {subject}{(meant.Project is { } project ? $" in project {project}" : "")}."
            + (notRead.Count == 0 ? "" : $" {Figures.Count(notRead.Count, "export")} could not be looked into: {Figures.List([.. notRead])}.")
            + (message is null ? "" : $" {message}"),
        toKnow is not null ? toKnow
            : notRead.Count == 0 ? (Remedy)$"Write the id or the name as the tables have it. {meant with { Step = ErasureStep.Prove }} says what else was searched."
            : (Remedy)$"Bring them with {new RemedyAction.PullSlices()} or from a machine that has them, and run the command again.",
        subject);
}
