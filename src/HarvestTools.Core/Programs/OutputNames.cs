using HarvestTools.Files;

namespace HarvestTools.Programs;

/// <summary>Names of what a program wrote, which slice.json has to hold so that every system reads them.</summary>
internal static class OutputNames
{
    /// <summary>Refuses what could be recorded and not be read again, before anything is recorded.</summary>
    /// <param name="paths">Relative to the folder that the program wrote to, with <c>/</c>.</param>
    /// <exception cref="HarvestException">OutputNameInvalid.</exception>
    public static void Require(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            if (Fault(path) is { } why)
            {
                throw ProgramRunErrors.OutputNameInvalid(path, why);
            }
        }
    }

    /// <summary>What is wrong with a name; null where nothing is.</summary>
    public static string? Fault(string path)
    {
        // On Windows a colon names a drive or a stream, wherever it was recorded.
        if (path.Contains(':', StringComparison.Ordinal))
        {
            return "it has ':', which names a drive or a stream on other systems";
        }

        return RepositoryPath.WhyNotRecordable(path);
    }
}
