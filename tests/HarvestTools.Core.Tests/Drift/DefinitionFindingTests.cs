using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Drift;

/// <summary>The words of findings about definitions, tables and slice.json itself, and what each asks for.</summary>
public sealed class DefinitionFindingTests
{
    private static readonly SliceExport s_export = new() { Project = "p", Sha256 = Hash('a') };
    private static readonly SliceManifest s_slice = new() { Version = "v3", Exports = [s_export], HarvestVersion = "harvest@v1.0.0", HarvestSha256 = Hash('d') };
    private static readonly SliceOutput s_output = new() { Table = "boxes", Export = Hash('a'), Rows = 1, Sha256 = Hash('1'), RowsSha256 = Hash('2') };
    private static readonly PartTable s_table = new("boxes", 1200, 9, Hash('3'), Hash('4'));
    private static readonly VersionBump s_bump = new("harvest", "v1.0.0", "v1.1.0", BumpSize.Minor, "harvest@v1.1.0: px.") { Place = "definitions.one" };
    private static readonly RegisteredModel s_model = new("v3", "early", "models/a.pt", Hash('a'), new Dictionary<string, double>(), null, false);
    private static readonly RowChange s_row = new("boxes", RowChangeKind.Added, "p", "t", "e", 7, 3, 4, "r", "cup", [], null, new RowValues(1) { ["x"] = 1.5 });
    private static readonly HarvestException s_fault = new("Odd", HarvestFault.InvalidData, "It is odd.", $"Look at it, then {new RemedyAction.ListExports()}.");

    [Fact]
    public void A_definition_that_is_another_asks_for_a_version_of_its_own()
    {
        Says(
            DriftFindings.HarvestRedefined("v3", "harvest@v1.0.0", Hash('a'), Hash('b'), [], s_bump),
            """
            Error HarvestRedefined of Rules: harvest@v1.0.0 (aaaa → bbbb)
            harvest.json now defines harvest@v1.0.0 differently (bbbbbbbbbbbb) than when slice v3 was made (aaaaaaaaaaaa): one version would name two sets of rules.
            Set definitions.one.version to "v1.1.0" in harvest.json; slices made under v1.0.0 keep their archived definition.
            """);

        Says(
            DriftFindings.HarvestRedefined("v3", "harvest@v1.0.0", Hash('a'), Hash('b'), [new RuleChange("px", "1", "2"), new RuleChange("py", "3", "4")], s_bump),
            """
            Error HarvestRedefined of Rules: harvest@v1.0.0 (aaaa → bbbb)
            harvest.json now defines harvest@v1.0.0 differently (bbbbbbbbbbbb) than when slice v3 was made (aaaaaaaaaaaa): one version would name two sets of rules. px 1 → 2, py 3 → 4.
            Set definitions.one.version to "v1.1.0" in harvest.json; slices made under v1.0.0 keep their archived definition.
            """);

        Says(
            DriftFindings.VersionShared(s_slice, s_slice with { Version = "v1", HarvestSha256 = Hash('e') }, "harvest@v1.2.0", null),
            """
            Warning HarvestRedefined of Rules: harvest@v1.0.0 (eeee → dddd)
            Slice v3 was made under harvest@v1.0.0 with other rules (dddddddddddd) than slice v1 before it (eeeeeeeeeeee): one version names two sets of rules.
            Make its successor under harvest@v1.2.0 with NewSlice(Parent=v3); both slices keep their archived definitions.
            """);

        Says(
            DriftFindings.VersionShared(s_slice, s_slice with { Version = "v1", HarvestSha256 = Hash('e') }, "harvest@v1.0.0", s_bump),
            """
            Warning HarvestRedefined of Rules: harvest@v1.0.0 (eeee → dddd)
            Slice v3 was made under harvest@v1.0.0 with other rules (dddddddddddd) than slice v1 before it (eeeeeeeeeeee): one version names two sets of rules.
            Set definitions.one.version to "v1.1.0" in harvest.json, then make its successor with NewSlice(Parent=v3); both slices keep their archived definitions.
            """);
    }

    [Fact]
    public void A_definition_that_is_gone_or_edited_is_put_back()
    {
        Says(
            DriftFindings.DefinitionMissing("harvest@v1.0.0", Hash('a'), s_fault),
            """
            Error HarvestRedefined of Store: harvest@v1.0.0 (aaaa → none)
            It is odd.
            Look at it, then ListExports().
            """);

        Says(
            DriftFindings.DefinitionDamaged("harvest@v1.0.0", Hash('a'), Hash('b')),
            """
            Error HarvestRedefined of Store: harvest@v1.0.0 (aaaa → bbbb)
            The archived definition of harvest@v1.0.0 (aaaaaaaaaaaa) now has SHA-256 bbbbbbbbbbbb: the stored file was changed or the disk is failing.
            Run RepairArchive(), or restore the archive from a backup.
            """);

        Says(
            DriftFindings.DefinitionMisnamed(s_slice, "harvest@v2.0.0", "slices"),
            """
            Error HarvestRedefined of Rules: harvest@v1.0.0 (harvest@v1.0.0 → harvest@v2.0.0)
            Slice v3 says that it was made under harvest@v1.0.0, but the definition that it recorded is harvest@v2.0.0: slice.json was edited.
            Restore the manifest, for example with RestoreFromGit(Path=slices/v3/slice.json).
            """);

        Says(
            DriftFindings.DefinitionFileDiffers(s_slice, Hash('b'), "slices"),
            """
            Error HarvestRedefined of Rules: harvest@v1.0.0 (dddd → bbbb)
            slices/v3/definition.json spells out another definition (bbbbbbbbbbbb) than slice v3 was made under (dddddddddddd): it was edited.
            Restore it, for example with RestoreFromGit(Path=slices/v3/definition.json).
            """);

        Says(
            DriftFindings.DefinitionFileUnreadable(s_slice, s_fault, "slices"),
            """
            Error HarvestRedefined of Rules: harvest@v1.0.0 (dddd → none)
            It is odd.
            Restore it, for example with RestoreFromGit(Path=slices/v3/definition.json).
            """);

        Says(
            DriftFindings.DefinitionFileUnreadable(s_slice, new HarvestException("MergeConflict", HarvestFault.InvalidData, "It has two sides.", "Choose one."), "slices"),
            """
            Error HarvestRedefined of Rules: harvest@v1.0.0 (dddd → none)
            It has two sides.
            Choose one.
            """);
    }

    [Fact]
    public void Tables_that_come_out_otherwise_name_their_rows()
    {
        Says(
            DriftFindings.DerivationChanged(s_slice, s_export, s_output, s_table, null),
            """
            Error DerivationChanged of Code: boxes of p-aaaaaaaaaaaa (2222 → 4444)
            Deriving boxes of p-aaaaaaaaaaaa again under harvest@v1.0.0 gives other rows: 1,200 now, 1 recorded. The recorded rows are not in the cache, so which ones differ cannot be shown.
            Raise harvest.version if the change is meant; otherwise undo the change to the derivation, or restore slice.json from git if that was edited.
            """);

        Says(
            DriftFindings.DerivationChanged(s_slice, s_export, s_output with { RowsSha256 = null }, s_table, new RowDrift(new RowChangeSummary { Added = 1, Removed = 2, Changed = 3 }, s_row)),
            """
            Error DerivationChanged of Code: boxes of p-aaaaaaaaaaaa (1111 → 3333)
            Deriving boxes of p-aaaaaaaaaaaa again under harvest@v1.0.0 gives other rows: 1,200 now, 1 recorded. 1 row added, 2 removed and 3 changed; the first that differs was added: boxes of p, task 3, episode t/e, frame 7, annotation 4, region r, label cup.
            Raise harvest.version if the change is meant; otherwise undo the change to the derivation, or restore slice.json from git if that was edited.
            """);

        Says(
            DriftFindings.DerivationFails(s_slice, s_export, s_fault),
            """
            Error DerivationChanged of Code: all tables of p-aaaaaaaaaaaa (none → none)
            Deriving p-aaaaaaaaaaaa again under harvest@v1.0.0 fails, though the export is as recorded: It is odd.
            Look at it, then ListExports().
            """);

        Says(
            DriftFindings.RecordContradicts(s_slice, "p-aaaaaaaaaaaa", s_output, s_table, "slices"),
            """
            Error DerivationChanged of Code: boxes of p-aaaaaaaaaaaa (2222 → 4444)
            Deriving boxes of p-aaaaaaaaaaaa again gives the recorded bytes, but slice v3 records 1 row where they have 1,200, or another hash of the rows: slice.json was edited.
            Restore the manifest, for example with RestoreFromGit(Path=slices/v3/slice.json).
            """);

        Says(
            DriftFindings.EncodingChanged("p-aaaaaaaaaaaa", s_output, s_table),
            """
            Error EncodingChanged of Code: boxes of p-aaaaaaaaaaaa (1111 → 3333)
            The boxes rows of p-aaaaaaaaaaaa are the same, but their Parquet bytes are not: no label moved, the encoding did.
            Report it: bytes may change only with a new format version. Training on the rebuilt files gives the same rows.
            """);

        Says(
            DriftFindings.CacheDamaged("v3", "p-aaaaaaaaaaaa", s_output, Hash('b')),
            """
            Error CacheDamaged of Store: boxes of p-aaaaaaaaaaaa (1111 → bbbb)
            The cached boxes of p-aaaaaaaaaaaa differ from what slice v3 recorded (bbbbbbbbbbbb instead of 111111111111).
            Run BuildSlice(Version=v3); it derives the file again from the archive.
            """);
    }

    [Fact]
    public void What_cannot_be_compared_says_why()
    {
        Says(
            DriftFindings.NothingRecorded("v3"),
            """
            Warning NothingRecorded of Store: v3 (none → none)
            The manifest of slice v3 records no outputs, so there is nothing to compare with.
            Make its successor with NewSlice(), which records them.
            """);

        Says(
            DriftFindings.NothingRecorded("v3", "p-aaaaaaaaaaaa", ["boxes", "actions"], "slices"),
            """
            Warning NothingRecorded of Store: p-aaaaaaaaaaaa (none → none)
            The manifest of slice v3 records no boxes, actions of p-aaaaaaaaaaaa, so there is nothing to compare them with.
            If slice.json was edited, restore it with RestoreFromGit(Path=slices/v3/slice.json); otherwise make a successor with NewSlice(), which records all tables.
            """);

        Says(
            DriftFindings.OutputOfNoExport("v3", Hash('a'), "slices"),
            """
            Warning NothingRecorded of Store: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (aaaa → none)
            The manifest of slice v3 records outputs of export aaaaaaaaaaaa, which is none of the slice's exports: it was edited.
            Restore the manifest, for example with RestoreFromGit(Path=slices/v3/slice.json).
            """);
    }

    [Fact]
    public void A_record_that_was_edited_is_compared_with_what_git_has()
    {
        Says(
            DriftFindings.RecordDamaged(new ManifestFault("v3", "outputs[2].table", "boxen", "which is no table"), "slices"),
            """
            Error RecordDamaged of Store: outputs[2].table (none → boxen)
            slice.json of slice v3 has "boxen" in outputs[2].table, which is no table: it was edited, or is damaged.
            Restore the manifest, for example with RestoreFromGit(Path=slices/v3/slice.json).
            """);

        Says(
            DriftFindings.DiffersFromCommit("v3", ["exports", "runs"], "slices"),
            """
            Warning RecordDamaged of Store: exports, runs (none → none)
            slices/v3/slice.json differs from what is committed, in exports and runs: it was edited, or is damaged.
            Compare it with what git has, and take that back with RestoreFromGit(Path=slices/v3/slice.json,Revision=HEAD), or commit the change if it is meant.
            """);

        Says(
            DriftFindings.DiffersFromCommit("v3", ["runs", "trained_at", "model_outputs", "eval_set"], "slices"),
            """
            Warning RecordDamaged of Store: runs, trained_at, model_outputs, eval_set (none → none)
            slices/v3/slice.json is not committed as it is now, in runs, trained_at, model_outputs and eval_set: a model was registered or an eval set was pinned since, or the file was edited.
            Commit it, after a look at the difference to git's HEAD; what is not meant is taken back with RestoreFromGit(Path=slices/v3/slice.json,Revision=HEAD).
            """);

        Says(
            DriftFindings.TagDiffers("v3", "slice/v3", ["exports", "outputs"], "slices"),
            """
            Error TagDiffers of Store: exports, outputs (none → none)
            slices/v3/slice.json is not the slice that git's tag slice/v3 names: it differs in exports and outputs. A slice that was shipped is never changed.
            Compare it with the tag, and take that state back with RestoreFromGit(Path=slices/v3/slice.json,Revision=slice/v3).
            """);

        Says(
            DriftFindings.ChangedSinceTag("v3", "slice/v3", ["runs", "outputs"], "slices"),
            """
            Warning TagDiffers of Store: runs, outputs (none → none)
            slices/v3/slice.json has the rows that git's tag slice/v3 names, and says something else about them: it differs in runs and outputs.
            Compare it with the tag; what is not meant is taken back with RestoreFromGit(Path=slices/v3/slice.json,Revision=slice/v3), and with it what was registered since.
            """);

        Says(
            DriftFindings.EvalSetChanged("v3", new PinnedFile { Path = "eval.json", Sha256 = Hash('a') }, null),
            """
            Note EvalSetChanged of Store: eval.json (aaaa → none)
            The eval set that slice v3 records, eval.json, is not there.
            Nothing need be done if the eval set was changed; PinEvalSet(Path=eval.json) records what it is now.
            """);

        Says(
            DriftFindings.EvalSetChanged("v3", new PinnedFile { Path = "eval.json", Sha256 = Hash('a') }, Hash('b')),
            """
            Note EvalSetChanged of Store: eval.json (aaaa → bbbb)
            The eval set eval.json is not the one that slice v3 records (aaaaaaaaaaaa, now bbbbbbbbbbbb), and no other slice records that one: it was changed since, or slice.json was.
            Nothing need be done if the eval set was changed; PinEvalSet(Path=eval.json) records what it is now.
            """);

        Says(
            DriftFindings.ParentMissing("v3", "v2", "slices"),
            """
            Warning ParentMissing of Store: v2 (none → none)
            Slice v3 follows slice v2, which is not here: its history ends there.
            Restore it, for example with RestoreFromGit(Path=slices/v2), or from the commit before the one that removed it.
            """);

        Says(
            DriftFindings.ModelChanged(s_model, Hash('b'), null),
            """
            Warning ModelChanged of Store: early (aaaa → bbbb)
            The file at models/a.pt is no longer the model early that slice v3 registered there (aaaaaaaaaaaa, now bbbbbbbbbbbb): it was overwritten.
            Register the new file under a name of its own with RegisterModel(Path=models/a.pt), or put the old one back.
            """);

        Says(
            DriftFindings.ModelChanged(s_model, Hash('b'), s_model with { Version = "v4", Name = "late" }),
            """
            Note ModelChanged of Store: early (aaaa → bbbb)
            The file at models/a.pt is no longer the model early that slice v3 registered there (aaaaaaaaaaaa, now bbbbbbbbbbbb): it is the model late of slice v4 now.
            Nothing need be done: both are on record. A path of its own for each model keeps the files as well.
            """);
    }

    private static void Says(DriftFinding finding, string expected) => Assert.Equal(expected.ReplaceLineEndings("\n"), FindingText.Of(finding));

    [Fact]
    public void A_slice_of_another_format_names_the_release_that_wrote_it()
    {
        DriftFinding early = DriftFindings.FormatUnsupported(s_slice, new SliceVersions(1, 1));
        Assert.Equal((DriftKind.FormatUnsupported, DriftSeverity.Warning), (early.Kind, early.Severity));
        Assert.Equal(
            ("format version 1 and derivation version 1", "format version 1 and derivation version 1", SliceVersions.Current.ToString()),
            (early.Subject, early.Expected, early.Actual));
        Assert.Equal(
            $"Slice v3 was recorded under format version 1 and derivation version 1 by a build before the first release, which HarvestTools {Release.Version} cannot give, so it cannot be verified here.",
            early.Message);
        Assert.EndsWith("\nMake its successor with NewSlice(Parent=v3).", FindingText.Of(early), StringComparison.Ordinal);

        DriftFinding later = DriftFindings.FormatUnsupported(s_slice with { WrittenBy = "9.1.0" }, new SliceVersions(9, SliceVersions.Current.DerivationNumber));
        Assert.Equal($"Slice v3 was recorded under format version 9 by HarvestTools 9.1.0, which HarvestTools {Release.Version} cannot give, so it cannot be verified here.", later.Message);
        Assert.EndsWith("\nCheck it with HarvestTools 9.1.0, or make its successor with NewSlice(Parent=v3).", FindingText.Of(later), StringComparison.Ordinal);
    }

    private static string Hash(char digit) => new(digit, 64);
}
