using System.Text;

namespace HarvestTools.Manifests;

/// <summary>Which names slices and projects may have: names of files on every system.</summary>
internal static class SliceNames
{
    public const int LongestVersion = 100;
    public const int LongestProject = 64;

    /// <summary>Null where the name is fine, else what is wrong with it.</summary>
    public static string? WhyNotVersion(string version) => version.Length switch
    {
        0 => "it is empty",
        > LongestVersion => FormattableString.Invariant($"it is longer than {LongestVersion} characters"),
        _ => version[0] is '.' or '-' ? "it begins with a dot or a dash" : WhyNotFileName(version),
    };

    /// <summary>Null where the name is fine, else what is wrong with it.</summary>
    public static string? WhyNotProject(string project) => project.Length switch
    {
        0 => "it is empty",
        > LongestProject => FormattableString.Invariant($"it is longer than {LongestProject} characters"),
        _ => !char.IsAsciiLetterOrDigit(project[0]) ? "it does not begin with a letter or a digit" : WhyNotFileName(project),
    };

    private static string? WhyNotFileName(string name)
    {
        foreach (Rune c in name.EnumerateRunes())
        {
            if (!c.IsAscii || (!char.IsAsciiLetterOrDigit((char)c.Value) && (char)c.Value is not ('.' or '_' or '-')))
            {
                return $"'{c}' is not a letter (a to z), a digit, '.', '_' or '-'";
            }
        }

        if (name[^1] == '.')
        {
            return "it ends with a dot, which Windows drops";
        }

        return IsReserved(name) ? "Windows reserves that name for a device" : null;
    }

    private static bool IsReserved(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string stem = (dot < 0 ? name : name[..dot]).ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)) && char.IsAsciiDigit(stem[3]));
    }
}
