using System.Text;

namespace HarvestTools.Strings;

/// <summary>
/// A piece of UTF-8 text that lies in a larger buffer; copying it copies no bytes.
/// The default value stands for "absent" (a missing key or JSON null), which sorts before every text.
/// Valid only as long as the buffer it lies in, see <see cref="TextArena"/>.
/// </summary>
internal readonly struct Utf8Text : IEquatable<Utf8Text>, IComparable<Utf8Text>
{
    private readonly byte[]? _buffer;
    private readonly int _offset;
    private readonly int _length;

    public Utf8Text(byte[] buffer, int offset, int length)
    {
        _buffer = buffer;
        _offset = offset;
        _length = length;
    }

    /// <summary>Text with no characters, which is not the same as absent.</summary>
    public static Utf8Text Empty { get; } = new([], 0, 0);

    public bool IsAbsent => _buffer is null;

    public bool IsEmptyOrAbsent => _length == 0;

    public int Length => _length;

    public ReadOnlySpan<byte> Span => new(_buffer, _offset, _length);

    public ReadOnlyMemory<byte> Memory => new(_buffer, _offset, _length);

    /// <summary>Where the text starts in the buffer, which must be the one it lies in.</summary>
    public int OffsetIn(byte[] buffer) => ReferenceEquals(buffer, _buffer)
        ? _offset
        : throw new ArgumentException("the text is in another buffer", nameof(buffer));

    /// <summary>The first <paramref name="length"/> bytes.</summary>
    public Utf8Text First(int length) => new(_buffer!, _offset, length);

    /// <summary>Makes a text with a buffer of its own; for constants and tests, not for hot paths.</summary>
    public static Utf8Text From(string? text) =>
        text is null ? default : new Utf8Text(Encoding.UTF8.GetBytes(text), 0, Encoding.UTF8.GetByteCount(text));

    /// <summary>Ordinal byte order, absent first.</summary>
    public int CompareTo(Utf8Text other)
    {
        // Rows of one task share its texts.
        if (IsSamePiece(other))
        {
            return 0;
        }

        if (IsAbsent || other.IsAbsent)
        {
            return (IsAbsent ? 0 : 1) - (other.IsAbsent ? 0 : 1);
        }

        return Span.SequenceCompareTo(other.Span);
    }

    public bool Equals(Utf8Text other) => IsSamePiece(other) || (IsAbsent == other.IsAbsent && Span.SequenceEqual(other.Span));

    public bool Is(ReadOnlySpan<byte> text) => !IsAbsent && Span.SequenceEqual(text);

    public override bool Equals(object? obj) => obj is Utf8Text other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The text as a string; an absent text gives an empty one.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);

    /// <summary>Whether both are the same bytes of one buffer, or both are absent: then they are equal, and else they may be.</summary>
    public bool IsSamePiece(Utf8Text other) =>
        ReferenceEquals(_buffer, other._buffer) && _offset == other._offset && _length == other._length;

    public static bool operator ==(Utf8Text left, Utf8Text right) => left.Equals(right);

    public static bool operator !=(Utf8Text left, Utf8Text right) => !left.Equals(right);

    public static bool operator <(Utf8Text left, Utf8Text right) => left.CompareTo(right) < 0;

    public static bool operator >(Utf8Text left, Utf8Text right) => left.CompareTo(right) > 0;

    public static bool operator <=(Utf8Text left, Utf8Text right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Utf8Text left, Utf8Text right) => left.CompareTo(right) >= 0;
}
