using System.Diagnostics;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Samples;
using HarvestTools.Space;
using HarvestTools.Tests.Workflows;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Space;

/// <summary>What of git keeps the export of a slice, and what does not: worktrees, HEADs, stashes, the index, clones that lack something.</summary>
public sealed class GitReachTests : IDisposable
{
    // As an old slice without a model keeps it.
    private const string Kept = ObjectState.Proposed;

    private readonly TemporaryRepository _repository = new();
    private readonly string _beside = Directory.CreateTempSubdirectory("harvest-beside-").FullName;
    private readonly string _export;

    public GitReachTests()
    {
        Assert.SkipWhen(GitProgram.Find(Environment.GetEnvironmentVariable("PATH")) is null, "git is not installed.");
        Git(_repository.Folder, "init", "-q", "--initial-branch", "main");
        Git(_repository.Folder, "config", "uploadpack.allowFilter", "true");
        Git(_repository.Folder, "add", "harvest.json");
        Commit(_repository.Folder);
        _export = Add(1);
        _repository.New("v1");
        Add(2);
        File.Delete(_repository.PathOf("exports/1.json"));
        File.Delete(_repository.PathOf("exports/2.json"));
    }

    private string Slice => _repository.PathOf("slices/v1");

    public void Dispose()
    {
        _repository.Dispose();
        Delete(_beside);
    }

    /// <summary>Another process removes the slice after the versions were listed: nothing is unknown then.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_slice_that_is_removed_while_it_is_looked_for_needs_nothing(int look)
    {
        var removal = new RemoveAtLook(look, System.IO.Path.Combine(Slice, "slice.json"), () => Directory.Delete(Slice, recursive: true));
        var reach = new RepositoryReach(_repository.Repository, new ReachableObjects(), DateTimeOffset.UtcNow, CancellationToken.None);
        using (FileFaults.Use(removal))
        {
            reach.Collect();
        }

        Assert.True(removal.Done);
        Assert.False(Directory.Exists(Slice));
        Assert.DoesNotContain(reach.Slices, static slice => slice.Version == "v1");
    }

    private sealed class RemoveAtLook(int look, string path, Action remove) : IFileFaults
    {
        private int _looks;

        public bool Done => _looks >= look;

        public void Before(FileCall call, string file)
        {
            if (call == FileCall.OpenRead && file == path && ++_looks == look)
            {
                remove();
            }
        }
    }

    [Theory]
    [InlineData("work tree", Kept)]
    [InlineData("index", Kept)]
    [InlineData("branch", Kept)]
    [InlineData("detached HEAD", Kept)]
    [InlineData("left HEAD", ObjectState.Quarantined)]
    [InlineData("amended", ObjectState.Quarantined)]
    [InlineData("reset", Kept)]
    [InlineData("removed", ObjectState.Quarantined)]
    [InlineData("second stash", Kept)]
    [InlineData("dropped stash", ObjectState.Quarantined)]
    [InlineData("autostash", Kept)]
    public void A_slice_here_keeps_its_export_where_git_would_give_it_back(string where, string state)
    {
        string root = _repository.Folder;
        switch (where)
        {
            case "index":
                Git(root, "add", "slices");
                Delete(Slice);
                break;
            case "branch":
                Git(root, "checkout", "-q", "-b", "side");
                CommitSlice(root);
                Git(root, "checkout", "-q", "main");
                break;
            case "detached HEAD" or "left HEAD":
                Git(root, "checkout", "-q", "--detach");
                CommitSlice(root);
                if (where == "left HEAD")
                {
                    Git(root, "checkout", "-q", "main");
                }
                else
                {
                    Git(root, "rm", "-q", "-r", "--cached", "slices");
                    Delete(Slice);
                }

                break;
            case "amended" or "reset" or "removed":
                CommitSlice(root);
                Git(root, where == "reset" ? ["reset", "-q", "--hard", "HEAD^"] : ["rm", "-q", "-r", "slices"]);
                if (where != "reset")
                {
                    Git(root, ["commit", "-q", "--allow-empty", .. where == "amended" ? (string[])["--amend", "--no-edit"] : ["-m", "removed"]]);
                }

                break;
            case "second stash" or "dropped stash":
                Git(root, "stash", "-q", "--include-untracked");
                File.WriteAllText(_repository.PathOf("other.txt"), "");
                Git(root, "stash", "-q", "--include-untracked");
                if (where == "dropped stash")
                {
                    Git(root, "stash", "drop", "-q", "stash@{1}");
                }

                break;
            case "autostash":
                Rebase(root);
                break;
        }

        UnreachableReport report = Plan(_repository.Repository);

        Assert.Equal(state, Of(report).State);
        if (state == ObjectState.Quarantined)
        {
            Assert.Equal(ObjectState.Quarantined, Of(RemoveUnreachable.Run(_repository.Repository, new UnreachableRequest(), Later)).State);
            Assert.NotNull(_repository.Repository.Archive.TryPathOf(_export));
        }
    }

    [Theory]
    [InlineData("work tree", Kept)]
    [InlineData("index", Kept)]
    [InlineData("branch", Kept)]
    [InlineData("detached HEAD", Kept)]
    [InlineData("reset", Kept)]
    [InlineData("autostash", Kept)]
    [InlineData("deleted by hand", Kept)]
    [InlineData("removed", ObjectState.Quarantined)]
    public void So_does_one_in_another_worktree(string where, string state)
    {
        string tree = Path.Combine(_beside, "tree");
        Git(_repository.Folder, ["worktree", "add", "-q", .. where is "detached HEAD" or "deleted by hand" ? ["--detach"] : (string[])["-b", "side"], tree]);
        Directory.CreateDirectory(Path.Combine(tree, "slices"));
        Directory.Move(Slice, Path.Combine(tree, "slices", "v1"));
        switch (where)
        {
            case "index":
                Git(tree, "add", "slices");
                Delete(Path.Combine(tree, "slices"));
                break;
            case "branch" or "detached HEAD" or "reset" or "deleted by hand" or "removed":
                CommitSlice(tree);
                if (where is "reset")
                {
                    Git(tree, "reset", "-q", "--hard", "HEAD^");
                }
                else if (where is "deleted by hand")
                {
                    Delete(tree);
                }
                else if (where is "removed")
                {
                    Git(tree, "rm", "-q", "-r", "slices");
                    Git(tree, "commit", "-q", "-m", "removed");
                }

                break;
            case "autostash":
                Rebase(tree);
                break;
        }

        UnreachableReport report = Plan(_repository.Repository);

        Assert.Equal(state, Of(report).State);
        Assert.Equal(where == "deleted by hand", report.Notes.Any(static note => note.StartsWith("The worktree '", StringComparison.Ordinal)));
    }

    [Fact]
    public void Outside_of_git_what_is_there_counts_and_a_sentence_says_so()
    {
        Delete(_repository.PathOf(".git"));
        UnreachableReport report = Plan(_repository.Repository);
        Assert.Equal(Kept, Of(report).State);
        Assert.Contains(report.Notes, static note => note.Contains("is in no git checkout", StringComparison.Ordinal));
        Delete(Slice);
        Assert.Equal(ObjectState.Quarantined, Of(Plan(_repository.Repository)).State);
    }

    [Fact]
    public void In_a_shallow_clone_what_was_not_fetched_keeps_nothing_and_a_sentence_says_so()
    {
        SideBranch();
        Repository clone = Clone("--depth", "1");
        UnreachableReport report = Plan(clone);
        Assert.Equal(ObjectState.Quarantined, Of(report).State);
        Assert.Contains(report.Notes, static note => note.Contains("is a shallow clone", StringComparison.Ordinal));
        Assert.Equal(Kept, Of(Plan(_repository.Repository)).State);
    }

    [Fact]
    public void A_partial_clone_fetches_nothing_and_refuses_where_it_lacks_a_slice()
    {
        SideBranch();
        Repository clone = Clone("--filter=blob:none");
        string[] before = ObjectsOf(clone);

        HarvestException fault = Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(clone, new UnreachableRequest(), Later));

        Assert.Equal("GitNotRead", fault.ErrorId);
        Assert.Equal(before, ObjectsOf(clone));
        Assert.False(Directory.Exists(clone.Archive.Local.Unreachable.Folder));
        Git(clone.Root, "fetch", "-q", "--refetch", "--no-filter");
        Assert.Equal(Kept, Of(Plan(clone)).State);
    }

    [Fact]
    public void In_a_partial_clone_that_lacks_anything_else_nothing_goes()
    {
        File.WriteAllText(_repository.PathOf("large.bin"), "content");
        Git(_repository.Folder, "add", "large.bin");
        Commit(_repository.Folder);
        Git(_repository.Folder, "rm", "-q", "large.bin");
        Commit(_repository.Folder);
        Repository clone = Clone("--filter=blob:none");
        string[] before = ObjectsOf(clone);

        UnreachableReport report = Plan(clone);

        Assert.Equal(ObjectState.Kept, Of(report).State);
        Assert.Contains(report.Notes, static note => note.Contains("is a partial clone", StringComparison.Ordinal));
        Assert.Equal(before, ObjectsOf(clone));
        Git(clone.Root, "fetch", "-q", "--refetch", "--no-filter");
        Assert.Equal(ObjectState.Quarantined, Of(Plan(clone)).State);
    }

    [Fact]
    public void A_pointer_of_git_lfs_in_any_commit_keeps_its_file()
    {
        (string oid, _) = _repository.Repository.Archive.Local.AddBytes("a file of git-lfs"u8);
        string pointer = _repository.PathOf("model.bin");
        File.WriteAllText(pointer, $"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 17\n");
        Assert.Equal(ObjectState.Quarantined, Plan(_repository.Repository).Objects.Single(one => one.Sha256 == oid).State);
        Git(_repository.Folder, "add", "model.bin");
        Commit(_repository.Folder);
        Git(_repository.Folder, "rm", "-q", "model.bin");
        Commit(_repository.Folder);
        Assert.Equal(ObjectState.Kept, Plan(_repository.Repository).Objects.Single(one => one.Sha256 == oid).State);
    }

    /// <summary>The slice on a branch that is not checked out.</summary>
    private void SideBranch()
    {
        Git(_repository.Folder, "checkout", "-q", "-b", "side");
        CommitSlice(_repository.Folder);
        Git(_repository.Folder, "checkout", "-q", "main");
    }

    /// <summary>A rebase that waits for an edit, with the slice in what it put aside.</summary>
    private static void Rebase(string root)
    {
        Git(root, "commit", "-q", "--allow-empty", "-m", "next");
        Git(root, "add", "slices");
        Git(root, "-c", "sequence.editor=sed -i.bak s/^pick/edit/", "rebase", "-q", "--interactive", "--autostash", "--keep-empty", "HEAD^");
    }

    /// <summary>A clone with the archive of the repository copied into it.</summary>
    private Repository Clone(string option, params string[] more)
    {
        string folder = Path.Combine(_beside, "clone");
        Git(_beside, ["clone", "-q", option, .. more, new Uri(_repository.Folder).AbsoluteUri, folder]);
        foreach (string file in Directory.EnumerateFiles(_repository.PathOf(".harvest"), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(_repository.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return Repository.Find(folder);
    }

    private static string[] ObjectsOf(Repository clone) => [.. Directory.EnumerateFiles(Path.Combine(clone.Root, ".git", "objects"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string Add(int week) => _repository.Add($"exports/{week}.json", ExportPlan.ForTasks(SampleKind.Hands, 6 + week), "a").Sha256;

    private UnreachableReport Plan(Repository repository) => RemoveUnreachable.Plan(repository, new UnreachableRequest(), Later);

    private ReachedObject Of(UnreachableReport report) => report.Objects.Single(one => one.Sha256 == _export);

    private WorkContext Later => _repository.Context with { Clock = new LaterClock(100) };

    private static void CommitSlice(string root)
    {
        Git(root, "add", "slices");
        Commit(root);
    }

    private static void Commit(string root) => Git(root, "commit", "-q", "-m", "next");

    private static void Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=Team", "-c", "user.email=team@example.org", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start)!;
        Task<string> output = git.StandardOutput.ReadToEndAsync();
        string errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors} {output.Result}");
    }

    private static void Delete(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
