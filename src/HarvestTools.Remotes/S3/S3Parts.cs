using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using HarvestTools.Remotes.Streams;
using HarvestTools.Work;

namespace HarvestTools.Remotes.S3;

/// <summary>
/// Sends what is too large for one request in parts of a fixed size, several at once. What an upload that was killed has sent already
/// is not sent again.
/// </summary>
internal sealed class S3Parts(S3Calls calls, string path, Upload upload)
{
    public const string ContentType = "application/octet-stream";

    // What S3 takes of one object.
    private const int MostParts = 10_000;

    private readonly string _bucket = calls.Place.Bucket;
    private readonly string _key = calls.Place.KeyOf(path);

    private long PartBytes => Math.Max(calls.Limits.PartBytes, (upload.Bytes + MostParts - 1) / MostParts);

    /// <param name="onlyNew">Whether what is there is left as it is; false comes back then.</param>
    /// <param name="cancellation">Ends the upload. Its parts stay, for the next one to go on with.</param>
    public bool Put(bool onlyNew, CancellationToken cancellation)
    {
        List<byte[]> hashes = S3Checksum.HashParts(upload, PartBytes, cancellation);
        (string id, Dictionary<int, string> tags) = Continued(hashes, cancellation) ?? (Begin(hashes, cancellation), []);
        foreach (int number in tags.Keys)
        {
            Report(LengthOf(number));
        }

        int[] missing = [.. Enumerable.Range(1, hashes.Count).Where(number => !tags.ContainsKey(number))];
        var sent = new string[missing.Length];
        using (var pool = new WorkerPool(Math.Clamp(missing.Length, 1, calls.Limits.PartsAtOnce)))
        {
            pool.Run(missing.Length, i => sent[i] = Send(id, missing[i], hashes[missing[i] - 1], cancellation), cancellation);
        }

        for (int i = 0; i < missing.Length; i++)
        {
            tags[missing[i]] = sent[i];
        }

        return Complete(id, hashes, tags, onlyNew, cancellation);
    }

    private long LengthOf(int number) => Math.Min(PartBytes, upload.Bytes - ((number - 1) * PartBytes));

    private void Report(long bytes)
    {
        for (; bytes > 0; bytes -= int.MaxValue)
        {
            upload.Sent?.Invoke((int)Math.Min(bytes, int.MaxValue));
        }
    }

    private string Begin(List<byte[]> hashes, CancellationToken cancellation)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = _bucket, Key = _key, ContentType = ContentType, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 };
        request.Metadata[S3Checksum.WholeKey] = upload.Sha256;
        request.Metadata[S3Checksum.PartsKey] = S3Checksum.OfParts(hashes);
        return calls.Ask(path, token => calls.Client.InitiateMultipartUploadAsync(request, token), cancellation).UploadId;
    }

    /// <summary>
    /// An upload of the same bytes that was not completed, and what it has; null where there is none. One whose parts are other bytes,
    /// or of which the store says no checksums, is left alone: it may be somebody else's.
    /// </summary>
    private (string Id, Dictionary<int, string> Tags)? Continued(List<byte[]> hashes, CancellationToken cancellation)
    {
        ListMultipartUploadsResponse? all = calls.TryAsk(
            path,
            token => calls.Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket, Prefix = _key }, token),
            HttpStatusCode.Forbidden,
            cancellation);
        foreach (MultipartUpload one in (all?.MultipartUploads ?? []).Where(one => one.Key == _key).OrderByDescending(static one => one.Initiated))
        {
            if (PartsOf(one.UploadId, hashes, cancellation) is { Count: > 0 } tags)
            {
                return (one.UploadId, tags);
            }
        }

        return null;
    }

    private Dictionary<int, string>? PartsOf(string id, List<byte[]> hashes, CancellationToken cancellation)
    {
        var tags = new Dictionary<int, string>();
        var request = new ListPartsRequest { BucketName = _bucket, Key = _key, UploadId = id };
        while (true)
        {
            ListPartsResponse? page = calls.TryAsk(path, token => calls.Client.ListPartsAsync(request, token), HttpStatusCode.NotFound, cancellation);
            if (page is null)
            {
                return null;
            }

            foreach (PartDetail part in page.Parts ?? [])
            {
                if (part.PartNumber is not { } number
                    || number > hashes.Count
                    || part.Size != LengthOf(number)
                    || part.ChecksumSHA256 != Convert.ToBase64String(hashes[number - 1]))
                {
                    return null;
                }

                tags[number] = part.ETag;
            }

            if (page.IsTruncated != true)
            {
                return tags;
            }

            request.PartNumberMarker = page.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture);
        }
    }

    private string Send(string id, int number, byte[] hash, CancellationToken cancellation)
    {
        long length = LengthOf(number);
        using Stream bytes = upload.OpenPart((number - 1) * PartBytes, length);
        using var watch = new SilenceWatch(calls.Limits.Patience, cancellation);
        using var watched = new WatchedStream(bytes, watch, upload.Sent, calls.SignsBodies);
        var request = new UploadPartRequest
        {
            BucketName = _bucket,
            Key = _key,
            UploadId = id,
            PartNumber = number,
            PartSize = length,
            InputStream = watched,
            UseChunkEncoding = false,
            DisablePayloadSigning = !calls.SignsBodies,
            ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
            ChecksumSHA256 = Convert.ToBase64String(hash),
        };
        return calls.Ask(path, token => calls.Client.UploadPartAsync(request, token), cancellation, watch).ETag;
    }

    private bool Complete(string id, List<byte[]> hashes, Dictionary<int, string> tags, bool onlyNew, CancellationToken cancellation)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _bucket,
            Key = _key,
            UploadId = id,
            IfNoneMatch = onlyNew ? "*" : null,
            PartETags = [.. hashes.Select((hash, i) => new PartETag(i + 1, tags[i + 1]) { ChecksumSHA256 = Convert.ToBase64String(hash) })],
        };
        using var watch = new SilenceWatch(calls.Limits.CompletionPatience, cancellation);
        if (calls.TryAsk(path, token => calls.Client.CompleteMultipartUploadAsync(request, token), onlyNew ? HttpStatusCode.PreconditionFailed : 0, cancellation, watch) is not null)
        {
            return true;
        }

        // Another was quicker; its object stays, and these parts would cost money for ever.
        _ = calls.TryAsk(
            path,
            token => calls.Client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = _bucket, Key = _key, UploadId = id }, token),
            HttpStatusCode.NotFound,
            cancellation);
        return false;
    }
}
