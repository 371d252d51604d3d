using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.S3.Model;
using HarvestTools.Remotes.Streams;

namespace HarvestTools.Remotes.S3;

/// <summary>
/// A small file at the remote's root that says which layout the files have. With it is found out, once a process, what the store can
/// do: whether it refuses to write over what is there when asked to, and whether it keeps checksums.
/// </summary>
internal sealed class S3Marker(S3Calls calls)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "harvest-remote";

    private const int Layout = 1;

    private static readonly byte[] s_content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"layout\":{Layout}}}\n"));

    // By address: commands of one process open the same remote again and again.
    private static readonly ConcurrentDictionary<string, bool> s_conditional = new(StringComparer.Ordinal);

    private readonly object _gate = new();

    private string Key => calls.Place.KeyOf(FileName);

    private string Address => $"{calls.Client.Config.ServiceURL ?? calls.Client.Config.RegionEndpoint.SystemName}\n{calls.Place.Bucket}\n{Key}";

    /// <summary>Whether the store has conditional writes.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HarvestException">RemoteLayoutUnknown.</exception>
    public bool HasConditions(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!s_conditional.TryGetValue(Address, out bool conditional))
            {
                s_conditional[Address] = conditional = FindOut(cancellation);
            }

            return conditional;
        }
    }

    /// <summary>Reads the file, where there is one, and writes nothing.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HarvestException">RemoteLayoutUnknown.</exception>
    public void Require(CancellationToken cancellation)
    {
        if (Read(cancellation) is { } content)
        {
            RequireLayout(content);
        }
    }

    private bool FindOut(CancellationToken cancellation)
    {
        // Where the first one creates it, a second one says whether the condition counts.
        bool? created = TryPut(cancellation);
        created = created == true ? TryPut(cancellation) : created;
        byte[]? there = Read(cancellation);
        if (there is null)
        {
            // It refused although nothing is there: the condition is nothing that it knows.
            created = null;
            Put(onlyNew: false, cancellation);
            there = s_content;
        }

        RequireLayout(there);
        return created == false;
    }

    /// <summary>True where it was written, false where one is there, null where the store knows no conditions.</summary>
    private bool? TryPut(CancellationToken cancellation)
    {
        try
        {
            return calls.TryAsk(FileName, token => PutAsync(onlyNew: true, token), HttpStatusCode.PreconditionFailed, cancellation) is not null;
        }
        catch (HarvestException error) when (error.ErrorId == nameof(RemoteErrors.RemoteRefused))
        {
            return null;
        }
    }

    private void Put(bool onlyNew, CancellationToken cancellation) => calls.Ask(FileName, token => PutAsync(onlyNew, token), cancellation);

    private Task<PutObjectResponse> PutAsync(bool onlyNew, CancellationToken token) => calls.Client.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = calls.Place.Bucket,
            Key = Key,
            InputStream = new MemoryStream(s_content, writable: false),
            ContentType = "application/json",
            UseChunkEncoding = false,
            DisablePayloadSigning = !calls.SignsBodies,
            IfNoneMatch = onlyNew ? "*" : null,
        },
        token);

    private byte[]? Read(CancellationToken cancellation)
    {
        using GetObjectResponse? there = calls.TryAsk(
            FileName,
            token => calls.Client.GetObjectAsync(new GetObjectRequest { BucketName = calls.Place.Bucket, Key = Key }, token),
            HttpStatusCode.NotFound,
            cancellation);
        if (there is null)
        {
            return null;
        }

        using var stream = new S3ReadStream(there, new SilenceWatch(calls.Limits.Patience, cancellation), cancellation);
        var bytes = new byte[4096];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private void RequireLayout(byte[]? content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            if (document.RootElement.GetProperty("layout").GetInt32() == Layout)
            {
                return;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Not ours, or of a later release: nothing is written beside what is not understood.
        }

        throw RemoteErrors.RemoteLayoutUnknown(calls.Place.Name, FileName);
    }
}
