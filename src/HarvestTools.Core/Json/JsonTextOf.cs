using System.Text;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>Texts of a <see cref="Utf8JsonReader"/>, also of those that are no Unicode.</summary>
internal static class JsonTextOf
{
    /// <summary>
    /// The name or string that the reader is at. One with half of a surrogate pair has no text; as it is spelt in the file it still
    /// differs from all others.
    /// </summary>
    public static string Token(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(json.ValueSpan);
        }
    }
}
