using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Parameters;

namespace HarvestTools.Rules;

/// <summary>Finds what a program's patterns and keys mean now.</summary>
internal static class ProgramContentReader
{
    private const int MostFiles = 10_000;

    /// <summary>The definition with the files and values that it has now; one of rules as it is.</summary>
    /// <param name="root">Full path of the repository.</param>
    /// <param name="definition">As harvest.json has it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">PatternUnmatched, ProgramFileLinked, ProgramFilesTooMany; a file or parameter cannot be read.</exception>
    public static HarvestDefinition Resolve(string root, HarvestDefinition definition, CancellationToken cancellation = default) =>
        definition.Program is { Content: null } program
            ? definition with
            {
                Program = program with
                {
                    Before = program.Before is { } before ? Resolve(root, before, cancellation) : null,
                    Content = Read(root, program, definition.Name, cancellation),
                },
            }
            : definition;

    private static ProgramContent Read(string root, HarvestProgram program, string name, CancellationToken cancellation)
    {
        var files = new SortedDictionary<string, ProgramFile>(StringComparer.Ordinal);

        // A file that several lists name is what the first of them says.
        foreach ((string list, ProgramFileRole role, IReadOnlyList<string> patterns) in new[]
        {
            ("code", ProgramFileRole.Code, program.Code),
            ("environment", ProgramFileRole.Environment, program.Environment),
            ("inputs", ProgramFileRole.Inputs, program.Inputs),
        })
        {
            string place = $"{name}.{list}";
            foreach (string pattern in patterns)
            {
                IReadOnlyList<string> found = FilePatterns.Find(root, pattern, cancellation);
                if (found.Count == 0)
                {
                    throw ProgramErrors.PatternUnmatched(place, pattern);
                }

                foreach (string path in found.Where(path => !files.ContainsKey(path)))
                {
                    files.Add(path, Hashed(root, path, role, cancellation));
                }

                if (files.Count > MostFiles)
                {
                    throw ProgramErrors.ProgramFilesTooMany(place, MostFiles);
                }
            }
        }

        return new ProgramContent([.. files.Values], Values(root, program));
    }

    private static ProgramFile Hashed(string root, string path, ProgramFileRole role, CancellationToken cancellation)
    {
        string full = RepositoryPath.Resolve(root, path);
        return new ProgramFile(path, role, FileHash.Compute(full, cancellation: cancellation), new FileInfo(full).Length);
    }

    private static JsonObject Values(string root, HarvestProgram program)
    {
        var values = new JsonObject();
        foreach (string text in program.Parameters)
        {
            var selection = ParameterSelection.Parse(text);
            string path = RepositoryPath.Normalize(selection.Path);
            if (values[path] is not JsonObject file)
            {
                values[path] = file = [];
            }

            foreach ((string key, JsonNode? value) in ParameterFile.Read(RepositoryPath.Resolve(root, path), selection with { Path = path }).Values)
            {
                file[key] = value?.DeepClone();
            }
        }

        return values;
    }
}
