namespace HarvestTools.Repositories;

/// <summary>What a project of a new slice lacks that its parent has.</summary>
/// <param name="Project">The project's present name.</param>
/// <param name="Export">The export that the new slice has of it: where it came from; null where it has none.</param>
/// <param name="TasksBefore">Labelled tasks of the parent; null where its exports cannot be read here.</param>
/// <param name="TasksLost">Those of them that are not labelled in the new slice; null where that is not known.</param>
/// <param name="RowsBefore">Kept rows of the parent, rejected ones apart; null where it does not record them.</param>
/// <param name="RowsAfter">Kept rows of the new slice; null where it was not derived.</param>
public sealed record ProjectLoss(string Project, string? Export, long? TasksBefore, long? TasksLost, long? RowsBefore, long? RowsAfter)
{
    /// <summary>The first digits of the hashes of those exports: a path may have had several.</summary>
    internal string? Hashes { get; init; }

    /// <summary>Whether the project is retired, so that slices lack it on purpose.</summary>
    internal bool Retired { get; init; }

    /// <summary>Rows that the new slice has fewer; null where either side is not known, or it has more.</summary>
    public long? RowsLost => RowsBefore - RowsAfter is > 0 and var lost ? lost : null;
}
