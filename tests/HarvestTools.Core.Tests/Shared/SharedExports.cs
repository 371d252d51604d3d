namespace HarvestTools.Tests.Shared;

/// <summary>
/// Real exports and independent expected results beside the checkout (<c>shared/exports</c> in a folder
/// above it, or where HARVEST_SHARED_EXPORTS points). Tests that need them are <c>[Fact]</c>s and call
/// <see cref="Require"/>, so that their absence shows as a skip.
/// </summary>
internal static class SharedExports
{
    public static string? Folder { get; } = Find();

    /// <summary>Path of a file below the folder; skips the test where the folder is absent.</summary>
    public static string Require(string relative)
    {
        Assert.SkipWhen(Folder is null, "there is no folder shared/exports beside the checkout, with exports to compare with; HARVEST_SHARED_EXPORTS can name another place");
        return Path.Combine(Folder!, relative.Replace('/', Path.DirectorySeparatorChar));
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("HARVEST_SHARED_EXPORTS");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "exports");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
