using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace HarvestTools.Files;

/// <summary>Folders as people write them into settings: absolute, from their home folder on, or with environment variables.</summary>
internal static partial class FolderText
{
    /// <summary>Whether a text is the address of a store rather than a folder.</summary>
    public static bool IsAddress(string text) =>
        text.Contains("://", StringComparison.Ordinal) || text.StartsWith("rclone:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The full path that is meant.</summary>
    /// <param name="text">The folder, with <c>~</c> for the home folder, and <c>$NAME</c>, <c>${NAME}</c> or <c>%NAME%</c> for variables.</param>
    /// <param name="root">Where a relative one begins.</param>
    /// <param name="folder">The full path.</param>
    /// <param name="missing">The variable that is not set, where there is one.</param>
    public static bool TryResolve(string text, string root, [NotNullWhen(true)] out string? folder, [NotNullWhen(false)] out string? missing)
    {
        string? unset = null;
        string named = Variable().Replace(text, match =>
        {
            string name = match.Groups["name"].Value;
            string? value = Environment.GetEnvironmentVariable(name);
            unset ??= value is null ? name : null;
            return value ?? string.Empty;
        });
        if (named == "~" || named.StartsWith("~/", StringComparison.Ordinal) || named.StartsWith("~\\", StringComparison.Ordinal))
        {
            named = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + named[1..];
        }

        (folder, missing) = unset is null ? (Path.GetFullPath(named.Replace('/', Path.DirectorySeparatorChar), root), null) : ((string?)null, unset);
        return missing is null;
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|\$(?<name>[A-Za-z_][A-Za-z0-9_]*)|%(?<name>[A-Za-z_][A-Za-z0-9_]*)%")]
    private static partial Regex Variable();
}
