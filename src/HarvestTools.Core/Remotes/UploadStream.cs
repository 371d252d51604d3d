using System.Security.Cryptography;
using HarvestTools.Files;

namespace HarvestTools.Remotes;

/// <summary>
/// Hashes what is read and withholds the last bytes unless the hash is right, so that no server gets all of a file that was damaged
/// here. It can go back to its beginning, for another attempt.
/// </summary>
/// <param name="inner">The file. Disposed with this.</param>
/// <param name="upload">What it should have.</param>
/// <param name="name">What messages call it.</param>
/// <param name="sent">Receives how many bytes were read.</param>
/// <param name="signedFirst">Whether nothing is sent of the first pass, so that its bytes need not be hashed.</param>
internal sealed class UploadStream(Stream inner, Upload upload, string name, Action<int>? sent, bool signedFirst = false) : ReadOnlyStream
{
    private static readonly string s_empty = Convert.ToHexStringLower(SHA256.HashData([]));

    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _hashes = !signedFirst;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => upload.Bytes;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, upload.Bytes - _position);
        if (wanted <= 0)
        {
            // Nothing was read of an empty file, whose hash may be wrong all the same.
            return upload.Bytes > 0 || upload.Sha256 == s_empty ? 0 : throw RemoteErrors.UploadDamaged(name, upload.Sha256, s_empty);
        }

        int read;
        try
        {
            read = inner.Read(buffer[..wanted]);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, name, "read");
        }

        if (read == 0)
        {
            throw RemoteErrors.UploadDamaged(name, upload.Sha256, Convert.ToHexStringLower(_hash.GetCurrentHash()));
        }

        _position += read;
        if (_hashes)
        {
            _hash.AppendData(buffer[..read]);
        }

        if (_hashes && _position == upload.Bytes && Convert.ToHexStringLower(_hash.GetCurrentHash()) is var actual && actual != upload.Sha256)
        {
            _position -= read;
            throw RemoteErrors.UploadDamaged(name, upload.Sha256, actual);
        }

        sent?.Invoke(read);
        return read;
    }

    /// <summary>To the beginning, for another attempt; to where it is. Nothing else can be hashed.</summary>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => upload.Bytes + offset,
        };
        if (target == _position)
        {
            return target;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(target, 0);
        for (long back = _position; back > 0; back -= Math.Min(back, int.MaxValue))
        {
            sent?.Invoke(-(int)Math.Min(back, int.MaxValue));
        }

        inner.Position = 0;
        _hashes = true;
        _hash.Dispose();
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return _position = 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
