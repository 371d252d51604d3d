using System.Text.RegularExpressions;

namespace HarvestTools.Rules;

/// <summary>The words of a program's command line that mean something of a run.</summary>
internal static partial class ProgramPlaceholders
{
    /// <summary>The folder that tables are written to.</summary>
    public const string Output = "{out}";

    /// <summary>The file of the parameters' values, as JSON.</summary>
    public const string Parameters = "{params}";

    /// <summary>Each export, a word each.</summary>
    public const string Exports = "{exports}";

    /// <summary>The folder of the exports.</summary>
    public const string ExportsFolder = "{exports_folder}";

    /// <summary>Each table of the step before, a word each.</summary>
    public const string Tables = "{tables}";

    /// <summary>The folder of the tables of the step before.</summary>
    public const string TablesFolder = "{tables_folder}";

    /// <summary>Whether a word means tables of a step before.</summary>
    public static bool NeedsTables(string word) => word.Contains(Tables, StringComparison.Ordinal) || word.Contains(TablesFolder, StringComparison.Ordinal);

    /// <summary>What is wrong with a word; null where nothing is.</summary>
    public static string? Fault(string word)
    {
        if (word.Contains('\0', StringComparison.Ordinal))
        {
            return "it has a character that ends a text";
        }

        string? unknown = Braces().Matches(word).Select(static match => match.Value)
            .FirstOrDefault(static name => name is not (Output or Parameters or Exports or ExportsFolder or Tables or TablesFolder));
        return unknown is not null ? $"{unknown} means nothing"
            : word != Exports && word.Contains(Exports, StringComparison.Ordinal) ? $"{Exports} is as many words as there are exports, and has to be a word of its own"
            : word != Tables && word.Contains(Tables, StringComparison.Ordinal) ? $"{Tables} is as many words as there are tables, and has to be a word of its own"
            : null;
    }

    /// <summary>The command line of one run.</summary>
    public static IEnumerable<string> Fill(
        IEnumerable<string> words, string output, string parameters, string exportsFolder, IReadOnlyList<string> exports, string tablesFolder, IReadOnlyList<string> tables) =>
        words.SelectMany(word => word == Exports ? exports
            : word == Tables ? tables
            : [word.Replace(TablesFolder, tablesFolder, StringComparison.Ordinal).Replace(Output, output, StringComparison.Ordinal).Replace(Parameters, parameters, StringComparison.Ordinal).Replace(ExportsFolder, exportsFolder, StringComparison.Ordinal)]);

    [GeneratedRegex(@"\{[a-z_]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braces();
}
