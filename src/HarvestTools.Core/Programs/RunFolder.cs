using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Rules;

namespace HarvestTools.Programs;

/// <summary>An export, or a table of the step before, that a program is given.</summary>
/// <param name="Name">Its file's name in its folder of the run, with <c>/</c>.</param>
/// <param name="Open">Opens its bytes, verified while they are read.</param>
internal sealed record ProgramInput(string Name, Func<ObjectContent> Open);

/// <summary>What a program is given besides its own files, each in the order in which it is named.</summary>
/// <param name="Exports">The exports.</param>
/// <param name="Tables">The tables of the step before.</param>
internal sealed record ProgramInputs(IReadOnlyList<ProgramInput> Exports, IReadOnlyList<ProgramInput> Tables);

/// <summary>
/// The clean folder of one run, of the system's temporary ones so that nothing of the repository is above it: <c>work</c> with the
/// definition's files under their paths, <c>exports</c>, <c>tables</c> of the step before, <c>out</c>, <c>home</c> and <c>tmp</c>. All of it goes when this is
/// disposed; what a killed process left goes at the next run.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    public const string KeepVariable = "HARVEST_KEEP_RUN";
    public const string Prefix = "harvest-run-";
    public const string LockName = "lock";
    private const string ParametersName = "params.json";
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ReadAndEnter = UnixFileMode.UserRead | UnixFileMode.UserExecute;

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

    public string TablesWord { get; } = "../tables";

    /// <summary>Makes the folder with everything that the program reads.</summary>
    /// <param name="program">With its content.</param>
    /// <param name="inputs">What it is given besides.</param>
    /// <param name="conditions">What it meets around it.</param>
    /// <param name="openFile">Opens a file of the definition, verified; null where it is nowhere.</param>
    /// <param name="cancellation">Ends the copying.</param>
    /// <exception cref="HarvestException">ProgramFileNotAvailable, ObjectDamaged; the disk is full.</exception>
    public static RunFolder Make(
        HarvestProgram program, ProgramInputs inputs, RunConditions conditions, Func<string, ObjectContent?> openFile, CancellationToken cancellation)
    {
        StaleRuns.Sweep();
        RunFolder? made = null;
        string root = Path.GetTempPath();
        try
        {
            root = conditions.FolderName is { } name ? Named(root, name) : Directory.CreateTempSubdirectory(Prefix).FullName;
            made = new RunFolder(root);
            made._lock = new FileStream(Path.Combine(root, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            made.Fill(program, inputs, conditions, openFile, cancellation);
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
            return new[] { Out, Work, Home, Temporary }.Where(static folder => FileKinds.Of(folder) == FileKind.Folder).SelectMany(static folder => new DirectoryInfo(folder).EnumerateFiles("*", s_all)).Sum(static file => file.Length);
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // It changes while it is measured.
            return 0;
        }
    }

    /// <summary>What the program did to the folder that it was to write to; null where it is there still. What a link leads to is none of the run's.</summary>
    public string? WhatBecameOfOut() => FileKinds.Of(Root) != FileKind.Folder ? "it moved the folder of its run away"
        : FileKinds.Of(Out) switch
        {
            FileKind.Folder => null,
            FileKind.None => "it removed the folder {out}",
            FileKind.Link => "it put a link in the place of the folder {out}",
            _ => "it put something else in the place of the folder {out}",
        };

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
            StaleRuns.TryDelete(Root);
        }
    }

    /// <summary>A folder of that name, which only this user can enter; one that is there is another run's.</summary>
    private static string Named(string parent, string name)
    {
        string path = Path.Combine(parent, name);
        if (Path.Exists(path))
        {
            throw new IOException($"'{path}' is there already");
        }

        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnerAlone);
        return path;
    }

    private void Fill(HarvestProgram program, ProgramInputs inputs, RunConditions conditions, Func<string, ObjectContent?> openFile, CancellationToken cancellation)
    {
        string exports = Path.Combine(Root, "exports");
        string tables = Path.Combine(Root, "tables");
        string[] given = program.Before is null ? [exports] : [exports, tables];
        foreach (string folder in given.Concat([Work, Out, Home, Temporary]))
        {
            Directory.CreateDirectory(folder);
        }

        ProgramContent content = program.Content!;
        JsonObject values = Nested(content.Values);
        Action[] files =
        [
            .. content.Files.Select<ProgramFile, Action>(file => () => Put(
                RepositoryPath.Resolve(Work, file.Path), openFile(file.Sha256) ?? throw ProgramRunErrors.ProgramFileNotAvailable(file.Path, file.Sha256), file.Role == ProgramFileRole.Code, cancellation)),
            () => WriteText(Path.Combine(Root, ParametersName), values.Count == 1 ? values.First().Value! : values),

            // JSON is YAML, so that a program which opens its parameter file finds what the hash covers, and nothing else.
            .. values.Where(pair => content.Files.All(file => file.Path != pair.Key))
                .Select<KeyValuePair<string, JsonNode?>, Action>(pair => () => WriteText(RepositoryPath.Resolve(Work, pair.Key), pair.Value!)),
            .. inputs.Exports.Select<ProgramInput, Action>(export => () => Put(Path.Combine(exports, export.Name), export.Open(), executable: false, cancellation)),
            .. inputs.Tables.Select<ProgramInput, Action>(table => () => Put(RepositoryPath.Resolve(tables, table.Name), table.Open(), executable: false, cancellation)),
        ];
        foreach (Action file in conditions.Reversed ? files.Reverse() : files)
        {
            file();
        }

        foreach (string file in conditions.FileTime is null ? [] : given.Append(Work).SelectMany(static folder => Directory.EnumerateFiles(folder, "*", s_all)))
        {
            SetTime(file, conditions.FileTime!.Value);
        }

        if (!OperatingSystem.IsWindows())
        {
            foreach (string folder in given.SelectMany(static folder => Directory.EnumerateDirectories(folder, "*", s_all).Prepend(folder)).ToArray())
            {
                File.SetUnixFileMode(folder, ReadAndEnter);
            }
        }
    }

    private static void SetTime(string file, DateTime time)
    {
        // Windows changes no time of a file that is read-only.
        FileAttributes before = File.GetAttributes(file);
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        File.SetLastWriteTimeUtc(file, time);
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(file, before);
        }
    }

    private static void Put(string path, ObjectContent bytes, bool executable, CancellationToken cancellation)
    {
        using (bytes)
        {
            Copy(bytes, path, cancellation);
        }

        Protect(path, executable);
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
}
