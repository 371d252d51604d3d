namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>One build of the program, with repositories of its own: another build may record in another format.</summary>
/// <param name="program">Path of the program.</param>
/// <param name="work">Folder of its repositories.</param>
internal sealed class ProgramBuild(string program, string work)
{
    /// <summary>Runs the program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public ProcessRun Harvest(string folder, params string[] arguments) => ProcessRun.Of(folder, program, arguments);

    /// <summary>As <see cref="Harvest"/>, of a command that finds drift, for which the program ends with 1.</summary>
    public ProcessRun HarvestWithDrift(string folder, params string[] arguments) => ProcessRun.EndingWith(1, folder, program, arguments);

    /// <summary>Makes an empty repository, in the place of what there is under its name; returns its folder.</summary>
    public string NewRepository(string name)
    {
        string folder = Path.Combine(work, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        Harvest(folder, "init", "-q");
        return folder;
    }

    /// <summary>Archives an export in a repository of its own, which is removed.</summary>
    public ProcessRun AddToNew(string export, params string[] options)
    {
        string repository = NewRepository("add");
        ProcessRun run = Harvest(repository, ["add", export, "--project", "a", "-q", .. options]);
        Directory.Delete(repository, recursive: true);
        return run;
    }

    /// <summary>
    /// Derives an export as a new slice, by threads and by whether its labels are known: where they are not, they are read in
    /// the same pass.
    /// </summary>
    public Func<int, bool, ProcessRun> Deriving(string repository, string export) => Deriving(repository, [export]);

    /// <summary>The same of several exports, a part each.</summary>
    public Func<int, bool, ProcessRun> Deriving(string repository, string[] exports)
    {
        Harvest(repository, ["add", .. exports, "--project", "a", "--no-labels", "-q"]);
        string[] records = Directory.GetFiles(Path.Combine(repository, ".harvest", "archive", "exports"));
        byte[][] unread = [.. records.Select(File.ReadAllBytes)];
        string[] chosen = exports.Length == 1 ? [] : [.. exports.SelectMany(static export => (string[])["--export", export])];
        int slice = 0;
        return (threads, labelsKnown) =>
        {
            // A cache with the part in it would be linked, not derived.
            string cache = Path.Combine(repository, ".harvest", "cache");
            if (Directory.Exists(cache) && exports.Length > 1)
            {
                // Thousands of files that were just deleted slow down the next ones on some file systems: ext4 without a journal passes over
                // each of their numbers for five minutes. They go with the repository.
                Directory.Move(cache, $"{repository}-cache-{slice}");
            }
            else if (Directory.Exists(cache))
            {
                Directory.Delete(cache, recursive: true);
            }

            for (int i = 0; !labelsKnown && i < records.Length; i++)
            {
                File.WriteAllBytes(records[i], unread[i]);
            }

            return Harvest(repository, ["new", $"v{++slice}", .. chosen, "--threads", $"{threads}", "-q"]);
        };
    }
}
