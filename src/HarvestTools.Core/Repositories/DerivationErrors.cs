using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

internal static class DerivationErrors
{
    public static HarvestException DefinitionNotFound(string version, string harvestVersion, string? sha256) => new(
        nameof(DefinitionNotFound),
        HarvestFault.NotFound,
        $"Slice {version} was made with {harvestVersion}"
            + (sha256 is null ? "" : $" (definition {Figures.ShortHash(sha256)})")
            + ", which is neither whole in the archive, nor beside the manifest, nor the definition in harvest.json.",
        "Restore the slice's definition.json from git or the archive from a backup, or put that version's rules back into harvest.json.",
        version);

    /// <param name="harvestVersion">The version that would stand for two contents.</param>
    /// <param name="version">A slice that was made under it.</param>
    /// <param name="expected">The hash of the definition that the slice recorded.</param>
    /// <param name="actual">That of the one in harvest.json.</param>
    /// <param name="rules">What differs; empty where the recorded definition is not on this machine.</param>
    /// <param name="bump">The version that it should have.</param>
    public static HarvestException HarvestRedefined(
        string harvestVersion, string version, string expected, string actual, IReadOnlyList<string> rules, VersionBump bump) => new(
        nameof(HarvestRedefined),
        HarvestFault.InvalidData,
        $"harvest.json now defines {harvestVersion} differently ({Figures.ShortHash(actual)}) than when slice {version} was made ({Figures.ShortHash(expected)}): one version would name two sets of rules."
            + (rules.Count == 0 ? "" : $" {string.Join(", ", rules)}."),
        $"{new RemedyAction.EditSetting($"{bump.Place}.version", $"\"{bump.To}\"")} and repeat the command, or undo the change of the rules; slices made under {bump.From} keep their archived definition.",
        version);

    /// <param name="version">The slice.</param>
    /// <param name="project">The export's project.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="remote">The remote that was asked too; null where none was.</param>
    /// <param name="offline">Whether there is a remote that was not to be asked.</param>
    public static HarvestException ExportNotAvailable(string version, string project, string sha256, string? remote, bool offline) => new(
        nameof(ExportNotAvailable),
        HarvestFault.NotFound,
        remote is null
            ? $"Slice {version} needs export {Figures.ShortHash(sha256)} of project {project}, which is neither in the archive nor at its recorded path."
            : $"Slice {version} needs export {Figures.ShortHash(sha256)} of project {project}, which is neither in the archive, nor at its recorded path, nor in the remote {remote}.",
        offline ? (Remedy)"Run the command again without its offline option, and without HARVEST_OFFLINE in the environment: a remote is set, which may have it."
            : remote is null
            ? (Remedy)$"Add the original export file again with {new RemedyAction.AddExport(Project: project)}; its SHA-256 shows whether it is the right one."
            : $"Run {new RemedyAction.PushSlices()} on a machine that has it, or add the original export file again with {new RemedyAction.AddExport(Project: project)}; its SHA-256 shows whether it is the right one.",
        version);

    public static HarvestException ExportErased(string version, string project, string sha256, string removed) => new(
        nameof(ExportErased),
        HarvestFault.NotFound,
        $"Slice {version} needs export {Figures.ShortHash(sha256)} of project {project}, which was removed on {removed} UTC to erase what it held.",
        $"Take a later slice, or make one of the redacted export with {new RemedyAction.NewSlice()}.",
        version);

    public static HarvestException ExportRemoved(string version, string project, string sha256, string removed) => new(
        nameof(ExportRemoved),
        HarvestFault.NotFound,
        $"Slice {version} needs export {Figures.ShortHash(sha256)} of project {project}, which was removed by retention on {removed} UTC.",
        $"Add the original file again with {new RemedyAction.AddExport(Project: project)}; its SHA-256 shows whether it is the right one.",
        version);

    public static HarvestException LabelConfigNotAvailable(string version, string project, string sha256) => new(
        nameof(LabelConfigNotAvailable),
        HarvestFault.NotFound,
        $"Slice {version} needs the labeling configuration {Figures.ShortHash(sha256)} of project {project}, which is not in the archive.",
        $"Archive the same configuration again with {new RemedyAction.AddExport(Project: project) { LabelConfig = RemedyAction.AnyConfig }}; its SHA-256 shows whether it is the right one.",
        version);

    /// <summary>Whether what a derivation needs is not on this machine, and nothing else is wrong.</summary>
    public static bool IsOfMissingInput(HarvestException fault) => fault.ErrorId is nameof(ExportNotAvailable) or nameof(ExportErased) or nameof(ExportRemoved) or nameof(LabelConfigNotAvailable);

    public static HarvestException DerivationDiffers(string version, string stem, string table, string expected, string actual) => new(
        nameof(DerivationDiffers),
        HarvestFault.Drift,
        $"Deriving {table} of {stem} again gives other bytes ({Figures.ShortHash(actual)}) than slice {version} recorded ({Figures.ShortHash(expected)}).",
        $"Run {new RemedyAction.CheckSlice(version)} to see what changed; nothing was overwritten.",
        version);

    public static HarvestException ProjectsRetired() => new(
        nameof(ProjectsRetired),
        HarvestFault.NotFound,
        "Every project of the archive is retired, so there is no export to make a slice of.",
        $"Name exports with {new RemedyAction.NewSlice(Project: RemedyAction.AnyName)}, or take a project back with {new RemedyAction.UnretireProject(RemedyAction.AnyName)}.");

    public static HarvestException NothingToSlice() => new(
        nameof(NothingToSlice),
        HarvestFault.NotFound,
        "The archive has no exports yet, so there is nothing to make a slice of.",
        $"Add exports first with {new RemedyAction.AddExport()}.");

    /// <param name="version">The newest slice.</param>
    /// <param name="exports">How many exports it names.</param>
    /// <param name="archive">Where the archive is, or would be.</param>
    public static HarvestException ExportsNotHere(string version, int exports, string archive) => new(
        nameof(ExportsNotHere),
        HarvestFault.NotFound,
        $"Slice {version} names {Figures.Count(exports, "export")}, and the archive ({archive}) is not on this machine, since git does not keep it: there is nothing to make a slice of.",
        $"Copy '{archive}' from a machine that has it, or run {new RemedyAction.RepairArchive()}, which archives what is still at its recorded path.");

    /// <param name="version">The slice that names it.</param>
    /// <param name="project">Its project.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="path">Where the slice has it from; null where it does not say.</param>
    /// <param name="other">Whether another file is at that path here.</param>
    /// <param name="here">The export that this machine has in its place.</param>
    /// <param name="archive">Where the archive is.</param>
    public static HarvestException NewerExportNotHere(string version, string project, string sha256, string? path, bool other, string here, string archive) => new(
        nameof(NewerExportNotHere),
        HarvestFault.NotFound,
        $"Slice {version} names export {Figures.ShortHash(sha256)} of project {project} ({path ?? "no recorded path"}), whose labels go further than those of {Figures.ShortHash(here)}, the newest that is archived here: the next slice would take labels back.",
        $"Archive that export{(other && path is not null ? $", which is not the file at {path} here," : "")} with {new RemedyAction.AddExport(other ? null : path, project)}, or copy '{archive}' from a machine that has it; to go back on purpose, name exports with {new RemedyAction.NewSlice(Project: RemedyAction.AnyName)}.",
        version);

    /// <param name="project">The project that it is the candidate of.</param>
    /// <param name="file">Where it came from.</param>
    /// <param name="tasks">How many tasks it has.</param>
    /// <param name="missing">How many of them are annotated by their counter.</param>
    public static HarvestException CandidateHasNoLabels(string project, string file, long tasks, long missing) => new(
        nameof(CandidateHasNoLabels),
        HarvestFault.InvalidData,
        $"The export {file} of project {project} has no labels, though by total_annotations {Figures.Count(missing)} of its {Figures.Count(tasks, "task")} are annotated: their annotations are not in it, as in task lists of the API. All labels of the project would be gone.",
        $"Export the project as \"JSON\" and archive that with {new RemedyAction.AddExport(Project: project)}, or name an earlier export of the project: {new RemedyAction.NewSlice(Project: RemedyAction.AnyName)}.",
        file);

    public static HarvestException FormatUnsupported(string version, SliceVersions versions, string? writtenBy) => new(
        nameof(FormatUnsupported),
        HarvestFault.InvalidData,
        $"Slice {version} was recorded under {versions}, which HarvestTools {Release.Version} cannot give.",
        writtenBy is null
            ? $"Make its successor with {new RemedyAction.NewSlice(Parent: version)}."
            : (Remedy)$"Make its successor with {new RemedyAction.NewSlice(Parent: version)}, or use HarvestTools {writtenBy}, which recorded it.",
        version);

    public static HarvestException EvalSetNotFound(string path) => new(
        nameof(EvalSetNotFound),
        HarvestFault.NotFound,
        $"The eval set '{path}' does not exist, so it cannot be pinned.",
        "Correct eval_set in harvest.json, or name another file or folder.",
        path);

    public static HarvestException ExportUnderTwoProjects(string sha256) => new(
        nameof(ExportUnderTwoProjects),
        HarvestFault.Usage,
        $"The export {Figures.ShortHash(sha256)} is in the archive under more than one project; in one slice its rows would count twice.",
        $"Name the projects or exports that the slice is made of: {new RemedyAction.NewSlice(Project: RemedyAction.AnyName)}.",
        sha256);
}
