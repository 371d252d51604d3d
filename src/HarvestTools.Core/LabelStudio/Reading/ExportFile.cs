namespace HarvestTools.LabelStudio.Reading;

/// <summary>Opens exports for one pass from front to back.</summary>
internal static class ExportFile
{
    /// <exception cref="HarvestException">The file is missing or may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        try
        {
            // The pipeline reads large pieces itself: a buffer in between would only copy them once more.
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read,
                BufferSize = 0,
                Options = FileOptions.SequentialScan,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ExportErrors.ExportNotFound(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw ExportErrors.ExportUnreadable(path, 0, e);
        }
    }
}
