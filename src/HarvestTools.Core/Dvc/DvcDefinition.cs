using System.Text.RegularExpressions;
using HarvestTools.Rules;

namespace HarvestTools.Dvc;

/// <summary>Exports that a stage reads.</summary>
/// <param name="Path">The dependency: an export or a folder of them, relative to the repository.</param>
/// <param name="Files">The exports, relative to the repository.</param>
/// <param name="IsFolder">Whether the dependency is a folder.</param>
internal sealed record DvcExports(string Path, IReadOnlyList<string> Files, bool IsFolder);

/// <summary>A stage as a definition of kind program.</summary>
/// <param name="Program">The program, without content.</param>
/// <param name="Names">By output what it is named in the folder of a run.</param>
/// <param name="Verified">The dependencies that are files of the definition, which dvc.lock has the MD5 of.</param>
/// <param name="Notes">What is to be known of it, a sentence each.</param>
internal sealed partial record DvcDefinition(HarvestProgram Program, IReadOnlyDictionary<string, string> Names, IReadOnlyList<string> Verified, IReadOnlyList<string> Notes)
{
    /// <param name="root">Full path of the repository.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="exports">The dependencies that are exports.</param>
    /// <param name="isFolder">Whether an output is a folder; null where that is not known.</param>
    /// <exception cref="HarvestException">DvcStageNotImportable.</exception>
    public static DvcDefinition Make(string root, DvcStage stage, IReadOnlyList<DvcExports> exports, Func<string, bool?> isFolder) =>
        new Maker(root, stage, exports).Make(isFolder);

    private sealed partial class Maker(string root, DvcStage stage, IReadOnlyList<DvcExports> exports)
    {
        private readonly SortedSet<string> _code = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _environment = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _inputs = new(StringComparer.Ordinal);
        private readonly List<string> _parameters = [];
        private readonly List<string> _verified = [];
        private readonly List<string> _notes = [];

        public DvcDefinition Make(Func<string, bool?> isFolder)
        {
            if (exports.Count == 0)
            {
                throw DvcErrors.DvcStageNotImportable(stage.Name, "none of its dependencies is an export of Label Studio", "Name the stage that reads the exports; what comes after it can stay with DVC.");
            }

            if (stage.Outputs.Count == 0)
            {
                throw DvcErrors.DvcStageNotImportable(stage.Name, "it has no outs, so that nothing would be recorded", "Name what it writes under outs of dvc.yaml.");
            }

            foreach (DvcParameters parameters in stage.Parameters)
            {
                AddParameters(parameters);
            }

            foreach (string path in stage.Dependencies.Where(path => exports.All(export => export.Path != path)))
            {
                AddFile(path);
            }

            AddNamed();
            Dictionary<string, string> names = Names();
            IReadOnlyList<string>? plain = DvcCommand.TryPlain(stage, exports, names);
            IReadOnlyList<string> run = plain ?? Shell(names);
            if (exports.Sum(static export => export.Files.Count) > 1)
            {
                _notes.Add(exports.Any(static export => export.IsFolder)
                    ? "In the folder of exports each is named by project and hash during a run, and not as in the repository."
                    : "It gets its exports in the order of the projects' names.");
            }
            else if (plain is not null)
            {
                _notes.Add("In a run its export is named by project and hash.");
            }

            return new DvcDefinition(
                new HarvestProgram
                {
                    Run = run,
                    Code = [.. _code],
                    Environment = [.. _environment],
                    Inputs = [.. _inputs],
                    Parameters = _parameters,
                    Tables = [.. stage.Outputs.SelectMany(path => Patterns(names[path], isFolder(path)))],
                },
                names,
                _verified,
                _notes);
        }

        private IReadOnlyList<string> Shell(Dictionary<string, string> names)
        {
            _notes.Add("Its command needs a shell, or does not name what it reads and writes: sh copies the exports to where it expects them, and what it writes to the folder of a run.");
            return DvcCommand.InShell(stage, exports, names);
        }

        private void AddParameters(DvcParameters parameters)
        {
            if (!ParameterFiles.AreRead(parameters.File))
            {
                _notes.Add($"'{parameters.File}' is neither YAML nor JSON: the whole file is an input, and not its parameters by key.");
                AddInput(parameters.File);
                return;
            }

            // The whole file, where it is a dependency too.
            bool whole = parameters.Keys is null || stage.Dependencies.Contains(parameters.File, StringComparer.Ordinal);
            _parameters.Add(whole ? parameters.File : $"{parameters.File}:{string.Join(',', parameters.Keys!)}");
        }

        private void AddFile(string path)
        {
            if (stage.Parameters.Any(parameters => parameters.File == path && ParameterFiles.AreRead(path)))
            {
                return;
            }

            string full = DvcPaths.Full(root, path);
            bool folder = Directory.Exists(full);
            if (!folder && !File.Exists(full))
            {
                throw DvcErrors.DvcStageNotImportable(stage.Name, $"'{path}', which it reads, is not there", "Bring it with 'dvc pull', or 'dvc checkout' where the cache has it.");
            }

            _verified.Add(path);
            if (IsEnvironment(path))
            {
                _environment.Add(path);
            }
            else if (folder ? path.Length > 0 && Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories).Any(IsCode) : IsCode(path))
            {
                _code.Add(folder ? $"{path}/**" : path);
            }
            else if (path.Length == 0)
            {
                throw DvcErrors.DvcStageNotImportable(stage.Name, "it depends on the whole repository", "Name the files and folders that it reads under deps of dvc.yaml.");
            }
            else
            {
                _inputs.Add(folder ? $"{path}/**" : path);
            }
        }

        private void AddInput(string path)
        {
            _verified.Add(path);
            _inputs.Add(path);
        }

        /// <summary>Files that the command names and dvc.yaml does not: without them it would not run in a clean folder.</summary>
        private void AddNamed()
        {
            HashSet<string> known = [.. stage.Dependencies, .. stage.Outputs, .. stage.Reports, .. stage.Parameters.Select(static parameters => parameters.File), .. exports.SelectMany(static export => export.Files)];
            foreach (string word in stage.Commands.SelectMany(static command => Words().Matches(command)).Select(static match => match.Value))
            {
                if (DvcPaths.TryJoin(stage.Folder, word) is { Length: > 0 } path && File.Exists(DvcPaths.Full(root, path)) && known.Add(path)
                    && !stage.Dependencies.Any(dependency => path.StartsWith($"{dependency}/", StringComparison.Ordinal)))
                {
                    _ = IsEnvironment(path) ? _environment.Add(path) : IsCode(path) ? _code.Add(path) : _inputs.Add(path);
                    _notes.Add($"'{path}' is in the command and not under deps: the definition has it, and dvc.lock does not say whether it is as it was.");
                }
            }
        }

        /// <summary>Each output by its last name, where no other has the same.</summary>
        private Dictionary<string, string> Names()
        {
            string[] all = [.. stage.Outputs.Concat(stage.Reports).Distinct(StringComparer.Ordinal)];
            ILookup<string, string> byName = all.ToLookup(DvcPaths.NameOf, StringComparer.OrdinalIgnoreCase);
            return all.ToDictionary(static path => path, path => byName[DvcPaths.NameOf(path)].Count() == 1 ? DvcPaths.NameOf(path) : path, StringComparer.Ordinal);
        }

        private static IEnumerable<string> Patterns(string name, bool? folder) => folder switch
        {
            true => [$"{name}/**"],
            false => [name],
            null => [name, $"{name}/**"],
        };

        private static bool IsCode(string path) => Path.GetExtension(path).ToUpperInvariant() is
            ".PY" or ".SH" or ".R" or ".IPYNB" or ".JL" or ".JS" or ".MJS" or ".TS" or ".PS1" or ".PSM1" or ".PL" or ".RB" or ".SQL" or ".GO" or ".RS" or ".JAVA" or ".SCALA" or ".C" or ".CC" or ".CPP" or ".CS";

        private static bool IsEnvironment(string path) => EnvironmentNames().IsMatch(DvcPaths.NameOf(path));

        [GeneratedRegex(@"^(requirements.*\.(txt|in|lock)|constraints.*\.txt|.*\.lock|pipfile|pyproject\.toml|setup\.(py|cfg)|(conda|environment).*\.ya?ml|package(-lock)?\.json|renv\.lock|dockerfile.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
        private static partial Regex EnvironmentNames();

        [GeneratedRegex(@"[\p{L}\p{N}_./+@-]+", RegexOptions.CultureInvariant)]
        private static partial Regex Words();
    }
}
