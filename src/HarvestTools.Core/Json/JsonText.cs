using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>Unescaping of JSON strings.</summary>
internal static class JsonText
{
    /// <summary>
    /// Writes the string or key that the reader stands on without its escapes; <paramref name="destination"/> holds at
    /// least as many bytes as the escaped text.
    /// </summary>
    /// <returns>The length of the unescaped text in bytes.</returns>
    /// <exception cref="CanonicalJsonException">An escape names half of a surrogate pair, which no UTF-8 text can hold.</exception>
    public static int Unescape(ref Utf8JsonReader reader, Span<byte> destination)
    {
        try
        {
            return reader.CopyString(destination);
        }
        catch (InvalidOperationException)
        {
            throw new CanonicalJsonException(
                "an escaped half of a surrogate pair, which is no character", reader.TokenStartIndex);
        }
    }
}

/// <summary>
/// JSON that is well-formed but holds something no UTF-8 text or 64-bit float can. Never reaches the user: whoever knows the
/// file turns it into an error with a place.
/// </summary>
internal sealed class CanonicalJsonException(string what, long position) : Exception(what)
{
    /// <summary>Where the token starts, in bytes from the start of what was read.</summary>
    public long Position { get; } = position;
}
