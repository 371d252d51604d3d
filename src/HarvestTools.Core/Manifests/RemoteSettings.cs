using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>
/// One remote of harvest.json: where objects, records and tables are shared. Credentials are never part of it; they come from where
/// the store's own programs have them.
/// </summary>
public sealed record RemoteSettings
{
    /// <summary>The remote that is meant where none is named and there are several.</summary>
    public const string DefaultName = "origin";

    /// <summary>No remotes; one object, so that settings without them are equal.</summary>
    internal static IReadOnlyList<RemoteSettings> None { get; } = [];

    /// <summary>What commands call it.</summary>
    public required string Name { get; init; }

    /// <summary>A folder, <c>s3://bucket/prefix</c> or <c>rclone:remote:path</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The address for people: parameters in one of rclone's (<c>rclone:remote,user=…:path</c>) may hold a password, and are left out.</summary>
    public string ShownUrl
    {
        get
        {
            // An address of rclone has its remote's name, or a kind after a colon, before its parameters.
            int comma = Url.IndexOf(',', StringComparison.Ordinal);
            int colon = comma < 0 ? -1 : Url.IndexOf(':', comma);
            return colon < 0 || !Url.StartsWith("rclone:", StringComparison.Ordinal) || Url["rclone:".Length..comma].IndexOf(':', StringComparison.Ordinal) > 0
                ? Url
                : $"{Url[..comma]},…{Url[Url.LastIndexOf(':')..]}";
        }
    }

    /// <summary>Address of an S3-compatible server; null for Amazon's, or the one in the environment.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Region of the bucket; null for that of the environment or the profile.</summary>
    public string? Region { get; init; }

    /// <summary>Profile of the shared credentials file; null for the usual chain.</summary>
    public string? Profile { get; init; }

    internal static IReadOnlyList<RemoteSettings> Parse(ObjectReader? remotes)
    {
        var all = new List<RemoteSettings>();
        foreach (string name in remotes?.Rest()?.Select(static pair => pair.Key).ToArray() ?? [])
        {
            if (SliceNames.WhyNotProject(name) is { } why)
            {
                throw remotes!.Invalid(name, $"cannot name a remote: {why}", "Use letters, digits, '.', '_' and '-'.");
            }

            all.Add(remotes!.IsText(name)
                ? new RemoteSettings { Name = name, Url = CheckedUrl(remotes, name, remotes.RequiredText(name)) }
                : Parse(name, remotes.Object(name)!));
        }

        return all;
    }

    private static RemoteSettings Parse(string name, ObjectReader reader)
    {
        var remote = new RemoteSettings
        {
            Name = name,
            Url = CheckedUrl(reader, "url", reader.RequiredText("url")),
            Endpoint = reader.Text("endpoint"),
            Region = reader.Text("region"),
            Profile = reader.Text("profile"),
        };
        if (remote.Endpoint is not null
            && !(Uri.TryCreate(remote.Endpoint, UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https" && endpoint.UserInfo.Length == 0))
        {
            throw reader.Invalid("endpoint", "is no address of a server", "Write it as https://storage.example.org, without a name or password in it.");
        }

        reader.RefuseRest("url", "endpoint", "region", "profile");
        return remote;
    }

    /// <summary>Whether an address of rclone has a parameter that holds something secret.</summary>
    private static bool HasSecret(string url) => url.StartsWith("rclone:", StringComparison.Ordinal)
        && url.Split(',').Skip(1).Select(static parameter => parameter.Split('=')[0])
            .Any(static name => s_secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static readonly string[] s_secret = ["pass", "secret", "token", "key", "credential", "auth"];

    private static string CheckedUrl(ObjectReader reader, string field, string url)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            if (HasSecret(url))
            {
                throw reader.Invalid(field, "has a password or a key in it", "Keep it where 'rclone config' has it, and name that remote here as rclone:remote:path.");
            }

            return url == "rclone:" || (url.StartsWith("rclone:", StringComparison.Ordinal) && !url["rclone:".Length..].Contains(':', StringComparison.Ordinal))
                ? throw reader.Invalid(field, "names no remote of rclone", "Write it as rclone:remote:path, with a remote of 'rclone listremotes'.")
                : url;
        }

        if (!url.StartsWith("s3://", StringComparison.Ordinal))
        {
            throw reader.Invalid(field, $"begins with {url[..scheme]}://, which is no kind of remote", "Write a folder, s3://bucket/prefix or rclone:remote:path.");
        }

        string bucket = url["s3://".Length..].Split('/')[0];
        return bucket.Contains('@', StringComparison.Ordinal) || bucket.Contains(':', StringComparison.Ordinal)
            ? throw reader.Invalid(field, "has a name, a password or a port in it", "Write s3://bucket/prefix; credentials come from the environment or a profile, the server's address is \"endpoint\".")
            : bucket.Length == 0
                ? throw reader.Invalid(field, "names no bucket", "Write it as s3://bucket/prefix.")
                : url.TrimEnd('/');
    }

    internal static JsonObject ToJson(IReadOnlyList<RemoteSettings> remotes)
    {
        var json = new JsonObject();
        foreach (RemoteSettings remote in remotes)
        {
            json[remote.Name] = remote.ToJson();
        }

        return json;
    }

    private JsonNode ToJson()
    {
        if (Endpoint is null && Region is null && Profile is null)
        {
            return JsonValue.Create(Url);
        }

        var json = new JsonObject { ["url"] = Url };
        foreach ((string key, string? value) in new[] { ("endpoint", Endpoint), ("region", Region), ("profile", Profile) })
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }

        return json;
    }
}
