using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace HarvestTools.Derivation.Fields;

/// <summary>What Label Studio puts into links besides a path: a file behind a parameter, another store's link, a prefix of uploads.</summary>
internal static class LinkQuery
{
    /// <summary>The parameter that has the link of another store, in base64.</summary>
    public const string StorageLink = "fileuri=";

    /// <summary>How many characters Label Studio puts before an upload's name.</summary>
    public const int UploadPrefix = 9;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The value of the first parameter that begins so, as it is written; null where there is none.</summary>
    public static string? Value(string[] parameters, string prefix) =>
        Array.Find(parameters, parameter => parameter.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    /// <summary>The file that <c>/data/local-files/?d=…</c> or <c>/storage-data/uploaded/?filepath=…</c> serves, as it is written.</summary>
    public static string? ServedFile(string[] parameters) => Value(parameters, "d=") ?? Value(parameters, "filepath=");

    /// <summary>Base64 of either alphabet, with or without its padding; null where it is none or no link.</summary>
    public static string? Decode(string encoded)
    {
        string standard = Uri.UnescapeDataString(encoded).Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var bytes = new byte[standard.Length];
        return Convert.TryFromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='), bytes, out int length)
            && Utf8.IsValid(bytes.AsSpan(0, length))
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : null;
    }

    /// <summary>Eight hex digits and a dash before a name.</summary>
    public static bool HasUploadPrefix(ReadOnlySpan<char> file) =>
        file.Length > UploadPrefix && file[UploadPrefix - 1] == '-' && !file[..(UploadPrefix - 1)].ContainsAnyExcept(HexDigits);
}
