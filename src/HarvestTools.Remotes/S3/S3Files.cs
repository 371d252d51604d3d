using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using HarvestTools.Remotes.Streams;

namespace HarvestTools.Remotes.S3;

/// <summary>Files of a bucket, below a prefix: Amazon's S3 and every store that speaks as it does.</summary>
internal sealed class S3Files : IRemoteFiles
{
    private readonly S3Place _place;
    private readonly HttpClient _http;
    private readonly S3Calls _calls;
    private readonly S3Marker _marker;
    private volatile bool _bucketSeen;
    private bool? _keepsChecksums;

    /// <param name="place">Where it is. Nothing is asked of it yet.</param>
    /// <param name="limits">Limits of transfers; null for those of S3.</param>
    public S3Files(S3Place place, S3Limits? limits = null)
    {
        _place = place;
        _calls = new S3Calls(S3Client.Make(place, out _http), place, limits ?? new S3Limits());
        _marker = new S3Marker(_calls);
    }

    public string Name => _place.Name;

    /// <summary>As the store's own marker file shows; false for a remote that nothing was put into yet.</summary>
    public void RequireLayout(CancellationToken cancellation = default) => _marker.Require(cancellation);

    public bool KeepsChecksums => _keepsChecksums ??= Find(S3Marker.FileName)?.Sha256 is not null;

    public bool HasConditions(CancellationToken cancellation = default) => _marker.HasConditions(cancellation);

    public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default)
    {
        var request = new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = _place.KeyOf(prefix) };
        do
        {
            ListObjectsV2Response page = _calls.Ask("list", token => _calls.Client.ListObjectsV2Async(request, token), cancellation);
            foreach (S3Object one in page.S3Objects ?? [])
            {
                string path = one.Key[_place.Prefix.Length..];

                // Consoles make empty objects that end so, to show folders.
                if (!path.EndsWith('/') && path != S3Marker.FileName)
                {
                    yield return new RemoteFile(path, one.Size ?? 0) { Tag = TagOf(one.ETag, one.LastModified) };
                }
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public RemoteFile? Find(string path, CancellationToken cancellation = default)
    {
        GetObjectMetadataResponse? there = _calls.TryAsk(
            path,
            token => _calls.Client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = _place.Bucket, Key = _place.KeyOf(path), ChecksumMode = ChecksumMode.ENABLED }, token),
            HttpStatusCode.NotFound,
            cancellation);
        if (there is null)
        {
            RequireBucket(cancellation);
            return null;
        }

        return new RemoteFile(path, there.ContentLength, S3Checksum.Of(there)) { Tag = TagOf(there.ETag, there.LastModified) };
    }

    public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default)
    {
        var request = new GetObjectRequest
        {
            BucketName = _place.Bucket,
            Key = _place.KeyOf(path),

            // Also from the beginning: without a range the SDK takes an MD5 of all bytes, in managed code that costs more processor time than
            // all else of a download, and compares it with the ETag. Who reads an object compares its SHA-256.
            ByteRange = new ByteRange(string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-")),
        };
        if (offset > 0)
        {
            // At the very end there is no range to ask for.
            if (Find(path, cancellation) is not { } there)
            {
                return null;
            }

            if (offset >= there.Bytes)
            {
                return new RemoteContent(Stream.Null, there.Bytes);
            }
        }

        bool isEmpty = false;
        var watch = new SilenceWatch(_calls.Limits.Patience, cancellation);
        try
        {
            GetObjectResponse? response = _calls.TryAsk(path, Get, HttpStatusCode.NotFound, cancellation, watch);
            if (response is null)
            {
                watch.Dispose();
                return isEmpty ? new RemoteContent(Stream.Null, 0) : null;
            }

            // Some servers answer with a range of an empty object, and with a length that no bytes follow.
            if (response.ContentRange?.EndsWith("/0", StringComparison.Ordinal) == true)
            {
                response.Dispose();
                watch.Dispose();
                return new RemoteContent(Stream.Null, 0);
            }

            var stream = new S3ReadStream(response, watch, cancellation);
            if (offset > 0 && response.HttpStatusCode != HttpStatusCode.PartialContent)
            {
                stream.Skip(offset);
                return new RemoteContent(stream, response.ContentLength);
            }

            return new RemoteContent(stream, offset + response.ContentLength);
        }
        catch
        {
            watch.Dispose();
            throw;
        }

        async Task<GetObjectResponse> Get(CancellationToken token)
        {
            try
            {
                return await _calls.Client.GetObjectAsync(request, token).ConfigureAwait(false);
            }
            catch (AmazonS3Exception refused) when (offset == 0 && refused.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // An empty object has no range.
                isEmpty = true;
                return null!;
            }
        }
    }

    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default)
    {
        bool conditional = _marker.HasConditions(cancellation);

        // Without conditions a look is all there is. With them it saves sending what is large only to have it refused.
        if ((!conditional || upload.Bytes > _calls.Limits.OnePut) && Find(path, cancellation) is not null)
        {
            return false;
        }

        return Put(path, upload, conditional, cancellation);
    }

    public void Replace(string path, Upload upload, CancellationToken cancellation = default)
    {
        _ = _marker.HasConditions(cancellation);
        _ = Put(path, upload, onlyNew: false, cancellation);
    }

    public bool Remove(string path, CancellationToken cancellation = default)
    {
        // S3 says of nothing that it was removed too.
        if (Find(path, cancellation) is null)
        {
            return false;
        }

        _ = _calls.Ask(
            path,
            token => _calls.Client.DeleteObjectAsync(DeletionOf(path, tag: null), token),
            cancellation);
        return true;
    }

    /// <summary>With a condition of the store's own where it takes one: what was put there between the look and the removal stays.</summary>
    /// <inheritdoc/>
    public bool TryRemove(RemoteFile seen, CancellationToken cancellation = default)
    {
        if (Find(seen.Path, cancellation) is not { } there)
        {
            return true;
        }

        if (!seen.IsSame(there))
        {
            return false;
        }

        try
        {
            return _calls.TryAsk(seen.Path, token => _calls.Client.DeleteObjectAsync(DeletionOf(seen.Path, ETagOf(there)), token), HttpStatusCode.PreconditionFailed, cancellation) is not null;
        }
        catch (HarvestException error) when (error.ErrorId == nameof(RemoteErrors.RemoteRefused))
        {
            // It knows no such condition. The look right before is what there is.
            _ = _calls.Ask(seen.Path, token => _calls.Client.DeleteObjectAsync(DeletionOf(seen.Path, tag: null), token), cancellation);
            return true;
        }
    }

    /// <summary>None: an object is there when it is whole, and parts of an upload are taken up by the next one of the same object.</summary>
    /// <inheritdoc/>
    public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default) => [];

    public void Dispose()
    {
        _calls.Client.Dispose();
        _http.Dispose();
    }

    private DeleteObjectRequest DeletionOf(string path, string? tag) => new() { BucketName = _place.Bucket, Key = _place.KeyOf(path), IfMatch = tag };

    // The ETag alone is that of the bytes, and the same again for who puts the same bytes there once more. A look has only whole seconds.
    private static string? TagOf(string? etag, DateTime? modified) => etag is null ? null
        : string.Create(CultureInfo.InvariantCulture, $"{etag}@{(modified is { } at ? new DateTimeOffset(at.ToUniversalTime()).ToUnixTimeSeconds() : 0)}");

    private static string? ETagOf(RemoteFile file) => file.Tag?[..file.Tag.LastIndexOf('@')];

    private bool Put(string path, Upload upload, bool onlyNew, CancellationToken cancellation)
    {
        if (upload.Bytes > _calls.Limits.OnePut)
        {
            return new S3Parts(_calls, path, upload).Put(onlyNew, cancellation);
        }

        using Stream bytes = upload.OpenSilently(_calls.SignsBodies);
        using var watch = new SilenceWatch(_calls.Limits.Patience, cancellation);
        using var watched = new WatchedStream(bytes, watch, upload.Sent, _calls.SignsBodies);
        var request = new PutObjectRequest
        {
            BucketName = _place.Bucket,
            Key = _place.KeyOf(path),
            InputStream = watched,
            AutoCloseStream = false,
            ContentType = S3Parts.ContentType,
            UseChunkEncoding = false,
            DisablePayloadSigning = !_calls.SignsBodies,

            // The store takes a hash of its own of what arrives, and refuses it where it is another.
            ChecksumSHA256 = S3Checksum.ToBase64(upload.Sha256),
            IfNoneMatch = onlyNew ? "*" : null,
        };
        return _calls.TryAsk(path, token => _calls.Client.PutObjectAsync(request, token), onlyNew ? HttpStatusCode.PreconditionFailed : 0, cancellation, watch) is not null;
    }

    /// <summary>Nothing in a bucket that does not exist looks as if it only were not there.</summary>
    private void RequireBucket(CancellationToken cancellation)
    {
        if (_bucketSeen)
        {
            return;
        }

        // Who may read but not list learns nothing from it.
        _ = _calls.TryAsk(
            "list",
            token => _calls.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = _place.Prefix, MaxKeys = 1 }, token),
            HttpStatusCode.Forbidden,
            cancellation);
        _bucketSeen = true;
    }
}
