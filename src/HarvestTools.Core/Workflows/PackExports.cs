using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Packs exports: the newest of a project whole, those before it as patches against it, until a patch takes more than an export of its
/// group does on average; then that one is kept whole, and is what the ones before it are patches against. Each is read back and compared
/// before its plain bytes go.
/// </summary>
public sealed class PackExports : IDisposable
{
    private readonly Repository _repository;
    private WorkContext _context;
    private readonly IDisposable? _use;
    private readonly FileLock _lock;
    private readonly Dictionary<string, Group?> _groups = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlySet<string>> _anchors;

    private PackExports(Repository repository, IDisposable? use, FileLock exclusive, IReadOnlyList<PackTarget> targets, WorkContext context)
    {
        (_repository, _use, _lock, Targets, _context) = (repository, use, exclusive, targets, context);
        _anchors = new(() => Local.AnchorsOf(Targets.Select(static target => target.Sha256), context.Cancellation));
    }

    /// <summary>The exports, by project, the newest of each first.</summary>
    public IReadOnlyList<PackTarget> Targets { get; }

    private LocalObjectStore Local => _repository.Archive.Local;

    private PackFolder Packs => Local.Packs;

    /// <summary>Finds what is to be packed, and keeps other processes from packing meanwhile.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="projects">The projects; empty for all.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">ProjectNotFound; a record cannot be read.</exception>
    public static PackExports Begin(Repository repository, IReadOnlyList<string> projects, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(projects);
        ArgumentNullException.ThrowIfNull(context);
        RequireProjects(repository, projects);

        // Nothing goes to quarantine from when it is listed until it is packed, and nobody else packs.
        IDisposable? use = ArchiveUse.TryBegin(repository, context);
        FileLock? exclusive = null;
        try
        {
            exclusive = repository.Archive.LockPacks(context.Cancellation);
            return new PackExports(repository, use, exclusive, TargetsOf(repository, projects), context);
        }
        catch
        {
            exclusive?.Dispose();
            use?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Where harvest.json asks for it, packs the exports of projects but for the newest of each, once those that are plain take more of the
    /// disk than the newest does.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="projects">The projects that something was added to.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <returns>What was packed.</returns>
    /// <exception cref="HarvestException">The archive cannot be read or written; what was added is archived all the same.</exception>
    public static IReadOnlyList<PackedExport> Automatically(Repository repository, IEnumerable<string> projects, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(projects);
        var packed = new List<PackedExport>();
        foreach (string project in repository.Settings.PacksAutomatically ? projects.Distinct(StringComparer.Ordinal) : [])
        {
            LocalObjectStore local = repository.Archive.Local;
            IReadOnlyList<PackTarget> all = TargetsOf(repository, [project]);
            PackTarget[] older = [.. all.Skip(1).Where(target => local.LocalPath(target.Sha256) is not null)];
            if (all.Count > 0 && older.Sum(target => PlainBytes(local, target)) > PlainBytes(local, all[0]))
            {
                using PackExports packing = Begin(repository, [project], context);
                packed.AddRange(older.Select(target => packing.Pack(target, context)).Where(static one => one.Outcome == PackOutcome.Packed));
            }
        }

        return packed;
    }

    private static long PlainBytes(LocalObjectStore local, PackTarget target) =>
        local.LocalPath(target.Sha256) is { } path ? FileStat.TryGet(path)?.Bytes ?? 0 : 0;

    /// <summary>Packs one export.</summary>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">ObjectDamaged; archive cannot be read or written. The export is then as it was.</exception>
    public PackedExport Pack(PackTarget target, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _context.Cancellation.ThrowIfCancellationRequested();
        if (Local.LocalPath(target.Sha256) is not { } path)
        {
            return Packs.Find(target.Sha256) is null ? throw ArchiveErrors.ObjectNotFound(target.Sha256) : Stored(target, PackOutcome.AlreadyPacked);
        }

        // Where an undoing was stopped, others may be patches against the plain bytes: these are packed whole, whatever else there is. They may
        // become so meanwhile, by a transfer.
        return (_anchors.Value.Contains(target.Sha256) ? null : TryPack(target, path, isAnchor: false)) ?? TryPack(target, path, isAnchor: true) ?? KeptPlain(target, FileStat.TryGet(path)?.Bytes ?? 0);
    }

    /// <summary>Null where others are patches against its plain bytes, so that it is to be packed whole.</summary>
    private PackedExport? TryPack(PackTarget target, string path, bool isAnchor)
    {
        if (IsPackedWhole(target.Sha256) && !(isAnchor && PackFolder.TryLayout(new StoredPack(target.Sha256, 0, Packs.PathOf(target.Sha256)))?.Anchor is not null))
        {
            // A process was stopped between the two, or the plain bytes were wanted for a while.
            return Local.TryRemovePlain(target.Sha256) ? Stored(target, PackOutcome.Packed) : null;
        }

        using FileStream raw = AtomicFile.OpenRead(path, bufferBytes: 0);
        PackUnits? units = PackUnits.TryCut(raw, path, _context.Cancellation);
        Group? group = isAnchor ? null : GroupOf(target.Project);
        using PendingFile pending = Write(target, raw, units, group, out IPackAnchor? anchor);
        long bytes = raw.Length;
        long stored = pending.Stream.Length;
        using (anchor)
        {
            Verify(target, path, pending, anchor);
        }

        if (stored >= bytes)
        {
            // Its patches are read by the plain bytes as well.
            return KeptPlain(target, bytes);
        }

        KeepTime(raw, pending);
        if (!Local.TryName(target.Sha256, pending, anchor?.Sha256, _context.Cancellation))
        {
            return null;
        }

        _groups[target.Project] = anchor is not null ? group!.With(stored) : units is not null ? new Group(target.Sha256, stored, 1) : group;
        raw.Dispose();
        return Local.TryRemovePlain(target.Sha256) ? new PackedExport(target.Project, target.Sha256, bytes, stored, anchor?.Sha256, PackOutcome.Packed) : null;
    }

    private static PackedExport KeptPlain(PackTarget target, long bytes) => new(target.Project, target.Sha256, bytes, bytes, null, PackOutcome.KeptPlain);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        _use?.Dispose();
    }

    internal static IReadOnlyList<PackTarget> TargetsOf(Repository repository, IReadOnlyList<string> projects)
    {
        ExportArchive archive = repository.Archive;
        RequireProjects(repository, projects);
        HashSet<string> asked = [.. projects.Select(archive.CurrentName)];
        return
        [
            .. archive.List()
                .Where(record => (asked.Count == 0 || asked.Contains(record.Project)) && archive.Local.Has(record.Sha256))
                .GroupBy(static record => record.Project, StringComparer.Ordinal)
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .SelectMany(static group => group.OrderDescending(ExportOrder.Instance))
                .DistinctBy(static record => record.Sha256)
                .Select(static record => new PackTarget(record.Project, record.Sha256)),
        ];
    }

    /// <summary>Asked before anything is locked: what is misspelt leaves no trace.</summary>
    internal static void RequireProjects(Repository repository, IReadOnlyList<string> projects)
    {
        foreach (string project in projects)
        {
            repository.Archive.RequireProject(project);
        }
    }

    private PendingFile Write(PackTarget target, FileStream raw, PackUnits? units, Group? group, out IPackAnchor? anchor)
    {
        anchor = units is null || group is null || group.Anchor == target.Sha256 ? null : Packs.OpenAnchor(group.Anchor, Local.LocalPath, _context.Cancellation);
        FileKinds.RequireStoredFolder(Packs.Folder, "write");
        PendingFile pending = PendingFile.Create(Packs.Folder, bufferBytes: 0);
        try
        {
            IProgress<long>? progress = _context.Bytes("Packing", target.Selector, raw.Length);
            long stored = Fill(pending, target, raw, units, anchor, progress);
            if (anchor is null || stored <= group!.Average)
            {
                return pending;
            }

            anchor.Dispose();
            anchor = null;
            pending.Dispose();
            pending = PendingFile.Create(Packs.Folder, bufferBytes: 0);
            _ = Fill(pending, target, raw, units, anchor: null, progress);
            return pending;
        }
        catch
        {
            pending.Dispose();
            anchor?.Dispose();
            throw;
        }
    }

    private long Fill(PendingFile pending, PackTarget target, FileStream raw, PackUnits? units, IPackAnchor? anchor, IProgress<long>? progress)
    {
        long stored = 0;
        AtomicFile.Fill(pending, stream =>
        {
            stored = PackWriter.Write(raw, target.Sha256, units, anchor, stream, progress, _context.Cancellation);
            stream.Flush();
        });
        return stored;
    }

    /// <summary>Reads the pack as any command does, from what the system has of it, and hashes what comes out.</summary>
    private void Verify(PackTarget target, string path, PendingFile pending, IPackAnchor? anchor)
    {
        var reader = PackReader.Open(pending.Handle, owner: null, pending.TemporaryPath, target.Sha256);
        using var stream = new PackStream(reader, anchor, Packs.Folder);
        string actual = StreamHash.Compute(stream, pending.TemporaryPath, null, _context.Cancellation);
        if (actual == target.Sha256)
        {
            return;
        }

        string plain = FileHash.Compute(path, cancellation: _context.Cancellation);
        throw plain != target.Sha256 ? ArchiveErrors.ObjectDamaged(path, target.Sha256, plain) : ArchiveErrors.ObjectHashDiffers(target.Sha256, actual);
    }

    private bool IsPackedWhole(string sha256)
    {
        try
        {
            return Local.PackedHashNow(sha256, cancellation: _context.Cancellation) == sha256;
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.Damaged or HarvestFault.InvalidData)
        {
            // It is packed again.
            return false;
        }
    }

    /// <summary>An export that was archived again is as new as its file: a pack that were newer would keep it longer.</summary>
    private static void KeepTime(FileStream raw, PendingFile pending)
    {
        try
        {
            File.SetLastWriteTimeUtc(pending.Handle, File.GetLastWriteTimeUtc(raw.SafeFileHandle));
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            // Kept longer it does no harm.
        }
    }

    private PackedExport Stored(PackTarget target, PackOutcome outcome)
    {
        string path = Packs.PathOf(target.Sha256);
        PackLayout layout = PackReader.LayoutOf(path, target.Sha256);
        return new PackedExport(target.Project, target.Sha256, layout.Bytes, FileStat.TryGet(path)?.Bytes ?? 0, layout.Anchor, outcome);
    }

    /// <summary>The exports that are packed against one anchor: at first, those of the project's newest anchor.</summary>
    private Group? GroupOf(string project)
    {
        if (_groups.TryGetValue(project, out Group? group))
        {
            return group;
        }

        var packs = Targets.Where(target => target.Project == project)
            .Select(target => Packs.Find(target.Sha256) is { } path ? new StoredPack(target.Sha256, FileStat.TryGet(path)?.Bytes ?? 0, path) : default)
            .Where(static pack => pack.Path is not null)
            .Select(static pack => (pack.Sha256, pack.Bytes, Layout: PackFolder.TryLayout(pack)))
            .ToList();
        group = null;
        if (packs.Find(static pack => pack.Layout is { Anchor: null, ByTask: true }) is { Sha256: { } anchor })
        {
            var of = packs.FindAll(pack => pack.Sha256 == anchor || pack.Layout?.Anchor == anchor);
            group = new Group(anchor, of.Sum(static pack => pack.Bytes), of.Count);
        }

        return _groups[project] = group;
    }

    /// <param name="Anchor">What the others are patches against.</param>
    /// <param name="Bytes">What all of them take.</param>
    /// <param name="Count">How many they are.</param>
    private sealed record Group(string Anchor, long Bytes, int Count)
    {
        public long Average => Bytes / Count;

        public Group With(long bytes) => this with { Bytes = Bytes + bytes, Count = Count + 1 };
    }
}
