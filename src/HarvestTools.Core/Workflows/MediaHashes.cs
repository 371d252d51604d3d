using HarvestTools.Files;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A medium's file as it is now.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct HashedMedium(string Sha256, long Bytes);

/// <summary>
/// Hashes media, several at once. A file whose size, times and number on the disk are those under which it was hashed before is not
/// read again. Thread-safe; disposing it keeps the hashes for the next run.
/// </summary>
internal sealed class MediaHashes : IDisposable
{
    private readonly Repository _repository;
    private readonly WorkContext _context;
    private readonly StatCache _cache;
    private readonly TransferProgress _progress;

    /// <param name="repository">The repository.</param>
    /// <param name="activity">What progress calls it.</param>
    /// <param name="paths">The files that will be asked for, for progress; full paths.</param>
    /// <param name="trusted">False reads every file.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public MediaHashes(Repository repository, string activity, IReadOnlyCollection<string> paths, bool trusted, WorkContext context)
    {
        _repository = repository;
        _context = context;
        _cache = repository.OpenMediaStatCache(trusted);
        _progress = new TransferProgress(activity, paths.Count, context.Progress is null ? 0 : paths.Sum(static path => FileStat.TryGet(path)?.Bytes ?? 0), context.Progress);
    }

    /// <summary>Does pieces of work on the context's threads; each may ask for hashes.</summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="piece">Does one.</param>
    public void Run(int count, Action<int> piece)
    {
        using var pool = new WorkerPool(_context.Threads);
        pool.Run(count, piece, _context.Cancellation);
    }

    /// <summary>The file's hash and size; null where it is gone.</summary>
    /// <param name="path">Full path.</param>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public HashedMedium? TryGet(string path)
    {
        _context.Cancellation.ThrowIfCancellationRequested();
        if (FileStat.TryGet(path) is not { } stat)
        {
            return null;
        }

        try
        {
            string sha256 = _cache.Get(path, DateTimeOffset.UtcNow, () => FileHash.Compute(path, new ByteAdvance(_progress.Moved), _context.Cancellation));
            _progress.Finished();
            return new HashedMedium(sha256, stat.Bytes);
        }
        catch (HarvestException gone) when (FileErrors.IsGone(gone))
        {
            return null;
        }
    }

    /// <summary>Takes note of a file that was just written with that hash, and made read-only.</summary>
    public void Written(string path, string sha256) => _cache.Written(path, sha256);

    /// <summary>Keeps the hashes; a cache that cannot be written costs time and nothing else.</summary>
    public void Dispose()
    {
        try
        {
            _repository.EnsureIgnored();
            _cache.TrySave();
        }
        catch (HarvestException)
        {
            // The next run hashes again.
        }
    }
}

/// <summary>Turns how far something is into how much of it was done since.</summary>
/// <param name="moved">Receives it.</param>
internal sealed class ByteAdvance(Action<int> moved) : IProgress<long>
{
    private long _before;

    public void Report(long value)
    {
        moved((int)(value - _before));
        _before = value;
    }
}
