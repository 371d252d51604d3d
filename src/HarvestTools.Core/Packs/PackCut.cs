namespace HarvestTools.Packs;

/// <summary>A run of pieces that is compressed as one.</summary>
/// <param name="First">Index of its first piece, by id.</param>
/// <param name="Count">How many pieces it has.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Anchor">The segment of the anchor that it is a patch against; -1 where it is none.</param>
internal readonly record struct PackSegment(int First, int Count, long Bytes, int Anchor);

/// <summary>
/// Where an export is cut into segments. It depends on the bytes alone, so that the segments of an anchor are the same however often it
/// is packed, and a patch fits each of them.
/// </summary>
internal static class PackCut
{
    /// <summary>
    /// The size from which a segment of an anchor is closed. Small segments keep the text that a task had before near to what it has now,
    /// so that the compressor finds it by its ordinary search; docs/archive.md has the figures of other sizes.
    /// </summary>
    public const int SegmentBytes = 256 * 1024;

    /// <summary>Cuts an export that is to be kept whole.</summary>
    public static List<PackSegment> Whole(PackUnits units)
    {
        var segments = new List<PackSegment>();
        int first = 0;
        long bytes = 0;
        for (int i = 0; i < units.ById.Count; i++)
        {
            bytes += units.ById[i].Length;
            if (bytes >= SegmentBytes || i == units.ById.Count - 1)
            {
                segments.Add(new PackSegment(first, i + 1 - first, bytes, -1));
                (first, bytes) = (i + 1, 0);
            }
        }

        return segments;
    }

    /// <summary>Cuts an export along the segments of another, so that the tasks of each have the same ids in both.</summary>
    /// <param name="units">The export's pieces.</param>
    /// <param name="firstIds">The first id of each of the anchor's segments, ascending.</param>
    public static List<PackSegment> Along(PackUnits units, IReadOnlyList<long> firstIds)
    {
        var segments = new List<PackSegment>();
        int first = 0;
        int anchor = 0;
        long bytes = 0;
        for (int i = 0; i < units.ById.Count; i++)
        {
            int belongs = anchor;
            while (belongs + 1 < firstIds.Count && firstIds[belongs + 1] <= units.ById[i].Id)
            {
                belongs++;
            }

            // Many new tasks between two old ones: one segment would hold all of them in memory.
            if (i > first && (belongs != anchor || bytes >= 2 * SegmentBytes))
            {
                segments.Add(new PackSegment(first, i - first, bytes, anchor));
                (first, bytes) = (i, 0);
            }

            anchor = belongs;
            bytes += units.ById[i].Length;
        }

        segments.Add(new PackSegment(first, units.ById.Count - first, bytes, anchor));
        return segments;
    }
}
