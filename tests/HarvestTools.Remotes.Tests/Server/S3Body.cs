using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HarvestTools.Tests.Server;

/// <summary>The body of a request: whole, or in pieces that are signed one by one (aws-chunked); compared with what was promised of it.</summary>
internal static class S3Body
{
    public static async Task<byte[]> ReadAsync(HttpRequest request, bool compare, bool damage = false)
    {
        if (request.ContentLength is not { } length)
        {
            throw new S3Refusal(411, "MissingContentLength");
        }

        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        byte[] bytes = body.ToArray();
        if (bytes.Length != length)
        {
            throw new S3Refusal(400, "IncompleteBody");
        }

        string promised = request.Headers["x-amz-content-sha256"].ToString();
        if (promised.StartsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", StringComparison.Ordinal))
        {
            bytes = Unchunked(bytes);
            if (request.Headers["x-amz-decoded-content-length"].ToString() != bytes.Length.ToString(CultureInfo.InvariantCulture))
            {
                throw new S3Refusal(400, "IncompleteBody");
            }
        }
        else if (promised != "UNSIGNED-PAYLOAD" && promised != Convert.ToHexStringLower(SHA256.HashData(bytes)))
        {
            throw new S3Refusal(400, "XAmzContentSHA256Mismatch");
        }

        if (damage)
        {
            bytes[0] ^= 1;
        }

        string checksum = request.Headers["x-amz-checksum-sha256"].ToString();
        return !compare || checksum.Length == 0 || checksum == Convert.ToBase64String(SHA256.HashData(bytes)) ? bytes : throw new S3Refusal(400, "BadDigest");
    }

    private static byte[] Unchunked(ReadOnlySpan<byte> body)
    {
        var bytes = new MemoryStream();
        while (true)
        {
            int line = body.IndexOf("\r\n"u8);
            string[] head = Encoding.ASCII.GetString(body[..line]).Split(";chunk-signature=");
            if (head.Length != 2 || head[1].Length != 64)
            {
                throw new S3Refusal(403, "SignatureDoesNotMatch");
            }

            int count = int.Parse(head[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (count == 0)
            {
                return bytes.ToArray();
            }

            bytes.Write(body.Slice(line + 2, count));
            body = body[(line + 2 + count + 2)..];
        }
    }
}
