using HarvestTools.Archive;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Archive;

/// <summary>Who refers to an object, and how a message says so.</summary>
public sealed class ArchiveReferencesTests : IDisposable
{
    private static readonly string s_export = ArchiveFixture.Hash("[1]");
    private static readonly string s_config = ArchiveFixture.Hash("config");
    private static readonly string s_definition = ArchiveFixture.Hash("definition");
    private static readonly string s_media = ArchiveFixture.Hash("media");

    private readonly ArchiveFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Everything_that_a_slice_names_is_referred_to()
    {
        Slice("v1", "in/a.json");
        ArchiveReferences references = Collect();

        Assert.Equal(new[] { s_export, s_config, s_definition, s_media }.Order(StringComparer.Ordinal), references.Hashes);
        Assert.All(references.Hashes, sha256 => Assert.True(references.IsOfSlice(sha256)));
        Assert.Equal(
            ["slice v1 refers to it", "slice v1 (labeling configuration) refers to it", "slice v1 refers to it", "slice v1 (list of media) refers to it"],
            new[] { s_export, s_config, s_definition, s_media }.Select(references.Describe));
        Assert.Equal([new ArchiveReference("slice v1", "in/a.json")], references.Of(s_export));
        Assert.Equal([new ArchiveReference("slice v1", null)], references.Of(s_definition));
        Assert.Equal([new ArchiveReference("slice v1 (labeling configuration)", null, "p")], references.Of(s_config));
        Assert.Equal("v1", Assert.Single(references.Slices));
        Assert.Equal("in/a.json", references.Exports[s_export].Path);
        Assert.Equal("v1", Assert.Single(references.Named).Version);
        Assert.Empty(references.Unreadable);
        Assert.Empty(references.Faults);
        Assert.Empty(references.Orphans);
    }

    [Fact]
    public void What_records_alone_name_is_of_no_slice()
    {
        _fixture.Archive.Record(ArchiveFixture.Record("[1]", "hands", "in/a.json") with { LabelConfigSha256 = s_config });
        ArchiveReferences references = Collect();

        Assert.Equal([new ArchiveReference("the record of project hands", "in/a.json")], references.Of(s_export));
        Assert.Equal("the record of project hands refers to it", references.Describe(s_export));
        Assert.Equal("the record of project hands (labeling configuration) refers to it", references.Describe(s_config));
        Assert.False(references.IsOfSlice(s_export));
        Assert.True(references.Contains(s_export));
        Assert.Empty(references.Slices);
        Assert.False(references.Contains(s_media));
        Assert.Equal("nothing refers to it", references.Describe(s_media));
        Assert.Empty(references.Of(s_media));
    }

    [Fact]
    public void Several_are_named_together_and_the_word_slices_once()
    {
        Slice("v1", "in/a.json");
        Slice("v2", "in/b.json");
        Assert.Equal("slices v1 and v2 refer to it", Collect().Describe(s_export));
        Assert.Equal("slice v1 (list of media) and slice v2 (list of media) refer to it", Collect().Describe(s_media));
        Assert.Equal("in/a.json", Collect().Exports[s_export].Path);

        _fixture.Add("[1]", "hands");
        Assert.Equal("the record of project hands, slice v1 and slice v2 refer to it", Collect().Describe(s_export));
        Assert.True(Collect().IsOfSlice(s_export));
        Slice("v3", null);
        Slice("v4", null);
        Assert.Equal("slices v1, v2, v3 and v4 refer to it", Collect().Describe(s_definition));
        Slice("v5", null);
        Assert.Equal("slices v1, v2 and 3 more refer to it", Collect().Describe(s_definition));
    }

    [Fact]
    public void Each_kind_of_object_has_its_way_back()
    {
        Slice("v1", "in/a.json");
        ArchiveReferences references = Collect();
        Assert.Equal($"Run {new RemedyAction.RepairArchive()}, or add the file with the right hash again.", Text(references.AddAgain(s_export, atRecordedPath: false)));
        Assert.Equal(
            $"Add the file with that hash again, or run {new RemedyAction.RepairArchive()} if it is still at its recorded path.",
            Text(references.AddAgain(s_export, atRecordedPath: true)));
        string config = $"Archive the configuration with the same hash again: {new RemedyAction.AddExport(Project: "p") { LabelConfig = RemedyAction.AnyConfig }}.";
        Assert.Equal(config, Text(references.AddAgain(s_config, atRecordedPath: true)));

        // Nobody is advised to repair while a repair runs.
        references = Collect(repairing: true);
        string again = "Add the file with that hash again: it is not at a recorded path, or copy the archive's object from a machine that has it.";
        Assert.Equal([again, again, config], new[] { references.AddAgain(s_export, true), references.AddAgain(s_export, false), references.AddAgain(s_config, true) }.Select(Text));
    }

    [Fact]
    public void A_parent_that_is_gone_a_damaged_manifest_and_one_that_says_what_cannot_be_are_named()
    {
        Slice("v1", "in/a.json");
        Slice("v2", "in/a.json", parent: "v1");
        Directory.Delete(Path.GetDirectoryName(_fixture.Repository.Slices.PathOf("v1"))!, recursive: true);
        Slice("v3", null, superseded: [ArchiveFixture.Hash("none")]);
        string damaged = _fixture.Folder.Write("slices/v4/slice.json", "{");

        ArchiveReferences references = Collect();
        Assert.Equal(("v2", _fixture.Repository.Slices.PathOf("v2"), "v1"), Assert.Single(references.Orphans));
        Assert.Equal(("v3", "exports[0].superseded_by"), (Assert.Single(references.Faults).Version, references.Faults[0].Field));
        ArchiveFinding unreadable = Assert.Single(references.Unreadable);
        Assert.Equal((ArchiveFindingKind.Unreadable, FindingSeverity.Error, "v4", damaged), (unreadable.Kind, unreadable.Severity, unreadable.Subject, unreadable.Path));
        Assert.NotEmpty(unreadable.Remedy);
    }

    [Fact]
    public void A_damaged_record_is_repaired_and_one_with_anothers_name_is_renamed()
    {
        string good = _fixture.Add("[1]", "a");
        string folder = _fixture.Archive.RecordsFolder;
        File.Copy(Path.Combine(folder, $"a-{good}.json"), Path.Combine(folder, $"b-{good}.json"));
        File.WriteAllText(Path.Combine(folder, $"c-{good}.json"), "{");

        ArchiveFinding[] unreadable = [.. Collect().Unreadable];
        Assert.Equal([$"b-{good}.json", $"c-{good}.json"], unreadable.Select(static finding => Path.GetFileName(finding.Path)));
        Assert.Equal("Rename the file, or remove it and add the export again.", unreadable[0].Remedy);
        Assert.StartsWith($"Run {new RemedyAction.RepairArchive()}", unreadable[1].Remedy, StringComparison.Ordinal);
        Assert.All(unreadable, static finding => Assert.Equal((ArchiveFindingKind.Unreadable, FindingSeverity.Error), (finding.Kind, finding.Severity)));
    }

    private static string Text(Remedy remedy) => remedy.Spell(NeutralSpelling.Instance);

    private ArchiveReferences Collect(bool repairing = false) =>
        ArchiveReferences.Collect(_fixture.Archive, _fixture.Repository.Slices, CancellationToken.None, repairing);

    private void Slice(string version, string? path, string? parent = null, string[]? superseded = null) => _fixture.Repository.Slices.Create(new SliceManifest
    {
        Version = version,
        Parents = parent is null ? [] : [parent],
        Exports = [new SliceExport { Project = "p", Sha256 = s_export, Path = path, LabelConfigSha256 = s_config, SupersededBy = superseded ?? [] }],
        HarvestVersion = "harvest@v1.0.0",
        HarvestSha256 = s_definition,
        Media = new SliceMedia { Sha256 = s_media, Files = 1, Bytes = 1, Missing = 0 },
    });
}
