using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace HarvestTools.Strings;

/// <summary>Puts a short text together in a buffer that is reused, then copies it to a task's arena. One a worker.</summary>
internal sealed class Utf8Builder
{
    private byte[] _buffer = new byte[256];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public Utf8Builder Clear()
    {
        _length = 0;
        return this;
    }

    public Utf8Builder Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _length += text.Length;
        return this;
    }

    public Utf8Builder Add(byte character)
    {
        Room(1)[0] = character;
        _length++;
        return this;
    }

    public Utf8Builder Add(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out int written);
        _length += written;
        return this;
    }

    /// <summary>The shortest digits that give the same number again, with a point in every culture.</summary>
    public Utf8Builder Add(double number)
    {
        // Negative zero and zero are the same number to the label hash, so they must read the same.
        Span<byte> room = Room(ShortestDecimal.MostBytes);
        if (!ShortestDecimal.TryWrite(number + 0.0, room, out int written))
        {
            Utf8Formatter.TryFormat(number + 0.0, room, out written);
        }

        _length += written;
        return this;
    }

    /// <summary>A name and its value, after a space where something is before it: <c>label=wrist</c>.</summary>
    public Utf8Builder AddField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Span<byte> room = Room(name.Length + value.Length + 2);
        int written = 0;
        if (_length > 0)
        {
            room[written++] = (byte)' ';
        }

        name.CopyTo(room[written..]);
        written += name.Length;
        room[written++] = (byte)'=';
        value.CopyTo(room[written..]);
        _length += written + value.Length;
        return this;
    }

    public Utf8Text ToText(TextArena arena) => arena.Add(Written);

    /// <summary>What is written, where it is: valid until something is added, or all is cleared.</summary>
    public Utf8Text AsText() => new(_buffer, 0, _length);

    // Inlined, since there mostly is room.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int length)
    {
        if (_buffer.Length - _length < length)
        {
            Grow(length);
        }

        return _buffer.AsSpan(_length);
    }

    private void Grow(int length) => Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + length));
}
