using System.Diagnostics.CodeAnalysis;

namespace HarvestTools.Json;

/// <summary>SHA-256 as text: 64 hexadecimal digits, lower case in everything that is written.</summary>
internal static class Sha256Text
{
    public const int Length = 64;

    public static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for the form that is written: 64 digits, lower case.</summary>
    public static bool IsNormal(ReadOnlySpan<char> text) =>
        text.Length == Length && IsHex(text) && !text.ContainsAnyInRange('A', 'F');

    /// <summary>Upper case is read too, since some tools (PowerShell's Get-FileHash) print it.</summary>
    public static bool TryNormalize(string? text, [NotNullWhen(true)] out string? normal)
    {
        if (text is null || text.Length != Length || !IsHex(text))
        {
            normal = null;
            return false;
        }

        // Nearly every hash is in lower case already; slices of a history have hundreds of thousands.
        normal = text.AsSpan().ContainsAnyInRange('A', 'F') ? text.ToLowerInvariant() : text;
        return true;
    }

    /// <summary>
    /// Distinguishes a stand-in (<c>abc123...</c>, <c>&lt;64 hex&gt;</c>, <c>TODO</c>, nothing) from a hash that lost or gained some digits.
    /// </summary>
    public static bool LooksLikePlaceholder(string text) => text.Length == 0 || !IsHex(text);
}
