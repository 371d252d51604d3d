using HarvestTools.Files;
using System.Security.Cryptography;

namespace HarvestTools.Archive;

/// <summary>Hashes what is read, and throws at the end where the hash is not the one that the bytes should have.</summary>
/// <param name="stream">The bytes; disposed with this.</param>
/// <param name="sha256">The hash that they should have.</param>
/// <param name="source">Where they come from, for the error.</param>
internal sealed class VerifyingStream(Stream stream, string sha256, string source) : ReadOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _verified;
    private long _position;

    /// <summary>How many bytes were read.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="HarvestException">ObjectDamaged, by the read that finds the end.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = stream.Read(buffer);
        if (read > 0)
        {
            _hash.AppendData(buffer[..read]);
            _position += read;
        }
        else if (buffer.Length > 0)
        {
            Verify();
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Verify()
    {
        // A reader may come to the end twice.
        if (_verified)
        {
            return;
        }

        string actual = Convert.ToHexStringLower(_hash.GetCurrentHash());
        if (actual != sha256)
        {
            throw ArchiveErrors.ObjectDamaged(source, sha256, actual);
        }

        _verified = true;
    }
}
