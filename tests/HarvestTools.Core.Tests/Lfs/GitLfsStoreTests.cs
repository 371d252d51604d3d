using System.Diagnostics;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Tests.Workflows;

namespace HarvestTools.Tests.Lfs;

/// <summary>git-lfs's store is found wherever git has it, and gives only what has the hash of its name.</summary>
public sealed class GitLfsStoreTests : IDisposable
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 100_000).Select(static i => (byte)(i * 31))];

    private readonly TemporaryRepository _team = new();

    private static string Oid => LfsCheckout.Hash(s_bytes);

    private GitLfsStore Store => new(_team.Folder);

    [Fact]
    public void Its_objects_are_given_by_their_hash()
    {
        _team.MakeCheckout();
        string path = _team.Keep(s_bytes);
        _team.WriteText(".git/lfs/objects/ab/cd/no-object", "");
        _team.Keep(s_bytes, oid: new string('a', 64));
        File.Move(_team.Keep("b"u8.ToArray()), _team.PathOf($".git/lfs/objects/{LfsCheckout.Hash("b"u8.ToArray())}"));

        Assert.Equal(path, Store.LocalPath(Oid));
        Assert.Equal([Oid], Store.Contains([Oid, new string('0', 64)]));
        Assert.Equal([new string('a', 64), Oid], Store.List().Select(static stored => stored.Sha256).OrderBy(hash => hash == Oid));
        foreach (string prefix in (string[])[Oid[..1], Oid[..3], Oid[..5], Oid])
        {
            StoredObject stored = Assert.Single(Store.List(prefix));
            Assert.Equal((StoredKind.Object, Oid, (long)s_bytes.Length, path), (stored.Kind, stored.Name, stored.Bytes, stored.LocalPath));
        }

        using ObjectContent content = Store.Open(Oid);
        Assert.Equal(s_bytes, content.ToArray("it"));
        Assert.Throws<HarvestException>(() => Store.LocalPath("../../x"));
        Assert.Throws<HarvestException>(() => Store.Contains(["ABC"]));
    }

    [Fact]
    public void A_look_can_be_ended_and_a_link_is_no_object()
    {
        _team.MakeCheckout();
        string path = _team.Keep(s_bytes);
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.Throws<OperationCanceledException>(() => Store.Contains([Oid], ended.Token));
        Assert.Throws<OperationCanceledException>(() => Store.List(cancellation: ended.Token).ToList());

        if (!OperatingSystem.IsWindows())
        {
            string elsewhere = _team.PathOf("elsewhere");
            File.Move(path, elsewhere);
            File.CreateSymbolicLink(path, elsewhere);
            Assert.Empty(Store.List());
        }
    }

    [Fact]
    public void What_has_another_hash_is_not_given()
    {
        _team.MakeCheckout();
        _team.Keep(LfsCheckout.Damaged(s_bytes), oid: Oid);

        Assert.Null(Store.TryOpen(Oid));
        Assert.Null(Store.LocalPath(Oid));
    }

    [Fact]
    public void Another_source_is_asked_for_what_is_damaged_there()
    {
        _team.MakeCheckout();
        _team.Keep(LfsCheckout.Damaged(s_bytes), oid: Oid);
        LfsCheckout.Share(_team.SetRemote(), s_bytes);

        using ObjectContent content = _team.Repository.Readable.Open(Oid);
        Assert.Equal(s_bytes, content.ToArray("it"));
    }

    [Fact]
    public void Outside_of_a_checkout_there_is_nothing()
    {
        Assert.Null(Store.TryOpen(Oid));
        Assert.Empty(Store.List());
        Assert.Null(GitLfsFolder.TemporaryOf(_team.Folder));
    }

    [Fact]
    public void A_worktree_has_the_store_of_the_main_one()
    {
        using var main = new TemporaryRepository();
        main.MakeCheckout();
        main.WriteText(".git/worktrees/week/HEAD", "ref: refs/heads/week\n");
        main.WriteText(".git/worktrees/week/commondir", "../..\n");
        _team.WriteText(".git", $"gitdir: {main.PathOf(".git/worktrees/week")}\n");

        Assert.Equal(main.Keep(s_bytes), Store.LocalPath(Oid));
        Assert.Equal(main.PathOf(".git/lfs/tmp"), GitLfsFolder.TemporaryOf(_team.Folder));
    }

    [Theory]
    [InlineData("relative", "kept/here", ".git/kept/here")]
    [InlineData("absolute", null, "elsewhere")]
    public void The_store_is_where_the_setting_says(string kind, string? setting, string store)
    {
        Git("init", "--quiet");
        Git("config", "lfs.storage", setting ?? _team.PathOf(store));

        Assert.True(_team.Keep(s_bytes, store) == Store.LocalPath(Oid), kind);
        Assert.Equal(_team.PathOf($"{store}/tmp"), GitLfsFolder.TemporaryOf(_team.Folder));
    }

    public void Dispose() => _team.Dispose();

    private void Git(params string[] arguments)
    {
        ProcessStartInfo? start = GitProgram.In(_team.Folder);
        Assert.SkipWhen(start is null, "there is no git");
        start.ArgumentList.Clear();
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process git = Process.Start(start)!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
