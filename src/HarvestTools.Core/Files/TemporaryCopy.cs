namespace HarvestTools.Files;

/// <summary>Files of this process alone, for who goes back and forth in what comes from front to back; each is gone once it is closed.</summary>
internal static class TemporaryCopy
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>A file with what a stream has, at its beginning.</summary>
    /// <param name="from">Read to its end.</param>
    /// <param name="cancellation">Stops the copying.</param>
    /// <exception cref="HarvestException">The stream cannot be read, or the folder for temporary files not be written.</exception>
    public static FileStream Of(Stream from, CancellationToken cancellation)
    {
        FileStream? copy = null;
        try
        {
            copy = Create();
            byte[] buffer = new byte[BufferBytes];
            int read;
            while ((read = from.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                copy.Write(buffer, 0, read);
            }

            copy.Position = 0;
            return copy;
        }
        catch (Exception e)
        {
            copy?.Dispose();
            if (FileErrors.IsFileFault(e))
            {
                throw FileErrors.From(e, copy?.Name ?? Path.GetTempPath(), "write");
            }

            throw;
        }
    }

    /// <summary>An empty one in the system's folder for them.</summary>
    public static FileStream Create() => FileFaults.Open(
        Path.Combine(Path.GetTempPath(), $"harvest-{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferBytes: 0, FileOptions.DeleteOnClose);
}
