using System.Runtime.InteropServices;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Filters;

/// <summary>What is drawn by an item, without where and by whom: two items of one region are equal in it.</summary>
internal readonly struct RegionShape(Region region) : IEquatable<RegionShape>
{
    private readonly Region _region = region;

    public bool Equals(RegionShape other)
    {
        Region a = _region;
        Region b = other._region;
        return a.Kind == b.Kind
            && a.X == b.X
            && a.Y == b.Y
            && (a.Kind == RegionKind.Keypoint || (a.Width == b.Width && a.Height == b.Height && (a.Rotation ?? 0) == (b.Rotation ?? 0)))
            && a.FramesCount == b.FramesCount
            && (a.Closed ?? true) == (b.Closed ?? true)
            && CollectionsMarshal.AsSpan(a.Points).SequenceEqual(CollectionsMarshal.AsSpan(b.Points))
            && CollectionsMarshal.AsSpan(a.Ranges).SequenceEqual(CollectionsMarshal.AsSpan(b.Ranges))
            && CollectionsMarshal.AsSpan(a.KeyFrames).SequenceEqual(CollectionsMarshal.AsSpan(b.KeyFrames));
    }

    public override bool Equals(object? obj) => obj is RegionShape other && Equals(other);

    // Items with one id nearly always have one shape, so that more would find nothing more.
    public override int GetHashCode() => HashCode.Combine(_region.Kind, _region.X, _region.Y);
}
