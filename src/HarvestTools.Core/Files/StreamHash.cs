using System.Buffers;
using System.Security.Cryptography;

namespace HarvestTools.Files;

/// <summary>SHA-256 of what a stream gives.</summary>
internal static class StreamHash
{
    /// <param name="stream">Read from where it is to its end; not disposed.</param>
    /// <param name="name">What messages call it; the path of a file.</param>
    /// <param name="progress">Receives the bytes read so far, about every megabyte.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>64 lower-case hex digits.</returns>
    /// <exception cref="HarvestException">The stream cannot be read.</exception>
    public static string Compute(Stream stream, string name, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Rented: a check of ten thousand small files must not make ten thousand large objects.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1024 * 1024);
        long done = 0;
        try
        {
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                done += read;
                progress?.Report(done);
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, name, "read");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
