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

    /// <summary>
    /// Takes the digest out of a record and says whether it is right; true also where there is none, as in records of earlier builds.
    /// </summary>
    public static bool Open(JsonObject record)
    {
        if (!record.TryGetPropertyValue(Member, out JsonNode? node))
        {
            return !IsUnderAnotherName(record);
        }

        record.Remove(Member);
        return IsText(node, out string text) && text == Of(record);
    }

    /// <summary>Whether these are the bytes of a record that carries its digest, and the digest is right.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject record
                && record.ContainsKey(Member) && Open(record);
        }
        catch (Exception fault) when (fault is JsonException or HarvestException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    // A record that lost the name of its digest must not pass for one that never had a digest.
    private static bool IsUnderAnotherName(JsonObject record)
    {
        string[] candidates =
        [
            .. from member in record
               where member.Key.Length >= Member.Length - 1 && IsText(member.Value, out string text) && text.Length == Sha256Text.Length
               select member.Key,
        ];
        foreach (string name in candidates)
        {
            var others = (JsonObject)record.DeepClone();
            others.Remove(name);
            if (record[name]!.GetValue<string>() == Of(others))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsText(JsonNode? node, out string text)
    {
        text = node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : string.Empty;
        return text.Length > 0;
    }

    // Integers keep their digits: RFC 8785 writes one spelling for two neighbours beyond 2^53.
    private static string Of(JsonObject record) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(record, exactIntegers: true)));
}
