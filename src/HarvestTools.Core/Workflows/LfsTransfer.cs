using System.Security.Cryptography;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Moves files of git-lfs into the archive and the remote, and out of them.</summary>
/// <param name="repository">The repository whose archive and remote they are.</param>
/// <param name="remote">Where files go besides the archive; null for nowhere, and for downloads.</param>
internal sealed class LfsTransfer(Repository repository, Remote? remote)
{
    // Objects that somebody read and found damaged, which the store's own checksums may not show.
    private readonly Lazy<IReadOnlySet<string>> _doubted = new(() => DamageMarks.Of(remote!.Files, CancellationToken.None));

    /// <summary>Opens a repository for transfers in one direction.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="upload">Whether files are to be sent.</param>
    /// <exception cref="HarvestException">LfsNeedsRepository; harvest.json or the remote is at fault; RemoteOffline.</exception>
    public static LfsTransfer Open(Func<Repository> open, bool upload)
    {
        Repository repository;
        try
        {
            repository = open();
        }
        catch (HarvestException none) when (none.Fault == HarvestFault.NotARepository)
        {
            throw LfsErrors.LfsNeedsRepository(none.Subject);
        }

        // What would reach this machine alone must not pass for sent: git would push the pointers, and nobody could follow them.
        return new LfsTransfer(repository, upload && repository.Settings.Remotes.Count > 0 ? repository.OpenRemote(null) : null);
    }

    /// <summary>Puts a file into the archive, and into the remote where there is one.</summary>
    /// <param name="oid">The SHA-256 that it should have.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">Receives the bytes sent so far.</param>
    /// <param name="cancellation">Ends the transfer, with nothing half-written under a name.</param>
    /// <exception cref="HarvestException">LfsObjectDamaged; archive or remote cannot be written.</exception>
    public void Upload(string oid, string path, IProgress<long> progress, CancellationToken cancellation)
    {
        using IDisposable use = ArchiveUse.Begin(repository, WorkContext.Default with { Cancellation = cancellation });
        LocalObjectStore archive = repository.Archive.Local;
        if (archive.HashNow(oid, cancellation: cancellation) != oid)
        {
            using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
            if (archive.TryAdd(oid, file, path, remote is null ? progress : null, cancellation) is null)
            {
                throw ExportErrors.LfsObjectDamaged(path, oid, FileHash.Compute(path, cancellation: cancellation));
            }
        }

        if (remote is not null)
        {
            long sent = 0;
            bool doubted = _doubted.Value.Contains(oid);

            // Its pointer is in a commit, which names it for good; and what is there is relied on only after nobody removes it.
            _ = remote.Files.TryCreate(RemoteLook.LfsFolder + oid, Remotes.Upload.OfBytes(oid, "git-lfs\n"u8.ToArray()), cancellation);
            RemoteUse.WaitForSweeps(remote.Files, TimeProvider.System, [oid], repository.Notice, wait: null, cancellation);
            using var archived = ArchivedUpload.Of(archive, oid, repository.SpillFolder, bytes => progress.Report(Interlocked.Add(ref sent, bytes)), cancellation);
            remote.Objects.Add(archived.Upload, doubted, cancellation);
            if (doubted)
            {
                DamageMarks.Remove(remote.Files, oid, cancellation);
            }
        }
    }

    /// <summary>Gives a file of the archive, which keeps what it had to bring from the remote.</summary>
    /// <param name="oid">Its SHA-256.</param>
    /// <param name="progress">Receives the bytes so far.</param>
    /// <param name="cancellation">Ends the transfer.</param>
    /// <returns>Full path of a copy that the caller takes.</returns>
    /// <exception cref="HarvestException">LfsObjectNotFound, RemoteOffline, RemoteObjectDamaged, ObjectDamaged; the copy cannot be written.</exception>
    public string Download(string oid, IProgress<long> progress, CancellationToken cancellation)
    {
        bool here = repository.Archive.Local.Holds(oid);
        if (!here && !repository.Archive.TryFetch(oid, progress, cancellation))
        {
            string? name = repository.Settings.Remotes.Count == 0 ? null : repository.RemoteNamed(null).Name;
            throw name is not null && repository.Offline ? RemoteErrors.RemoteOffline(name) : LfsErrors.LfsObjectNotFound(oid, name);
        }

        // On the disk of git-lfs's store, which can only be renamed into it, and where git-lfs clears up what was left behind.
        string folder = GitLfsFolder.TemporaryOf(repository.Root) ?? repository.SpillFolder;
        using ObjectContent content = repository.Archive.Verified.Open(oid, cancellation);
        using PendingFile pending = PendingFile.Create(folder, bufferBytes: 0);
        long copied = 0;
        StreamCopy.Run(content.Stream, pending.Stream, repository.Archive.Objects.Name, pending.TemporaryPath, cancellation, bytes =>
        {
            copied += bytes;
            if (here)
            {
                progress.Report(copied);
            }
        });
        string path = Path.Combine(folder, $"{oid}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        pending.CommitUnflushed(path);
        return path;
    }
}
