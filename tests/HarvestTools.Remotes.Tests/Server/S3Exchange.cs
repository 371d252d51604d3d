using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace HarvestTools.Tests.Server;

/// <summary>One request and its answer.</summary>
internal sealed class S3Exchange(HttpContext context, S3Server server, string key, S3Fault? fault)
{
    private static readonly XNamespace s_names = "http://s3.amazonaws.com/doc/2006-03-01/";

    // Whoever asks for a name and then takes it does so undisturbed.
    private static readonly object s_gate = new();

    private readonly HttpRequest _request = context.Request;
    private readonly HttpResponse _response = context.Response;
    private readonly S3Contents _contents = server.Contents;

    public Task RunAsync() => (_request.Method, key.Length > 0) switch
    {
        ("GET", false) when Has("uploads") => ListUploadsAsync(),
        ("GET", false) when Asked("list-type") == "2" => ListAsync(),
        ("GET", true) when Has("uploadId") => ListPartsAsync(),
        ("GET" or "HEAD", true) => ReadAsync(),
        ("PUT", true) when Has("uploadId") => PutPartAsync(),
        ("PUT", true) => PutAsync(),
        ("POST", true) when Has("uploads") => BeginAsync(),
        ("POST", true) when Has("uploadId") => CompleteAsync(),
        ("DELETE", true) when Has("uploadId") => AbortAsync(),
        ("DELETE", true) => RemoveAsync(),
        _ => throw new S3Refusal(501, "NotImplemented"),
    };

    private bool Has(string name) => _request.Query.ContainsKey(name);

    private string? Asked(string name) => _request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    private Task AnswerAsync(XElement? answer, int status = 200)
    {
        if (fault is { Kind: S3FaultKind.CloseAfter })
        {
            context.Abort();
            return Task.CompletedTask;
        }

        _response.StatusCode = status;
        if (answer is null)
        {
            return Task.CompletedTask;
        }

        _response.ContentType = "application/xml";
        return _response.WriteAsync(new XDocument(answer).ToString());
    }

    private Task ListAsync()
    {
        string prefix = Asked("prefix") ?? string.Empty;
        string after = Asked("continuation-token") ?? string.Empty;
        int most = Math.Min(server.PageSize, int.Parse(Asked("max-keys") ?? "1000", CultureInfo.InvariantCulture));
        KeyValuePair<string, S3Kept>[] all =
        [
            .. _contents.Objects
                .Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(one.Key, after) > 0)
                .OrderBy(static one => one.Key, StringComparer.Ordinal)
                .Take(most + 1),
        ];
        bool more = all.Length > most;
        return AnswerAsync(new XElement(
            s_names + "ListBucketResult",
            new XElement(s_names + "Name", S3Server.Bucket),
            new XElement(s_names + "Prefix", prefix),
            new XElement(s_names + "KeyCount", Math.Min(all.Length, most)),
            new XElement(s_names + "MaxKeys", most),
            new XElement(s_names + "IsTruncated", more ? "true" : "false"),
            more ? new XElement(s_names + "NextContinuationToken", all[most - 1].Key) : null,
            all.Take(most).Select(static one => new XElement(
                s_names + "Contents",
                new XElement(s_names + "Key", one.Key),
                new XElement(s_names + "LastModified", "2026-01-02T03:04:05.000Z"),
                new XElement(s_names + "ETag", one.Value.Tag),
                new XElement(s_names + "Size", one.Value.Bytes.Length)))));
    }

    private async Task ReadAsync()
    {
        S3Kept kept = _contents.Objects.TryGetValue(key, out S3Kept? there) ? there : throw new S3Refusal(404, "NoSuchKey");
        ReadOnlyMemory<byte> bytes = kept.Bytes;
        if (_request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            int from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (from >= bytes.Length)
            {
                throw new S3Refusal(416, "InvalidRange");
            }

            _response.StatusCode = 206;
            _response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{bytes.Length - 1}/{bytes.Length}");
            bytes = bytes[from..];
        }

        foreach ((string name, string value) in kept.Metadata)
        {
            _response.Headers[name] = value;
        }

        if (kept.Checksum is not null && _request.Headers["x-amz-checksum-mode"] == "ENABLED")
        {
            _response.Headers["x-amz-checksum-sha256"] = kept.Checksum;
        }

        _response.Headers.ETag = kept.Tag;
        _response.Headers.LastModified = "Fri, 02 Jan 2026 03:04:05 GMT";
        _response.ContentLength = bytes.Length;
        if (_request.Method == "HEAD")
        {
            return;
        }

        if (fault is { Kind: S3FaultKind.CloseWithin })
        {
            await _response.Body.WriteAsync(bytes[..(bytes.Length / 2)]).ConfigureAwait(false);
            await _response.Body.FlushAsync().ConfigureAwait(false);
            await Task.Delay(50).ConfigureAwait(false);
            context.Abort();
            return;
        }

        await _response.Body.WriteAsync(bytes).ConfigureAwait(false);
    }

    private async Task PutAsync()
    {
        bool onlyNew = _request.Headers.IfNoneMatch == "*";
        if (onlyNew && server.RefusesConditions)
        {
            throw new S3Refusal(501, "NotImplemented");
        }

        if (onlyNew && server.HasConditions && _contents.Objects.ContainsKey(key))
        {
            throw new S3Refusal(412, "PreconditionFailed");
        }

        byte[] bytes = await S3Body.ReadAsync(_request, server.KeepsChecksums).ConfigureAwait(false);
        var kept = new S3Kept(bytes, server.KeepsChecksums ? Convert.ToBase64String(SHA256.HashData(bytes)) : null, new Dictionary<string, string>());
        Keep(kept, onlyNew);
        _response.Headers.ETag = kept.Tag;
        await AnswerAsync(null).ConfigureAwait(false);
    }

    private void Keep(S3Kept kept, bool onlyNew)
    {
        lock (s_gate)
        {
            if (onlyNew && server.HasConditions && _contents.Objects.ContainsKey(key))
            {
                throw new S3Refusal(412, "PreconditionFailed");
            }

            _contents.Objects[key] = kept;
        }
    }

    private Task RemoveAsync()
    {
        if (_request.Headers.IfMatch.ToString() is { Length: > 0 } tag)
        {
            if (server.RefusesConditions)
            {
                throw new S3Refusal(501, "NotImplemented");
            }

            server.BeforeConditionalRemoval?.Invoke();
            if (server.HasConditions && _contents.Objects.TryGetValue(key, out S3Kept? there) && there.Tag != tag)
            {
                throw new S3Refusal(412, "PreconditionFailed");
            }
        }

        _contents.Objects.TryRemove(key, out _);
        return AnswerAsync(null, 204);
    }

    private Task BeginAsync()
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        _contents.Uploads[id] = new S3Unfinished(key, DateTimeOffset.UtcNow, _request.Headers
            .Where(static header => header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(static header => header.Key.ToLowerInvariant(), static header => header.Value.ToString(), StringComparer.Ordinal));
        return AnswerAsync(new XElement(s_names + "InitiateMultipartUploadResult", new XElement(s_names + "UploadId", id)));
    }

    private S3Unfinished Unfinished => _contents.Uploads.TryGetValue(Asked("uploadId")!, out S3Unfinished? upload) && upload.Key == key ? upload : throw new S3Refusal(404, "NoSuchUpload");

    private async Task PutPartAsync()
    {
        S3Unfinished upload = Unfinished;
        bool damage = server.DamageParts-- > 0;
        byte[] bytes = await S3Body.ReadAsync(_request, server.KeepsChecksums, damage).ConfigureAwait(false);
        var kept = new S3Kept(bytes, server.KeepsChecksums ? Convert.ToBase64String(SHA256.HashData(bytes)) : null, new Dictionary<string, string>());
        upload.Parts[int.Parse(Asked("partNumber")!, CultureInfo.InvariantCulture)] = kept;
        _response.Headers.ETag = kept.Tag;
        await AnswerAsync(null).ConfigureAwait(false);
    }

    private Task ListUploadsAsync() => AnswerAsync(new XElement(
        s_names + "ListMultipartUploadsResult",
        new XElement(s_names + "IsTruncated", "false"),
        _contents.Uploads.Where(one => one.Value.Key.StartsWith(Asked("prefix") ?? "", StringComparison.Ordinal)).Select(static one => new XElement(
            s_names + "Upload",
            new XElement(s_names + "Key", one.Value.Key),
            new XElement(s_names + "UploadId", one.Key),
            new XElement(s_names + "Initiated", one.Value.Begun.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))))));

    private Task ListPartsAsync()
    {
        int after = int.Parse(Asked("part-number-marker") ?? "0", CultureInfo.InvariantCulture);
        KeyValuePair<int, S3Kept>[] all = [.. Unfinished.Parts.Where(part => part.Key > after).OrderBy(static part => part.Key)];
        return AnswerAsync(new XElement(
            s_names + "ListPartsResult",
            new XElement(s_names + "IsTruncated", all.Length > 2 ? "true" : "false"),
            all.Length > 2 ? new XElement(s_names + "NextPartNumberMarker", all[1].Key) : null,
            all.Take(2).Select(static part => new XElement(
                s_names + "Part",
                new XElement(s_names + "PartNumber", part.Key),
                new XElement(s_names + "ETag", part.Value.Tag),
                part.Value.Checksum is null ? null : new XElement(s_names + "ChecksumSHA256", part.Value.Checksum),
                new XElement(s_names + "Size", part.Value.Bytes.Length)))));
    }

    private async Task CompleteAsync()
    {
        S3Unfinished upload = Unfinished;
        server.BeforeComplete?.Invoke();
        XElement said = await XElement.LoadAsync(_request.Body, LoadOptions.None, context.RequestAborted).ConfigureAwait(false);
        S3Kept[] parts =
        [
            .. said.Elements().Select(part =>
            {
                string? Value(string name) => part.Elements().SingleOrDefault(child => child.Name.LocalName == name)?.Value;
                return upload.Parts.TryGetValue(int.Parse(Value("PartNumber")!, CultureInfo.InvariantCulture), out S3Kept? kept)
                    && kept.Tag.Trim('"') == Value("ETag")!.Trim('"')
                    && (kept.Checksum is null || kept.Checksum == Value("ChecksumSHA256"))
                    ? kept
                    : throw new S3Refusal(400, "InvalidPart");
            }),
        ];
        byte[] hashes = [.. parts.SelectMany(static part => SHA256.HashData(part.Bytes))];
        Keep(
            new S3Kept(
                [.. parts.SelectMany(static part => part.Bytes)],
                server.KeepsChecksums ? string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(SHA256.HashData(hashes))}-{parts.Length}") : null,
                upload.Metadata),
            _request.Headers.IfNoneMatch == "*");
        _contents.Uploads.TryRemove(Asked("uploadId")!, out _);
        await AnswerAsync(new XElement(s_names + "CompleteMultipartUploadResult", new XElement(s_names + "Key", key), new XElement(s_names + "ETag", "\"x\""))).ConfigureAwait(false);
    }

    private Task AbortAsync()
    {
        _ = Unfinished;
        _contents.Uploads.TryRemove(Asked("uploadId")!, out _);
        return AnswerAsync(null, 204);
    }
}
