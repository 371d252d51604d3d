namespace HarvestTools.Derivation.Geometry;

/// <summary>A rectangle in percent of the image, rotation in degrees clockwise.</summary>
internal readonly record struct PercentBox(double X, double Y, double Width, double Height, double Rotation)
{
    /// <summary>
    /// The same rectangle, begun at the corner that corresponds to the first one of <paramref name="lead"/> and with a
    /// width and height of the same sign, so that a mean of the two makes sense. Usually that is the box itself. Without
    /// a size nothing can be turned, since percents of width and height are different lengths.
    /// </summary>
    public PercentBox DrawnAs(in PercentBox lead, ImageSize? size)
    {
        bool upright = (Rotation == 0 || Rotation % 360 == 0) && (lead.Rotation == 0 || lead.Rotation % 360 == 0);
        bool sameSigns = Width < 0 == lead.Width < 0 && Height < 0 == lead.Height < 0;
        if ((upright && sameSigns) || size is not { } image)
        {
            return this;
        }

        RotatedBox wanted = ToPixels(lead, image).WithPositiveSize();
        RotatedBox own = ToPixels(this, image).WithPositiveSize();
        int turn = BoxDistance.Turn(new BoxCorners(wanted), new BoxCorners(own), out _);
        if (turn == 0 && sameSigns)
        {
            return this;
        }

        own = own.StartedAt(turn).WithSigns(lead.Width < 0, lead.Height < 0);
        return new PercentBox(
            own.X / image.Width * 100,
            own.Y / image.Height * 100,
            own.Width / image.Width * 100,
            own.Height / image.Height * 100,
            own.Rotation);
    }

    private static RotatedBox ToPixels(in PercentBox box, ImageSize image) =>
        RotatedBox.FromPercent(box.X, box.Y, box.Width, box.Height, box.Rotation, image.Width, image.Height);
}
