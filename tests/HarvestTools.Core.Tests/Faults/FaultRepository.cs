using System.Security.Cryptography;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Faults;

/// <summary>A small repository that is copied before each fault, with a clock that does not move: equal commands give equal bytes.</summary>
internal sealed class FaultRepository : IDisposable
{
    private FaultRepository(string folder)
    {
        Folder = folder;
    }

    public string Folder { get; }

    public Repository Repository => Repository.Find(Folder);

    // One thread, so that the calls have one order.
    public WorkContext Context { get; } = WorkContext.Default with { Threads = 1, Clock = new FixedClock() };

    public static FaultRepository Create()
    {
        var made = new FaultRepository(Directory.CreateTempSubdirectory("harvest-test-").FullName);
        Repository.Initialize(made.Folder);
        return made;
    }

    public FaultRepository Copy()
    {
        string target = Directory.CreateTempSubdirectory("harvest-test-").FullName;
        foreach (string folder in Directory.EnumerateDirectories(Folder, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(Folder, folder)));
        }

        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(target, Path.GetRelativePath(Folder, file)));
        }

        return new FaultRepository(target);
    }

    public string PathOf(string relative) => Path.Combine(Folder, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>
    /// What the repository is to others: each file with its hash, without the cache, which is made again, without locks, what was
    /// set aside, and temporary files, which a later command removes; and without the id that a remote knows it by and what is named by such
    /// ids, which are drawn.
    /// </summary>
    public IReadOnlyDictionary<string, string> Snapshot()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            string relative = Path.GetRelativePath(Folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (!relative.StartsWith(".harvest/cache/", StringComparison.Ordinal)
                && !relative.StartsWith(".harvest/locks/", StringComparison.Ordinal)
                && relative != ".harvest/repository.json"
                && !relative.StartsWith("share/registry/", StringComparison.Ordinal)
                && !relative.StartsWith("share/leases/", StringComparison.Ordinal)
                && !relative.StartsWith("share/gc/sweeps/", StringComparison.Ordinal)
                && !relative.Contains("/quarantine/", StringComparison.Ordinal)
                && !relative.Contains(PendingFile.TemporaryPrefix, StringComparison.Ordinal)
                && Path.GetFileName(file) != ".lock")
            {
                files[relative] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
            }
        }

        return files;
    }

    public IReadOnlyList<ArchiveFinding> Check(bool repair, out bool whole)
    {
        var check = new ArchiveCheck(CheckArchive.Of(Repository)) { Repair = repair, Threads = 1 };
        ArchiveFinding[] findings = [.. check.Run()];
        whole = check.Whole;
        return findings;
    }

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
        {
            foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
            {
                File.SetAttributes(file, FileAttributes.Normal);
            }
        }

        Directory.Delete(Folder, recursive: true);
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);
    }
}
