using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Packs;

/// <summary>Two machines with one remote pack the same exports against different ones.</summary>
public sealed class PackedDifferentlyTests : IDisposable
{
    private readonly TemporaryFolder _share = new();
    private readonly TemporaryRepository _here = new();
    private readonly TemporaryRepository _there = new();
    private readonly List<string> _weeks = [];

    public PackedDifferentlyTests()
    {
        foreach (TemporaryRepository one in (TemporaryRepository[])[_here, _there])
        {
            (one.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = _share.Path }], Retention = new RetentionSettings { UnlinkedDays = 0 } })
                .Write(one.Repository.SettingsPath);
        }
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
        _share.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_each_sends_the_other_reads(bool patchIsSentFirst)
    {
        ChainInRemote(patchIsSentFirst);

        RemoteReport report = CheckRemote.Run(_here.Repository, [], null, deep: true, _here.Context);
        Assert.True(report.IsWhole, string.Join('\n', report.Objects.Select(static one => $"{one.What} {one.State}")));

        foreach (TemporaryRepository reader in (TemporaryRepository[])[_here, _there, Clone()])
        {
            foreach (TemporaryRepository writer in (TemporaryRepository[])[_here, _there])
            {
                foreach (string version in writer.Repository.Slices.Versions())
                {
                    CopySlice(writer, reader, version);
                }
            }

            TransferResult pulled = PullSlices.Run(reader.Repository, new TransferRequest(), reader.Context);
            Assert.Empty(pulled.Items.Select(static one => one.Error?.Message).OfType<string>());
            Delete(reader.Repository.CacheFolder);
            foreach (string version in reader.Repository.Slices.Versions())
            {
                SliceManifest slice = reader.Repository.Slices.Load(version);
                Assert.Equal(slice.Outputs.Select(static one => one.Sha256).Order(), BuildSlice.Run(reader.Repository, slice, reader.Context).Tables.Where(static one => one.Rows > 0).Select(static one => one.Sha256).Order());
            }

            Assert.Empty(new ArchiveCheck(CheckArchive.Of(reader.Repository)).Run().Where(static one => one.IsFault).Select(static one => one.Message));
            if (reader != _here && reader != _there)
            {
                reader.Dispose();
            }
        }
    }

    [Fact]
    public void A_removal_from_the_remote_keeps_what_an_anchor_is_a_patch_against()
    {
        ChainInRemote(patchIsSentFirst: true);

        // The machine that sent the end of the chain needs it no more; the other one has never heard of it.
        RemoveUnreachable.Run(_there.Repository, new UnreachableRequest { Remote = "origin", Forget = [HarvestTools.Space.RepositoryIdentity.TryRead(_here.Repository)!] }, Later(0));
        RemoveUnreachable.Run(_there.Repository, new UnreachableRequest { Remote = "origin" }, Later(40));

        Assert.True(File.Exists(_share[RemoteObjectStore.PackPathOf(_weeks[2])]));
        Assert.True(CheckRemote.Run(_there.Repository, [], null, deep: true, _there.Context).IsWhole);
    }

    [Fact]
    public void One_that_is_a_patch_against_the_other_on_either_machine_is_restored_with_it()
    {
        // Here the second is a patch against the third; there the third is one against the second.
        Weeks();
        Only(_here, 2, 3);
        Only(_there, 3, 2);
        New(_here, "v1", 2, 3);
        New(_there, "w1", 2, 3);
        Push(_here);
        Damage(_there.Repository.Archive.Local.Packs.PathOf(_weeks[1]));

        ArchiveFinding[] findings = [.. new ArchiveCheck(CheckArchive.Of(_there.Repository)) { Repair = true }.Run().Where(static one => one.IsFault)];
        Assert.Empty(findings.Select(static one => one.Message));
        Assert.Empty(new ArchiveCheck(CheckArchive.Of(_there.Repository)).Run().Where(static one => one.IsFault).Select(static one => one.Message));
        Assert.False(Directory.Exists(_share["damaged"]));
    }

    [Fact]
    public void A_repair_of_a_patch_whose_anchor_is_damaged_too_brings_both_and_blames_neither_on_the_remote()
    {
        Weeks();

        // The one with the damaged end is looked at first, since that does not say that it is a patch.
        (int patch, int anchor) = string.CompareOrdinal(_weeks[0], _weeks[1]) < 0 ? (1, 2) : (2, 1);
        Only(_here, patch, anchor);
        New(_here, "v", 1, 2);
        Push(_here);
        Damage(_here.Repository.Archive.Local.Packs.PathOf(_weeks[anchor - 1]));
        string path = _here.Repository.Archive.Local.Packs.PathOf(_weeks[patch - 1]);
        Damage(path, (int)new FileInfo(path).Length - 5);

        Assert.Empty(new ArchiveCheck(CheckArchive.Of(_here.Repository)) { Repair = true }.Run().Where(static one => one.IsFault).Select(static one => one.Message));

        Assert.Empty(new ArchiveCheck(CheckArchive.Of(_here.Repository)).Run().Where(static one => one.IsFault).Select(static one => one.Message));
        Assert.False(Directory.Exists(_share["damaged"]));
    }

    [Fact]
    public void A_push_that_is_killed_leaves_no_patch_without_its_anchor()
    {
        Weeks();
        Only(_here, 1, 3);
        New(_here, "v1", 1);
        var fault = new AnchorFails(RemoteObjectStore.PackPathOf(_weeks[2]));
        using (FileFaults.Use(fault))
        {
            _ = Record.Exception(() => Push(_here));
        }

        Assert.True(fault.Failed);
        Assert.False(File.Exists(_share[RemoteObjectStore.PackPathOf(_weeks[0])]));
        Push(_here);
        Assert.True(CheckRemote.Run(_here.Repository, [], null, deep: true, _here.Context).IsWhole);
    }

    [Fact]
    public void A_push_sends_the_anchor_of_a_patch_that_is_there_alone()
    {
        Weeks();
        Only(_here, 1, 3);
        New(_here, "v1", 1);
        Push(_here);
        File.Delete(_share[RemoteObjectStore.PackPathOf(_weeks[2])]);

        Push(_here);

        Assert.True(CheckRemote.Run(_here.Repository, [], null, deep: true, _here.Context).IsWhole);
    }

    [Fact]
    public void A_damaged_pack_is_never_sent()
    {
        Weeks();
        Only(_here, 1, 3);
        New(_here, "v1", 1);
        Damage(_here.Repository.Archive.Local.Packs.PathOf(_weeks[0]));

        TransferResult result = PushSlices.Run(_here.Repository, new TransferRequest(), _here.Context);

        Assert.Equal("PackDamaged", Assert.Single(result.Items, static one => one.Error is not null).Error!.ErrorId);
        Assert.False(File.Exists(_share[RemoteObjectStore.PackPathOf(_weeks[0])]));
    }

    [Fact]
    public void A_pack_that_a_command_brings_is_kept_out_of_git()
    {
        ChainInRemote(patchIsSentFirst: true);
        using TemporaryRepository clone = Clone();
        Delete(clone.Repository.StoreFolder);

        Assert.True(clone.Repository.Archive.TryFetch(_weeks[0]));

        Assert.NotNull(clone.Repository.Archive.Local.Packs.Find(_weeks[0]));
        Assert.True(File.Exists(Path.Combine(clone.Repository.StoreFolder, ".gitignore")));
    }

    /// <summary>The first week is a patch against the second there, which is one against the third here.</summary>
    private void ChainInRemote(bool patchIsSentFirst)
    {
        Weeks();
        Only(_here, 2, 3);
        Only(_there, 1, 2);
        New(_here, "v1", 2);
        New(_there, "w1", 1);
        foreach (TemporaryRepository one in patchIsSentFirst ? (TemporaryRepository[])[_here, _there] : [_there, _here])
        {
            Push(one);
        }
    }

    private void Weeks()
    {
        for (int week = 1; week <= 3; week++)
        {
            using var made = new TemporaryRepository();
            _weeks.Add(made.Add("exports/a.json", PlanOf(week), "a").Sha256);
        }
    }

    private static ExportPlan PlanOf(int week) => ExportPlan.ForTasks(SampleKind.Hands, 40) with { Relabelled = [week], RelabelRound = week };

    /// <summary>Archives two weeks, and packs the first as a patch against the second.</summary>
    private void Only(TemporaryRepository one, int patch, int anchor)
    {
        _ = one.Add("exports/a.json", PlanOf(anchor), "a");
        Pack(one);
        _ = one.Add("exports/a.json", PlanOf(patch), "a");
        Pack(one);
        File.Delete(one.PathOf("exports/a.json"));
        Assert.Equal(_weeks[anchor - 1], one.Repository.Archive.Local.TryPackLayout(_weeks[patch - 1])!.Anchor);
    }

    private void New(TemporaryRepository one, string version, params int[] weeks)
    {
        foreach (int week in weeks)
        {
            one.New(new NewSliceRequest(weeks.Length == 1 ? version : $"{version}{week}") { Exports = [_weeks[week - 1]], AllowShrink = true });
        }
    }

    private TemporaryRepository Clone()
    {
        var clone = new TemporaryRepository();
        _here.Repository.Settings.Write(clone.Repository.SettingsPath);
        return clone;
    }

    private static void CopySlice(TemporaryRepository from, TemporaryRepository to, string version)
    {
        string target = Path.GetDirectoryName(to.Repository.Slices.PathOf(version))!;
        if (!Directory.Exists(target))
        {
            Directory.CreateDirectory(target);
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(from.Repository.Slices.PathOf(version))!))
            {
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
    }

    private static void Pack(TemporaryRepository one)
    {
        using PackExports packing = PackExports.Begin(one.Repository, [], one.Context);
        foreach (PackTarget target in packing.Targets)
        {
            packing.Pack(target, one.Context);
        }
    }

    private static void Push(TemporaryRepository one)
    {
        TransferResult result = PushSlices.Run(one.Repository, new TransferRequest { Transfers = 1 }, one.Context);
        Assert.Empty(result.Items.Select(static item => item.Error?.Message).OfType<string>());
    }

    /// <summary>One byte, where segments are if nothing is said.</summary>
    private static void Damage(string path, int at = 20)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at] ^= 0x40;
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllBytes(path, bytes);
        File.SetAttributes(path, FileAttributes.ReadOnly);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private WorkContext Later(int days) => _there.Context with { Threads = 1, Clock = new HarvestTools.Tests.Space.LaterClock(days) };

    private sealed class AnchorFails(string path) : IFileFaults
    {
        public bool Failed { get; private set; }

        public void Before(FileCall call, string of)
        {
            if (call is FileCall.Move or FileCall.Link && of.EndsWith(Path.GetFileName(path), StringComparison.Ordinal) && !of.Contains(".harvest", StringComparison.Ordinal))
            {
                Failed = true;
                throw new UnauthorizedAccessException("denied");
            }
        }
    }
}
