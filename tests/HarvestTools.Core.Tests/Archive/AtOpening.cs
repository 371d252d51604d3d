using HarvestTools.Files;

namespace HarvestTools.Tests.Archive;

/// <summary>A disk that does not give one file.</summary>
/// <param name="of">The file.</param>
internal sealed class AtOpening(string of) : IFileFaults
{
    public void Before(FileCall call, string path)
    {
        if (call == FileCall.OpenRead && path == of)
        {
            throw new IOException("the disk failed");
        }
    }
}
