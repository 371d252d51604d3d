using System.Security.Cryptography;
using HarvestTools.Files;

namespace HarvestTools.Remotes;

/// <summary>What is to be put into a remote. It can be opened again, since an upload that fails is begun again.</summary>
internal sealed class Upload
{
    private readonly Func<Stream> _open;
    private readonly string _name;

    private Upload(string name, long bytes, string sha256, Func<Stream> open)
    {
        _name = name;
        Bytes = bytes;
        Sha256 = sha256;
        _open = open;
    }

    /// <summary>How many bytes it has.</summary>
    public long Bytes { get; }

    /// <summary>Their hash, in normal form.</summary>
    public string Sha256 { get; }

    /// <summary>Receives how many bytes were read, over all attempts; null for nobody.</summary>
    public Action<int>? Sent { get; init; }

    /// <param name="path">Full path.</param>
    /// <param name="sha256">The hash that its bytes should have.</param>
    /// <param name="sent">Receives how many bytes were read.</param>
    public static Upload OfFile(string path, string sha256, Action<int>? sent = null)
    {
        try
        {
            // Opened for its length: what a link's own entry says is the length of the link.
            using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
            return new Upload(path, file.Length, sha256, () => AtomicFile.OpenRead(path, bufferBytes: 0)) { Sent = sent };
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }

    /// <summary>A temporary file that was written and is not closed yet.</summary>
    /// <param name="file">The file. It stays the caller's, and open while this is used.</param>
    /// <param name="sha256">The hash of its bytes.</param>
    /// <param name="sent">Receives how many bytes were read.</param>
    public static Upload OfPending(PendingFile file, string sha256, Action<int>? sent = null)
    {
        try
        {
            file.Stream.Flush();
            return new Upload(file.TemporaryPath, file.Stream.Length, sha256, () => new HandleStream(file.Handle)) { Sent = sent };
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, file.TemporaryPath, "write");
        }
    }

    /// <summary>A file that is open, and can be moved or removed meanwhile.</summary>
    /// <param name="file">The file. It stays the caller's, and open while this is used.</param>
    /// <param name="sha256">The hash that its bytes should have.</param>
    /// <param name="sent">Receives how many bytes were read.</param>
    public static Upload OfOpen(FileStream file, string sha256, Action<int>? sent = null)
    {
        try
        {
            return new Upload(file.Name, file.Length, sha256, () => new HandleStream(file.SafeFileHandle, file.Name)) { Sent = sent };
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, file.Name, "read");
        }
    }

    /// <param name="name">What messages call them.</param>
    /// <param name="bytes">All bytes.</param>
    public static Upload OfBytes(string name, byte[] bytes) =>
        new(name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), () => new MemoryStream(bytes, writable: false));

    /// <summary>
    /// The bytes, for one pass from a place on that an upload begins at. A whole pass throws UploadDamaged before its last bytes are
    /// handed out where they have another hash: whoever needs all bytes never gets a damaged file's.
    /// </summary>
    public Stream Open() => new UploadStream(_open(), this, _name, Sent);

    /// <summary>The same for a pass that sends nothing, or for who reports what is sent.</summary>
    /// <param name="signedFirst">Whether the first pass is for a signature alone, and another one sends: that one is hashed here.</param>
    public Stream OpenSilently(bool signedFirst = false) => new UploadStream(_open(), this, _name, sent: null, signedFirst);

    /// <summary>Some of the bytes, as they are, for who compares a hash of that part and reports what is sent.</summary>
    /// <param name="offset">Where they begin.</param>
    /// <param name="length">How many they are.</param>
    public Stream OpenPart(long offset, long length) => new PartStream(_open(), offset, length);
}
