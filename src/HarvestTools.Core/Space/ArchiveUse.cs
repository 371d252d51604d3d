using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Space;

/// <summary>
/// A command that archives something, or relies on what is archived before a slice.json names it. No object goes while one of these is
/// open, and the archive knows which repositories use it.
/// </summary>
internal static class ArchiveUse
{
    /// <summary>The same for a command that only reads: where the archive cannot be written nothing goes from it either.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="context">Cancellation.</param>
    /// <returns>Null where the archive is not there, or cannot be written.</returns>
    /// <exception cref="HarvestException">LockTimedOut.</exception>
    public static IDisposable? TryBegin(Repository repository, WorkContext context)
    {
        try
        {
            return Directory.Exists(repository.Archive.Folder) ? repository.Archive.Use(context.Cancellation) : null;
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.FileSystem && fault.ErrorId != nameof(FileErrors.LockTimedOut))
        {
            return null;
        }
    }

    /// <summary>Begins the use, which ends when the result is disposed.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="context">Clock, cancellation.</param>
    /// <exception cref="HarvestException">LockTimedOut; the archive cannot be written.</exception>
    public static IDisposable Begin(Repository repository, WorkContext context)
    {
        FileLock use = repository.Archive.Use(context.Cancellation);
        try
        {
            new RepositoryRegistry(repository.Archive).Enter(repository, context.Clock.GetUtcNow());
            return use;
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }
}
