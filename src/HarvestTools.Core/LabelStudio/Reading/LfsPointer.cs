using System.Globalization;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>What a Git LFS pointer names: a file's content, by the SHA-256 that an export's identity is too.</summary>
/// <param name="Oid">SHA-256 of the content; null where the pointer lacks it.</param>
/// <param name="Bytes">Its size; null where the pointer lacks it.</param>
internal sealed record LfsPointer(string? Oid, long? Bytes)
{
    /// <summary>Pointers are smaller by their specification.</summary>
    private const int MostBytes = 1024;

    /// <summary>The pointer that a text is; null where it is none. Lines may end as Windows ends them.</summary>
    public static LfsPointer? TryParse(ReadOnlySpan<byte> text)
    {
        // The two others are what early releases wrote.
        if (!text.StartsWith("version https://git-lfs."u8) && !text.StartsWith("version http://git-media."u8) && !text.StartsWith("version https://hawser."u8))
        {
            return null;
        }

        string[] lines = System.Text.Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostBytes)]).Split('\n', StringSplitOptions.TrimEntries);
        string? oid = ValueOf(lines, "oid sha256:");
        return new LfsPointer(
            oid is not null && Sha256Text.IsHex(oid) && oid.Length == Sha256Text.Length ? oid.ToLowerInvariant() : null,
            long.TryParse(ValueOf(lines, "size "), NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : null);
    }

    /// <summary>The pointer in a file; null where it is none or cannot be read.</summary>
    public static LfsPointer? TryRead(string path)
    {
        try
        {
            using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
            return TryRead(file);
        }
        catch (Exception e) when (e is HarvestException || FileErrors.IsFileFault(e))
        {
            return null;
        }
    }

    /// <summary>The pointer in an open file, whose position stays; null where it is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LfsPointer? TryRead(FileStream file)
    {
        // Larger files are not looked into.
        if (!file.CanSeek || file.Length > MostBytes)
        {
            return null;
        }

        FileFaults.Before(FileCall.Read, file.Name);
        Span<byte> text = stackalloc byte[MostBytes];
        return TryParse(text[..RandomAccess.Read(file.SafeFileHandle, text, 0)]);
    }

    private static string? ValueOf(string[] lines, string key) =>
        lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();
}
