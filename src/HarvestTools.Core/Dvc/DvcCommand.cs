using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HarvestTools.Rules;

namespace HarvestTools.Dvc;

/// <summary>A stage's command line as a definition has it, where exports and outputs are in folders of a run.</summary>
internal static partial class DvcCommand
{
    /// <summary>The command with placeholders for what it reads and writes; null where it does not name all of that, or needs a shell.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="exports">What of its dependencies are exports.</param>
    /// <param name="names">By output what it is named in the folder of a run.</param>
    public static IReadOnlyList<string>? TryPlain(DvcStage stage, IReadOnlyList<DvcExports> exports, IReadOnlyDictionary<string, string> names)
    {
        if (stage.Folder.Length > 0 || stage.Commands.Count > 1 || ShellWords.TrySplit(stage.Commands[0]) is not { } words
            || words.Any(static word => ProgramPlaceholders.Fault(word) is not null || word.Contains('{', StringComparison.Ordinal)))
        {
            return null;
        }

        HashSet<string> named = [];
        var run = new List<string>();
        foreach (string word in words)
        {
            if (Exports(word, exports) is { } placeholder)
            {
                named.Add(DvcPaths.TryJoin("", word)!);

                // All exports are one word, so that they have to be side by side.
                if (run.Contains(placeholder) && (placeholder != ProgramPlaceholders.Exports || run[^1] != placeholder))
                {
                    return null;
                }

                if (!run.Contains(placeholder))
                {
                    run.Add(placeholder);
                }

                continue;
            }

            run.Add(Output(word, stage, names, named));
        }

        bool all = exports.All(export => named.Contains(export.Path)) && stage.Outputs.All(named.Contains)
            && stage.Reports.All(path => named.Contains(path) || !path.Contains('/', StringComparison.Ordinal));
        return all && run[0] == words[0] ? run : null;
    }

    /// <summary>A shell that copies exports to where the stage expects them, runs it, and copies what it wrote.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="exports">What of its dependencies are exports.</param>
    /// <param name="names">By output what it is named in the folder of a run.</param>
    /// <exception cref="HarvestException">DvcStageNotImportable.</exception>
    public static IReadOnlyList<string> InShell(DvcStage stage, IReadOnlyList<DvcExports> exports, IReadOnlyDictionary<string, string> names)
    {
        bool folder = exports.Any(static export => export.IsFolder);
        if (folder && exports.Count > 1)
        {
            throw DvcErrors.DvcStageNotImportable(
                stage.Name, "it reads a folder of exports and others besides, and which of a run's exports belongs where is not known", "Have it read its exports from one folder, or each by its name.");
        }

        var script = new StringBuilder("set -e\n");
        string[] folders =
        [
            .. stage.Outputs.Concat(stage.Reports).Select(DvcPaths.FolderOf)
                .Concat(exports.Select(static export => export.IsFolder ? export.Path : DvcPaths.FolderOf(export.Path)))
                .Append(stage.Folder).Where(static path => path.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        if (folders.Length > 0)
        {
            script.Append(CultureInfo.InvariantCulture, $"mkdir -p {string.Join(' ', folders.Select(ShellWords.Quote))}\n");
        }

        if (folder)
        {
            script.Append(CultureInfo.InvariantCulture, $"cp \"$2\"/* {ShellWords.Quote(exports[0].Path + "/")}\n");
        }
        else
        {
            int at = 2;
            foreach (DvcExports export in exports)
            {
                script.Append(CultureInfo.InvariantCulture, $"cp \"${{{at++}}}\" {ShellWords.Quote(export.Path)}\n");
            }
        }

        // Each in a shell of its own, as DVC has it: where it is and what it set is gone afterwards, and the first that fails ends all.
        foreach (string command in stage.Commands)
        {
            string change = stage.Folder.Length == 0 ? "" : $"cd {ShellWords.Quote(stage.Folder)}\n";
            script.Append(CultureInfo.InvariantCulture, $"(\n{change}set +e\n{command}\n)\n");
        }

        foreach (string output in stage.Outputs)
        {
            string name = names[output];
            if (DvcPaths.FolderOf(name) is { Length: > 0 } parent)
            {
                script.Append(CultureInfo.InvariantCulture, $"mkdir -p \"$1\"/{ShellWords.Quote(parent)}\n");
            }

            script.Append(CultureInfo.InvariantCulture, $"cp -R {ShellWords.Quote(output)} \"$1\"/{ShellWords.Quote(name)}\n");
        }

        // '${name}' would be a placeholder that means nothing; '${name-}' is the same to a shell.
        string text = Variable().Replace(script.ToString().TrimEnd('\n'), "$${$1-}");
        return ProgramPlaceholders.Fault(text) is { } fault
            ? throw DvcErrors.DvcStageNotImportable(stage.Name, $"of its command {fault}", "Put the command into a script of the repository, and run that.")
            : ["sh", "-c", text, "sh", ProgramPlaceholders.Output, folder ? ProgramPlaceholders.ExportsFolder : ProgramPlaceholders.Exports];
    }

    private static string? Exports(string word, IReadOnlyList<DvcExports> exports)
    {
        DvcExports? export = exports.FirstOrDefault(export => DvcPaths.TryJoin("", word) == export.Path);
        return export is null ? null
            : !export.IsFolder ? ProgramPlaceholders.Exports
            : exports.Count == 1 ? ProgramPlaceholders.ExportsFolder : null;
    }

    /// <summary>A word, or what is behind its '=', as an output in the folder of a run.</summary>
    private static string Output(string word, DvcStage stage, IReadOnlyDictionary<string, string> names, HashSet<string> named)
    {
        int from = word.IndexOf('=', StringComparison.Ordinal) + 1;
        if (DvcPaths.TryJoin("", word[from..]) is not { Length: > 0 } path)
        {
            return word;
        }

        if (names.TryGetValue(path, out string? name) && !name.Contains('/', StringComparison.Ordinal))
        {
            named.Add(path);
            return $"{word[..from]}{ProgramPlaceholders.Output}/{name}";
        }

        // The folder that all outputs are in, which the command is given in their place.
        string[] all = [.. stage.Outputs, .. stage.Reports];
        if (!stage.Dependencies.Contains(path, StringComparer.Ordinal) && all.All(output => DvcPaths.FolderOf(output) == path))
        {
            named.UnionWith(all);
            return $"{word[..from]}{ProgramPlaceholders.Output}";
        }

        return word;
    }

    [GeneratedRegex(@"\$\{([a-z_]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
