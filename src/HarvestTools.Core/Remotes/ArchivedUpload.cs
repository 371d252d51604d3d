using HarvestTools.Archive;
using HarvestTools.Files;

namespace HarvestTools.Remotes;

/// <summary>
/// The plain bytes of an archived object, to be put into a remote. They stay readable until it is disposed, whoever packs, unpacks or moves the
/// object meanwhile; of one that is packed they are unpacked into a temporary file.
/// </summary>
internal sealed class ArchivedUpload : IDisposable
{
    private readonly IDisposable _file;

    private ArchivedUpload(IDisposable file, Upload upload) => (_file, Upload) = (file, upload);

    /// <summary>What is to be sent.</summary>
    public Upload Upload { get; }

    /// <param name="store">The archive.</param>
    /// <param name="sha256">The object.</param>
    /// <param name="spill">Full path of the folder for a temporary file.</param>
    /// <param name="sent">Receives how many bytes were read.</param>
    /// <param name="cancellation">Ends the unpacking.</param>
    /// <exception cref="HarvestException">ObjectNotFound; the object cannot be read.</exception>
    public static ArchivedUpload Of(LocalObjectStore store, string sha256, string spill, Action<int>? sent, CancellationToken cancellation)
    {
        ObjectContent content = store.Open(sha256, cancellation);
        if (content.Stream is FileStream file)
        {
            return Of(file, () => Upload.OfOpen(file, sha256, sent));
        }

        using (content)
        {
            PendingFile plain = PendingFile.Create(spill, bufferBytes: 0);
            return Of(plain, () =>
            {
                StreamCopy.Run(content.Stream, plain.Stream, store.Name, plain.TemporaryPath, cancellation);
                return Upload.OfPending(plain, sha256, sent);
            });
        }
    }

    public void Dispose() => _file.Dispose();

    private static ArchivedUpload Of(IDisposable file, Func<Upload> upload)
    {
        try
        {
            return new ArchivedUpload(file, upload());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
