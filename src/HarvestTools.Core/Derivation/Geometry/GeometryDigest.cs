using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Geometry;

/// <summary>What is drawn, as one number: two regions are drawn alike where it is equal. Reusable.</summary>
internal sealed class GeometryDigest
{
    // No coordinate has the bits of it.
    private const long Absent = -1;

    private readonly List<long> _numbers = [];

    public Digest128 Of(Region region)
    {
        // Most regions are a point or a box, whose numbers need no list.
        if (!region.HasGeometryList)
        {
            return Digest128.Of(MemoryMarshal.AsBytes((ReadOnlySpan<long>)
                [Bits(region.X), Bits(region.Y), Bits(region.Width), Bits(region.Height), Bits(region.Rotation ?? 0), 0, 0]));
        }

        _numbers.Clear();
        Add(region.X);
        Add(region.Y);
        Add(region.Width);
        Add(region.Height);
        Add(region.Rotation ?? 0);

        // The lengths keep a list's end apart from the next one's beginning.
        _numbers.Add(region.Closed == false ? -region.Points.Count : region.Points.Count);
        foreach (double point in region.Points)
        {
            Add(point);
        }

        _numbers.Add(region.Ranges.Count);
        foreach (FrameRange range in region.Ranges)
        {
            _numbers.Add(range.Start is null ? 1 : 0);
            _numbers.Add(range.Start ?? 0);
            _numbers.Add(range.End is null ? 1 : 0);
            _numbers.Add(range.End ?? 0);
        }

        foreach (ref readonly KeyFrame key in CollectionsMarshal.AsSpan(region.KeyFrames))
        {
            _numbers.Add(key.Frame);
            _numbers.Add((key.Enabled == false ? 1 : 0) + (key.Auto ? 2 : 0));
            Add(key.X);
            Add(key.Y);
            Add(key.Width);
            Add(key.Height);
            Add(key.Rotation ?? 0);
        }

        return Digest128.Of(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_numbers)));
    }

    private void Add(double? number) => _numbers.Add(Bits(number));

    // A negative zero is a zero, for the label hash too.
    private static long Bits(double? number) => number is { } known ? BitConverter.DoubleToInt64Bits(known + 0.0) : Absent;
}
