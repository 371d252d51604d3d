using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Remotes.Streams;

namespace HarvestTools.Remotes.Rclone;

/// <summary>
/// Files of any place that rclone reaches. Rclone has no way to write only what is not there: who creates a file looks first. Where a
/// back end has folders, a file gets its name when it is whole; a bucket shows a file only then anyway.
/// </summary>
internal sealed class RcloneFiles : IRemoteFiles
{
    // Rclone has time limits of its own towards the other side; these are for a rclone that hangs. What cannot be sent on while it
    // comes in, it keeps until it is whole, and only then begins to send.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan s_uploadPatience = TimeSpan.FromHours(1);

    private readonly RclonePlace _place;
    private readonly RcloneCalls _calls;
    private bool? _isBucket;

    /// <param name="place">Where it is. Nothing is started yet.</param>
    /// <param name="program">Rclone's name or path.</param>
    public RcloneFiles(RclonePlace place, string program = "rclone")
    {
        _place = place;
        _calls = new RcloneCalls(place, program, s_patience);
    }

    public string Name => _place.Name;

    public bool KeepsChecksums => false;

    /// <summary>The program, for tests.</summary>
    internal RcloneProgram Program => _calls.Program;

    public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default)
    {
        int slash = prefix.LastIndexOf('/');
        string folder = slash < 0 ? string.Empty : prefix[..slash];
        foreach (JsonNode? item in ListOf(folder, modified: false, cancellation))
        {
            string path = (string)item!["Path"]!;
            if (path.StartsWith(prefix, StringComparison.Ordinal) && !PendingFile.IsOwn(path[(path.LastIndexOf('/') + 1)..]))
            {
                yield return new RemoteFile(path, (long)item["Size"]!);
            }
        }
    }

    public RemoteFile? Find(string path, CancellationToken cancellation = default)
    {
        JsonNode? item = _calls.Ask(
            "operations/stat",
            new JsonObject { ["fs"] = _place.Fs, ["remote"] = path, ["opt"] = new JsonObject { ["noModTime"] = true, ["noMimeType"] = true } },
            path,
            cancellation)?["item"];
        return item is null || (bool)item["IsDir"]! ? null : new RemoteFile(path, (long)item["Size"]!);
    }

    public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default)
    {
        // Asked for first: the server of files says the same of a folder, of nothing, and of a remote that it does not reach.
        if (Find(path, cancellation) is not { } there)
        {
            return null;
        }

        if (offset >= there.Bytes)
        {
            return new RemoteContent(Stream.Null, there.Bytes);
        }

        var watch = new SilenceWatch(s_patience, cancellation);
        try
        {
            HttpResponseMessage? answer = _calls.Send(
                () =>
                {
                    var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(path));
                    request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
                    return request;
                },
                path,
                watch,
                cancellation);
            if (answer is null)
            {
                watch.Dispose();
                return null;
            }

            var stream = new RcloneReadStream(answer, watch, cancellation);
            stream.Skip(answer.Content.Headers.ContentRange?.From is null ? offset : 0);
            return new RemoteContent(stream, there.Bytes);
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default)
    {
        if (Find(path, cancellation) is not null)
        {
            return false;
        }

        return Put(path, upload, onlyNew: true, cancellation);
    }

    public void Replace(string path, Upload upload, CancellationToken cancellation = default) => _ = Put(path, upload, onlyNew: false, cancellation);

    public bool Remove(string path, CancellationToken cancellation = default)
    {
        if (Find(path, cancellation) is null)
        {
            return false;
        }

        return _calls.Ask("operations/deletefile", new JsonObject { ["fs"] = _place.Fs, ["remote"] = path }, path, cancellation) is not null;
    }

    public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default)
    {
        if (IsBucket(cancellation))
        {
            yield break;
        }

        foreach (JsonNode? item in ListOf(folder, modified: true, cancellation))
        {
            string path = (string)item!["Path"]!;
            string name = path[(path.LastIndexOf('/') + 1)..];

            // The second is what rclone itself calls a file that it writes on a back end without a rename of its own.
            if (PendingFile.IsTemporary(name) || name.EndsWith(".partial", StringComparison.Ordinal))
            {
                yield return new RemoteLeftover(
                    path,
                    DateTimeOffset.TryParse((string?)item["ModTime"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset written) ? written : null);
            }
        }
    }

    public void Dispose() => _calls.Dispose();

    private JsonArray ListOf(string folder, bool modified, CancellationToken cancellation)
    {
        var parameters = new JsonObject
        {
            ["fs"] = _place.Fs,
            ["remote"] = folder,
            ["opt"] = new JsonObject { ["recurse"] = true, ["filesOnly"] = true, ["noModTime"] = !modified, ["noMimeType"] = true },
        };
        return _calls.Ask("operations/list", parameters, "list", cancellation)?["list"] as JsonArray ?? [];
    }

    private bool IsBucket(CancellationToken cancellation) => _isBucket ??=
        (bool?)_calls.Ask("operations/fsinfo", new JsonObject { ["fs"] = _place.Fs }, "fsinfo", cancellation)?["Features"]?["BucketBased"] == true;

    private bool Put(string path, Upload upload, bool onlyNew, CancellationToken cancellation)
    {
        if (IsBucket(cancellation))
        {
            Send(path, upload, cancellation);
            return true;
        }

        int slash = path.LastIndexOf('/');
        string temporary = $"{path[..(slash + 1)]}{PendingFile.TemporaryPrefix}{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        try
        {
            Send(temporary, upload, cancellation);
            if (!onlyNew || Find(path, cancellation) is null)
            {
                Move(temporary, path, cancellation);
                return true;
            }
        }
        catch (HarvestException error) when (onlyNew && error.Fault == HarvestFault.Remote && IsThere(path, cancellation))
        {
            // Two that give the same name at once get in each other's way.
        }
        catch
        {
            TryRemove(temporary);
            throw;
        }

        // Another was quicker.
        TryRemove(temporary);
        return false;
    }

    private bool IsThere(string path, CancellationToken cancellation)
    {
        try
        {
            return Find(path, cancellation) is not null;
        }
        catch (Exception exception) when (exception is HarvestException or RemoteTroubleException)
        {
            return false;
        }
    }

    private void Move(string from, string to, CancellationToken cancellation) => _ = _calls.Ask(
        "operations/movefile",
        new JsonObject
        {
            ["srcFs"] = _place.Fs,
            ["srcRemote"] = from,
            ["dstFs"] = _place.Fs,
            ["dstRemote"] = to,

            // It would leave a damaged file of the same size as it is, and say that there is nothing to do.
            ["_config"] = new JsonObject { ["IgnoreTimes"] = true },
        },
        to,
        cancellation) ?? throw new RemoteTroubleException("the uploaded file was not there any more");

    private void TryRemove(string path)
    {
        try
        {
            // Also when the upload was cancelled: a name that nobody else knows would stay for ever.
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(20));

            // Rclone may not have noticed yet that the upload broke off, and write on under the name for a moment.
            for (int quiet = 0; quiet < 3; quiet++)
            {
                if (_calls.Ask("operations/deletefile", new JsonObject { ["fs"] = _place.Fs, ["remote"] = path }, path, soon.Token) is not null)
                {
                    quiet = 0;
                }

                soon.Token.WaitHandle.WaitOne(100);
            }
        }
        catch (Exception exception) when (exception is HarvestException or RemoteTroubleException or OperationCanceledException)
        {
            // It is hidden from lists, and the fault that led here is the one to know of.
        }
    }

    private void Send(string path, Upload upload, CancellationToken cancellation)
    {
        int slash = path.LastIndexOf('/');
        string folder = slash < 0 ? string.Empty : path[..slash];
        using Stream bytes = upload.Open();
        using var watch = new SilenceWatch(s_uploadPatience, cancellation);
        using HttpResponseMessage? answer = _calls.Send(
            () =>
            {
                // Its last line is sent when all bytes were read, and rclone keeps nothing that ends before it.
                var file = new StreamContent(new WatchedStream(bytes, watch), 1 << 18);
                file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileNameStar = path[(slash + 1)..] };
                var form = new MultipartFormDataContent(RandomNumberGenerator.GetHexString(40)) { file };
                return new HttpRequestMessage(HttpMethod.Post, $"operations/uploadfile?fs={Uri.EscapeDataString(_place.Fs)}&remote={Uri.EscapeDataString(folder)}") { Content = form };
            },
            path,
            watch,
            cancellation);

        // Whatever became of it on the way: the size is what the back end has.
        if (answer is null || Find(path, cancellation) is not { } there || there.Bytes != upload.Bytes)
        {
            throw new RemoteTroubleException("the uploaded file did not arrive whole");
        }
    }

    private string AddressOf(string path) =>
        $"%5B{Uri.EscapeDataString(_place.Fs).Replace("%2F", "/", StringComparison.Ordinal)}%5D/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";
}
