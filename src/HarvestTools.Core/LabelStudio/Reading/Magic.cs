namespace HarvestTools.LabelStudio.Reading;

/// <summary>What an export may be packed in and still be read directly.</summary>
internal enum Packing
{
    None,
    Gzip,
    Zip,
}

/// <summary>Formats by their first bytes.</summary>
internal static class Magic
{
    /// <summary>How a file is packed that begins like this.</summary>
    public static Packing Of(ReadOnlySpan<byte> start) => true switch
    {
        _ when start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) => Packing.Gzip,

        // Files, none at all, or the first of several volumes; a CSV may begin with the letters PK too.
        _ when start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8) || start.StartsWith("PK\x07\x08"u8) => Packing.Zip,
        _ => Packing.None,
    };

    /// <summary>Whether a file is packed in a way that is not read directly.</summary>
    public static bool IsOtherArchive(ReadOnlySpan<byte> start) =>
        start.StartsWith("BZh"u8)
        || start.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0])
        || start.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C])
        || start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])
        || start.StartsWith("Rar!"u8)
        || (start.Length > TarMark && start[TarMark..].StartsWith("ustar"u8));

    /// <summary>What a binary file is, as far as users pick it up in an export's place; null where it is none of these.</summary>
    public static string? NameOfBinary(ReadOnlySpan<byte> start) => true switch
    {
        _ when start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) => "a PNG image",
        _ when start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => "a JPEG image",
        _ when start.StartsWith("%PDF"u8) => "a PDF document",
        _ when start.StartsWith("PAR1"u8) => "a Parquet file",
        _ when start.StartsWith("SQLite format 3"u8) => "a SQLite database",
        _ when start.Length > 8 && start[4..].StartsWith("ftyp"u8) => "a video",
        _ => null,
    };

    /// <summary>Where a tar has its name.</summary>
    private const int TarMark = 257;
}
