using System.Buffers;
using System.Text;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Workflows;

/// <summary>The paths and hashes in a text without a fixed form, such as a list or the team's own JSON.</summary>
internal static class EvalSetWords
{
    private const int Piece = 64 * 1024;

    private static readonly SearchValues<char> s_between = SearchValues.Create(" \t\r\n,;\"'<>|()[]{}");

    /// <summary>Words with a slash in them, whole.</summary>
    public static IEnumerable<string> PathsOf(EvalSetContents eval, CancellationToken cancellation) =>
        Words(eval.Path, cancellation).Where(static word => word.Contains('/', StringComparison.Ordinal) || word.Contains('\\', StringComparison.Ordinal));

    /// <summary>Words that are a SHA-256, as <c>sha256sum</c> writes them.</summary>
    public static IEnumerable<string> HashesOf(EvalSetContents eval, CancellationToken cancellation) =>
        Words(eval.Path, cancellation).Where(static word => word.Length == Sha256Text.Length && Sha256Text.IsHex(word)).Select(static word => word.ToLowerInvariant());

    private static IEnumerable<string> Words(string path, CancellationToken cancellation)
    {
        using var reader = new StreamReader(AtomicFile.OpenRead(path), Encoding.UTF8);
        var buffer = new char[Piece];
        string carried = string.Empty;
        int read;
        while ((read = reader.ReadBlock(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            string text = carried + new string(buffer, 0, read);
            int end = text.AsSpan().LastIndexOfAny(s_between) + 1;

            // A word that the piece cuts in two is carried over; one without an end is no path.
            carried = text.Length - end > Piece ? string.Empty : text[end..];
            foreach (string word in Split(text[..end]))
            {
                yield return word;
            }
        }

        foreach (string word in Split(carried))
        {
            yield return word;
        }
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOfAny(s_between);
            ReadOnlySpan<char> word = length < 0 ? rest : rest[..length];
            rest = length < 0 ? [] : rest[(length + 1)..];
            if (!word.IsEmpty)
            {
                words.Add(word.ToString().Replace("\\/", "/", StringComparison.Ordinal));
            }
        }

        return words;
    }
}
