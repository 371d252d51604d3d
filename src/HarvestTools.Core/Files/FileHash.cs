namespace HarvestTools.Files;

/// <summary>SHA-256 of whole files.</summary>
internal static class FileHash
{
    /// <returns>64 lower-case hex digits.</returns>
    /// <exception cref="HarvestException">The file cannot be read.</exception>
    public static string Compute(string path, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        return StreamHash.Compute(file, path, progress, cancellation);
    }
}
