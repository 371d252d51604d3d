using System.Security.Cryptography;
using HarvestTools.Files;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Reads an export once from front to back. Every byte goes through SHA-256 and, where wanted, into a copy.
/// </summary>
/// <param name="input">The bytes; not disposed.</param>
/// <param name="fileName">What messages call them.</param>
/// <param name="copyTo">Receives what is read; null for nothing.</param>
/// <param name="cancellation">Ends the reading.</param>
/// <param name="hash">False where nobody asks for the hash.</param>
internal sealed class ExportInput(Stream input, string fileName, Stream? copyTo, CancellationToken cancellation, bool hash = true)
    : IDisposable
{
    // A copy that hashes what is written to it has the same hash: a gigabyte need not be hashed twice.
    private readonly HashingStream? _hashingCopy = copyTo as HashingStream;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private volatile bool _stopped;

    public string FileName => fileName;

    public long Bytes { get; private set; }

    /// <summary>Reads up to the buffer's length; 0 only at the end of the file.</summary>
    public int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_stopped)
        {
            return 0;
        }

        int read;
        try
        {
            read = input.Read(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
        {
            throw ExportErrors.ExportUnreadable(fileName, Bytes, e);
        }

        ReadOnlySpan<byte> bytes = buffer[..read];
        if (hash && _hashingCopy is null)
        {
            _hash.AppendData(bytes);
        }

        if (copyTo is not null)
        {
            try
            {
                copyTo.Write(bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
            {
                throw ExportErrors.ExportCopyFailed(fileName, Bytes, e);
            }
        }

        Bytes += read;
        return read;
    }

    /// <summary>Makes this the end of what is read, from any thread: the pass has failed.</summary>
    public void Stop() => _stopped = true;

    /// <summary>SHA-256 of everything read, lower-case hex; ends the hash.</summary>
    public string FinishHash() => _hashingCopy?.Sha256() ?? Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
