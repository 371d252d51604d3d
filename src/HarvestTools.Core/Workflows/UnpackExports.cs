using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Makes plain bytes of packed exports again, and removes their packs.</summary>
public sealed class UnpackExports : IDisposable
{
    private readonly Repository _repository;
    private readonly IDisposable? _use;
    private readonly FileLock _lock;

    private UnpackExports(Repository repository, IDisposable? use, FileLock exclusive, IReadOnlyList<PackTarget> targets)
    {
        (_repository, _use, _lock, Targets) = (repository, use, exclusive, targets);
    }

    /// <summary>The exports that are packed.</summary>
    public IReadOnlyList<PackTarget> Targets { get; }

    /// <summary>Finds what is packed, and keeps other processes from packing meanwhile.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="projects">The projects; empty for all.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">ProjectNotFound; a record cannot be read.</exception>
    public static UnpackExports Begin(Repository repository, IReadOnlyList<string> projects, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(projects);
        ArgumentNullException.ThrowIfNull(context);
        PackExports.RequireProjects(repository, projects);

        // Nothing goes to quarantine from when it is listed until it is unpacked, and nobody else packs.
        IDisposable? use = ArchiveUse.TryBegin(repository, context);
        FileLock? exclusive = null;
        try
        {
            exclusive = repository.Archive.LockPacks(context.Cancellation);
            PackTarget[] targets = [.. PackExports.TargetsOf(repository, projects).Where(target => repository.Archive.Local.Packs.Find(target.Sha256) is not null)];
            return new UnpackExports(repository, use, exclusive, targets);
        }
        catch
        {
            exclusive?.Dispose();
            use?.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks one export. What others are patches against serves them as plain bytes as well.</summary>
    /// <param name="target">One of <see cref="Targets"/>.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">PackDamaged, ObjectDamaged; the archive cannot be written. The pack is then as it was.</exception>
    public PackedExport Unpack(PackTarget target, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(context);
        LocalObjectStore local = _repository.Archive.Local;
        string path = local.TryUnpack(target.Sha256, context.Cancellation) ?? throw ArchiveErrors.ObjectNotFound(target.Sha256);

        // The plain bytes of an anchor do for its patches as well as its pack.
        string actual = FileHash.Compute(path, cancellation: context.Cancellation);
        if (actual != target.Sha256)
        {
            throw ArchiveErrors.ObjectDamaged(path, target.Sha256, actual);
        }

        _ = local.Packs.Remove(target.Sha256);
        long bytes = FileStat.TryGet(path)?.Bytes ?? 0;
        return new PackedExport(target.Project, target.Sha256, bytes, bytes, null, PackOutcome.Unpacked);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        _use?.Dispose();
    }
}
