using HarvestTools.Files;

namespace HarvestTools.Programs;

/// <summary>A folder that keeps what several runs wrote, until all of them are compared.</summary>
internal sealed class KeptTables : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory(RunFolder.Prefix).FullName;
    private readonly FileStream _lock;
    private int _runs;

    public KeptTables()
    {
        _lock = new FileStream(Path.Combine(_root, RunFolder.LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>A folder for the next run.</summary>
    public string Next() => Path.Combine(_root, FormattableString.Invariant($"run{++_runs}"));

    /// <summary>Copies a file that a run wrote; its full path afterwards.</summary>
    public static string Keep(string file, string folder, string path, CancellationToken cancellation)
    {
        string target = Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using FileStream from = AtomicFile.OpenRead(file);
        using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        StreamCopy.Run(from, to, file, target, cancellation);
        return target;
    }

    public void Dispose()
    {
        _lock.Dispose();
        StaleRuns.TryDelete(_root);
    }
}
