using System.Buffers;
using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// Reads keys out of the path of a task's image or video, for exports whose data has no fields of its own:
/// <c>…/task_01/episode_07/frame_000123.jpg</c> is frame 123 of <c>episode_07</c> in <c>task_01</c>, and
/// <c>…/task_01/episode_07.mp4</c> is <c>episode_07</c> in <c>task_01</c>.
/// </summary>
internal sealed class MediaPath
{
    private const int ExtensionMax = 6;

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> VideoExtensions = Extensions(
        ".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".m3u8");

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> ImageExtensions = Extensions(
        ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".svg", ".avif", ".heic", ".jp2", ".jfif");

    private static readonly SearchValues<char> Dressing = SearchValues.Create("?%");

    private string _stem = string.Empty;
    private string? _parent;
    private string? _grandparent;

    public bool IsVideo { get; private set; }

    /// <summary>Whether a file's name has the extension of an image.</summary>
    public static bool IsImage(string name) => ImageExtensions.Contains(Path.GetExtension(name.AsSpan()));

    /// <summary>Takes a link apart; null has nothing to tell.</summary>
    public void Read(string? link)
    {
        _stem = string.Empty;
        _parent = null;
        _grandparent = null;
        IsVideo = false;
        if (link is not null)
        {
            Split(link);
        }
    }

    /// <summary>The folder above the episode; empty where there is none.</summary>
    public Utf8Text TaskSubdir(TextArena arena) => Text(arena, IsVideo ? _parent : _grandparent);

    /// <summary>A video's stem or an image's folder; an image outside any folder has only its stem to tell.</summary>
    public Utf8Text Episode(TextArena arena, out bool found)
    {
        found = IsVideo ? _stem.Length > 0 : _parent is not null;
        return Text(arena, IsVideo ? _stem : _parent ?? _stem);
    }

    /// <summary>The digits at the end of an image's stem.</summary>
    public bool TryGetFrame(out long frame)
    {
        int start = _stem.Length;
        while (start > 0 && char.IsAsciiDigit(_stem[start - 1]))
        {
            start--;
        }

        // Robots name frames by nanoseconds, which have nineteen digits. What does not fit is no frame number but a hash.
        frame = 0;
        return long.TryParse(_stem.AsSpan(start), NumberStyles.None, CultureInfo.InvariantCulture, out frame);
    }

    private static Utf8Text Text(TextArena arena, string? text) => arena.Add(text.AsSpan());

    /// <summary>
    /// Whether a text may be the link of an image or a video: it has such an extension, or it is an address or an absolute path
    /// without any.
    /// </summary>
    public static bool MayBeMedia(string text)
    {
        if (EndsLikeMedia(text))
        {
            return true;
        }

        return IsLink(text) && ExtensionOfLink(text).Length == 0;
    }

    /// <summary>Whether a text is an address or an absolute path, and not, say, a caption.</summary>
    public static bool IsLink(string text) =>
        !text.Contains('\n', StringComparison.Ordinal) && (text.StartsWith('/') || IsAddress(text));

    private static bool IsAddress(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && !text.AsSpan(0, scheme).Contains(' ');
    }

    /// <summary>Whether a link's file has the extension of an image or a video.</summary>
    public static bool EndsLikeMedia(string path) => ExtensionOfLink(path) is var extension && (Has(VideoExtensions, extension) || Has(ImageExtensions, extension));

    private static HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Extensions(params ReadOnlySpan<string> extensions) =>
        new HashSet<string>(extensions.ToArray(), StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static bool Has(HashSet<string>.AlternateLookup<ReadOnlySpan<char>> extensions, ReadOnlySpan<char> extension) =>
        !extension.IsEmpty && extensions.Contains(extension);

    /// <summary>The extension of a link's file. Most links are paths as they are, and asked for task by task: those are not copied.</summary>
    private static ReadOnlySpan<char> ExtensionOfLink(string link)
    {
        ReadOnlySpan<char> path = link;
        if (path.ContainsAny(Dressing))
        {
            return Extension(Undress(link));
        }

        // Of an address without a path the host's name is no file.
        int scheme = path.IndexOf("://", StringComparison.Ordinal);
        return scheme >= 0 && !path[(scheme + 3)..].Contains('/') ? default : Extension(path);
    }

    private static ReadOnlySpan<char> Extension(ReadOnlySpan<char> path)
    {
        int dot = path.LastIndexOf('.');
        return dot > path.LastIndexOfAny('/', '\\') && path.Length - dot <= ExtensionMax ? path[dot..] : default;
    }

    /// <summary>The path inside a URL: without scheme, host, query and percent signs, with forward slashes.</summary>
    private static string Undress(string path)
    {
        int query = path.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
        {
            string[] parameters = path[(query + 1)..].Split('&');

            // /tasks/5/resolve/?fileuri=<base64 of the storage's own link>; without it the address says nothing of the file.
            if (LinkQuery.Value(parameters, LinkQuery.StorageLink) is { } encoded)
            {
                return LinkQuery.Decode(encoded) is { } stored ? StoragePath(stored) : string.Empty;
            }

            // Files are served as /data/local-files/?d=folder/file.jpg and as /storage-data/uploaded/?filepath=upload/1/file.jpg.
            path = LinkQuery.ServedFile(parameters) ?? path[..query];
        }

        int scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            int host = path.IndexOf('/', scheme + 3);
            path = host < 0 ? string.Empty : path[host..];
        }

        return Uri.UnescapeDataString(path).Replace('\\', '/');
    }

    /// <summary>
    /// The path of a storage's own link, in which every character of a key is itself: a question mark begins no query,
    /// and a percent sign no escape.
    /// </summary>
    private static string StoragePath(string link)
    {
        int scheme = link.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || link.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            // A link in a link ends somewhere: what is decoded is shorter each time.
            return Undress(link);
        }

        int bucket = link.IndexOf('/', scheme + 3);
        return bucket < 0 ? string.Empty : link[bucket..];
    }

    private void Split(string path)
    {
        path = Undress(path);
        IsVideo = Has(VideoExtensions, Extension(path));
        ReadOnlySpan<char> rest = path;
        ReadOnlySpan<char> file = LastPart(ref rest);
        if (file.IsEmpty)
        {
            return;
        }

        ReadOnlySpan<char> parent = LastPart(ref rest);
        ReadOnlySpan<char> grandparent = LastPart(ref rest);
        if (IsUpload(parent, grandparent))
        {
            // Uploads lie in one folder a project, named by Label Studio; its prefix keeps equal names apart.
            file = LinkQuery.HasUploadPrefix(file) ? file[LinkQuery.UploadPrefix..] : file;
            parent = default;
            grandparent = default;
        }

        int dot = file.LastIndexOf('.');
        _stem = (dot > 0 ? file[..dot] : file).ToString();
        _parent = parent.IsEmpty ? null : parent.ToString();
        _grandparent = grandparent.IsEmpty ? null : grandparent.ToString();
    }

    /// <summary>Takes the last part off a path that names a file or folder; empty where there is none.</summary>
    private static ReadOnlySpan<char> LastPart(ref ReadOnlySpan<char> path)
    {
        while (!path.IsEmpty)
        {
            int slash = path.LastIndexOf('/');
            ReadOnlySpan<char> part = path[(slash + 1)..];
            path = slash < 0 ? default : path[..slash];
            if (!part.IsEmpty && part is not ("." or "..") && part[^1] != ':')
            {
                return part;
            }
        }

        return default;
    }

    /// <summary><c>data/upload/4/…</c>, or <c>data/upload/…</c> in old versions.</summary>
    private static bool IsUpload(ReadOnlySpan<char> parent, ReadOnlySpan<char> grandparent) =>
        parent is "upload" || (grandparent is "upload" && !parent.ContainsAnyExceptInRange('0', '9'));
}
