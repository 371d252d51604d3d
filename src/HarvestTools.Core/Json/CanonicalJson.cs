using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Json;

/// <summary>
/// The JSON Canonicalization Scheme of RFC 8785: one spelling for each JSON value, so that it can be hashed. Keys in the
/// order of their UTF-16 units, ECMAScript numbers, the fewest escapes, no white space. Of equal keys the last counts.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The canonical UTF-8 bytes of one JSON value (white space around it is allowed, a BOM is not).</summary>
    /// <exception cref="HarvestException">The JSON is malformed, nested too deep, or holds what no canonical form has.</exception>
    public static byte[] Of(ReadOnlySpan<byte> json) => Of(json, exactIntegers: false);

    private static byte[] Of(ReadOnlySpan<byte> json, bool exactIntegers)
    {
        try
        {
            var reader = new JsonTokens(json);
            var to = new ByteWriter(json.Length);
            reader.Read();
            new CanonicalWriter(exactIntegers).Append(ref reader, to);

            // Throws where something follows the value.
            reader.Read();
            return to.ToArray();
        }
        catch (JsonException e)
        {
            throw JsonErrors.JsonMalformed((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
        }
        catch (CanonicalJsonException e)
        {
            throw JsonErrors.JsonNotCanonical(e.Message, e.Position);
        }
    }

    /// <summary>The canonical UTF-8 bytes of a tree; null is JSON's null.</summary>
    /// <param name="node">The tree.</param>
    /// <param name="exactIntegers">See <see cref="CanonicalWriter"/>.</param>
    public static byte[] Of(JsonNode? node, bool exactIntegers = false)
    {
        // Not by the serializer, which takes longer to get ready than a small tree takes to write.
        var text = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(text);
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // An escape such as \ud800 is read without a word, and no text has it.
            throw JsonErrors.JsonNotCanonical(JsonTokens.HalfCharacter, 0);
        }

        return Of(text.WrittenSpan, exactIntegers);
    }
}
