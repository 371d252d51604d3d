using System.Text.Json.Nodes;
using HarvestTools.Dvc;
using HarvestTools.Manifests;
using HarvestTools.Parameters;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>An export that a stage of DVC reads.</summary>
/// <param name="File">Where its bytes are.</param>
/// <param name="Tracked">Whether they were verified by an MD5 of DVC's.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record DvcExportFile(DvcFile File, bool Tracked, string Sha256, long Bytes);

/// <summary>What a stage of DVC is to become, all of it verified.</summary>
internal sealed class DvcImportPlan
{
    private readonly Repository _repository;
    private readonly DvcImportRequest _request;
    private readonly WorkContext _context;
    private readonly DvcCache _cache;
    private readonly DvcLockedStage? _locked;
    private readonly List<string> _notes = [];
    private readonly List<DvcExportFile> _exports = [];

    private DvcImportPlan(Repository repository, DvcImportRequest request, WorkContext context)
    {
        (_repository, _request, _context) = (repository, request, context);
        File = FindFile();
        var pipeline = DvcPipeline.Read(repository.Root, File);
        Stage = pipeline.Stage(request.Stage ?? (pipeline.Names.Count == 1 ? pipeline.Names.First() : throw DvcErrors.DvcStageUnnamed(File, pipeline.Names)));
        _cache = DvcCache.Around(repository.Root, DvcPaths.FolderOf(File), context.Cancellation);
        _locked = DvcLock.TryRead(repository.Root, File, Stage);
    }

    /// <summary>The dvc.yaml, relative to the repository.</summary>
    public string File { get; }

    public DvcStage Stage { get; }

    /// <summary>As harvest.json is to have it.</summary>
    public HarvestDefinition Definition { get; private set; } = HarvestDefinition.Default;

    /// <summary>The same with its files and values.</summary>
    public HarvestDefinition Resolved { get; private set; } = HarvestDefinition.Default;

    public IReadOnlyList<DvcExportFile> Exports => _exports;

    /// <summary>What the stage wrote by dvc.lock, each as a table of a run; empty where no slice is to be made.</summary>
    public IReadOnlyList<(string Name, DvcFile File)> Outputs { get; private set; } = [];

    public IReadOnlyList<string> Notes => _notes;

    public string? WhyNoSlice { get; private set; }

    public static DvcImportPlan Make(Repository repository, DvcImportRequest request, WorkContext context)
    {
        var plan = new DvcImportPlan(repository, request, context);
        plan.Read();
        return plan;
    }

    /// <summary>A name as definitions and projects have it.</summary>
    public static string Name(string text)
    {
        string name = string.Concat(text.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).TrimStart('.', '_', '-');
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : $"dvc-{name}";
    }

    private void Read()
    {
        DvcExports[] exports = [.. Stage.Dependencies.Select(TryExports).OfType<DvcExports>()];
        var made = DvcDefinition.Make(_repository.Root, Stage, exports, IsFolder);
        _notes.AddRange(made.Notes);
        Define(made.Program);
        if (_request.NoSlice)
        {
            WhyNoSlice = "none was asked for";
        }
        else if (_locked is null)
        {
            WhyNoSlice = "dvc.lock does not have the stage";
        }
        else
        {
            RequireLocked(_locked, made);
            Outputs = [.. Stage.Outputs.SelectMany(path => OutputFiles(_locked, path, made))];
            if (Outputs.Count == 0)
            {
                WhyNoSlice = "what it wrote is of no file that a table can be";
            }
        }
    }

    private string FindFile()
    {
        string path = Path.GetFullPath(_request.Path ?? _repository.Root);
        string file = Directory.Exists(path) ? Path.Combine(path, "dvc.yaml") : path;
        return !System.IO.File.Exists(file) ? throw DvcErrors.DvcFileNotFound(_request.Path is null ? "dvc.yaml" : file)
            : _repository.MakeRelative(file) ?? throw DvcErrors.DvcFileOutside(file);
    }

    private bool? IsFolder(string output)
    {
        string full = DvcPaths.Full(_repository.Root, output);
        return _locked?.Outputs.FirstOrDefault(entry => entry.Path == output)?.IsFolder
            ?? (Directory.Exists(full) ? true : System.IO.File.Exists(full) ? false : null);
    }

    private DvcEntry? LockedEntry(string path) => _request.NoSlice ? null : _locked?.Dependencies.FirstOrDefault(entry => entry.Path == path);

    /// <summary>A dependency as exports; null where it is something else.</summary>
    private DvcExports? TryExports(string path)
    {
        string full = DvcPaths.Full(_repository.Root, path);
        bool folder = Directory.Exists(full);
        bool there = folder || System.IO.File.Exists(full);
        DvcEntry? entry = LockedEntry(path) ?? (there ? null : DvcLock.TryReadTracked(_repository.Root, path));
        string[] names = folder ? [.. Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories).Where(static file => !Path.GetFileName(file).StartsWith('.'))] : [path];
        if (path.Length == 0 || names.Length == 0 || (there ? !names.All(MayBeExport) : entry is null || (!entry.IsFolder && !MayBeExport(path))))
        {
            return null;
        }

        DvcFile[] files = entry is not null
            ? [.. _cache.Find(entry)]
            : [.. names.Order(StringComparer.Ordinal).Select(name => new DvcFile(folder ? $"{path}/{Path.GetRelativePath(full, name).Replace(Path.DirectorySeparatorChar, '/')}" : path, folder ? name : full, ""))];
        if (entry is { IsFolder: true } && !files.All(static file => MayBeExport(file.Path)))
        {
            return null;
        }

        var read = new List<DvcExportFile>();
        foreach (DvcFile file in files)
        {
            try
            {
                ExportHash hash = HashExport.Run(file.File, labels: true, _context);
                read.Add(new DvcExportFile(file, entry is not null, hash.Sha256, hash.Bytes));
            }
            catch (HarvestException fault) when (fault.Fault == HarvestFault.InvalidData)
            {
                _notes.Add($"'{file.Path}' is no export that can be read ({fault.ErrorId}), and so is an input.");
                return null;
            }
        }

        _exports.AddRange(read);
        return new DvcExports(path, [.. files.Select(static file => file.Path)], folder || entry is { IsFolder: true });
    }

    private static bool MayBeExport(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Name and version: one that a slice has for the same content, else one that no slice has.</summary>
    private void Define(HarvestProgram program)
    {
        string name = Name(Stage.Name);

        // Beside definitions that have names another one takes nobody's place.
        HarvestDefinitions present = _repository.Settings.Definitions;
        HarvestDefinition before = present.AreNamed ? present.TryFind(name) ?? HarvestDefinition.Default : _repository.Settings.Harvest;
        bool same = before.Name == name && before.Program is not null;
        if (!same && !_request.Force && before.Sha256 != HarvestDefinition.Default.Sha256)
        {
            throw DvcErrors.DvcDefinitionExists(before.FullVersion, Stage.Name);
        }

        SliceManifest[] slices = [.. _repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()];
        var definition = new HarvestDefinition(name, same ? before.Version : HarvestDefinition.Default.Version, HarvestDefinition.Default.Rules, HarvestDefinition.Default.Fields) { Program = program };
        HarvestDefinition resolved = ProgramContentReader.Resolve(_repository.Root, definition, _context.Cancellation);
        HarvestDefinition? made = slices.Where(slice => slice.HarvestVersion.StartsWith($"{name}@", StringComparison.Ordinal))
            .Select(slice => (Slice: slice, Definition: resolved with { Version = HarvestDefinition.ParseFullVersion(slice.HarvestVersion).Version }))
            .FirstOrDefault(static one => one.Definition.Sha256 == one.Slice.HarvestSha256).Definition;
        string[] taken = [.. slices.Select(static slice => slice.HarvestVersion)];
        string version = made?.Version
            ?? (taken.Contains(definition.FullVersion, StringComparer.Ordinal) ? VersionBump.Propose(definition, rowsChange: null, taken, "imported from DVC").To : definition.Version);
        (Definition, Resolved) = (definition with { Version = version }, resolved with { Version = version });
    }

    /// <summary>What a slice records as written by a definition has to be written by that one, as it is now.</summary>
    /// <exception cref="HarvestException">DvcLockDiffers.</exception>
    private void RequireLocked(DvcLockedStage locked, DvcDefinition made)
    {
        var differences = new List<string>();
        if (!locked.Commands.SequenceEqual(Stage.Commands, StringComparer.Ordinal))
        {
            differences.Add("its command");
        }

        foreach (string path in made.Verified)
        {
            // A parameter file that is read as a whole is under params there.
            if (locked.Parameters.ContainsKey(path))
            {
                _notes.Add($"Whether '{path}' is as it was cannot be compared: dvc.lock has its parameters, and not its hash.");
            }
            else if (LockedEntry(path) is not { } entry || _cache.IsInPlace(entry) != true)
            {
                differences.Add(path);
            }
        }

        differences.AddRange(_exports.Where(static export => !export.Tracked).Select(static export => export.File.Path));
        foreach (DvcParameters parameters in Stage.Parameters.Where(static parameters => ParameterFiles.AreRead(parameters.File)))
        {
            JsonObject now = DvcPipeline.ReadYaml(_repository.Root, parameters.File);
            JsonObject? then = locked.Parameters.GetValueOrDefault(parameters.File);
            differences.AddRange((parameters.Keys ?? now.Select(static pair => pair.Key))
                .Where(key => then is null || !then.TryGetPropertyValue(key, out JsonNode? was) || !DvcTemplate.TryFind(now, key, out JsonNode? value) || !ParameterFile.Same(was, value))
                .Select(key => $"{parameters.File}:{key}"));
        }

        differences.AddRange(Stage.Outputs.Where(path => locked.Outputs.All(entry => entry.Path != path)));
        if (differences.Count > 0)
        {
            throw DvcErrors.DvcLockDiffers(Stage.Name, differences);
        }
    }

    private IEnumerable<(string Name, DvcFile File)> OutputFiles(DvcLockedStage locked, string path, DvcDefinition made)
    {
        string name = made.Names[path];
        return
            from file in _cache.Find(locked.Outputs.First(entry => entry.Path == path))
            let table = name + file.Path[path.Length..]
            where made.Program.Tables.Any(pattern => FilePatterns.Matches(pattern, table))
            select (table, file);
    }
}
