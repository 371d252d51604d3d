namespace HarvestTools.Strings;

/// <summary>Finds in an address what signs somebody in: a password, a token, a signature. Addresses are recorded where all may read them.</summary>
internal static class SecretsInAddress
{
    // Parts of the names that stores and servers give such parameters: X-Amz-Signature, sig (Azure), access_token, AWSAccessKeyId.
    private static readonly string[] s_words = ["signature", "credential", "password", "passwd", "secret", "apikey", "accesskey"];
    private static readonly string[] s_names = ["sig", "key", "pass", "pwd", "auth", "jwt"];

    /// <returns>Which part it is, for a sentence; null where there is none.</returns>
    public static string? Find(string address)
    {
        (_, string sign, string query) = Split(address);
        return sign.Length > 0 && (sign.Contains(':', StringComparison.Ordinal) || IsWeb(address)) ? "a name and a password"
            : query.Split('&', ';').Select(static pair => pair.Split('=')[0]).FirstOrDefault(IsSecret) is { } name ? $"a parameter '{PlainText.OneLine(name)}'"
            : null;
    }

    /// <summary>The address without its name, password and the parameters that sign in.</summary>
    public static string Without(string address)
    {
        (string place, string sign, string query) = Split(address);
        string plain = sign.Length == 0 ? place : place.Replace($"{sign}@", string.Empty, StringComparison.Ordinal);
        string[] kept = [.. query.Split('&', ';').Where(static pair => pair.Length > 0 && !IsSecret(pair.Split('=')[0]))];
        return kept.Length == 0 ? plain : $"{plain}{address[place.Length]}{string.Join('&', kept)}";
    }

    private static bool IsWeb(string address) => address.StartsWith("http", StringComparison.OrdinalIgnoreCase);

    private static bool IsSecret(string name)
    {
        string plain = name.Replace("-", string.Empty, StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal);
        return plain.EndsWith("token", StringComparison.OrdinalIgnoreCase) || s_words.Any(word => plain.Contains(word, StringComparison.OrdinalIgnoreCase)) || s_names.Contains(plain, StringComparer.OrdinalIgnoreCase);
    }

    private static (string Place, string Sign, string Query) Split(string address)
    {
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return (address, string.Empty, string.Empty);
        }

        // MLflow and the like put parameters behind a # too: #/experiments/1?token=abc.
        int mark = address.IndexOfAny(['?', '#']);
        string rest = mark < 0 ? address : address[..mark];
        string query = mark < 0 ? string.Empty : address[(mark + 1)..].Replace('?', '&').Replace('#', '&');
        int start = scheme + 3;
        int slash = rest.IndexOf('/', start);
        int at = rest.LastIndexOf('@', (slash < 0 ? rest.Length : slash) - 1);
        return (rest, at < start ? string.Empty : rest[start..at], query);
    }
}
