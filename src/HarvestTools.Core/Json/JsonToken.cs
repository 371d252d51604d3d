using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>One token: where its value is and what it is.</summary>
internal struct JsonToken
{
    /// <summary>Where the value starts; of strings and keys behind the quote.</summary>
    public int ValueStart;

    /// <summary>Length of the value, of strings and keys without the quotes.</summary>
    public int ValueLength;

    /// <summary>Of an opening bracket how many tokens behind it the closing one is in the same window, 0 where that is not known; else 0.</summary>
    public int Closing;

    public JsonTokenType Type;

    /// <summary>Whether a string or key holds a backslash.</summary>
    public bool Escaped;

    /// <summary>Of a number that it is known to be its own canonical form; false says nothing.</summary>
    public bool Canonical;

    /// <summary>Of an opening brace the number of the object's shape (<see cref="JsonShapes"/>); 0 where it is not known.</summary>
    public byte Shape;
}
