using System.Buffers;
using System.Security.Cryptography;

namespace HarvestTools.Files;

/// <summary>SHA-256 of whole files.</summary>
internal static class FileHash
{
    /// <returns>64 lower-case hex digits.</returns>
    /// <exception cref="HarvestException">The file cannot be read.</exception>
    public static string Compute(string path, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Rented: a check of ten thousand small files must not make ten thousand large objects.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1024 * 1024);
        long done = 0;
        try
        {
            int read;
            while ((read = file.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                done += read;
                progress?.Report(done);
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
