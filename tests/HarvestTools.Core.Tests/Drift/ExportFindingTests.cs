using HarvestTools.Drift;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Drift;

/// <summary>The words of findings about exports, and what each asks for: no check in a real repository comes by all of them.</summary>
public sealed class ExportFindingTests
{
    private static readonly SliceExport s_export = new() { Project = "p", Sha256 = Hash('a'), Path = "exports/p.json", LabelConfigSha256 = Hash('b') };
    private static readonly Timestamp s_time = new("2026-03-01T10:20:30Z", new DateTimeOffset(2026, 3, 1, 10, 20, 30, TimeSpan.Zero));
    private static readonly HarvestException s_fault = new("Odd", HarvestFault.InvalidData, "It is odd.", $"Look at it, then {new RemedyAction.ListExports()}.");

    [Fact]
    public void An_export_that_is_gone_names_where_it_was_looked_for_and_what_brings_it()
    {
        Says(
            DriftFindings.ExportMissing("v3", s_export, null),
            """
            Error ExportMissing of Store: p-aaaaaaaaaaaa (aaaa → none)
            The export aaaaaaaaaaaa of project p is neither in the archive nor at exports/p.json. Slice v3 cannot be rebuilt here.
            Copy it from the archive of another machine, or find the original file (in a backup or in the labeler's downloads) and add it with AddExport(Project=p).
            """);

        Says(
            DriftFindings.ExportMissing("v3", s_export with { Path = null }, "s3://bucket"),
            """
            Error ExportMissing of Store: p-aaaaaaaaaaaa (aaaa → none)
            The export aaaaaaaaaaaa of project p is neither in the archive, nor at a recorded path, nor in the remote s3://bucket. Slice v3 cannot be rebuilt here.
            Run PushSlices() on a machine that has it, or find the original file (in a backup or in the labeler's downloads) and add it with AddExport(Project=p).
            """);

        Says(
            DriftFindings.ExportErased("v3", s_export, s_time),
            """
            Warning ExportErased of Store: p-aaaaaaaaaaaa (aaaa → none)
            The export aaaaaaaaaaaa of project p was removed on 2026-03-01 10:20 UTC to erase what it held. Slice v3 cannot be built or checked any more.
            Nothing need be done where a later slice takes its place; NewSlice(Parent=v3) makes one.
            """);

        Says(
            DriftFindings.RemovedByRetention("v3", s_export, s_time),
            """
            Warning RemovedByRetention of Store: p-aaaaaaaaaaaa (aaaa → none)
            The export aaaaaaaaaaaa of project p was removed by retention on 2026-03-01 10:20 UTC. Slice v3 cannot be built or checked here.
            Add the original file again with AddExport(Project=p) where the slice is needed after all, or remove the slice.
            """);
    }

    [Fact]
    public void Damage_in_the_archive_is_put_right_there_or_with_the_original()
    {
        Says(
            DriftFindings.ExportDamaged(s_export, Hash('c')),
            """
            Error ExportDamaged of Store: p-aaaaaaaaaaaa (aaaa → cccc)
            The archived bytes of export aaaaaaaaaaaa of project p now have SHA-256 cccccccccccc: the stored file was changed or the disk is failing.
            Run RepairArchive(), or add the original file again with AddExport(Project=p).
            """);

        Says(
            DriftFindings.LabelConfigMissing("v3", s_export),
            """
            Error ExportMissing of Store: labeling configuration of p-aaaaaaaaaaaa (bbbb → none)
            The labeling configuration bbbbbbbbbbbb of project p is not in the archive. Slice v3 cannot be rebuilt.
            Archive the same configuration again with AddExport(Path=exports/p.json,Project=p,LabelConfig=CONFIG).
            """);

        Says(
            DriftFindings.LabelConfigDamaged(s_export, Hash('c')),
            """
            Error ExportDamaged of Store: labeling configuration of p-aaaaaaaaaaaa (bbbb → cccc)
            The archived bytes of the labeling configuration bbbbbbbbbbbb of project p now have SHA-256 cccccccccccc: the stored file was changed or the disk is failing.
            Archive the same configuration again with AddExport(Path=exports/p.json,Project=p,LabelConfig=CONFIG); it replaces the damaged one.
            """);

        Says(
            DriftFindings.ExportReplaced(s_export, Hash('c'), s_fault),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc): It is odd.
            Look at it, then ListExports().
            """);

        Says(
            DriftFindings.ExportRecordDamaged(s_export, s_fault),
            """
            Warning RecordDamaged of Store: p-aaaaaaaaaaaa (none → none)
            It is odd.
            Look at it, then ListExports().
            """);
    }

    [Fact]
    public void A_file_that_was_rewritten_says_what_it_is_now()
    {
        Says(
            Rewritten(FileStanding.Unknown, null, restore: false),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). Whether labels changed is unknown.
            Add the new file with AddExport(Path=exports/p.json,Project=p) and make a new slice of it, or put the old file back.
            """);

        Says(
            Rewritten(FileStanding.Unknown, new LabelChanges(1, 2, 0, 9), restore: true),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). Labels changed: 1 task added, 2 tasks removed, 0 tasks relabelled.
            Add the new file with AddExport(Path=exports/p.json,Project=p) and make a new slice of it, or put the old file back with RestoreExport(Export=aaaa).
            """);

        Says(
            Rewritten(FileStanding.Earlier, new LabelChanges(0, 1, 0, 9), restore: false),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). It is an earlier export of project p. Labels changed: 0 tasks added, 1 task removed, 0 tasks relabelled.
            Put the export of project p back at exports/p.json.
            """);

        Says(
            Rewritten(FileStanding.Earlier, new LabelChanges(0, 0, 1, 9), restore: true),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). It is an earlier export of project p. Labels changed: 0 tasks added, 0 tasks removed, 1 task relabelled.
            Put the export that the slice used back with RestoreExport(Export=aaaa).
            """);

        Says(
            Rewritten(FileStanding.OfOtherProject, null, restore: false),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). It is an export of project q. Whether labels changed is unknown.
            Put the export of project p back at exports/p.json.
            """);

        Says(
            Rewritten(FileStanding.OfOtherProject, null, restore: true),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). It is an export of project q. Whether labels changed is unknown.
            Put the export that the slice used back with RestoreExport(Export=aaaa).
            """);

        Says(
            Rewritten(FileStanding.SharedPath, new LabelChanges(1, 0, 0, 0), restore: true),
            """
            Warning ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). It is an export of project q that a slice recorded at the same path. Labels changed: 1 task added, 0 tasks removed, 0 tasks relabelled.
            Nothing need be done: both exports are archived. Save the exports of each project under a name of its own from now on, and add them there.
            """);

        Says(
            Rewritten(FileStanding.NewOfOtherProject, null, restore: false),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). It is an export of project q that is not archived. Whether labels changed is unknown.
            Move the file to a path of its own and archive it there with AddExport(Project=q); then put the export of project p back at exports/p.json.
            """);

        Says(
            Rewritten(FileStanding.NewOfOtherProject, null, restore: true, id: 7),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). It is an export of Label Studio's project 7, which no export of project p is of. Whether labels changed is unknown.
            Move the file to a path of its own and archive it there with AddExport(Project=q); then put the export that the slice used back with RestoreExport(Export=aaaa). If Label Studio gave project p a new id, say so with AddProjectId(Project=p,Id=7) instead.
            """);

        Says(
            Rewritten(FileStanding.NoStore, null, restore: false),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). Whether labels changed is unknown.
            Bring the archive, which may have this file too, to this machine, or put the file with SHA-256 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa back at exports/p.json; where this one is a later export, archive it with AddExport(Path=exports/p.json,Project=p).
            """);
    }

    [Fact]
    public void A_file_with_the_same_labels_or_rows_is_a_warning()
    {
        Says(
            Rewritten(FileStanding.Unknown, new LabelChanges(0, 0, 0, 9), restore: false),
            """
            Warning ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). No label differs, only bytes that Label Studio changes at every export.
            Nothing need be done; restore the file from git if other tools read it.
            """);

        Says(
            Rewritten(FileStanding.Unknown, new LabelChanges(0, 0, 0, 9), restore: true),
            """
            Warning ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). No label differs, only bytes that Label Studio changes at every export.
            Nothing need be done; where other tools read the file, put back the one that the slice used with RestoreExport(Export=aaaa).
            """);

        Says(
            Rewritten(FileStanding.Unknown, new LabelChanges(0, 0, 2, 9), restore: true, data: new DataChange(["url", "meta"], false)),
            """
            Warning ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). Only the data of 2 tasks differs, in url, meta, and no row does.
            Nothing need be done; where other tools read the file, put back the one that the slice used with RestoreExport(Export=aaaa).
            """);

        Says(
            Rewritten(FileStanding.Unknown, new LabelChanges(0, 0, 1, 9), restore: true, data: new DataChange(["url"], null)),
            """
            Warning ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). Only the data of 1 task differs, in url; whether rows do is known after a check that derives.
            Nothing need be done; where other tools read the file, put back the one that the slice used with RestoreExport(Export=aaaa).
            """);

        Says(
            Rewritten(FileStanding.Unknown, new LabelChanges(0, 0, 1, 9), restore: true, data: new DataChange(["url"], true)),
            """
            Error ExportRewritten of Data: p-aaaaaaaaaaaa (aaaa → cccc)
            The file at exports/p.json is no longer the export that the slice used (aaaaaaaaaaaa, now cccccccccccc). Only the data of 1 task differs, in url, and with it rows do.
            Add the new file with AddExport(Path=exports/p.json,Project=p) and make a new slice of it, or put the old file back with RestoreExport(Export=aaaa).
            """);
    }

    [Fact]
    public void What_concerns_a_whole_run_names_the_slices_or_the_exports()
    {
        Says(
            StoreFindings.ExportSucceeded(s_export, Hash('c'), new UseScope([Slice("v1")]), archive: true),
            """
            Note ExportSucceeded of Data: exports/p.json (aaaa → cccc)
            The file at exports/p.json is a later export of project p (cccccccccccc), as it is where every night exports to the same name; v1 was made of an earlier one.
            Nothing need be done; slices are read from the archive.
            """);

        Says(
            StoreFindings.ExportSucceeded(s_export, Hash('c'), new UseScope([Slice("v1"), Slice("v2")]), archive: false),
            """
            Note ExportSucceeded of Data: exports/p.json (aaaa → cccc)
            The file at exports/p.json is a later export of project p (cccccccccccc), as it is where every night exports to the same name; v1 and v2 were made of earlier ones.
            Nothing need be done about the file: a later export belongs there.
            """);

        Says(
            StoreFindings.StoreAbsent("v3", [s_export], "/archive"),
            """
            Warning StoreAbsent of Store: /archive (none → none)
            This machine has no archive (/archive), and exports are not at their recorded paths either, so what is made of them cannot be verified here: slice v3 needs aaaaaaaaaaaa of project p with its labeling configuration (exports/p.json).
            Copy /archive from a machine that has it, or put the exports at their recorded paths.
            """);

        Says(
            StoreFindings.StoreAbsent("v3", [s_export with { Path = null, LabelConfigSha256 = null }], "/archive"),
            """
            Warning StoreAbsent of Store: /archive (none → none)
            This machine has no archive (/archive), and exports are not at their recorded paths either, so what is made of them cannot be verified here: slice v3 needs aaaaaaaaaaaa of project p (without a recorded path).
            Copy /archive from a machine that has it, or archive the files again with AddExport().
            """);

        Says(
            StoreFindings.StoreAbsent("v3", [s_export with { LabelConfigSha256 = null }, s_export with { Path = null, Name = "b.json" }], "/archive"),
            """
            Warning StoreAbsent of Store: /archive (none → none)
            This machine has no archive (/archive), and exports are not at their recorded paths either, so what is made of them cannot be verified here: slice v3 needs aaaaaaaaaaaa of project p (exports/p.json) and aaaaaaaaaaaa of project p with its labeling configuration (b.json, from outside the repository).
            Copy /archive from a machine that has it, or archive the files again with AddExport(); those with a recorded path may be put there instead.
            """);

        Says(
            StoreFindings.RemoteDamaged(s_export, "s3://bucket"),
            """
            Error ExportDamaged of Store: p aaaaaaaaaaaa (aaaa → none)
            The remote s3://bucket has other bytes under the hash aaaaaaaaaaaa of an export of project p, which is not on this machine.
            Run PushSlices(Deep=True) on a machine whose archive is whole; it replaces what is damaged there.
            """);
    }

    private static void Says(DriftFinding finding, string expected) => Assert.Equal(expected.ReplaceLineEndings("\n"), FindingText.Of(finding));

    private static string Hash(char digit) => new(digit, 64);

    private static SliceManifest Slice(string version) => new() { Version = version, Exports = [s_export], HarvestVersion = "harvest@v1.0.0" };

    private static DriftFinding Rewritten(FileStanding standing, LabelChanges? labels, bool restore, long? id = null, DataChange? data = null)
    {
        var file = new FileAtPath(Hash('c'), standing, "q") { LabelStudioId = id };
        DriftFinding finding = DriftFindings.ExportRewritten(s_export, file, labels, restore ? new RemedyAction.RestoreExport("aaaa") : null, data);
        Assert.Same(labels, finding.Labels);
        return finding;
    }
}
