using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Programs;
using HarvestTools.Remotes;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>A folder with harvest.json, and what belongs to it. Making one of these reads nothing but the file's presence.</summary>
public sealed partial class Repository
{
    internal const string StoreName = ".harvest";

    private readonly Lazy<HarvestSettings> _settings;
    private readonly Lazy<ExportArchive> _archive;
    private readonly Lazy<SliceStore> _slices;
    private readonly Lazy<SliceExports> _sliceExports;
    private readonly Lazy<string> _cacheFolder;
    private readonly Lazy<LocalSettings> _local;
    private readonly Lazy<Remote?> _remote;

    private Repository(string root)
    {
        Root = root;
        LfsStore = new GitLfsStore(root);
        _settings = new(() => HarvestSettings.Load(SettingsPath));
        _local = new(() => LocalSettings.Load(Root));
        _remote = new(OpenDefaultRemote);
        _archive = new(OpenArchive);
        _slices = new(() => new SliceStore(ResolveOwn(Settings.SlicesFolder), LocksFolder));
        _sliceExports = new(() => new SliceExports(Slices));
        _cacheFolder = new(() => Local.CacheFolder is { } folder ? OutsideGit(folder) : ResolveOwn(Settings.CacheFolder));
    }

    /// <summary>
    /// True where no remote may be asked: what is not on this machine is missing then. HARVEST_OFFLINE in the environment says so for all.
    /// </summary>
    public bool Offline { get; set; } = IsOn(Environment.GetEnvironmentVariable("HARVEST_OFFLINE"));

    /// <summary>
    /// True where every program that a definition names may be run, whether it was trusted or not: for pipelines, which run what they
    /// check out anyway. HARVEST_TRUST_PROGRAMS in the environment says so for all.
    /// </summary>
    public bool TrustPrograms { get; set; } = IsOn(Environment.GetEnvironmentVariable("HARVEST_TRUST_PROGRAMS"));

    /// <summary>The programs that were trusted on this machine.</summary>
    internal TrustList Trust { get; set; } = TrustList.OfUser();

    /// <summary>Receives a sentence when an object is brought from a remote, or a remote is waited for; null for nobody.</summary>
    public Action<string>? Notice { get; set; }

    /// <summary>What harvest.local.json says; read once, at the first use.</summary>
    /// <exception cref="HarvestException">It is at fault.</exception>
    public LocalSettings Local => _local.Value;

    /// <summary>Full path of the folder that holds harvest.json.</summary>
    public string Root { get; }

    /// <summary>Path of harvest.json.</summary>
    public string SettingsPath => Path.Combine(Root, HarvestSettings.FileName);

    /// <summary>Read once, at the first use.</summary>
    /// <exception cref="HarvestException">harvest.json is at fault.</exception>
    public HarvestSettings Settings => _settings.Value;

    /// <summary>The archived exports.</summary>
    public ExportArchive Archive => _archive.Value;

    /// <summary>The slices' records.</summary>
    public SliceStore Slices => _slices.Value;

    /// <summary>What slices say of their exports.</summary>
    internal SliceExports SliceExports => _sliceExports.Value;

    /// <summary>Full path of the Parquet cache.</summary>
    public string CacheFolder => _cacheFolder.Value;

    /// <summary>Full path of <c>.harvest</c>, which git does not see.</summary>
    public string StoreFolder => Path.Combine(Root, StoreName);

    /// <summary>Full path of the folder of the lock files.</summary>
    internal string LocksFolder => Path.Combine(StoreFolder, "locks");

    /// <summary>Whether a variable of the environment says yes; a word for no is one.</summary>
    internal static bool IsOn(string? variable) =>
        !string.IsNullOrWhiteSpace(variable) && variable.Trim().ToUpperInvariant() is not ("0" or "FALSE" or "NO" or "OFF" or "N" or "F");

    /// <summary>Looks for harvest.json in the folder and in every folder above it, as git looks for its own.</summary>
    /// <exception cref="HarvestException">NotARepository, FileNotFound.</exception>
    public static Repository Find(string startFolder)
    {
        string start = Path.GetFullPath(startFolder);
        if (!Directory.Exists(start))
        {
            throw FileErrors.FileNotFound(start, "look for a repository in");
        }

        return TryFind(start) ?? throw RepositoryErrors.NotARepository(start);
    }

    /// <summary>Says whether a folder can be made a repository, and changes nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="HarvestException">RepositoryExists, NotAFolder.</exception>
    public static string RequireNone(string folder)
    {
        string root = Path.GetFullPath(folder);
        if (File.Exists(root))
        {
            throw FileErrors.NotAFolder(root);
        }

        return File.Exists(Path.Combine(root, HarvestSettings.FileName)) ? throw RepositoryErrors.RepositoryExists(root) : root;
    }

    /// <summary>
    /// Makes a repository of the folder, which is made if it is missing; a file that is there is never changed, but that in a git checkout
    /// .gitignore gets a line for harvest.local.json.
    /// </summary>
    /// <exception cref="HarvestException">RepositoryExists.</exception>
    public static Repository Initialize(string folder, HarvestSettings? settings = null)
    {
        var repository = new Repository(RequireNone(folder));
        settings ??= HarvestSettings.Default;
        foreach (string relative in new[] { settings.SlicesFolder, settings.ArchiveFolder, settings.CacheFolder })
        {
            DurableFolder.Ensure(repository.ResolveOwn(relative));
        }

        repository.EnsureIgnored();
        GitIgnore.Add(repository.Root, LocalSettings.FileName);

        // Last, so that a folder counts as a repository only once it is one.
        return AtomicFile.TryCreateNew(repository.SettingsPath, settings.ToUtf8Bytes())
            ? repository
            : throw RepositoryErrors.RepositoryExists(repository.Root);
    }

    /// <summary>The remote that is meant: the one named, else that of harvest.local.json, else the only one, else origin.</summary>
    /// <param name="name">Its name; null where none was named.</param>
    /// <exception cref="HarvestException">RemoteUnknown, NoRemote, RemoteAmbiguous.</exception>
    public RemoteSettings RemoteNamed(string? name)
    {
        IReadOnlyList<RemoteSettings> remotes = Settings.Remotes;
        string[] names = [.. remotes.Select(static remote => remote.Name)];
        name ??= Local.Remote;
        return name is not null ? remotes.FirstOrDefault(remote => remote.Name == name) ?? throw RemoteErrors.RemoteUnknown(name, names)
            : remotes.Count == 1 ? remotes[0]
            : remotes.FirstOrDefault(static remote => remote.Name == RemoteSettings.DefaultName)
                ?? throw (remotes.Count == 0 ? RemoteErrors.NoRemote() : RemoteErrors.RemoteAmbiguous(names));
    }

    /// <summary>Opens a remote for a command that is about remotes.</summary>
    /// <param name="name">Its name; null for the one that is meant.</param>
    /// <param name="transfers">How many requests are made at once.</param>
    /// <exception cref="HarvestException">As <see cref="RemoteNamed"/>; RemoteOffline.</exception>
    internal Remote OpenRemote(string? name, int transfers = RemoteObjectStore.DefaultTransfers)
    {
        RemoteSettings settings = RemoteNamed(name);
        return Offline ? throw RemoteErrors.RemoteOffline(settings.Name) : RemoteOpener.Open(settings, Root, SpillFolder, Notice, transfers);
    }

    /// <summary>The remote that missing objects are brought from; null where there is none, or none may be asked.</summary>
    internal Remote? FetchRemote => Offline ? null : _remote.Value;

    /// <summary>What git-lfs keeps for the checkout that the repository is in.</summary>
    internal GitLfsStore LfsStore { get; }

    /// <summary>The objects for what only reads them: what git-lfs has is read where it is, and not copied into the archive.</summary>
    internal IObjectSource Readable => new SourcesInOrder(Archive.Local, LfsStore, Archive.Objects);

    /// <summary>
    /// A file of this machine with the bytes of a hash, brought from the remote where it is elsewhere; null where it is nowhere. For
    /// what a Git LFS pointer names.
    /// </summary>
    /// <exception cref="HarvestException">The remote cannot be read; what is there is damaged.</exception>
    internal FileStream? FileOf(string sha256) => Archive.TryOpenFile(sha256);

    /// <summary>The same of the repository that a file is in, for commands that need none; it is looked for only when it is asked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offline">Whether no remote may be asked.</param>
    internal static Func<string, FileStream?> FileOfAround(string path, bool offline) => sha256 =>
    {
        Repository? around = TryFind(Path.GetDirectoryName(Path.GetFullPath(path))!);
        around?.Offline |= offline;
        return around?.FileOf(sha256);
    };

    private static Repository? TryFind(string start)
    {
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, HarvestSettings.FileName)))
            {
                return new Repository(folder);
            }
        }

        return null;
    }

    /// <summary>Where objects are brought from that the archive lacks: the near store first.</summary>
    private IReadOnlyList<IObjectSource> Elsewhere() => FetchRemote is { } remote ? [LfsStore, remote.Objects] : [LfsStore];

    /// <summary>Full path of the folder for objects on their way to a remote.</summary>
    internal string SpillFolder => Path.Combine(StoreFolder, "transfer");

    private Remote? OpenDefaultRemote() =>
        Settings.Remotes.Count == 0 ? null : RemoteOpener.Open(RemoteNamed(null), Root, SpillFolder, Notice);

    private ExportArchive OpenArchive()
    {
        string? elsewhere = Local.ArchiveFolder is { } folder ? OutsideGit(folder) : null;
        return new ExportArchive(
            elsewhere ?? ResolveOwn(Settings.ArchiveFolder),
            // Clones that share an archive wait for each other there.
            elsewhere is null ? LocksFolder : Path.Combine(elsewhere, "locks"),
            EnsureIgnored,
            Settings.ProjectNames,
            Path.Combine(CacheFolder, "record-cache"),
            Elsewhere,
            (sha256, remote) => Notice?.Invoke($"Fetching {Figures.ShortHash(sha256)} from {remote}."),
            sha256 =>
            {
                if (FetchRemote is { } remote)
                {
                    DamageMarks.TryPut(remote.Files, sha256, CancellationToken.None);
                }
            });
    }

    /// <summary>A folder of this machine, which git's own must never be either.</summary>
    private static string OutsideGit(string folder) => GitFolder.IsIn(RealPath.Of(folder) ?? folder) ? throw FileErrors.PathInGit(folder) : folder;

    /// <summary>The full path of a recorded path; links are checked.</summary>
    /// <exception cref="HarvestException">PathLeavesRepository, PathNotPortable.</exception>
    public string Resolve(string relative) => RepositoryPath.Resolve(Root, relative);

    /// <summary>The same for a folder that this writes and removes files in, which git's own must never be, under no name.</summary>
    private string ResolveOwn(string relative)
    {
        string full = Resolve(relative);
        return RealPath.Of(Root) is { } root && RealPath.Of(full) is { } real && GitFolder.IsIn(Path.GetRelativePath(root, real))
            ? throw FileErrors.PathInGit(relative)
            : full;
    }

    /// <summary>The recorded form of a file's path; null where it lies outside the repository or leads there.</summary>
    public string? MakeRelative(string path) => RepositoryPath.TryMakeRelative(Root, path, out string? relative) ? relative : null;

    /// <summary>
    /// The records, one a project, of the one export whose hash begins with the digits given; in a clone they come from the remote when
    /// they are not here.
    /// </summary>
    /// <exception cref="HarvestException">HashPrefixInvalid, ObjectNotFound, HashAmbiguous; the remote cannot be read.</exception>
    public IReadOnlyList<ExportRecord> FindExports(string prefix) => WithRecords(() => Archive.FindExports(prefix));

    /// <summary>Looks for records; where there are none such, once more with those that the remote has of what slices name.</summary>
    internal T WithRecords<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (HarvestException unknown) when (unknown.Fault == HarvestFault.NotFound && FetchRemote is not null)
        {
            RemoteRecords.FetchMissing(this, CancellationToken.None);
            return find();
        }
    }

    /// <summary>The hashes of files that did not change since they were hashed; see <see cref="StatCache"/>.</summary>
    /// <param name="trusted">False takes every hash anew.</param>
    internal StatCache OpenStatCache(bool trusted) => StatCache.Open(Path.Combine(CacheFolder, "stat-cache.txt"), trusted);

    /// <summary>The same for media, which are many more files.</summary>
    /// <param name="trusted">False takes every hash anew.</param>
    internal StatCache OpenMediaStatCache(bool trusted) => StatCache.Open(Path.Combine(CacheFolder, "media-stat-cache.txt"), trusted);

    /// <summary>Where media are on this machine: what harvest.local.json says of a link's beginning holds over harvest.json.</summary>
    internal MediaRoots MediaRoots => new(
        Local.Media.Select(static own => own with { Folder = OutsideGit(own.Folder) }).Concat(Settings.Media
            .Where(shared => Local.Media.All(own => own.Link != shared.Link))
            .Select(shared => shared with { Folder = shared.Folder == "." ? Root : Resolve(shared.Folder) })),
        // Archive and cache of harvest.local.json may be anywhere, also beside media.
        [StoreFolder, Slices.Folder, SettingsPath, ProductionLog.PathIn(Root), Path.Combine(Root, LocalSettings.FileName), Resolve(Settings.ArchiveFolder), Resolve(Settings.CacheFolder)]);

    /// <summary>The error of an export that is not here: removed to erase what it held, or missing.</summary>
    /// <param name="version">The slice.</param>
    /// <param name="project">The export's project.</param>
    /// <param name="sha256">Its hash.</param>
    internal HarvestException NotHere(string version, string project, string sha256) =>
        Archive.RemovedAt(sha256) is { } removed
            ? DerivationErrors.ExportErased(version, project, sha256, Figures.Time(removed.Instant))
            : Archive.RemovedByRetention(sha256) is { } gone ? DerivationErrors.ExportRemoved(version, project, sha256, Figures.Time(gone.RemovedAt.Instant))
            : DerivationErrors.ExportNotAvailable(version, project, sha256, FetchRemote?.Files.Name, this is { Offline: true, Settings.Remotes.Count: > 0 });

    /// <summary>Keeps the store out of git; a fresh clone has none, so whoever first writes below it calls this.</summary>
    internal void EnsureIgnored()
    {
        string path = Path.Combine(StoreFolder, ".gitignore");
        if (!File.Exists(path))
        {
            _ = AtomicFile.TryCreateNew(path, "*\n"u8);
        }
    }
}
