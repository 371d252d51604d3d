using System.Globalization;

namespace HarvestTools.Json;

/// <summary>
/// The lines that git leaves in a file where a merge could not decide. No JSON has a line that begins like one: a text has no
/// line break in it.
/// </summary>
internal static class MergeMarkers
{
    private const int Width = 7;

    /// <summary>Each marker with its line, as <c>&lt;&lt;&lt;&lt;&lt;&lt;&lt; in line 5</c>; none where there is no conflict.</summary>
    public static IReadOnlyList<string> Find(ReadOnlySpan<byte> text)
    {
        var found = new List<string>();
        long line = 1;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> current = end < 0 ? text : text[..end];
            if (IsMarker(current))
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{new string((char)current[0], Width)} in line {line}"));
            }

            text = end < 0 ? [] : text[(end + 1)..];
            line++;
        }

        return found;
    }

    /// <summary>
    /// Whether all conflicts are within the member of that name, in a file that is written with an indent of two spaces a level: a
    /// member of the whole has two before its name.
    /// </summary>
    public static bool AreWithin(ReadOnlySpan<byte> text, ReadOnlySpan<byte> member)
    {
        bool within = false;
        bool inside = false;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> current = end < 0 ? text : text[..end];
            if (IsMarker(current))
            {
                inside = current[0] != (byte)'>';
            }
            else
            {
                if (current.StartsWith("  \""u8))
                {
                    within = current[3..].StartsWith(member) && current[(3 + member.Length)..].StartsWith("\""u8);
                }

                if (inside && !within)
                {
                    return false;
                }
            }

            text = end < 0 ? [] : text[(end + 1)..];
        }

        return true;
    }

    private static bool IsMarker(ReadOnlySpan<byte> line) =>
        line.Length >= Width
            && line[0] is (byte)'<' or (byte)'|' or (byte)'=' or (byte)'>'
            && line[..Width].IndexOfAnyExcept(line[0]) < 0
            && (line.Length == Width || line[Width] is (byte)' ' or (byte)'\r');
}
