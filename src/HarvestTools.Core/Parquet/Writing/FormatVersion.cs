namespace HarvestTools.Parquet.Writing;

/// <summary>The versions of the derived bytes (tables, row order, Parquet encoding), see docs/format.md.</summary>
public static class FormatVersion
{
    /// <summary>What this release writes.</summary>
    public const int Current = 1;

    /// <summary>Whether this release can write that version.</summary>
    public static bool IsSupported(int version) => version == Current;
}
