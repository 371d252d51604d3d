using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;

namespace HarvestTools.Space;

/// <summary>A slice that git has somewhere.</summary>
/// <param name="Slice">Its record.</param>
/// <param name="Files">The files of its program; none where it was made with none.</param>
/// <param name="Where">Where it was met first: a ref, the index, a stash, a worktree.</param>
internal sealed record GitSlice(SliceManifest Slice, IReadOnlyList<ProgramFile> Files, string Where);

/// <summary>
/// The slices that git has at the end of every branch, tag and stash, in the index, and where worktrees are. History is not looked at:
/// a slice that was removed and committed is gone, and its objects are in quarantine for long enough to take it back. Nor is the log of
/// references, which has what was reset or amended away.
/// </summary>
/// <remarks>Each tree and file is read once, however many branches have it, by one git program for all.</remarks>
/// <param name="repository">The repository; its folder may be anywhere in the checkout, and elsewhere on another branch.</param>
/// <param name="here">Slices that are known already, by version, each as its bytes; one that git has with the same bytes is not read again.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class GitSlices(Repository repository, IReadOnlyDictionary<string, byte[]> here, CancellationToken cancellation)
{
    // What is being merged, picked or rebased is on no branch yet, and what was fetched last may be on none either.
    private static readonly string[] s_heads = ["HEAD", "ORIG_HEAD", "MERGE_HEAD", "MERGE_AUTOSTASH", "FETCH_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "BISECT_HEAD"];

    // What a rebase put aside to begin with is named by no reference.
    private static readonly string[] s_autostashes = ["rebase-merge/autostash", "rebase-apply/autostash"];

    private readonly HashSet<string> _trees = new(StringComparer.Ordinal);
    private readonly HashSet<string> _blobs = new(StringComparer.Ordinal);
    private readonly List<GitSlice> _found = [];
    private readonly string _slicesName = Path.GetFileName(repository.Slices.Folder);

    /// <summary>What the list may lack, in sentences; known once it was read.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Every slice once a content.</summary>
    /// <exception cref="HarvestException">GitNotRead; ReachUnknown: a slice.json cannot be read.</exception>
    public IReadOnlyList<GitSlice> Read()
    {
        using var git = new GitObjects(repository.Root, cancellation);
        foreach (string name in GitObjects.Lines(repository.Root, '\n', "for-each-ref", GitProgram.Option("format=%(refname)")))
        {
            Walk(git, git.TryReadTree(name, mayLack: false), Short(name), parent: "", name: "");
        }

        foreach (string name in s_heads.Concat(HeadsElsewhere()))
        {
            Walk(git, git.TryReadTree(name, mayLack: true), name, parent: "", name: "");
        }

        // The last stash is a ref; those before it are only in its log. Each keeps the index and new files as further parents.
        foreach (string stash in Stashes().Concat(Autostashes()).SelectMany(static stash => new[] { stash, stash + "^2", stash + "^3" }))
        {
            Walk(git, git.TryReadTree(stash, mayLack: true), "a stash", parent: "", name: "");
        }

        foreach (Worktree tree in Worktrees())
        {
            ReadIndex(git, tree);
            ReadFiles(tree);
        }

        return _found;
    }

    private static string Short(string name) => name.StartsWith("refs/", StringComparison.Ordinal) && name.IndexOf('/', 5) is > 0 and var slash ? name[(slash + 1)..] : name;

    private string[] Stashes() => GitObjects.Lines(repository.Root, '\n', "for-each-ref", GitProgram.Option("format=%(refname)"), "refs/stash").Length == 0
        ? []
        : GitObjects.Lines(repository.Root, '\n', "log", "-g", GitProgram.Option("format=%H"), "refs/stash", GitProgram.Option(""));

    /// <summary>What is being merged, picked or rebased in other worktrees, each of which has names of its own for it.</summary>
    private IEnumerable<string> HeadsElsewhere() => GitFolders().SelectMany(static folder => s_heads.Select(name => $"{folder.Name}/{name}"));

    private IEnumerable<string> Autostashes() => GitFolders()
        .SelectMany(static folder => s_autostashes.Select(name => Path.Combine(folder.Path, name)))
        .Where(static path => FileKinds.Of(path) == FileKind.Regular)
        .Select(static path => GitHead.ReadText(path).Trim());

    /// <summary>Where git keeps what is of one worktree alone, by the name that references of it begin with.</summary>
    private IReadOnlyList<(string Name, string Path)> GitFolders()
    {
        if (GitHead.FindShared(repository.Root) is not { } shared)
        {
            return [];
        }

        string linked = Path.Combine(shared, "worktrees");
        return
        [
            ("main-worktree", shared),
            .. Directory.Exists(linked) ? Directory.GetDirectories(linked).Select(static folder => ($"worktrees/{Path.GetFileName(folder)}", folder)) : [],
        ];
    }

    private void Walk(GitObjects git, GitObject? tree, string where, string parent, string name)
    {
        cancellation.ThrowIfCancellationRequested();
        if (tree is null || tree.Type != "tree" || !_trees.Add(tree.Id))
        {
            return;
        }

        List<GitTreeEntry> entries = [.. GitObjects.Entries(tree)];
        foreach (GitTreeEntry entry in entries)
        {
            if (entry is { IsFile: true, Name: SliceStore.FileName })
            {
                Add(git, entry.Id, entries.Find(static other => other.Name == SliceStore.DefinitionFileName && other.IsFile).Id, where, parent == _slicesName, name, $"{where}:…/{parent}/{name}/{entry.Name}");
            }
            else if (entry.IsFolder && !_trees.Contains(entry.Id))
            {
                Walk(git, git.Read(entry.Id), where, name, entry.Name);
            }
        }
    }

    private void ReadIndex(GitObjects git, Worktree tree)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] lines = GitObjects.Lines(tree.Folder, '\0', "ls-files", GitProgram.Option("stage"), "-z", GitProgram.Option(""), $":(glob)**/{SliceStore.FileName}", $":(glob)**/{SliceStore.DefinitionFileName}");
        foreach (string[] parts in lines.Select(static line => line.Split(['\t'], 2)).Where(static parts => parts.Length == 2))
        {
            // Of an unresolved merge both sides count.
            string id = parts[0].Split(' ')[1];
            string path = parts[1];
            if (path.EndsWith("/" + SliceStore.DefinitionFileName, StringComparison.Ordinal))
            {
                files[path] = id;
            }
        }

        foreach (string[] parts in lines.Select(static line => line.Split(['\t'], 2)).Where(static parts => parts.Length == 2 && parts[1].EndsWith("/" + SliceStore.FileName, StringComparison.Ordinal)))
        {
            string folder = parts[1][..^(SliceStore.FileName.Length + 1)];
            Add(git, parts[0].Split(' ')[1], files.GetValueOrDefault($"{folder}/{SliceStore.DefinitionFileName}"), "the index",
                Path.GetFileName(Path.GetDirectoryName(folder)) == _slicesName, Path.GetFileName(folder), $"the index:{parts[1]}");
        }
    }

    /// <summary>What another worktree has and did not commit. Of this one the caller reads the slices itself.</summary>
    private void ReadFiles(Worktree tree)
    {
        if (tree.IsOwn || tree.Folder == repository.Root)
        {
            return;
        }

        var slices = new SliceStore(tree.SlicesFolder, repository.LocksFolder);
        foreach (SliceEntry entry in slices.LoadAll(cancellation).Where(static entry => !RepositoryReach.IsRemoved(entry)))
        {
            SliceManifest slice = entry.Manifest ?? throw RepositoryReach.Unknown(entry.Path, entry.Error!);
            byte[]? definition = File.Exists(slices.DefinitionPathOf(entry.Version)) ? AtomicFile.ReadAllBytes(slices.DefinitionPathOf(entry.Version)) : null;
            _found.Add(new GitSlice(slice, FilesOf(slice, definition, entry.Path), $"the worktree '{tree.Folder}'"));
        }
    }

    private void Add(GitObjects git, string id, string? definition, string where, bool required, string version, string path)
    {
        if (!_blobs.Add(id))
        {
            return;
        }

        // Nearly every slice of nearly every branch is one that is checked out: understanding it takes longer than all else.
        byte[] bytes = git.Read(id).Bytes;
        if (here.TryGetValue(version, out byte[]? known) && known.AsSpan().SequenceEqual(bytes))
        {
            return;
        }

        SliceManifest slice;
        try
        {
            slice = SliceManifest.Parse(bytes, path);
        }
        catch (HarvestException fault) when (fault.ErrorId != nameof(FileErrors.GitNotRead))
        {
            // Elsewhere in the checkout a file of that name may be another tool's.
            if (required)
            {
                throw RepositoryReach.Unknown(path, fault);
            }

            return;
        }

        _found.Add(new GitSlice(slice, FilesOf(slice, definition is null ? null : git.Read(definition).Bytes, path), where));
    }

    /// <summary>The files of the program that a slice was made with.</summary>
    /// <exception cref="HarvestException">ReachUnknown: its definition is nowhere, or cannot be read.</exception>
    private IReadOnlyList<ProgramFile> FilesOf(SliceManifest slice, byte[]? definition, string path)
    {
        if (!slice.IsProgram)
        {
            return [];
        }

        try
        {
            DerivationVersion derivation = SliceVersions.Of(slice).Derivation ?? DerivationVersion.Current;
            HarvestDefinition read = (definition is not null ? HarvestDefinition.Parse(new JsonFileText(definition, path).ParseObject(), derivation)
                : slice.HarvestSha256 is { } sha256 ? SliceInputs.TryArchivedDefinition(repository, sha256, derivation)
                : null) ?? throw DerivationErrors.DefinitionNotFound(slice.Version, slice.HarvestVersion, slice.HarvestSha256);
            return [.. read.Program?.AllFiles ?? []];
        }
        catch (HarvestException fault)
        {
            throw RepositoryReach.Unknown(path, fault);
        }
    }

    /// <summary>All checkouts of the repository, which share its branches.</summary>
    private IReadOnlyList<Worktree> Worktrees()
    {
        if (_worktrees is not null)
        {
            return _worktrees;
        }

        string[] found =
        [
            .. GitObjects.Lines(repository.Root, '\n', "worktree", "list", GitProgram.Option("porcelain"))
                .Where(static line => line.StartsWith("worktree ", StringComparison.Ordinal))
                .Select(static line => Path.GetFullPath(line["worktree ".Length..])),
        ];
        string root = RealPath.Of(repository.Root) ?? repository.Root;
        string? own = found.Where(folder => RealPath.IsInside(RealPath.Of(folder) ?? folder, root)).MaxBy(static folder => folder.Length);
        string inside = own is null ? "." : Path.GetRelativePath(RealPath.Of(own) ?? own, root);
        string slices = Path.GetRelativePath(repository.Root, repository.Slices.Folder);
        return _worktrees =
        [
            .. found.Where(IsThere).Select(folder => new Worktree(folder, Path.Combine(folder, inside, slices), folder == own)),
        ];
    }

    /// <summary>One that was deleted by hand, or is on a disk that is away, is listed until git prunes it: git keeps its commit so long.</summary>
    private bool IsThere(string folder)
    {
        bool there = Directory.Exists(Path.Combine(folder, ".git")) || File.Exists(Path.Combine(folder, ".git"));
        if (!there && !Directory.Exists(Path.Combine(folder, "objects")))
        {
            Notes.Add($"The worktree '{folder}' is not there: what it has and did not commit is not known here, and keeps nothing.");
        }

        return there;
    }

    private IReadOnlyList<Worktree>? _worktrees;

    private sealed record Worktree(string Folder, string SlicesFolder, bool IsOwn);
}
