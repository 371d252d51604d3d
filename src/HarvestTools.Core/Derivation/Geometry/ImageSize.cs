using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>The size of the image that percents refer to, in pixels.</summary>
internal readonly record struct ImageSize(double Width, double Height)
{
    /// <summary>Null where the region has no usable size; a size of 0 or less is none.</summary>
    public static ImageSize? Of(Region region) =>
        region.OriginalWidth is > 0 && region.OriginalHeight is > 0
            ? new ImageSize(region.OriginalWidth.Value, region.OriginalHeight.Value)
            : null;
}
