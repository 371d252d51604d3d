using HarvestTools.Files;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Opens exports.</summary>
internal static class ExportFile
{
    /// <summary>For one pass from front to back.</summary>
    /// <exception cref="HarvestException">The file is missing or may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        FileKinds.RequireReadable(path, "read");
        try
        {
            // The pipeline reads large pieces itself: a buffer in between would only copy them once more.
            return FileFaults.Open(path, new FileStreamOptions
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

    /// <summary>
    /// For reading single tasks again after a pass, which needs a file that seeks: the JSON of a gzip or zip is unpacked into
    /// a temporary file for as long as it is open.
    /// </summary>
    /// <param name="path">The export.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="objects">Opens the file that a Git LFS pointer names, besides git-lfs's own store.</param>
    /// <param name="cancellation">Stops the unpacking.</param>
    /// <exception cref="HarvestException">The file is missing, may not be read, or cannot be unpacked.</exception>
    public static FileStream OpenUnpacked(string path, out string name, Func<string, FileStream?>? objects, CancellationToken cancellation)
    {
        var content = ExportContent.Of(OpenRead(path), path, objects);
        name = content.Name;
        if (content.Entry is null)
        {
            return content.File;
        }

        using (content)
        {
            return TemporaryCopy.Of(content.Stream, cancellation);
        }
    }
}
