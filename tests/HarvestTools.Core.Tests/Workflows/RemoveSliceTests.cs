using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Slices that nothing needs go as a whole; what somebody needs stays; a parent that is gone is noticed.</summary>
public sealed class RemoveSliceTests : DriftFixture
{
    [Fact]
    public void A_slice_goes_with_its_cache_and_the_archive_stays()
    {
        string cache = Path.Combine(Temporary.Repository.CacheFolder, SliceKey.Compute(Slice));
        Assert.True(Directory.Exists(cache));
        string[] archive = Files(Temporary.Repository.Archive.Folder);

        SliceRemoval plan = RemoveSlice.Plan(Temporary.Repository, "v1", [], Temporary.Context);
        Assert.False(plan.Removed);
        Assert.Equal(["definition.json", "slice.json"], plan.Files);
        Assert.Equal((cache, true), (plan.CacheFolder, plan.CacheBytes > 0));
        Assert.True(File.Exists(Temporary.Repository.Slices.PathOf("v1")));

        Assert.True(RemoveSlice.Run(Temporary.Repository, "v1", Temporary.Context).Removed);

        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary.Repository.Slices.Folder));
        Assert.False(Directory.Exists(cache));
        Assert.Equal(archive, Files(Temporary.Repository.Archive.Folder));
        Assert.Equal("SliceNotFound", Assert.Throws<HarvestException>(() => RemoveSlice.Run(Temporary.Repository, "v1", Temporary.Context)).ErrorId);

        // The same slice again has the same tables.
        Assert.Equal(Slice.Outputs.Select(static output => output.Sha256), Temporary.New("v1").Slice.Outputs.Select(static output => output.Sha256));
    }

    [Fact]
    public void A_cache_that_another_slice_shares_stays()
    {
        Temporary.New(new NewSliceRequest("v2") { Parent = "v1" });
        SliceManifest second = Temporary.Repository.Slices.Load("v2");
        Assert.Equal(SliceKey.Compute(Slice), SliceKey.Compute(second));

        Assert.Null(RemoveSlice.Run(Temporary.Repository, "v2", Temporary.Context).CacheFolder);

        Assert.True(Directory.Exists(Path.Combine(Temporary.Repository.CacheFolder, SliceKey.Compute(Slice))));
        Assert.Equal(DriftStatus.Clean, Check(quick: true).Status);
    }

    [Fact]
    public void What_needs_a_slice_is_named()
    {
        Temporary.New("v2");
        RegisterModel.Run(Temporary.Repository, new ModelRegistration("v1", "hand") { Path = "s3://models/hand.pt" }, Temporary.Context);
        Temporary.WriteText("slices/v7/slice.json", "{ broken");
        Temporary.WriteText(".git/HEAD", "ref: refs/heads/main\n");
        Temporary.WriteText(".git/refs/tags/sets/v1", new string('a', 40));
        Temporary.WriteText(".git/packed-refs", $"# pack-refs with: peeled fully-peeled sorted\n{new string('b', 40)} refs/tags/v1\n^{new string('c', 40)}\n{new string('d', 40)} refs/tags/v10\n");

        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveSlice.Run(Temporary.Repository, "v1", Temporary.Context));

        Assert.Equal("SliceNeeded", fault.ErrorId);
        Assert.Equal(
            "Slice v1 is needed, so it stays: model 'hand' is registered on it; slice v2 follows it; slice v7 cannot be read, so it may follow it; "
                + "the git tag 'sets/v1' names it; the git tag 'v1' names it.",
            fault.Message);
        Assert.StartsWith("Keep it: ", fault.Remedy.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Temporary.Repository.Slices.PathOf("v1")));
    }

    [Fact]
    public void A_model_that_only_model_outputs_names_counts()
    {
        Rewrite(static slice => slice with { ModelOutputs = new OrderedDictionary<string, string> { ["hand"] = "models/hand.pt" } });

        Assert.Contains("model 'hand'", Assert.Throws<HarvestException>(() => RemoveSlice.Plan(Temporary.Repository, "v1", [], Temporary.Context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slices_that_follow_each_other_go_together_the_last_first()
    {
        Temporary.New("v2");
        Temporary.New("v3");

        IReadOnlyList<string> order = RemoveSlice.InOrder(Temporary.Repository, ["v1", "v3", "v2", "v3"], Temporary.Context);

        Assert.Equal(["v3", "v2", "v1"], order);
        Assert.Equal("SliceNeeded", Assert.Throws<HarvestException>(() => RemoveSlice.Plan(Temporary.Repository, "v1", ["v3"], Temporary.Context)).ErrorId);
        _ = RemoveSlice.Plan(Temporary.Repository, "v1", ["v3", "v2"], Temporary.Context);
        Assert.All(order, version => Assert.True(RemoveSlice.Run(Temporary.Repository, version, Temporary.Context).Removed));
        Assert.Empty(Temporary.Repository.Slices.Versions());
    }

    [Fact]
    public void A_process_that_is_killed_after_the_rename_leaves_no_slice_and_a_rest_that_the_repair_takes()
    {
        string aside = Temporary.Repository.Slices.SetAside("v1", static () => { });
        Assert.Empty(Temporary.Repository.Slices.Versions());
        Assert.Empty(Temporary.Repository.Slices.LoadAll());

        // As if written by a process that is gone.
        string rest = Path.Combine(Path.GetDirectoryName(aside)!, ".tmp-2147483646-abc");
        Directory.Move(aside, rest);
        var check = new ArchiveCheck(CheckArchive.Of(Temporary.Repository)) { Repair = true };
        ArchiveFinding finding = Assert.Single(check.Run(), static found => found.Kind == ArchiveFindingKind.Stale);
        Assert.Equal((rest, true), (finding.Path, finding.Repaired));
        Assert.False(Directory.Exists(rest));
    }

    [Fact]
    public void A_parent_that_is_gone_is_noticed_by_check_fsck_and_log()
    {
        Temporary.New("v2");
        Directory.Delete(Path.GetDirectoryName(Temporary.Repository.Slices.PathOf("v1"))!, recursive: true);

        DriftReport report = new CheckSlice(Temporary.Repository, Temporary.Context).Run(Temporary.Repository.Slices.Load("v2"), quick: true);
        DriftFinding drift = Assert.Single(report.Findings);
        Assert.Equal((DriftStatus.Clean, DriftKind.ParentMissing, DriftSeverity.Warning, "v1"), (report.Status, drift.Kind, drift.Severity, drift.Subject));
        Assert.Equal(new RemedyAction.RestoreFromGit("slices/v1"), Assert.Single(drift.Fix.Actions));

        var check = new ArchiveCheck(CheckArchive.Of(Temporary.Repository));
        ArchiveFinding finding = Assert.Single(check.Run(), static found => found.Kind == ArchiveFindingKind.ParentMissing);
        Assert.Equal((FindingSeverity.Warning, "v1"), (finding.Severity, finding.Subject));
        Assert.True(check.Whole);

        Assert.Equal(["v1"], Assert.Single(SliceHistory.Read(Temporary.Repository.Slices)).Entry!.MissingParents);
    }

    [Fact]
    public void A_parent_that_cannot_be_read_is_not_missing()
    {
        Temporary.New("v2");
        File.WriteAllText(Temporary.Repository.Slices.PathOf("v1"), "{ broken");

        Assert.Empty(Assert.Single(SliceHistory.Read(Temporary.Repository.Slices), static step => step.Entry is not null).Entry!.MissingParents);
    }

    [Fact]
    public void Exports_say_which_slices_use_them()
    {
        Temporary.Add("label_studio/hands2.json", HandsPlan with { Relabelled = [1] }, "b");
        Temporary.New("v2");
        Temporary.New("v10");
        File.WriteAllText(Temporary.WriteText("slices/v11/slice.json", ""), "{ broken");

        ExportUses uses = ExportUses.Of(Temporary.Repository);

        Assert.Equal(
            [("a", "v1, v2, v10"), ("b", "v1"), ("b", "v2, v10")],
            Temporary.Repository.Archive.List().Select(record => (record.Project, string.Join(", ", uses.Of(record)))));
        Assert.Equal("JsonSyntax", Assert.Single(uses.Unreadable).ErrorId);
    }

    private static string[] Files(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
