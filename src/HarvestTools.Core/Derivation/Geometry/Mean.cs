namespace HarvestTools.Derivation.Geometry;

/// <summary>Means that give back equal values exactly, so that an annotator who repeats another moves nothing.</summary>
internal struct Mean(double first)
{
    private double _differences;
    private int _count = 1;

    public void Add(double value)
    {
        _differences += value - first;
        _count++;
    }

    public readonly double Value => first + (_differences / _count) + 0.0;
}
