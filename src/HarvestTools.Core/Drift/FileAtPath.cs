namespace HarvestTools.Drift;

/// <summary>What the file at an export's recorded path is, where it is not that export.</summary>
internal enum FileStanding
{
    /// <summary>Nothing here knows it.</summary>
    Unknown,

    /// <summary>A later export of the same project.</summary>
    Later,

    /// <summary>An export of the same project that is not later.</summary>
    Earlier,

    /// <summary>An export of another project alone.</summary>
    OfOtherProject,

    /// <summary>An export of another project that a slice recorded at this very path, while the archive has the one that was there.</summary>
    SharedPath,

    /// <summary>Nothing here knows it, but by its id in Label Studio it is of another project.</summary>
    NewOfOtherProject,

    /// <summary>Nothing here knows it, and this machine has no archive that could.</summary>
    NoStore,
}

/// <summary>The file at an export's recorded path, by what the archive and the slices know of it.</summary>
/// <param name="Sha256">Of its bytes as they are now.</param>
/// <param name="Standing">What it is.</param>
/// <param name="Project">The project that it is of; null where none is known.</param>
/// <param name="Archived">Where the archive has the export that the slice used; null where it does not.</param>
internal sealed record FileAtPath(string Sha256, FileStanding Standing, string? Project = null, string? Archived = null)
{
    /// <summary>Where no project here has its id in Label Studio, that id; null otherwise.</summary>
    public long? LabelStudioId { get; init; }
}
