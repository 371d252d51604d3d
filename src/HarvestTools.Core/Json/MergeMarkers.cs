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

    private static bool IsMarker(ReadOnlySpan<byte> line) =>
        line.Length >= Width
            && line[0] is (byte)'<' or (byte)'|' or (byte)'=' or (byte)'>'
            && line[..Width].IndexOfAnyExcept(line[0]) < 0
            && (line.Length == Width || line[Width] is (byte)' ' or (byte)'\r');
}
