using HarvestTools.History;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>Findings about what belongs to a slice besides its rows: its models, and the slices that it follows.</summary>
internal static partial class DriftFindings
{
    public static DriftFinding ParentMissing(string version, string parent, string slicesFolder) => new(
        DriftKind.ParentMissing,
        DriftSeverity.Warning,
        parent,
        null,
        null,
        $"Slice {version} follows slice {parent}, which is not here: its history ends there.",
        RestoreParent(parent, slicesFolder));

    /// <summary>How a slice that others follow comes back.</summary>
    internal static Remedy RestoreParent(string parent, string slicesFolder) =>
        $"Restore it, for example with {new RemedyAction.RestoreFromGit($"{slicesFolder}/{parent}")}, or from the commit before the one that removed it.";

    /// <param name="registered">As the slice has it.</param>
    /// <param name="actual">SHA-256 of what is at its path now.</param>
    /// <param name="now">The model that the file is now; null where no slice has one of these bytes.</param>
    public static DriftFinding ModelChanged(RegisteredModel registered, string actual, RegisteredModel? now) => new(
        DriftKind.ModelChanged,

        // Registered under its own name, the new file is on record, and the old one's hash still says what it was: nothing is left to do.
        now is null ? DriftSeverity.Warning : DriftSeverity.Note,
        registered.Name,
        registered.Sha256,
        actual,
        $"The file at {registered.Path} is no longer the model {registered.Name} that slice {registered.Version} registered there ({Figures.ShortHash(registered.Sha256!)}, now {Figures.ShortHash(actual)})"
            + (now is null ? ": it was overwritten." : $": it is the model {now.Name} of slice {now.Version} now."),
        now is null
            ? (Remedy)$"Register the new file under a name of its own with {new RemedyAction.RegisterModel(Path: registered.Path)}, or put the old one back."
            : (Remedy)"Nothing need be done: both are on record. A path of its own for each model keeps the files as well.");
}
