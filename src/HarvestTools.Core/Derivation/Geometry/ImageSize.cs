using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Geometry;

/// <summary>The size of the image that percents refer to, in pixels.</summary>
internal readonly record struct ImageSize(double Width, double Height)
{
    /// <summary>Null where the region has no usable size; a size of 0 or less is none.</summary>
    public static ImageSize? Of(Region region)
    {
        double width = region.OriginalWidth.GetValueOrDefault();
        double height = region.OriginalHeight.GetValueOrDefault();
        return width > 0 && height > 0 ? new ImageSize(width, height) : null;
    }
}
