using System.Text.RegularExpressions;

namespace HarvestTools.Rules;

/// <summary>The regular expressions of field mappings: .NET syntax, matched in linear time.</summary>
internal static class FieldPattern
{
    /// <summary>
    /// Compiles a pattern. The linear engine has no lookaround and no backreferences, and cannot be made to hang by a
    /// value in an export. Throws <see cref="ArgumentException"/> or <see cref="NotSupportedException"/>.
    /// </summary>
    public static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public static bool IsDelimited(string pattern) => pattern.Length > 2 && pattern[0] == '/' && pattern[^1] == '/';
}
