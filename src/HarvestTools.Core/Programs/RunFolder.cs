using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>An export that a program is given.</summary>
/// <param name="Name">Its file's name in the folder of the run.</param>
/// <param name="Open">Opens its bytes, verified while they are read.</param>
internal sealed record ProgramExport(string Name, Func<ObjectContent> Open);

/// <summary>
/// The clean folder of one run, of the system's temporary ones so that nothing of the repository is above it: <c>work</c> with the
/// definition's files under their paths, <c>exports</c>, <c>out</c>, <c>home</c> and <c>tmp</c>. All of it goes when this is
/// disposed; what a killed process left goes at the next run.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    public const string KeepVariable = "HARVEST_KEEP_RUN";
    private const string Prefix = "harvest-run-";
    private const string LockName = "lock";
    private const string ParametersName = "params.json";
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ReadAndEnter = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    // Between the folder's making and its lock's another process may look at it.
    private static readonly TimeSpan s_lockGrace = TimeSpan.FromMinutes(10);

    private static readonly EnumerationOptions s_all = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private FileStream? _lock;

    private RunFolder(string root)
    {
        Root = root;
    }

    public string Root { get; private set; }

    public string Work => Path.Combine(Root, "work");

    public string Out => Path.Combine(Root, "out");

    public string Home => Path.Combine(Root, "home");

    public string Temporary => Path.Combine(Root, "tmp");

    // Relative paths, so that a program which writes down what it was called with writes the same at every run.
    public string OutputWord { get; } = "../out";

    public string ParametersWord { get; } = $"../{ParametersName}";

    public string ExportsWord { get; } = "../exports";

    /// <summary>Makes the folder with everything that the program reads.</summary>
    /// <param name="program">With its content.</param>
    /// <param name="exports">The exports.</param>
    /// <param name="openFile">Opens a file of the definition, verified; null where it is nowhere.</param>
    /// <param name="cancellation">Ends the copying.</param>
    /// <exception cref="HarvestException">ProgramFileNotAvailable, ObjectDamaged; the disk is full.</exception>
    public static RunFolder Make(HarvestProgram program, IReadOnlyList<ProgramExport> exports, Func<string, ObjectContent?> openFile, CancellationToken cancellation)
    {
        SweepStale();
        RunFolder? made = null;
        string root = Path.GetTempPath();
        try
        {
            root = Directory.CreateTempSubdirectory(Prefix).FullName;
            made = new RunFolder(root);
            made._lock = new FileStream(Path.Combine(root, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            made.Fill(program, exports, openFile, cancellation);
            return made;
        }
        catch (Exception fault)
        {
            made?.Dispose();
            if (FileErrors.IsFileFault(fault))
            {
                throw FileErrors.From(fault, root, "write");
            }

            throw;
        }
    }

    /// <summary>Bytes of all files that the program has written or was given with its code.</summary>
    public long Size()
    {
        try
        {
            return new[] { Out, Work, Home, Temporary }.SelectMany(static folder => new DirectoryInfo(folder).EnumerateFiles("*", s_all)).Sum(static file => file.Length);
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // It changes while it is measured.
            return 0;
        }
    }

    /// <summary>Keeps the folder under another name, for whoever runs the program by hand; null where that was not asked for.</summary>
    public string? TryKeep()
    {
        if (Environment.GetEnvironmentVariable(KeepVariable) is not ({ Length: > 0 } and not "0"))
        {
            return null;
        }

        try
        {
            string kept = Path.Combine(Path.GetDirectoryName(Root)!, Path.GetFileName(Root).Replace(Prefix, "harvest-kept-", StringComparison.Ordinal));
            Directory.Move(Root, kept);
            _lock?.Dispose();
            Root = "";
            return kept;
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            return null;
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (Root.Length > 0)
        {
            TryDelete(Root);
        }
    }

    private void Fill(HarvestProgram program, IReadOnlyList<ProgramExport> exports, Func<string, ObjectContent?> openFile, CancellationToken cancellation)
    {
        string exportsFolder = Path.Combine(Root, "exports");
        foreach (string folder in new[] { Work, Out, Home, Temporary, exportsFolder })
        {
            Directory.CreateDirectory(folder);
        }

        ProgramContent content = program.Content!;
        foreach (ProgramFile file in content.Files)
        {
            using ObjectContent bytes = openFile(file.Sha256) ?? throw ProgramRunErrors.ProgramFileNotAvailable(file.Path, file.Sha256);
            string path = RepositoryPath.Resolve(Work, file.Path);
            Copy(bytes, path, cancellation);
            Protect(path, executable: file.Role == ProgramFileRole.Code);
        }

        JsonObject values = Nested(content.Values);
        WriteText(Path.Combine(Root, ParametersName), values.Count == 1 ? values.First().Value! : values);
        foreach ((string path, JsonNode? value) in values)
        {
            // JSON is YAML, so that a program which opens its parameter file finds what the hash covers, and nothing else.
            string full = RepositoryPath.Resolve(Work, path);
            if (!File.Exists(full))
            {
                WriteText(full, value!);
            }
        }

        foreach (ProgramExport export in exports)
        {
            using ObjectContent bytes = export.Open();
            string path = Path.Combine(exportsFolder, export.Name);
            Copy(bytes, path, cancellation);
            Protect(path, executable: false);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(exportsFolder, ReadAndEnter);
        }
    }

    private static void Copy(ObjectContent from, string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        StreamCopy.Run(from.Stream, to, path, path, cancellation);
    }

    private static void WriteText(string path, JsonNode values)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ReadableJson.ToUtf8(values));
        Protect(path, executable: false);
    }

    private static void Protect(string path, bool executable)
    {
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(path, FileAttributes.ReadOnly);
        }
        else
        {
            File.SetUnixFileMode(path, executable ? ReadAndEnter : UnixFileMode.UserRead);
        }
    }

    /// <summary>By file the values as the file nests them: <c>train.lr</c> is <c>lr</c> in <c>train</c>.</summary>
    private static JsonObject Nested(JsonObject files)
    {
        var all = new JsonObject();
        foreach ((string file, JsonNode? flat) in files)
        {
            var root = new JsonObject();
            foreach ((string key, JsonNode? value) in flat!.AsObject())
            {
                string[] parts = key.Split('.');
                JsonObject at = root;
                foreach (string part in parts[..^1])
                {
                    if (at[part] is not JsonObject below)
                    {
                        at[part] = below = [];
                    }

                    at = below;
                }

                at[parts[^1]] = value?.DeepClone();
            }

            all[file] = root;
        }

        return all;
    }

    private static void SweepStale()
    {
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
            {
                if (IsStale(folder))
                {
                    TryDelete(folder);
                }
            }
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // What is left takes space and does no other harm.
        }
    }

    private static bool IsStale(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            if (FileKinds.Of(folder) != FileKind.Folder)
            {
                return false;
            }

            if (!File.Exists(path))
            {
                return DateTime.UtcNow - Directory.GetCreationTimeUtc(folder) > s_lockGrace;
            }

            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                return true;
            }
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // In use, or another user's.
            return false;
        }
    }

    private static void TryDelete(string root)
    {
        try
        {
            Unlock(new DirectoryInfo(root));
            Directory.Delete(root, recursive: true);
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // The next run tries again.
        }
    }

    /// <summary>A program can take its own folders' rights away, and the exports' folder has none to begin with; links are not followed.</summary>
    private static void Unlock(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= OwnerAlone;
        }

        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                Unlock(below);
            }
            else if (OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.ReadOnly))
            {
                entry.Attributes &= ~FileAttributes.ReadOnly;
            }
        }
    }
}
