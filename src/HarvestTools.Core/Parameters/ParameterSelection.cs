using System.IO.Enumeration;

namespace HarvestTools.Parameters;

/// <summary>A parameter file, and which of its parameters are meant: <c>params.yaml</c>, <c>params.yaml:train.*,model.depth</c>.</summary>
/// <param name="Path">The file.</param>
/// <param name="Keys">Keys with commas between, each with everything below it, <c>*</c> for any one; null for the whole file.</param>
public sealed record ParameterSelection(string Path, string? Keys)
{
    // In 'C:\params.yaml' the first colon is that of the drive.
    private const int FirstColon = 2;

    /// <summary>Reads one as it is written in settings and on a command line.</summary>
    /// <param name="text">A file, and keys after a colon.</param>
    public static ParameterSelection Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.LastIndexOf(':');
        return colon < FirstColon || colon == text.Length - 1 || text.AsSpan(colon).IndexOfAny('/', '\\') >= 0
            ? new ParameterSelection(text, null)
            : new ParameterSelection(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Each key of the selection; none for the whole file.</summary>
    internal IEnumerable<string> Each => Keys?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>Whether a parameter is one that a key means: itself, or below it.</summary>
    internal static bool Matches(string key, string parameter)
    {
        string[] wanted = key.Split('.');
        string[] parts = parameter.Split('.');
        return wanted.Length <= parts.Length
            && wanted.Zip(parts).All(static pair => FileSystemName.MatchesSimpleExpression(pair.First.Replace("\\", "\\\\", StringComparison.Ordinal), pair.Second, ignoreCase: false));
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => Keys is null ? Path : $"{Path}:{Keys}";
}
