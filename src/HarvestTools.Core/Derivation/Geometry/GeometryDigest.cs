using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Geometry;

/// <summary>What is drawn, as one number: two regions are drawn alike where it is equal. Reusable.</summary>
internal sealed class GeometryDigest
{
    // No coordinate has the bits of it.
    private const long Absent = -1;
    private const int KeyNumbers = 7;

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

        ReadOnlySpan<KeyFrame> keys = CollectionsMarshal.AsSpan(region.KeyFrames);
        int at = _numbers.Count;
        CollectionsMarshal.SetCount(_numbers, at + (keys.Length * KeyNumbers));
        Span<long> numbers = CollectionsMarshal.AsSpan(_numbers)[at..];
        foreach (ref readonly KeyFrame key in keys)
        {
            // A key frame's numbers are filled at once: a track has hundreds.
            Span<long> next = numbers[..KeyNumbers];
            next[0] = key.Frame;
            next[1] = (key.Enabled == false ? 1 : 0) + (key.Auto ? 2 : 0);
            next[2] = Bits(key.X);
            next[3] = Bits(key.Y);
            next[4] = Bits(key.Width);
            next[5] = Bits(key.Height);
            next[6] = Bits(key.Rotation ?? 0);
            numbers = numbers[KeyNumbers..];
        }

        return Digest128.Of(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_numbers)));
    }

    private void Add(double? number) => _numbers.Add(Bits(number));

    // A negative zero is a zero, for the label hash too.
    private static long Bits(double? number) => number is { } known ? BitConverter.DoubleToInt64Bits(known + 0.0) : Absent;
}
