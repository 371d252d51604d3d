using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.Files;

namespace HarvestTools.Dvc;

/// <summary>
/// MD5 as DVC takes it. It finds what DVC wrote and shows damage by chance; what a slice names is named by SHA-256.
/// </summary>
internal static class DvcHash
{
    // DVC replaces line ends in parts of this size, so that one between two parts stays as it is.
    private const int PartBytes = 1024 * 1024;
    private const int LookBytes = 512;
    private const double MostBinary = 0.3;

    /// <summary>32 lower-case hexadecimal digits.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="ofText">As DVC 2: CR LF counts as LF in what looks like text.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HarvestException">The file cannot be read.</exception>
    public static string OfFile(string path, bool ofText, CancellationToken cancellation)
    {
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        using IncrementalHash hash = Begin();
        byte[] part = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            bool? text = ofText ? null : false;
            int read;
            while ((read = file.ReadAtLeast(part.AsSpan(0, PartBytes), PartBytes, throwOnEndOfStream: false)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                text ??= LooksLikeText(part.AsSpan(0, Math.Min(read, LookBytes)));
                hash.AppendData(part, 0, text.Value ? WithoutReturns(part.AsSpan(0, read)) : read);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            throw FileErrors.From(fault, path, "read");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    /// <summary>Of a list of files by path, which DVC writes for a folder.</summary>
    /// <param name="files">Paths within the folder, with their MD5.</param>
    public static string OfFolder(IEnumerable<(string Path, string Md5)> files)
    {
        string list = string.Join(", ", files.OrderBy(static file => file.Path, StringComparer.Ordinal)
            .Select(static file => $"{{\"md5\": \"{file.Md5}\", \"relpath\": {Quoted(file.Path)}}}"));
        using IncrementalHash hash = Begin();
        hash.AppendData(Encoding.ASCII.GetBytes($"[{list}]"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [SuppressMessage("Security", "CA5351", Justification = "DVC names its files by MD5; nothing here is trusted for having one.")]
    private static IncrementalHash Begin() => IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    private static bool LooksLikeText(ReadOnlySpan<byte> bytes)
    {
        int other = 0;
        foreach (byte value in bytes)
        {
            if (value == 0)
            {
                return false;
            }

            other += value is (>= 32 and < 127) or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\f' or (byte)'\b' ? 0 : 1;
        }

        return (double)other / bytes.Length <= MostBinary;
    }

    /// <summary>Takes the CR out of each CR LF, in place.</summary>
    /// <returns>How many bytes are left.</returns>
    private static int WithoutReturns(Span<byte> bytes)
    {
        int to = 0;
        for (int from = 0; from < bytes.Length; from++)
        {
            if (bytes[from] != '\r' || from + 1 >= bytes.Length || bytes[from + 1] != '\n')
            {
                bytes[to++] = bytes[from];
            }
        }

        return to;
    }

    /// <summary>As Python writes a text in JSON: all but ASCII as escapes.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                < ' ' or > '~' => quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}
