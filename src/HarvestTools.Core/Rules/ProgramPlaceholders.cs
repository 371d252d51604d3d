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

    /// <summary>What is wrong with a word; null where nothing is.</summary>
    public static string? Fault(string word)
    {
        if (word.Contains('\0', StringComparison.Ordinal))
        {
            return "it has a character that ends a text";
        }

        string? unknown = Braces().Matches(word).Select(static match => match.Value)
            .FirstOrDefault(static name => name is not (Output or Parameters or Exports or ExportsFolder));
        return unknown is not null ? $"{unknown} means nothing"
            : word != Exports && word.Contains(Exports, StringComparison.Ordinal) ? $"{Exports} is as many words as there are exports, and has to be a word of its own"
            : null;
    }

    /// <summary>The command line of one run.</summary>
    public static IEnumerable<string> Fill(IEnumerable<string> words, string output, string parameters, string exportsFolder, IReadOnlyList<string> exports) =>
        words.SelectMany(word => word == Exports
            ? exports
            : [word.Replace(Output, output, StringComparison.Ordinal).Replace(Parameters, parameters, StringComparison.Ordinal).Replace(ExportsFolder, exportsFolder, StringComparison.Ordinal)]);

    [GeneratedRegex(@"\{[a-z_]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braces();
}
