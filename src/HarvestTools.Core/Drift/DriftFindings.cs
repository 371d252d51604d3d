using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>The words of every finding, in one place.</summary>
internal static partial class DriftFindings
{
    /// <param name="version">The slice that was looked at first.</param>
    /// <param name="export">As the slice has it.</param>
    /// <param name="remote">The remote that was asked too; null where none was.</param>
    public static DriftFinding ExportMissing(string version, SliceExport export, string? remote) => new(
        DriftKind.ExportMissing,
        DriftSeverity.Error,
        Name(export),
        export.Sha256,
        null,
        $"The export {Figures.ShortHash(export.Sha256)} of project {export.Project} is neither in the archive{(remote is null ? "" : ",")} nor at {export.Path ?? "a recorded path"}{(remote is null ? "" : $", nor in the remote {remote}")}. "
            + $"Slice {version} cannot be rebuilt here.",
        remote is not null ? (Remedy)$"Run {new RemedyAction.PushSlices()} on a machine that has it, or find the original file (in a backup or in the labeler's downloads) and add it with {new RemedyAction.AddExport(Project: export.Project)}." : $"Copy it from the archive of another machine, or find the original file (in a backup or in the labeler's downloads) and add it with {new RemedyAction.AddExport(Project: export.Project)}.");

    /// <param name="version">The slice that was looked at first.</param>
    /// <param name="export">As the slice has it.</param>
    /// <param name="removed">When it was removed.</param>
    public static DriftFinding ExportErased(string version, SliceExport export, Timestamp removed) => new(
        DriftKind.ExportErased,
        DriftSeverity.Warning,
        Name(export),
        export.Sha256,
        null,
        $"The export {Figures.ShortHash(export.Sha256)} of project {export.Project} was removed on {Figures.Time(removed.Instant)} UTC to erase what it held. Slice {version} cannot be built or checked any more.",
        $"Nothing need be done where a later slice takes its place; {new RemedyAction.NewSlice(Parent: version)} makes one.");

    /// <param name="version">The slice that was looked at first.</param>
    /// <param name="export">As the slice has it.</param>
    /// <param name="removed">When it was removed.</param>
    public static DriftFinding RemovedByRetention(string version, SliceExport export, Timestamp removed) => new(
        DriftKind.RemovedByRetention,
        DriftSeverity.Warning,
        Name(export),
        export.Sha256,
        null,
        $"The export {Figures.ShortHash(export.Sha256)} of project {export.Project} was removed by retention on {Figures.Time(removed.Instant)} UTC. Slice {version} cannot be built or checked here.",
        $"Add the original file again with {new RemedyAction.AddExport(Project: export.Project)} where the slice is needed after all, or remove the slice.");

    public static DriftFinding ExportDamaged(SliceExport export, string actual) => new(
        DriftKind.ExportDamaged,
        DriftSeverity.Error,
        Name(export),
        export.Sha256,
        actual,
        $"The archived bytes of export {Figures.ShortHash(export.Sha256)} of project {export.Project} now have SHA-256 {Figures.ShortHash(actual)}: the stored file was changed or the disk is failing.",
        $"Run {new RemedyAction.RepairArchive()}, or add the original file again with {new RemedyAction.AddExport(Project: export.Project)}.");

    /// <summary>The labeling configuration belongs to the export; without it no row can be derived as it was.</summary>
    public static DriftFinding LabelConfigMissing(string version, SliceExport export) => new(
        DriftKind.ExportMissing,
        DriftSeverity.Error,
        $"labeling configuration of {Name(export)}",
        export.LabelConfigSha256,
        null,
        $"The labeling configuration {Figures.ShortHash(export.LabelConfigSha256!)} of project {export.Project} is not in the archive. Slice {version} cannot be rebuilt.",
        $"Archive the same configuration again with {new RemedyAction.AddExport(export.Path, export.Project) { LabelConfig = RemedyAction.AnyConfig }}.");

    public static DriftFinding LabelConfigDamaged(SliceExport export, string actual) => new(
        DriftKind.ExportDamaged,
        DriftSeverity.Error,
        $"labeling configuration of {Name(export)}",
        export.LabelConfigSha256,
        actual,
        $"The archived bytes of the labeling configuration {Figures.ShortHash(export.LabelConfigSha256!)} of project {export.Project} now have SHA-256 {Figures.ShortHash(actual)}: the stored file was changed or the disk is failing.",
        $"Archive the same configuration again with {new RemedyAction.AddExport(export.Path, export.Project) { LabelConfig = RemedyAction.AnyConfig }}; it replaces the damaged one.");

    /// <param name="export">As the slice has it.</param>
    /// <param name="file">What is at its path now.</param>
    /// <param name="labels">How its labels differ; null where that is unknown.</param>
    /// <param name="restore">How the file that the slice used is put back; null where it is not archived.</param>
    /// <param name="data">What differs of data where nothing else does; null otherwise.</param>
    public static DriftFinding ExportRewritten(
        SliceExport export, FileAtPath file, LabelChanges? labels, RemedyAction.RestoreExport? restore, DataChange? data = null)
    {
        bool same = labels is { Added: 0, Removed: 0, Relabelled: 0 } || data is { RowsDiffer: not true };
        string message = $"The file at {export.Path} is no longer the export that the slice used ({Figures.ShortHash(export.Sha256)}, now {Figures.ShortHash(file.Sha256)})";
        message += file.Standing switch
        {
            FileStanding.Earlier => $". It is an earlier export of project {export.Project}",
            FileStanding.OfOtherProject => $". It is an export of project {file.Project}",
            FileStanding.NewOfOtherProject => file.LabelStudioId is { } id
                ? $". It is an export of Label Studio's project {id}, which no export of project {export.Project} is of"
                : $". It is an export of project {file.Project} that is not archived",
            FileStanding.SharedPath => $". It is an export of project {file.Project} that a slice recorded at the same path",
            _ => "",
        };
        message += labels switch
        {
            null => ". Whether labels changed is unknown.",
            _ when data is not null => $". Only the data of {Figures.Count(labels.Relabelled, "task")} differs, in {string.Join(", ", data.Keys)}"
                + data.RowsDiffer switch { true => ", and with it rows do.", false => ", and no row does.", null => "; whether rows do is known after a check that derives." },
            _ when same => ". No label differs, only bytes that Label Studio changes at every export.",
            _ => $". Labels changed: {Figures.Count(labels.Added, "task")} added, {Figures.Count(labels.Removed, "task")} removed, {Figures.Count(labels.Relabelled, "task")} relabelled.",
        };

        // The archive still holds what the slice used, so an export with equal labels loses nothing and must not fail a build.
        return new DriftFinding(
            DriftKind.ExportRewritten,
            same || file.Standing == FileStanding.SharedPath ? DriftSeverity.Warning : DriftSeverity.Error,
            Name(export),
            export.Sha256,
            file.Sha256,
            message,
            same
                ? restore is null
                    ? (Remedy)"Nothing need be done; restore the file from git if other tools read it."
                    : (Remedy)$"Nothing need be done; where other tools read the file, put back the one that the slice used with {restore}."
                : RewrittenRemedy(export, file, restore))
        {
            Labels = labels,
        };
    }

    // Done as it says, each of them makes the next check clean: adding a file that the archive has as an earlier export changes nothing.
    private static Remedy RewrittenRemedy(SliceExport export, FileAtPath file, RemedyAction.RestoreExport? restore) => (file.Standing, restore) switch
    {
        // No file at the path is right for both, and the archive has both.
        (FileStanding.SharedPath, _) => (Remedy)"Nothing need be done: both exports are archived. Save the exports of each project under a name of its own from now on, and add them there.",
        (FileStanding.Earlier or FileStanding.OfOtherProject, null) => (Remedy)$"Put the export of project {export.Project} back at {export.Path}.",
        (FileStanding.Earlier or FileStanding.OfOtherProject, _) => $"Put the export that the slice used back with {restore}.",
        (FileStanding.NewOfOtherProject, _) => OfOtherProject(export, file, restore),
        (FileStanding.NoStore, _) => $"Bring the archive, which may have this file too, to this machine, or put the file with SHA-256 {export.Sha256} back at {export.Path}; where this one is a later export, archive it with {new RemedyAction.AddExport(export.Path, export.Project)}.",
        (_, null) => $"Add the new file with {new RemedyAction.AddExport(export.Path, export.Project)} and make a new slice of it, or put the old file back.",
        _ => $"Add the new file with {new RemedyAction.AddExport(export.Path, export.Project)} and make a new slice of it, or put the old file back with {restore}.",
    };

    // The file first, since nothing else has it and what is put back takes its place.
    private static Remedy OfOtherProject(SliceExport export, FileAtPath file, RemedyAction.RestoreExport? restore)
    {
        Remedy back = restore is null ? $"put the export of project {export.Project} back at {export.Path}" : (Remedy)$"put the export that the slice used back with {restore}";
        Remedy renewed = file.LabelStudioId is { } id ? $" If Label Studio gave project {export.Project} a new id, say so with {new RemedyAction.AddProjectId(export.Project, id)} instead." : Remedy.None;
        return $"Move the file to a path of its own and archive it there with {new RemedyAction.AddExport(Project: file.Project)}; then {back}.{renewed}";
    }

    /// <summary>The file at the recorded path is no export any more, or none that can be read.</summary>
    /// <param name="export">The export that the slice used.</param>
    /// <param name="actual">SHA-256 of the file.</param>
    /// <param name="fault">What it is.</param>
    public static DriftFinding ExportReplaced(SliceExport export, string actual, HarvestException fault) => new(
        DriftKind.ExportRewritten,
        DriftSeverity.Error,
        Name(export),
        export.Sha256,
        actual,
        $"The file at {export.Path} is no longer the export that the slice used ({Figures.ShortHash(export.Sha256)}, now {Figures.ShortHash(actual)}): {fault.Message}",
        fault.Remedy);

    public static DriftFinding HarvestRedefined(
        string version, string harvestVersion, string recorded, string actual, IReadOnlyList<RuleChange> rules, VersionBump bump) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        actual,
        $"harvest.json now defines {harvestVersion} differently ({Figures.ShortHash(actual)}) than when slice {version} was made ({Figures.ShortHash(recorded)}): one version would name two sets of rules."
            + (rules.Count == 0 ? "" : $" {string.Join(", ", rules)}."),
        $"{new RemedyAction.EditSetting($"{bump.Place}.version", $"\"{bump.To}\"")}; slices made under {bump.From} keep their archived definition.")
    {
        Bump = bump,
    };

    /// <summary>Two slices were made under one version with two contents, as earlier builds let it happen; both stay what they are.</summary>
    /// <param name="slice">The later one.</param>
    /// <param name="first">The one that had the version first.</param>
    /// <param name="current">The version in harvest.json.</param>
    /// <param name="bump">What harvest.json should go to first; null where it has another version already.</param>
    public static DriftFinding VersionShared(SliceManifest slice, SliceManifest first, string current, VersionBump? bump) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Warning,
        slice.HarvestVersion,
        first.HarvestSha256,
        slice.HarvestSha256,
        $"Slice {slice.Version} was made under {slice.HarvestVersion} with other rules ({Figures.ShortHash(slice.HarvestSha256!)}) than slice {first.Version} before it ({Figures.ShortHash(first.HarvestSha256!)}): one version names two sets of rules.",
        bump is null
            ? (Remedy)$"Make its successor under {current} with {new RemedyAction.NewSlice(Parent: slice.Version)}; both slices keep their archived definitions."
            : $"{new RemedyAction.EditSetting($"{bump.Place}.version", $"\"{bump.To}\"")}, then make its successor with {new RemedyAction.NewSlice(Parent: slice.Version)}; both slices keep their archived definitions.")
    {
        Bump = bump,
    };

    public static DriftFinding DefinitionMissing(string harvestVersion, string? recorded, HarvestException reason) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        null,
        reason.Message,
        reason.Remedy)
    {
        Cause = DriftCause.Store,
    };

    public static DriftFinding DefinitionDamaged(string harvestVersion, string recorded, string actual) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        harvestVersion,
        recorded,
        actual,
        $"The archived definition of {harvestVersion} ({Figures.ShortHash(recorded)}) now has SHA-256 {Figures.ShortHash(actual)}: the stored file was changed or the disk is failing.",
        $"Run {new RemedyAction.RepairArchive()}, or restore the archive from a backup.")
    {
        Cause = DriftCause.Store,
    };

    public static DriftFinding DefinitionMisnamed(SliceManifest slice, string archived, string slicesFolder) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        slice.HarvestVersion,
        slice.HarvestVersion,
        archived,
        $"Slice {slice.Version} says that it was made under {slice.HarvestVersion}, but the definition that it recorded is {archived}: slice.json was edited.",
        RestoreManifest(slice.Version, slicesFolder));

    /// <summary>The file beside the manifest that spells the definition out says something else.</summary>
    public static DriftFinding DefinitionFileDiffers(SliceManifest slice, string actual, string slicesFolder) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        slice.HarvestVersion,
        slice.HarvestSha256,
        actual,
        $"{slicesFolder}/{slice.Version}/{SliceStore.DefinitionFileName} spells out another definition ({Figures.ShortHash(actual)}) than slice {slice.Version} was made under ({Figures.ShortHash(slice.HarvestSha256!)}): it was edited.",
        RestoreDefinition(slice, slicesFolder));

    /// <summary>The file beside the manifest cannot be read as a definition.</summary>
    public static DriftFinding DefinitionFileUnreadable(SliceManifest slice, HarvestException fault, string slicesFolder) => new(
        DriftKind.HarvestRedefined,
        DriftSeverity.Error,
        slice.HarvestVersion,
        slice.HarvestSha256,
        null,
        fault.Message,

        // git takes no file back that it could not merge.
        fault.ErrorId == nameof(JsonDocumentErrors.MergeConflict) ? fault.Remedy : RestoreDefinition(slice, slicesFolder));

    private static string Name(SliceExport export) => export.FileStem;

    private static string Subject(SliceOutput output, string stem) => $"{output.Table} of {stem}";

    private static RemedyAction.RestoreFromGit Restore(string version, string slicesFolder, string file = SliceStore.FileName) =>
        new($"{slicesFolder}/{version}/{file}");

    private static Remedy RestoreDefinition(SliceManifest slice, string slicesFolder) =>
        $"Restore it, for example with {Restore(slice.Version, slicesFolder, SliceStore.DefinitionFileName)}.";

    private static Remedy RestoreManifest(string version, string slicesFolder) =>
        $"Restore the manifest, for example with {Restore(version, slicesFolder)}.";
}
