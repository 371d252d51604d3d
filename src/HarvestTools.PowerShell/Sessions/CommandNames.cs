using System.Text.RegularExpressions;

namespace HarvestTools.PowerShell;

/// <summary>
/// The engine names what to do for both its faces: <c>'harvest add FILE' (Add-Export)</c>. Here only the cmdlet is of use.
/// </summary>
internal static partial class CommandNames
{
    /// <summary>The text with the cmdlets' names alone, in quotes where arguments follow.</summary>
    public static string ForPowerShell(string text) => Pair().Replace(text, static pair =>
        pair.Groups["cmdlet"].Value.Contains(' ', StringComparison.Ordinal) ? $"'{pair.Groups["cmdlet"].Value}'" : pair.Groups["cmdlet"].Value);

    [GeneratedRegex(@"'harvest [^']*' \((?<cmdlet>[A-Z][a-z]+-[A-Z][A-Za-z]+( [^)]*)?)\)")]
    private static partial Regex Pair();
}
