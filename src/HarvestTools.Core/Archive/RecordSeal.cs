using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>
/// The digest that a record of an export carries of its own members, unknown ones included: a bit that was flipped in a name, a
/// time or a count leaves JSON that reads as well as before. It is blind to spacing and to the order of the members.
/// </summary>
internal static class RecordSeal
{
    /// <summary>The member that holds it.</summary>
    public const string Member = "record_sha256";

    /// <summary>Gives a record its digest, as its last member.</summary>
    public static JsonObject Seal(JsonObject record)
    {
        record.Remove(Member);
        record.Add(Member, Of(record));
        return record;
    }

    /// <summary>Takes the digest out of a record and says whether it is right.</summary>
    public static SealState Open(JsonObject record)
    {
        if (!record.Remove(Member, out JsonNode? node))
        {
            return SealState.Absent;
        }

        return IsText(node, out string text) && text == Of(record) ? SealState.Right : SealState.Wrong;
    }

    /// <summary>Whether these are the bytes of a record that carries its digest, and the digest is right.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject record
                && Open(record) == SealState.Right;
        }
        catch (Exception fault) when (fault is JsonException or HarvestException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsText(JsonNode? node, out string text)
    {
        text = node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : string.Empty;
        return text.Length > 0;
    }

    // Integers keep their digits: RFC 8785 writes one spelling for two neighbours beyond 2^53.
    private static string Of(JsonObject record) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(record, exactIntegers: true)));
}

/// <summary>What a record's digest says of it.</summary>
internal enum SealState
{
    /// <summary>The record is as it was written.</summary>
    Right,

    /// <summary>It is not.</summary>
    Wrong,

    /// <summary>It has no digest, like the records of earlier builds.</summary>
    Absent,
}
