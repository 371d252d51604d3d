using System.Text;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// Takes out of links the query parameters that a store signs anew at each export, so that the same medium has the same link
/// every week. The lists are closed: <c>d</c>, <c>id</c>, <c>versionId</c>, <c>generation</c>, <c>snapshot</c> and every other
/// parameter stays. One that is added here is another label version.
/// </summary>
internal static class SignedLinks
{
    /// <summary>
    /// One way of signing: the parameter that holds the signature, and those that come with it. A plain name such as
    /// <c>signature</c> means something else on many sites, so one of the companions must be there too.
    /// </summary>
    internal sealed record Scheme(string Signature, string[] Companions);

    private static readonly Scheme[] s_schemes =
    [
        // Amazon S3 and what speaks its protocol, signature version 4.
        new("X-Amz-Signature", ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Security-Token"]),

        // Google Cloud Storage, version 4.
        new("X-Goog-Signature", ["X-Goog-Algorithm", "X-Goog-Credential", "X-Goog-Date", "X-Goog-Expires", "X-Goog-SignedHeaders"]),

        // Version 2 of Amazon, Google, Alibaba and Huawei, and CloudFront with a canned or a custom policy.
        new(
            "Signature",
            [
                "Expires", "AWSAccessKeyId", "GoogleAccessId", "OSSAccessKeyId", "AccessKeyId", "Key-Pair-Id", "Policy", "Hash-Algorithm",
                "x-amz-security-token", "security-token",
            ]),

        // Azure Blob Storage: shared access signatures of an account, a service or a user delegation.
        new(
            "sig",
            [
                "sv", "se", "sp", "sr", "st", "ss", "srt", "spr", "sip", "si", "sdd", "ses", "scid", "saoid", "suoid",
                "skoid", "sktid", "skt", "ske", "sks", "skv",
            ]),

        // Alibaba OSS, version 4, and Tencent COS.
        new("x-oss-signature", ["x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-expires", "x-oss-additional-headers", "x-oss-security-token"]),
        new("q-signature", ["q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "x-cos-security-token"]),
    ];

    /// <summary>All of them, for docs/labels.md.</summary>
    internal static IReadOnlyList<Scheme> Schemes => s_schemes;

    /// <summary>Rewrites the links in canonical JSON where it lies; nearly always there is nothing to do.</summary>
    public static void Strip(ByteWriter json)
    {
        if (!MayHoldAny(json.Written))
        {
            return;
        }

        byte[] text = json.ToArray();
        json.Clear();
        int position = 0;
        while (position < text.Length)
        {
            int quote = text.AsSpan(position).IndexOf((byte)'"');
            if (quote < 0)
            {
                json.Add(text.AsSpan(position));
                return;
            }

            int start = position + quote + 1;
            int end = EndOfString(text, start);
            json.Add(text.AsSpan(position, quote + 1));

            // A key is no link, and two keys must not become one.
            bool isKey = end + 1 < text.Length && text[end + 1] == ':';
            json.Add(isKey ? text.AsSpan(start, end - start) : Strip(text.AsSpan(start, end - start)));
            json.Add((byte)'"');
            position = end + 1;
        }
    }

    /// <summary>The link without what is renewed; the same bytes where nothing is.</summary>
    /// <param name="link">As text, or as the inside of a canonical JSON string: no character of a query has another form there.</param>
    public static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> link)
    {
        int query = link.IndexOf((byte)'?');
        if (query < 0 || !IsLink(link[..query]) || !MayHoldAny(link[query..]))
        {
            return link;
        }

        ReadOnlySpan<byte> rest = link[(query + 1)..];
        int fragment = rest.IndexOf((byte)'#');
        string[] parameters = Encoding.UTF8.GetString(fragment < 0 ? rest : rest[..fragment]).Split('&');
        var renewed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Scheme scheme in s_schemes)
        {
            if (Has(parameters, scheme.Signature) && scheme.Companions.Any(companion => Has(parameters, companion)))
            {
                renewed.Add(scheme.Signature);
                renewed.UnionWith(scheme.Companions);
            }
        }

        if (renewed.Count == 0)
        {
            return link;
        }

        string kept = string.Join('&', parameters.Where(parameter => !renewed.Contains(NameOf(parameter))));
        byte[] stripped =
        [
            .. link[..query],
            .. Encoding.UTF8.GetBytes(kept.Length == 0 ? "" : "?" + kept),
            .. fragment < 0 ? default : rest[fragment..],
        ];
        return stripped;
    }

    /// <summary>
    /// Whether the text before a query can be a link. Blobs have names with spaces, and Label Studio does not encode them; a
    /// sentence with a question mark has no address before its first space.
    /// </summary>
    private static bool IsLink(ReadOnlySpan<byte> text)
    {
        int space = text.IndexOfAny(" \n\t\\"u8);
        return space < 0 || (text[space] == ' ' && text[..space].IndexOf("://"u8) > 0 && !text[space..].ContainsAny("\n\t\\"u8));
    }

    private static bool Has(string[] parameters, string name) =>
        Array.Exists(parameters, parameter => NameOf(parameter).Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(string parameter) =>
        parameter.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0 ? parameter[..equals] : parameter;

    /// <summary>Whether a signature's name is in the text, looked for by the part of it that all of them share.</summary>
    private static bool MayHoldAny(ReadOnlySpan<byte> text) =>
        text.Contains((byte)'?')
        && (text.IndexOf("ignature="u8) >= 0 || text.IndexOf("sig="u8) >= 0 || text.IndexOf("SIG"u8) >= 0 || text.IndexOf("Sig="u8) >= 0);

    /// <summary>The closing quote of the string that starts here.</summary>
    private static int EndOfString(ReadOnlySpan<byte> text, int start)
    {
        int end = start;
        while (text[end] != '"')
        {
            end += text[end] == '\\' ? 2 : 1;
        }

        return end;
    }
}
