using HarvestTools.Manifests;

namespace HarvestTools.Archive;

/// <summary>What a check of an archive looks at.</summary>
public sealed class ArchiveScope
{
    internal ArchiveScope(ExportArchive archive, SliceStore slices)
    {
        Archive = archive;
        Slices = slices;
    }

    /// <summary>The archive.</summary>
    internal ExportArchive Archive { get; }

    /// <summary>The slices, which refer to objects.</summary>
    internal SliceStore Slices { get; }

    /// <summary>The slices' folder, relative to the repository.</summary>
    internal string SlicesFolder { get; init; } = "slices";

    /// <summary>Full paths of the folders in which temporary files are looked for, and whether below them too.</summary>
    internal IReadOnlyList<(string Folder, bool Recurse)> Folders { get; init; } = [];

    /// <summary>The full path of a file whose path a record or a slice has.</summary>
    internal Func<string, string> Resolve { get; init; } = static path => path;

    /// <summary>Checks the cache, which is made of the archive, and removes what is damaged of it where it is called with true.</summary>
    internal Func<bool, CancellationToken, IEnumerable<ArchiveFinding>> Cache { get; init; } = static (_, _) => [];

    /// <summary>Checks what is recorded beside the slices.</summary>
    internal Func<IEnumerable<ArchiveFinding>> OtherRecords { get; init; } = static () => [];

    /// <summary>Bytes that git keeps beside a slice, of which an object can be restored: its definition; null where there are none of that hash.</summary>
    internal Func<string, byte[]?> BesideSlices { get; init; } = static _ => null;

    /// <summary>Bytes from which an object can be restored without a file, by hash.</summary>
    internal IReadOnlyDictionary<string, byte[]> KnownBytes { get; init; } = new Dictionary<string, byte[]>();
}
