namespace HarvestTools.Json;

/// <summary>What one who reads objects keeps for each shape of them.</summary>
internal sealed class PerShape<T>
    where T : class
{
    // By the shape's number, which another shape has once all were forgotten.
    private readonly JsonShape?[] _shapes = new JsonShape?[JsonShapes.Max + 1];
    private readonly T?[] _values = new T?[JsonShapes.Max + 1];

    /// <summary>What is kept for a shape; null at first.</summary>
    public T? this[JsonShape shape]
    {
        get => _shapes[shape.Number] == shape ? _values[shape.Number] : null;
        set
        {
            _shapes[shape.Number] = shape;
            _values[shape.Number] = value;
        }
    }
}
