using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace HarvestTools.Tests.Server;

/// <summary>The body of a request: compared with what was promised of it.</summary>
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
        if (promised != "UNSIGNED-PAYLOAD" && promised != Convert.ToHexStringLower(SHA256.HashData(bytes)))
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
}
