namespace HarvestTools.Tests.Architecture;

/// <summary>The sources and pages that the tests were built from.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds README.md, src, docs and tests.</summary>
    public static string Root { get; } = Find();

    /// <summary>Files below a folder of the checkout, without what a build makes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder.Replace('/', Path.DirectorySeparatorChar)), "*", SearchOption.AllDirectories)
        where endings.Contains(Path.GetExtension(file), StringComparer.Ordinal)
        where !RelativeTo(folder, file).Split('/').Any(static part => part is "obj" or "bin")
        select file;

    /// <summary>A path below a folder of the checkout, with <c>/</c>.</summary>
    public static string RelativeTo(string folder, string file) =>
        Path.GetRelativePath(Path.Combine(Root, folder), file).Replace(Path.DirectorySeparatorChar, '/');

    private static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, "src", "HarvestTools.Core")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("src/HarvestTools.Core is not in a folder above the tests");
    }
}
