namespace HarvestTools.Derivation.Geometry;

/// <summary>The mean of boxes, value by value; rotations by the shortest way around, so that 359° and 1° give 0°.</summary>
internal struct MeanBox(PercentBox first)
{
    // As a Mean of each value is, of which all have one count.
    private double _x;
    private double _y;
    private double _width;
    private double _height;
    private double _rotation;
    private double _count = 1;

    public void Add(in PercentBox box)
    {
        _x += box.X - first.X;
        _y += box.Y - first.Y;
        _width += box.Width - first.Width;
        _height += box.Height - first.Height;
        _count++;

        // Most boxes are turned alike, if at all, and need no division.
        double turned = box.Rotation - first.Rotation;
        if (turned != 0)
        {
            _rotation += first.Rotation + Math.IEEERemainder(turned, 360) - first.Rotation;
        }
    }

    public readonly PercentBox Value
    {
        get
        {
            double rotation = first.Rotation + (_rotation / _count) + 0.0;
            if (rotation < 0 && first.Rotation >= 0)
            {
                rotation += 360;
            }
            else if (rotation >= 360 && first.Rotation < 360)
            {
                rotation -= 360;
            }

            return new PercentBox(
                first.X + (_x / _count) + 0.0,
                first.Y + (_y / _count) + 0.0,
                first.Width + (_width / _count) + 0.0,
                first.Height + (_height / _count) + 0.0,
                rotation);
        }
    }
}
