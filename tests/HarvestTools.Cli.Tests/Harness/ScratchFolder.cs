using System.Security.Cryptography;

namespace HarvestTools.Tests.Harness;

/// <summary>A folder for one test, removed afterwards; its name holds a space and letters that ASCII has not.</summary>
internal sealed class ScratchFolder : IDisposable
{
    // Hidden files too, and never what a link leads to: a test may have made one to the system's own folders.
    private static readonly EnumerationOptions s_everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    // Made once by the program itself and copied for every test that begins with it.
    private static readonly Lazy<ScratchFolder> s_exports = new(static () => Template(new ScratchFolder().MakeExports()));
    private static readonly Lazy<ScratchFolder> s_slice = new(static () => Template(new ScratchFolder().MakeSlice()));

    public ScratchFolder()
    {
        Directory.CreateDirectory(Path);
    }

    public string Path { get; } = System.IO.Path.Combine(
        System.IO.Path.GetTempPath(), $"harvest cli ä手 {RandomNumberGenerator.GetHexString(10, lowercase: true)}");

    public string this[string relative] => System.IO.Path.Combine(Path, relative.Replace('/', System.IO.Path.DirectorySeparatorChar));

    public string Write(string relative, string text)
    {
        string path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public HarvestResult Run(params string[] arguments) => HarvestProgram.Run(Path, arguments);

    /// <summary>Runs a command as a remedy spells it, of words without quotes.</summary>
    public HarvestResult RunCommand(string command)
    {
        string[] words = command.Split(' ');
        Assert.Equal("harvest", words[0]);
        return Run(words[1..]);
    }

    /// <summary>Removes a folder with all that is in it, read-only files too: a clone without the archive has no <c>.harvest</c>.</summary>
    public void Remove(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(this[folder], "*", s_everything))
        {
            Unlock(file);
        }

        Directory.Delete(this[folder], recursive: true);
    }

    /// <summary>A repository with two projects archived and no slice.</summary>
    public ScratchFolder WithExports() => CopyOf(s_exports.Value);

    /// <summary>The same with slice v1.</summary>
    public ScratchFolder WithSlice() => CopyOf(s_slice.Value);

    /// <summary>Archives the two projects in the repository that is there.</summary>
    public ScratchFolder AddExports()
    {
        Write("exports/hands.json", SmallExport.Hands(tasks: 6));
        Write("exports/actions.json", SmallExport.Actions(tasks: 4));
        Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
        Run("add", "exports/actions.json", "--project", "a", "-q").Exits(0);
        return this;
    }

    /// <summary>Gives the repository a folder as its remote.</summary>
    public void SetRemote(string folder)
    {
        string settings = File.ReadAllText(this["harvest.json"]);
        string changed = settings.Replace("\"remotes\": {}", $"\"remotes\": {{ \"origin\": {System.Text.Json.JsonSerializer.Serialize(folder)} }}", StringComparison.Ordinal);
        Assert.NotEqual(settings, changed);
        File.WriteAllText(this["harvest.json"], changed);
    }

    /// <summary>SHA-256 of every Parquet file in the cache's slice folders, by path below the cache.</summary>
    public SortedDictionary<string, string> CachedTables()
    {
        string cache = this[".harvest/cache"];
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(cache, "*.parquet", SearchOption.AllDirectories))
        {
            tables.Add(System.IO.Path.GetRelativePath(cache, file).Replace('\\', '/'), Sha256(file));
        }

        return tables;
    }

    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Makes a read-only file writable, as somebody who tampers with it would.</summary>
    public static void Unlock(string path) => File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);

    private ScratchFolder MakeExports()
    {
        Run("init", "-q").Exits(0);
        return AddExports();
    }

    private ScratchFolder MakeSlice()
    {
        MakeExports().Run("new", "v1", "--reason", "first", "-q").Exits(0);
        return this;
    }

    private static ScratchFolder Template(ScratchFolder folder)
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }

    private ScratchFolder CopyOf(ScratchFolder template)
    {
        foreach (string folder in Directory.EnumerateDirectories(template.Path, "*", s_everything))
        {
            Directory.CreateDirectory(folder.Replace(template.Path, Path, StringComparison.Ordinal));
        }

        foreach (string file in Directory.EnumerateFiles(template.Path, "*", s_everything))
        {
            File.Copy(file, file.Replace(template.Path, Path, StringComparison.Ordinal));
        }

        return this;
    }

    public void Dispose()
    {
        foreach (string file in Directory.EnumerateFiles(Path, "*", s_everything))
        {
            Unlock(file);
        }

        Directory.Delete(Path, recursive: true);
    }
}
