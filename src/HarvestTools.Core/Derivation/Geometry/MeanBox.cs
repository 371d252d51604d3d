namespace HarvestTools.Derivation.Geometry;

/// <summary>The mean of boxes, value by value; rotations by the shortest way around, so that 359° and 1° give 0°.</summary>
internal struct MeanBox(PercentBox first)
{
    private Mean _x = new(first.X);
    private Mean _y = new(first.Y);
    private Mean _width = new(first.Width);
    private Mean _height = new(first.Height);
    private Mean _rotation = new(first.Rotation);

    public void Add(in PercentBox box)
    {
        _x.Add(box.X);
        _y.Add(box.Y);
        _width.Add(box.Width);
        _height.Add(box.Height);

        // Most boxes are turned alike, if at all, and need no division.
        double turned = box.Rotation - first.Rotation;
        _rotation.Add(turned == 0 ? first.Rotation : first.Rotation + Math.IEEERemainder(turned, 360));
    }

    public readonly PercentBox Value
    {
        get
        {
            double rotation = _rotation.Value;
            if (rotation < 0 && first.Rotation >= 0)
            {
                rotation += 360;
            }
            else if (rotation >= 360 && first.Rotation < 360)
            {
                rotation -= 360;
            }

            return new PercentBox(_x.Value, _y.Value, _width.Value, _height.Value, rotation);
        }
    }
}
