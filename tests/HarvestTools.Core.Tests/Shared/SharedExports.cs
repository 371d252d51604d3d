namespace HarvestTools.Tests.Shared;

/// <summary>
/// Real exports and independent expected results that lie beside the checkout (<c>shared/exports</c> in a folder
/// above it, or where HARVEST_SHARED_EXPORTS points). Tests that need them are <c>[Fact]</c>s and call
/// <see cref="Require"/>, so that their absence shows as a skip.
/// </summary>
internal static class SharedExports
{
    public static string? Folder { get; } = Find();

    /// <summary>Path of a file below the folder; skips the test where the folder is absent.</summary>
    public static string Require(string relative)
    {
        Assert.SkipWhen(Folder is null, "shared/exports is not present beside the checkout");
        return Path.Combine(Folder!, relative.Replace('/', Path.DirectorySeparatorChar));
    }

    private static string? Find()
    {
        string? told = Environment.GetEnvironmentVariable("HARVEST_SHARED_EXPORTS");
        if (!string.IsNullOrEmpty(told))
        {
            return Directory.Exists(told) ? told : null;
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
