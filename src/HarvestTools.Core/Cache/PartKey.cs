using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Cache;

/// <summary>
/// What determines the rows of one part. It holds the export's label hash instead of its bytes' hash: exports with
/// equal labels derive to equal rows, so a re-export in which no label moved finds the part already there.
/// </summary>
internal static class PartKey
{
    // A slice of fifty exports asks for as many keys of one definition, several times each.
    private static readonly ConditionalWeakTable<HarvestDefinition, byte[]> s_canonical = [];

    private static readonly SearchValues<char> s_plain = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_. :/@");

    /// <param name="project">Value of the project column.</param>
    /// <param name="labelSha256">The export's label hash; null where it is not known.</param>
    /// <param name="exportSha256">The export's own hash, used where the label hash is not known.</param>
    /// <param name="definition">The definition with the slice's overrides applied.</param>
    /// <param name="supersededBy">Hashes of the exports that win where they hold the same task.</param>
    /// <param name="labelConfigSha256">Hash of the labeling configuration that says what the labels are of; null for none.</param>
    /// <returns>64 lower-case hex digits.</returns>
    public static string Compute(
        string project, string? labelSha256, string exportSha256, HarvestDefinition definition, IReadOnlyList<string> supersededBy,
        string? labelConfigSha256)
    {
        if (definition.Program is not null)
        {
            throw CacheErrors.RowsOfProgram(definition.FullVersion);
        }

        // Member by member in canonical form (RFC 8785), whose order is that of their names: a slice of a thousand exports asks for
        // thousands of keys, and the definition in each of them is the same.
        var key = new ByteWriter(4096);
        key.Add("{\"derivation_version\":"u8);
        key.Add((long)definition.Derivation.Number);
        key.Add(",\"format_version\":"u8);
        key.Add((long)FormatVersion.Current.Number);
        key.Add(",\"harvest\":"u8);
        key.Add(s_canonical.GetValue(definition, static known => known.ToCanonicalBytes()));
        AddText(key, ",\"label_config_sha256\":"u8, labelConfigSha256);
        AddText(key, ",\"label_sha256\":"u8, labelSha256);
        AddText(key, ",\"project\":"u8, project);
        AddText(key, ",\"sha256\":"u8, labelSha256 is null ? exportSha256 : null);
        if (supersededBy.Count > 0)
        {
            key.Add(",\"superseded_by\":"u8);
            byte before = (byte)'[';
            foreach (string hash in supersededBy.Order(StringComparer.Ordinal))
            {
                key.Add(before);
                AddText(key, hash);
                before = (byte)',';
            }

            key.Add((byte)']');
        }

        key.Add((byte)'}');
        return Convert.ToHexStringLower(SHA256.HashData(key.Written));
    }

    private static void AddText(ByteWriter key, string text)
    {
        // Hashes and most names are in canonical form as they are.
        if (text.AsSpan().ContainsAnyExcept(s_plain))
        {
            key.Add(CanonicalJson.Of(JsonValue.Create(text)));
            return;
        }

        key.Add((byte)'"');
        key.Advance(Encoding.ASCII.GetBytes(text, key.Reserve(text.Length)));
        key.Add((byte)'"');
    }

    private static void AddText(ByteWriter key, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            key.Add(name);
            AddText(key, text);
        }
    }
}
