using System.Net;
using System.Text;

namespace HarvestTools.Mlflow;

/// <summary>
/// Which MLflow is meant and what signs in there, all from the environment. The secrets are in this object alone: <see cref="Shown"/> is
/// what messages and files have, and <see cref="Clean"/> takes the secrets out of what a server says.
/// </summary>
internal sealed class MlflowPlace
{
    private static readonly string[] s_others = ["sqlite", "mysql", "postgresql", "mssql", "databricks", "databricks-uc", "uc", "sagemaker"];

    // Shorter ones are words that appear by chance.
    private const int ShortestSecret = 3;
    private readonly string[] _secrets;

    private MlflowPlace(Uri? server, string? folder, string? authorization, IEnumerable<string?> secrets)
    {
        (Server, Folder, Authorization) = (server, folder, authorization);
        _secrets = [.. secrets.OfType<string>().SelectMany(static secret => new[] { secret, Uri.EscapeDataString(secret) })
            .Where(static secret => secret.Length >= ShortestSecret).Distinct(StringComparer.Ordinal).OrderByDescending(static secret => secret.Length)];
        Shown = server is null ? folder! : server.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    /// <summary>The server's address, without a name or a password; null for a folder.</summary>
    public Uri? Server { get; }

    /// <summary>Full path of the folder of a <c>file:</c> store; null for a server.</summary>
    public string? Folder { get; }

    /// <summary>The header that signs in; null for none.</summary>
    public string? Authorization { get; }

    /// <summary>For messages.</summary>
    public string Shown { get; }

    /// <summary>How long one request may take.</summary>
    public TimeSpan Patience { get; private init; } = TimeSpan.FromSeconds(60);

    /// <summary>The experiment of a run that is made: its id.</summary>
    public string? ExperimentId { get; private init; }

    /// <summary>The experiment of a run that is made: its name.</summary>
    public string? ExperimentName { get; private init; }

    /// <summary>The run that the environment names.</summary>
    public string? RunId { get; private init; }

    /// <summary>Reads the environment.</summary>
    /// <param name="root">The repository's folder, where a relative folder begins.</param>
    /// <param name="variable">Gives a variable; null for the process's own.</param>
    /// <exception cref="HarvestException">MlflowPlaceMissing, MlflowPlaceUnsupported, MlflowPlaceInvalid.</exception>
    public static MlflowPlace FromEnvironment(string root, Func<string, string?>? variable = null)
    {
        Func<string, string?> read = variable ?? Environment.GetEnvironmentVariable;
        string? Value(string name) => read(name) is { Length: > 0 } value ? value : null;
        string text = Value("MLFLOW_TRACKING_URI")?.Trim() ?? throw MlflowErrors.MlflowPlaceMissing();
        (Uri? server, string? folder, string? userInfo) = Parse(text, root);
        (string? user, string? password) = Split(userInfo);
        string? token = Value("MLFLOW_TRACKING_TOKEN");
        string? givenUser = Value("MLFLOW_TRACKING_USERNAME");
        string? givenPassword = Value("MLFLOW_TRACKING_PASSWORD");

        // In MLflow's own order.
        string? authorization = givenUser is not null && givenPassword is not null ? Basic(givenUser, givenPassword)
            : token is not null ? $"Bearer {token}"
            : user is not null ? Basic(user, password ?? string.Empty)
            : null;
        if (authorization?.Any(static letter => char.IsControl(letter) || letter > '~') == true)
        {
            throw MlflowErrors.MlflowPlaceInvalid();
        }

        return new MlflowPlace(server, folder, authorization, [token, givenPassword, password, authorization?[(authorization.IndexOf(' ', StringComparison.Ordinal) + 1)..]])
        {
            Patience = int.TryParse(Value("MLFLOW_HTTP_REQUEST_TIMEOUT"), out int seconds) && seconds is > 0 and <= 3600 ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromSeconds(60),
            ExperimentId = Value("MLFLOW_EXPERIMENT_ID"),
            ExperimentName = Value("MLFLOW_EXPERIMENT_NAME"),
            RunId = Value("MLFLOW_RUN_ID"),
        };
    }

    /// <summary>A text from elsewhere without any of the secrets.</summary>
    public string Clean(string text) => _secrets.Aggregate(text, static (clean, secret) => clean.Replace(secret, "…", StringComparison.OrdinalIgnoreCase));

    private static (Uri? Server, string? Folder, string? UserInfo) Parse(string text, string root)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);

        // One letter is a drive of Windows.
        string scheme = colon > 1 ? text[..colon].ToLowerInvariant() : string.Empty;
        if (scheme is "http" or "https")
        {
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0
                ? (new UriBuilder(uri) { UserName = string.Empty, Password = string.Empty, Query = string.Empty, Fragment = string.Empty }.Uri, null, uri.UserInfo.Length > 0 ? uri.UserInfo : null)
                : throw MlflowErrors.MlflowPlaceInvalid();
        }

        if (scheme == "file")
        {
            return (null, FileFolder(text, root), null);
        }

        // SQLAlchemy adds the driver's name after a plus.
        string kind = scheme.Split('+')[0];
        return s_others.Contains(kind) || (scheme.Length > 0 && text.AsSpan(colon).StartsWith("://")) ? throw MlflowErrors.MlflowPlaceUnsupported(kind)
            : text is "databricks" or "uc" ? throw MlflowErrors.MlflowPlaceUnsupported(text)
            : (null, Full(text, root), null);
    }

    private static string FileFolder(string text, string root)
    {
        string path = text["file:".Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host is "" or "localhost" ? Full(uri.LocalPath, root) : throw MlflowErrors.MlflowPlaceInvalid();
        }

        return path.Length > 0 ? Full(Uri.UnescapeDataString(path), root) : throw MlflowErrors.MlflowPlaceInvalid();
    }

    private static string Full(string path, string root)
    {
        try
        {
            return Path.GetFullPath(path, root);
        }
        catch (ArgumentException)
        {
            throw MlflowErrors.MlflowPlaceInvalid();
        }
    }

    private static (string? User, string? Password) Split(string? userInfo)
    {
        if (userInfo is null)
        {
            return (null, null);
        }

        string[] parts = userInfo.Split(':', 2);
        return (WebUtility.UrlDecode(parts[0].Replace("+", "%2B", StringComparison.Ordinal)), parts.Length > 1 ? WebUtility.UrlDecode(parts[1].Replace("+", "%2B", StringComparison.Ordinal)) : null);
    }

    private static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";
}
