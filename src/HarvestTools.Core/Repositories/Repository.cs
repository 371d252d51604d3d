using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>A folder with harvest.json, and what belongs to it. Making one of these reads nothing but the file's presence.</summary>
public sealed class Repository
{
    private const string StoreName = ".harvest";

    private readonly Lazy<HarvestSettings> _settings;
    private readonly Lazy<ExportArchive> _archive;
    private readonly Lazy<SliceStore> _slices;
    private readonly Lazy<SliceExports> _sliceExports;
    private readonly Lazy<string> _cacheFolder;

    private Repository(string root)
    {
        Root = root;
        _settings = new(() => HarvestSettings.Load(SettingsPath));
        _archive = new(() => new ExportArchive(
            ResolveOwn(Settings.ArchiveFolder), LocksFolder, EnsureIgnored, Settings.ProjectNames, Path.Combine(CacheFolder, "record-cache")));
        _slices = new(() => new SliceStore(ResolveOwn(Settings.SlicesFolder), LocksFolder));
        _sliceExports = new(() => new SliceExports(Slices));
        _cacheFolder = new(() => ResolveOwn(Settings.CacheFolder));
    }

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

    /// <summary>Looks for harvest.json in the folder and in every folder above it, as git looks for its own.</summary>
    /// <exception cref="HarvestException">NotARepository, FileNotFound.</exception>
    public static Repository Find(string startFolder)
    {
        string start = Path.GetFullPath(startFolder);
        if (!Directory.Exists(start))
        {
            throw FileErrors.FileNotFound(start, "look for a repository in");
        }

        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, HarvestSettings.FileName)))
            {
                return new Repository(folder);
            }
        }

        throw RepositoryErrors.NotARepository(start);
    }

    /// <summary>Says whether a folder can be made a repository, and changes nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="HarvestException">RepositoryExists.</exception>
    public static string RequireNone(string folder)
    {
        string root = Path.GetFullPath(folder);
        return File.Exists(Path.Combine(root, HarvestSettings.FileName)) ? throw RepositoryErrors.RepositoryExists(root) : root;
    }

    /// <summary>Makes a repository of the folder, which is made if it is missing; a file that is there is never changed.</summary>
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

        // Last, so that a folder counts as a repository only once it is one.
        return AtomicFile.TryCreateNew(repository.SettingsPath, settings.ToUtf8Bytes())
            ? repository
            : throw RepositoryErrors.RepositoryExists(repository.Root);
    }

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

    /// <summary>The hashes of files that did not change since they were hashed; see <see cref="StatCache"/>.</summary>
    /// <param name="trusted">False takes every hash anew.</param>
    internal StatCache OpenStatCache(bool trusted) => StatCache.Open(Path.Combine(CacheFolder, "stat-cache.txt"), trusted);

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
