using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Space;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>What of a remote is kept, by whom, and what goes when.</summary>
public sealed class RemoteGcTests : IDisposable
{
    private static readonly UnreachableRequest s_origin = new() { Remote = "origin" };

    private readonly TemporaryFolder _share = new();
    private readonly TemporaryRepository _here = new();
    private readonly TemporaryRepository _there = new();

    public RemoteGcTests()
    {
        Use(_here);
        Use(_there);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
        _share.Dispose();
    }

    [Fact]
    public void What_nothing_needs_is_noted_first_and_removed_after_its_days()
    {
        string gone = Slice(_here, 1, "v1");
        string kept = Slice(_here, 2, "v2");
        Push(_here);
        Drop(_here, "v1");
        string[] before = Files();

        UnreachableReport plan = RemoveUnreachable.Plan(_here.Repository, s_origin, Later(_here, 0));
        Assert.Equal((false, "origin", _share.Path), (plan.Done, plan.Remote, plan.Address));
        Assert.Equal(ObjectState.Noted, Of(plan, gone).State);
        Assert.Equal("export of project a", Of(plan, gone).What);
        Assert.Equal(ObjectState.Kept, Of(plan, kept).State);
        Assert.Contains("slice v2", Of(plan, kept).Reasons);
        Assert.Equal(before, Files());

        Assert.Equal(ObjectState.Noted, Of(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0)), gone).State);
        UnreachableReport waiting = RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 13));
        Assert.Equal((ObjectState.Waiting, 0), (Of(waiting, gone).State, waiting.Removed));
        Assert.True(File.Exists(_share[RemoteObjectStore.PathOf(gone)]));

        UnreachableReport removed = RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 15));
        Assert.Equal(ObjectState.Removed, Of(removed, gone).State);
        Assert.False(File.Exists(_share[RemoteObjectStore.PathOf(gone)]));
        Assert.DoesNotContain(Files(), file => file.StartsWith("exports/", StringComparison.Ordinal) && file.Contains(gone, StringComparison.Ordinal));
        Assert.True(File.Exists(_share[RemoteObjectStore.PathOf(kept)]));

        // Nothing of it is left: no lease, no sign of a removal.
        Assert.DoesNotContain(Files(), static file => file.StartsWith("leases/", StringComparison.Ordinal) || file.StartsWith("gc/sweeps/", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_removed_is_said_to_be_and_a_push_brings_it_back()
    {
        string gone = Slice(_here, 1, "v1");
        Slice(_here, 2, "v2");
        Push(_here);
        string slice = Path.GetDirectoryName(_here.Repository.Slices.PathOf("v1"))!;
        Directory.Move(slice, _here.PathOf("aside"));
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0));
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 15));
        Directory.Move(_here.PathOf("aside"), slice);

        CopyDirectory(Path.GetDirectoryName(slice)!, Path.Combine(_there.Folder, "slices"));
        HarvestException fault = Assert.Single(PullSlices.Run(_there.Repository, new TransferRequest { Versions = ["v1"] }, _there.Context).Items, item => item.Sha256 == gone).Error!;
        Assert.Equal("RemovedFromRemote", fault.ErrorId);
        Assert.Contains("no repository that is registered there needed it", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(CheckRemote.Run(_here.Repository, ["v1"], null, deep: false, _here.Context).Objects, one => one.Sha256 == gone).RemovedAt);

        Push(_here);
        Assert.True(File.Exists(_share[RemoteObjectStore.PathOf(gone)]));
        Assert.Equal(0, PullSlices.Run(_there.Repository, new TransferRequest { Versions = ["v1"] }, _there.Context).Failed);
        Assert.Equal(ObjectState.Kept, Of(RemoveUnreachable.Plan(_here.Repository, s_origin, Later(_here, 30)), gone).State);
    }

    [Fact]
    public void What_comes_to_be_needed_again_has_all_its_days_the_next_time()
    {
        string one = Slice(_here, 1, "v1");
        Slice(_here, 2, "v2");
        Push(_here);
        string slice = Path.GetDirectoryName(_here.Repository.Slices.PathOf("v1"))!;
        Directory.Move(slice, _here.PathOf("aside"));
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0));
        Directory.Move(_here.PathOf("aside"), slice);
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 10));
        Directory.Move(slice, _here.PathOf("aside"));
        Assert.Equal(ObjectState.Noted, Of(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 20)), one).State);

        // So has what was put there again since.
        File.SetLastWriteTimeUtc(_share[RemoteObjectStore.PathOf(one)], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(ObjectState.Noted, Of(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 40)), one).State);
    }

    [Fact]
    public void A_repository_that_is_not_there_keeps_what_it_said_last_until_it_is_forgotten()
    {
        string theirs = Slice(_there, 1, "t1");
        Push(_there);
        Slice(_here, 2, "v1");
        Push(_here);
        string id = RepositoryIdentity.TryRead(_there.Repository)!;

        UnreachableReport kept = RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 500));
        Assert.Equal(ObjectState.Kept, Of(kept, theirs).State);
        Assert.Contains($"({id})", Assert.Single(Of(kept, theirs).Reasons), StringComparison.Ordinal);
        Assert.Contains(kept.Repositories, one => one.Id == id);

        HarvestException unknown = Assert.Throws<HarvestException>(() => RemoveUnreachable.Plan(_here.Repository, s_origin with { Forget = ["0000000000000000"] }, Later(_here, 500)));
        Assert.Equal("RegisteredRepositoryUnknown", unknown.ErrorId);
        Assert.Contains(id, unknown.Remedy.Spell(NeutralSpelling.Instance), StringComparison.Ordinal);

        UnreachableRequest forget = s_origin with { Forget = [id] };
        Assert.Equal(ObjectState.Noted, Of(RemoveUnreachable.Plan(_here.Repository, forget, Later(_here, 500)), theirs).State);
        Assert.True(File.Exists(_share[RemoteRegistry.PathOf(id)]));
        RemoveUnreachable.Run(_here.Repository, forget, Later(_here, 500));
        Assert.False(File.Exists(_share[RemoteRegistry.PathOf(id)]));
        Assert.Equal(ObjectState.Removed, Of(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 520)), theirs).State);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"registry":2,"id":"ffffffffffffffff","name":"x","objects":[]}""")]
    [InlineData("""{"registry":1,"id":"eeeeeeeeeeeeeeee","name":"x","objects":[]}""")]
    [InlineData("""{"registry":1,"id":"ffffffffffffffff","name":"x","objects":["nothing"]}""")]
    public void A_registered_repository_that_cannot_be_understood_keeps_everything_and_its_file_is_named(string text)
    {
        Slice(_here, 1, "v1");
        Push(_here);
        Directory.CreateDirectory(_share["registry"]);
        File.WriteAllText(_share["registry/ffffffffffffffff.json"], text);
        foreach (Action action in new Action[] { () => RemoveUnreachable.Plan(_here.Repository, s_origin, Later(_here, 0)), () => RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0)) })
        {
            HarvestException fault = Assert.Throws<HarvestException>(action);
            Assert.Equal("RemoteRegistryUnreadable", fault.ErrorId);
            Assert.Contains("registry/ffffffffffffffff.json", fault.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Files(), static file => file.StartsWith("gc/", StringComparison.Ordinal));
        Assert.True(RemoveUnreachable.Run(_here.Repository, s_origin with { Forget = ["ffffffffffffffff"] }, Later(_here, 0)).Done);
        Assert.True(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0)).Done);
    }

    [Theory]
    [InlineData("\"objects\"", "\"objectr\"")]
    [InlineData("\"media_lists\"", "\"media_lisus\"")]
    [InlineData("\"name\": \"", "\"name\": \"x")]
    [InlineData("a", "b")]
    public void What_a_repository_needs_is_not_believed_where_it_is_not_as_it_was_written(string written, string damaged)
    {
        Slice(_here, 1, "v1");
        Push(_here);
        Slice(_there, 2, "t1");
        Push(_there);
        string path = _share[RemoteRegistry.PathOf(RepositoryIdentity.TryRead(_there.Repository)!)];
        string text = File.ReadAllText(path);

        // Of a hash one digit, which leaves a hash.
        int at = text.IndexOf(written, written.Length > 1 ? 0 : text.IndexOf("\"objects\": [", StringComparison.Ordinal) + 20, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + damaged + text[(at + written.Length)..]);

        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 500)));
        Assert.Equal("RemoteRegistryUnreadable", fault.ErrorId);
        Assert.Contains("it is not as it was written", fault.Message, StringComparison.Ordinal);

        // Its next push says it again.
        Push(_there);
        Assert.True(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 500)).Done);
    }

    [Fact]
    public void A_repository_that_could_not_say_all_that_it_needs_keeps_everything()
    {
        Slice(_there, 1, "t1");
        _there.WriteText("slices/t2/slice.json", "{");
        var said = new List<string>();
        Repository broken = _there.Repository;
        broken.Notice = said.Add;
        PushSlices.Run(broken, new TransferRequest { Versions = ["t1"] }, _there.Context);
        Assert.Contains(said, static sentence => sentence.Contains("not all that this repository needs there is known", StringComparison.Ordinal));
        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0)));
        Assert.Equal("RemoteReachUnknown", fault.ErrorId);
        Assert.Contains(RepositoryIdentity.TryRead(_there.Repository)!, fault.Message, StringComparison.Ordinal);
        Assert.Equal("ReachUnknown", Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_there.Repository, s_origin, Later(_there, 0))).ErrorId);

        Directory.Delete(_there.PathOf("slices/t2"), recursive: true);
        Push(_there);
        Assert.True(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0)).Done);
    }

    [Fact]
    public void Leases_keep_what_they_name_until_they_are_over_and_one_that_cannot_be_understood_keeps_everything()
    {
        string gone = Slice(_here, 1, "v1");
        Slice(_here, 2, "v2");
        Push(_here);
        Drop(_here, "v1");
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0));
        using (var files = new FolderFiles(_share.Path))
        {
            using RemoteUse use = RemoteUse.Begin(files, new LaterClock(20), [gone], null, null, CancellationToken.None);
            ReachedObject kept = Of(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 20)), gone);
            Assert.Equal(ObjectState.Kept, kept.State);
            Assert.StartsWith("a push that began on ", Assert.Single(kept.Reasons), StringComparison.Ordinal);

            // As of a push that was killed.
            Assert.Equal(ObjectState.Noted, Of(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 22)), gone).State);
            Assert.Empty(Directory.GetFiles(_share["leases"]));
        }

        File.WriteAllText(_share["leases/x.json"], "{}");
        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 50)));
        Assert.Equal("RemoteNoteUnreadable", fault.ErrorId);
        Assert.Contains("leases/x.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_push_waits_for_the_end_of_a_removal_of_what_it_needs_and_for_no_other()
    {
        Slice(_here, 1, "v1");
        using var files = new FolderFiles(_share.Path);
        var clock = new SetClock();
        RemoteSweep sweep = new("gc/sweeps/x.json", "another", Timestamp.From(clock.Now + RemoteTimes.Sweep), new HashSet<string> { new('a', 64) });
        RemoteSweeps.Put(files, sweep, CancellationToken.None);
        RemoteUse.WaitForSweeps(files, clock, [new string('b', 64)], null, static (_, _) => throw new InvalidOperationException("waited"), CancellationToken.None);

        int waits = 0;
        var said = new List<string>();
        RemoteUse.WaitForSweeps(files, clock, [new string('a', 64)], said.Add, (_, _) => clock.Now += ++waits < 3 ? TimeSpan.FromMinutes(5) : TimeSpan.FromMinutes(31), CancellationToken.None);
        Assert.Equal((3, 1), (waits, said.Count));

        // One that is said again and again has its bound.
        SayAgain();
        HarvestException fault = Assert.Throws<HarvestException>(() => RemoteUse.WaitForSweeps(files, clock, [new string('a', 64)], null, (_, _) => SayAgain(), CancellationToken.None));
        Assert.Equal("RemoteSweepWaited", fault.ErrorId);

        void SayAgain()
        {
            clock.Now += TimeSpan.FromMinutes(7);
            RemoteSweeps.Put(files, sweep with { Expires = Timestamp.From(clock.Now + RemoteTimes.Sweep) }, CancellationToken.None);
        }
    }

    [Fact]
    public void Only_one_removes_at_a_time_and_one_that_was_killed_is_over_by_itself()
    {
        Slice(_here, 1, "v1");
        Push(_here);
        using var files = new FolderFiles(_share.Path);
        RemoteSweeps.Put(files, new RemoteSweep("gc/sweeps/x.json", "another", Timestamp.From(DateTimeOffset.UtcNow + RemoteTimes.Sweep), new HashSet<string>()), CancellationToken.None);
        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0)));
        Assert.Equal("RemoteGcRunning", fault.ErrorId);
        Assert.Equal(["x.json"], Directory.GetFiles(_share["gc/sweeps"]).Select(Path.GetFileName));
        Assert.True(RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 1)).Done);
        Assert.Empty(Directory.GetFiles(_share["gc/sweeps"]));

        File.WriteAllText(_share["gc/sweeps/y.json"], "?");
        Assert.Equal("RemoteNoteUnreadable", Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 1))).ErrorId);
        Assert.Equal("RemoteNoteUnreadable", Assert.Throws<HarvestException>(() => PushSlices.Run(_here.Repository, new TransferRequest(), _here.Context)).ErrorId);
    }

    [Fact]
    public void A_lease_is_renewed_and_a_machine_that_slept_over_its_end_is_known()
    {
        using var files = new FolderFiles(_share.Path);
        var clock = new SetClock();
        using RemoteUse use = RemoteUse.Begin(files, clock, [new string('a', 64)], null, null, CancellationToken.None);
        clock.Now += TimeSpan.FromHours(20);
        use.Renew();
        clock.Now += TimeSpan.FromHours(20);
        Assert.Single(RemoteLeases.Of(files, clock.Now, out _, CancellationToken.None));
        use.Renew();
        Assert.False(use.HasLapsed());
        clock.Now += TimeSpan.FromHours(25);
        use.Renew();
        Assert.True(use.HasLapsed());
    }

    [Fact]
    public void What_has_another_name_or_is_elsewhere_is_somebody_elses()
    {
        Slice(_here, 1, "v1");
        Push(_here);
        string hash = new('a', 64);
        string[] foreign = ["notes.txt", $"sha256/bb/{hash}", "sha256/readme", "parts/readme", $"packs/aa/{hash}", "exports/readme.json", $"other/{hash}", $"quarantine/{hash}", $"damaged/{hash}"];
        foreach (string file in foreign)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_share[file])!);
            File.WriteAllText(_share[file], "not ours");
        }

        Directory.CreateDirectory(_share["sha256/aa"]);
        File.WriteAllText(_share[$"sha256/aa/{hash}"], "ours");
        RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 0));
        Assert.Equal([hash], RemoveUnreachable.Run(_here.Repository, s_origin, Later(_here, 20)).Of(ObjectState.Removed).Select(static one => one.Sha256));
        Assert.All(foreign, file => Assert.True(File.Exists(_share[file]), file));
    }

    [Fact]
    public void A_folder_that_was_moved_is_the_same_repository_and_a_copy_is_another()
    {
        Slice(_here, 1, "v1");
        Push(_here);
        string id = RepositoryIdentity.TryRead(_here.Repository)!;
        string copy = Path.Combine(_share.Path, "..", Path.GetFileName(_share.Path) + "-copy");
        CopyDirectory(_here.Folder, copy);
        try
        {
            PushSlices.Run(Repository.Find(copy), new TransferRequest(), _here.Context);
            string other = RepositoryIdentity.TryRead(Repository.Find(copy))!;
            Assert.NotEqual(id, other);
            Directory.Move(copy, copy + "2");
            copy += "2";
            PushSlices.Run(Repository.Find(copy), new TransferRequest(), _here.Context);
            Assert.Equal(other, RepositoryIdentity.TryRead(Repository.Find(copy)));
            Assert.Equal(new[] { id + ".json", other + ".json" }.Order(), Directory.GetFiles(_share["registry"]).Select(Path.GetFileName).Order());
        }
        finally
        {
            foreach (string file in Directory.EnumerateFiles(copy, "*", SearchOption.AllDirectories))
            {
                File.SetAttributes(file, FileAttributes.Normal);
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    private static ReachedObject Of(UnreachableReport report, string sha256) => Assert.Single(report.Objects, one => one.Sha256 == sha256);

    private static WorkContext Later(TemporaryRepository repository, int days) => repository.Context with { Clock = new LaterClock(days) };

    private static void CopyDirectory(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static string Slice(TemporaryRepository repository, int seed, string version)
    {
        string sha256 = repository.Add($"exports/{seed}.json", ExportPlan.ForTasks(SampleKind.Hands, 6 + seed) with { Seed = (ulong)seed }, "a").Sha256;
        repository.New(version);
        return sha256;
    }

    private static void Drop(TemporaryRepository repository, string version) => Directory.Delete(Path.GetDirectoryName(repository.Repository.Slices.PathOf(version))!, recursive: true);

    private static void Push(TemporaryRepository repository) => Assert.Equal(0, PushSlices.Run(repository.Repository, new TransferRequest(), repository.Context).Failed);

    private void Use(TemporaryRepository repository) => (repository.Repository.Settings with
    {
        Remotes = [new RemoteSettings { Name = "origin", Url = _share.Path }],
        Retention = new RetentionSettings { UnlinkedDays = 0 },
    }).Write(repository.Repository.SettingsPath);

    private string[] Files() => [.. Directory.EnumerateFiles(_share.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_share.Path, file).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal)];

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
