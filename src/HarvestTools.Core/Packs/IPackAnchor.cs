namespace HarvestTools.Packs;

/// <summary>An export that others are patches against, in the segments that <see cref="PackCut.Whole"/> gives. For one thread at a time.</summary>
internal interface IPackAnchor : IDisposable
{
    /// <summary>The export.</summary>
    string Sha256 { get; }

    /// <summary>The first id of each segment, ascending.</summary>
    IReadOnlyList<long> FirstIds { get; }

    /// <summary>The bytes of a segment, good until the next is asked for.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="HarvestException">The anchor cannot be read.</exception>
    ReadOnlySpan<byte> Segment(int index);
}
