using System.IO.Compression;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Finds the export among the files of a zip.</summary>
internal static class ZipChoice
{
    /// <summary>More names than this help nobody.</summary>
    private const int NamesShown = 10;
    private const int NameLength = 120;

    /// <summary>The one JSON of the zip; where it has none, its only file, so that what that is can be said.</summary>
    /// <exception cref="HarvestException">There are several, or none, or it is encrypted.</exception>
    public static ZipArchiveEntry Of(ZipArchive archive, string name)
    {
        List<ZipArchiveEntry> files = [.. archive.Entries.Where(IsFile)];
        List<ZipArchiveEntry> json = [.. files.Where(static file => file.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))];
        ZipArchiveEntry chosen = (json.Count, files.Count) switch
        {
            (1, _) => json[0],
            (0, 1) => files[0],
            (0, _) => throw ExportErrors.ExportZipHasNoJson(name, List(files)),
            _ => throw ExportErrors.ExportZipHasSeveral(name, List(json)),
        };
        return chosen.IsEncrypted ? throw ExportErrors.ExportZipEncrypted(name, Printable(chosen.FullName)) : chosen;
    }

    /// <summary>A name from the zip, which anyone may have written, for a message of one line.</summary>
    public static string Printable(string name)
    {
        string text = string.Concat(name.Select(static letter => char.IsControl(letter) ? '?' : letter));
        return text.Length <= NameLength ? text : text[..NameLength] + "…";
    }

    /// <summary>Leaves out folders and what macOS and Windows add by themselves.</summary>
    private static bool IsFile(ZipArchiveEntry entry) =>
        entry.Name.Length > 0
        && entry.Name[0] != '.'
        && entry.Name is not ("Thumbs.db" or "desktop.ini")
        && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static string[] List(List<ZipArchiveEntry> files) =>
    [
        .. files.Take(NamesShown).Select(static file => Printable(file.FullName)),
        .. files.Count > NamesShown ? (string[])[$"and {files.Count - NamesShown} more"] : [],
    ];
}
