using System.Globalization;
using System.Numerics;

namespace HarvestTools.Manifests;

/// <summary>The version that follows another one by its own numbering: v3, v4; week-09, week-10.</summary>
internal static class NextVersion
{
    private const string First = "v1";

    /// <param name="version">The version to go on from; null where there is none.</param>
    /// <param name="taken">Names that are in use, also as folders of another branch; upper and lower case are the same.</param>
    /// <param name="passed">Gets the versions on the way that are taken; null where nobody asks.</param>
    public static string After(string? version, IEnumerable<string> taken, List<string>? passed = null)
    {
        HashSet<string> used = new(taken, StringComparer.OrdinalIgnoreCase);
        string next = version is null ? First : Raise(version);
        while (used.Contains(next))
        {
            passed?.Add(next);
            next = Raise(next);
        }

        return next;
    }

    /// <summary>The last number one higher, as wide as it was; a name without a number gets one.</summary>
    private static string Raise(string version)
    {
        int end = version.Length;
        while (end > 0 && !char.IsAsciiDigit(version[end - 1]))
        {
            end--;
        }

        int start = end;
        while (start > 0 && char.IsAsciiDigit(version[start - 1]))
        {
            start--;
        }

        if (start == end)
        {
            return version + "-2";
        }

        BigInteger number = BigInteger.Parse(version.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture) + 1;
        return version[..start] + number.ToString(CultureInfo.InvariantCulture).PadLeft(end - start, '0') + version[end..];
    }
}
