using System.Globalization;
using HarvestTools.Benchmarks.WholeProcess;

namespace HarvestTools.Benchmarks.Profiles;

/// <summary>
/// Exports of each shape where a build machine is small: four threads, whatever processors there are, and a control group of 512 MB in
/// which the cached pages of files count too. A derivation that fails there ends the measurement; DuckDB may fail.
/// </summary>
internal sealed class SmallMachine(string work, Peers peers, Report report, int megabytes, string names)
{
    private const int Threads = 4;
    private const int Megabytes = 512;

    public void Run()
    {
        using MemoryGroup? group = MemoryGroup.TryMake(Megabytes);
        report.Section($"{Threads} threads in {Megabytes} MB");
        if (group is null)
        {
            report.Note("Skipped: no control group with a limit can be made here, which takes Linux and the rights of root.");
            return;
        }

        foreach (ExportProfile profile in names.Length == 0 ? ExportProfile.All : [.. names.Split(',').Select(ExportProfile.Named)])
        {
            Measure(profile, group);
        }
    }

    private void Measure(ExportProfile profile, MemoryGroup group)
    {
        string folder = Path.Combine(work, "small-" + profile.Name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        (string[] exports, string pattern) = profile.WriteTo(folder, Math.Min(megabytes, profile.MostMegabytes) * 1_000_000L);
        var build = new ProgramBuild(peers.Harvest, folder);
        string repository = build.NewRepository("repository");
        build.Harvest(repository, ["add", .. exports, "--project", "a", "--no-labels", "-q"]);
        string[] chosen = exports.Length == 1 ? [] : [.. exports.SelectMany(static export => (string[])["--export", export])];
        string threads = Threads.ToString(CultureInfo.InvariantCulture);
        report.Row($"{profile.Name}: harvest new", group.Run(repository, peers.Harvest, ["new", "v1", .. chosen, "--threads", threads, "-q"]));
        try
        {
            report.Row($"{profile.Name}: DuckDB", group.Run(
                folder, Environment.ProcessPath!, ["duckdb", profile.Rows, pattern, Path.Combine(folder, "duckdb.parquet"), threads]));
        }
        catch (InvalidOperationException)
        {
            report.Failed($"{profile.Name}: DuckDB");
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A control group of Linux with a limit of memory; gone when it is disposed.</summary>
    private sealed class MemoryGroup : IDisposable
    {
        private readonly string _folder;

        private MemoryGroup(string folder) => _folder = folder;

        /// <summary>Null where none can be made.</summary>
        public static MemoryGroup? TryMake(int megabytes)
        {
            // The memory controller's own tree in the first version of control groups, one tree for all in the second.
            foreach ((string tree, string limit) in new[] { ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max") })
            {
                string folder = Path.Combine(tree, string.Create(CultureInfo.InvariantCulture, $"harvest-measure-{Environment.ProcessId}"));
                try
                {
                    if (!Directory.Exists(tree))
                    {
                        continue;
                    }

                    Directory.CreateDirectory(folder);
                    if (File.Exists(Path.Combine(folder, limit)))
                    {
                        File.WriteAllText(Path.Combine(folder, limit), (megabytes * 1024L * 1024).ToString(CultureInfo.InvariantCulture));
                        return new MemoryGroup(folder);
                    }

                    Directory.Delete(folder);
                }
                catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
                {
                }
            }

            return null;
        }

        /// <summary>Runs a program in it.</summary>
        public ProcessRun Run(string folder, string program, string[] arguments) => ProcessRun.Of(
            folder, "sh", ["-c", $"echo $$ > '{_folder}/cgroup.procs' && exec \"$@\"", "sh", program, .. arguments]);

        public void Dispose() => Directory.Delete(_folder);
    }
}
