using HarvestTools.Archive;

namespace HarvestTools.Tests;

/// <summary>Archived objects as plain files, which tests look at and damage; no command needs them so.</summary>
internal static class ArchivedFiles
{
    public static string PathOf(this ExportArchive archive, string sha256) => archive.TryPathOf(sha256) ?? throw ArchiveErrors.ObjectNotFound(sha256);

    public static string? TryPathOf(this ExportArchive archive, string sha256) =>
        archive.Local.TryUnpack(sha256) ?? (archive.TryFetch(sha256) ? archive.Local.TryUnpack(sha256) : null);
}
