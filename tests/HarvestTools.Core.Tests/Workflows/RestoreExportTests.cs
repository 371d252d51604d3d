using System.IO.Compression;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Archived exports come back at their paths, whole or not at all, and what else is there is kept.</summary>
public sealed class RestoreExportTests : DriftFixture
{
    private string Path => Temporary.PathOf(HandsFile);

    [Fact]
    public void An_export_that_is_gone_comes_back_byte_for_byte()
    {
        byte[] before = File.ReadAllBytes(Path);
        File.Delete(Path);

        RestoredExport restored = Restore(Hands.Sha256[..8]);

        Assert.Equal((RestoreOutcome.Restored, null, Path), (restored.Outcome, restored.Before, restored.Path));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Equal(before.Length, restored.Bytes);
        Assert.False(File.GetAttributes(Path).HasFlag(FileAttributes.ReadOnly));
        Assert.Equal(RestoreOutcome.AlreadyThere, Restore(Hands.FileStem).Outcome);
    }

    [Fact]
    public void A_file_of_other_bytes_is_kept_unless_forced()
    {
        Temporary.Write(HandsFile, HandsPlan with { Relabelled = [3] });
        byte[] other = File.ReadAllBytes(Path);

        HarvestException fault = Assert.Throws<HarvestException>(() => Restore("b"));

        Assert.Equal("RestoreTargetDiffers", fault.ErrorId);
        Assert.Contains("archived nowhere", fault.Message, StringComparison.Ordinal);
        Assert.Equal(other, File.ReadAllBytes(Path));
        RestoredExport forced = Restore("b", force: true);
        Assert.Equal((RestoreOutcome.Replaced, false), (forced.Outcome, forced.BeforeArchived));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(other)), forced.Before);
        Assert.Equal(DriftStatus.Clean, Check().Status);
    }

    [Fact]
    public void A_damaged_object_writes_nothing()
    {
        File.Delete(Path);
        string stored = Temporary.Repository.Archive.PathOf(Hands.Sha256);
        File.SetAttributes(stored, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(stored);
        bytes[^2] ^= 1;
        File.WriteAllBytes(stored, bytes);

        Assert.Equal("ObjectDamaged", Assert.Throws<HarvestException>(() => Restore("b")).ErrorId);
        Assert.False(File.Exists(Path));
        Assert.DoesNotContain(Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(Path)!), static file => System.IO.Path.GetFileName(file).StartsWith('.'));
        Temporary.Write(HandsFile, HandsPlan with { Relabelled = [3] });
        byte[] other = File.ReadAllBytes(Path);
        Assert.Equal("ObjectDamaged", Assert.Throws<HarvestException>(() => Restore("b", force: true)).ErrorId);
        Assert.Equal(other, File.ReadAllBytes(Path));
    }

    [Fact]
    public void The_exports_of_a_slice_go_to_its_paths_or_into_a_folder()
    {
        File.Delete(Path);
        string folder = Directory.CreateDirectory(Temporary.PathOf("out")).FullName;

        Assert.Equal(
            [RestoreOutcome.AlreadyThere, RestoreOutcome.Restored],
            RestoreExport.PlanSlice(Temporary.Repository, "v1", null).Select(target => RestoreExport.Run(Temporary.Repository, target, false, Temporary.Context).Outcome));
        Assert.Equal(
            ["actions.json", "hands.json"],
            RestoreExport.PlanSlice(Temporary.Repository, "v1", folder).Select(target => System.IO.Path.GetFileName(RestoreExport.Run(Temporary.Repository, target, false, Temporary.Context).Path)));
        Assert.Equal("RestoreFolderNeeded", Fault(() => RestoreExport.PlanSlice(Temporary.Repository, "v1", Temporary.PathOf("nowhere"))));
        Temporary.Add("other/hands.json", HandsPlan with { Relabelled = [1], ProjectId = 77 }, "c");
        Temporary.New("v2");
        Assert.Equal("RestoreNamesEqual", Fault(() => RestoreExport.PlanSlice(Temporary.Repository, "v2", folder)));
    }

    [Fact]
    public void An_export_from_outside_needs_a_path_and_one_from_a_gzip_too()
    {
        string outside = Directory.CreateTempSubdirectory("harvest-test-").FullName;
        try
        {
            string file = System.IO.Path.Combine(outside, "far.json");
            Temporary.Write("label_studio/near.json", HandsPlan with { Relabelled = [2], ProjectId = 77 });
            File.Move(Temporary.PathOf("label_studio/near.json"), file);
            AddedExport far = AddExport.Run(Temporary.Repository, file, "far", Temporary.Context);
            HarvestException fault = Assert.Throws<HarvestException>(() => Restore(far.Sha256));
            Assert.Equal("RestorePathUnknown", fault.ErrorId);
            Assert.Equal("far.json", Assert.IsType<RemedyAction.RestoreExport>(fault.Remedy.Actions.Single()).To);
            Assert.Equal(RestoreOutcome.Restored, Restore(far.Sha256, Temporary.PathOf("far.json")).Outcome);
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Temporary.PathOf("far.json")));

            using (FileStream packed = File.Create(Temporary.PathOf("label_studio/packed.json.gz")))
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            {
                gzip.Write(File.ReadAllBytes(Temporary.Write("packed.json", HandsPlan with { Relabelled = [3], ProjectId = 78, FirstTaskId = 7000 })));
            }

            AddExport.Run(Temporary.Repository, Temporary.PathOf("label_studio/packed.json.gz"), "packed", Temporary.Context);
            Assert.Equal(RestoreOutcome.AlreadyThere, Restore("packed").Outcome);
            File.Delete(Temporary.PathOf("label_studio/packed.json.gz"));
            Assert.Equal("RestorePathPacked", Fault(() => RestoreExport.Plan(Temporary.Repository, "packed", null)));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Theory]
    [InlineData("nobody", "RestoreUnknown")]
    [InlineData("b-0000000000", "ObjectNotFound")]
    [InlineData("0000000000", "ObjectNotFound")]
    [InlineData("c-451a", "RestoreUnknown")]
    public void What_is_not_archived_is_an_error(string export, string id) => Assert.Equal(id, Fault(() => RestoreExport.Plan(Temporary.Repository, export, null)));

    [Fact]
    public void A_hash_of_another_project_is_not_taken_for_the_projects()
    {
        SliceExport actions = Slice.Exports.Single(static export => export.Project == "a");

        Assert.Equal("RestoreUnknown", Fault(() => RestoreExport.Plan(Temporary.Repository, $"b-{actions.Sha256[..12]}", null)));
    }

    [Fact]
    public void The_remedy_of_the_finding_puts_back_what_the_slice_used()
    {
        byte[] before = File.ReadAllBytes(Path);
        Temporary.Write(HandsFile, HandsPlan with { Relabelled = [3, 7] });
        RemedyAction.RestoreExport remedy = Assert.Single(OnlyFinding(DriftKind.ExportRewritten).Fix.Actions.OfType<RemedyAction.RestoreExport>());

        Assert.Equal(RestoreOutcome.Replaced, Restore(remedy.Export, remedy.To, remedy.Force).Outcome);

        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Empty(Check().Findings);
    }

    [Fact]
    public void The_remedy_names_the_path_where_the_archive_has_another()
    {
        byte[] before = File.ReadAllBytes(Path);
        File.Copy(Path, Temporary.PathOf("label_studio/again.json"));
        AddExport.Run(Temporary.Repository, Temporary.PathOf("label_studio/again.json"), "b", Temporary.Context);
        Temporary.Write(HandsFile, HandsPlan with { Relabelled = [3, 7] });
        RemedyAction.RestoreExport remedy = Assert.Single(OnlyFinding(DriftKind.ExportRewritten).Fix.Actions.OfType<RemedyAction.RestoreExport>());

        Assert.Equal(HandsFile, remedy.To);
        Restore(remedy.Export, Temporary.PathOf(remedy.To!), remedy.Force);
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Empty(Check().Findings);
    }

    private static string Fault(Action plan) => Assert.Throws<HarvestException>(plan).ErrorId;

    private RestoredExport Restore(string export, string? to = null, bool force = false) =>
        RestoreExport.Run(Temporary.Repository, Assert.Single(RestoreExport.Plan(Temporary.Repository, export, to)), force, Temporary.Context);
}
