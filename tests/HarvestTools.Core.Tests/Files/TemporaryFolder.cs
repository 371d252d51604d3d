namespace HarvestTools.Tests.Files;

/// <summary>A folder of its own for one test, by its real path; removed at the end, read-only files included.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        // The system's folder is itself a link on macOS; tests compare paths.
        Path = HarvestTools.Files.RealPath.Of(Directory.CreateTempSubdirectory("harvest-test-").FullName)!;
    }

    public string Path { get; }

    public string this[string relative] => System.IO.Path.Combine(Path, relative.Replace('/', System.IO.Path.DirectorySeparatorChar));

    public string Write(string relative, string text)
    {
        string path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Names of the files in a folder, sorted.</summary>
    public string[] Names(string relative = "") =>
        [.. Directory.GetFiles(this[relative]).Select(static file => System.IO.Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        foreach (string file in Directory.GetFiles(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            HarvestTools.Files.FileAccessBits.ClearForReplacement(file);
        }

        Directory.Delete(Path, recursive: true);
    }
}
