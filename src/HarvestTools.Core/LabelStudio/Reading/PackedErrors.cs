using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Errors of gzips and zips, which are read as the JSON in them.</summary>
internal static partial class ExportErrors
{
    public static HarvestException ExportIsPacked(string file) => Data(
        nameof(ExportIsPacked),
        file,
        $"{file} is packed twice, or in a way that is not read directly (gzip and zip are).",
        "Unpack it and use the JSON file inside.");

    /// <param name="file">The file.</param>
    /// <param name="byteOffset">How much of the JSON came out of it.</param>
    /// <param name="inner">What the unpacker found; null where the content has another size or checksum.</param>
    public static HarvestException ExportPackedDamaged(string file, long byteOffset, Exception? inner) => new(
        nameof(ExportPackedDamaged),
        HarvestFault.InvalidData,
        string.Create(CultureInfo.InvariantCulture, $"{file} cannot be unpacked beyond byte {byteOffset}: the gzip or zip is damaged or cut off, or packed in a way that is not read."),
        "Download or copy the file again, or unpack it with another program and use the JSON file inside.",
        file,
        inner);

    public static HarvestException ExportZipEncrypted(string file, string entry) => Data(
        nameof(ExportZipEncrypted),
        file,
        $"{entry} in {file} is encrypted.",
        "Unpack it with its password and use the JSON file inside.");

    public static HarvestException ExportZipHasSeveral(string file, IReadOnlyList<string> entries) => Data(
        nameof(ExportZipHasSeveral),
        file,
        $"{file} has several JSON files: {string.Join(", ", entries)}.",
        "Unpack it and use each export as a file of its own.");

    public static HarvestException ExportZipHasNoJson(string file, IReadOnlyList<string> entries) => Data(
        nameof(ExportZipHasNoJson),
        file,
        entries.Count == 0 ? $"{file} is a zip without files." : $"{file} is a zip without a JSON file; it has {string.Join(", ", entries)}.",
        ExportAgain);

    public static HarvestException ExportUnpacksTooLarge(string file, long bytes, long unpacked) => Data(
        nameof(ExportUnpacksTooLarge),
        file,
        $"{file} unpacks to more than {Figures.Size(unpacked)} from {Figures.Size(bytes)}, which no export does.",
        "Unpack it with another program, look at what it has, and use the JSON file inside if it is an export.");
}
