using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3.Model;

namespace HarvestTools.Remotes.S3;

/// <summary>Hashes as S3 writes them, and what it says of an object.</summary>
internal static class S3Checksum
{
    /// <summary>Metadata of an object of parts: the hash of all its bytes.</summary>
    public const string WholeKey = "harvest-sha256";

    /// <summary>Metadata of an object of parts: what the store has to say of the parts if they are those bytes.</summary>
    public const string PartsKey = "harvest-parts";

    public static string ToBase64(string sha256) => Convert.ToBase64String(Convert.FromHexString(sha256));

    /// <summary>
    /// The hash that the store itself took of the bytes; null where it took none. Of an object of parts it knows the hash of their
    /// hashes: where that is the one that belongs to the recorded hash of the whole, so does the whole.
    /// </summary>
    public static string? Of(GetObjectMetadataResponse there)
    {
        if (there.ChecksumSHA256 is not { Length: > 0 } checksum)
        {
            return null;
        }

        if (checksum.Contains('-', StringComparison.Ordinal))
        {
            return there.Metadata[PartsKey] == checksum && there.Metadata[WholeKey] is { Length: 64 } whole ? whole : null;
        }

        var hash = new byte[32];
        return Convert.TryFromBase64String(checksum, hash, out int written) && written == hash.Length ? Convert.ToHexStringLower(hash) : null;
    }

    /// <summary>The hash of the parts' hashes, as S3 writes it.</summary>
    public static string OfParts(IReadOnlyList<byte[]> hashes) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Convert.ToBase64String(SHA256.HashData([.. hashes.SelectMany(static hash => hash)]))}-{hashes.Count}");

    /// <summary>Reads an upload once and hashes the parts; their bytes have the hash of the whole afterwards.</summary>
    /// <exception cref="HarvestException">UploadDamaged.</exception>
    public static List<byte[]> HashParts(Upload upload, long partBytes, CancellationToken cancellation)
    {
        var hashes = new List<byte[]>();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            using Stream bytes = upload.OpenSilently();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long left = upload.Bytes; left > 0;)
            {
                long part = Math.Min(partBytes, left);
                left -= part;
                while (part > 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                    int read = bytes.Read(buffer, 0, (int)Math.Min(part, buffer.Length));
                    hash.AppendData(buffer, 0, read);
                    part -= read;
                }

                hashes.Add(hash.GetHashAndReset());
            }

            return hashes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
