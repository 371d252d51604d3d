using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>
/// Fills bytes that were reserved with values in canonical form, see <see cref="RowWriter"/>: for rows of many values, which
/// then are asked for room once. A local of one method stays in registers.
/// </summary>
internal ref struct RowFiller(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    /// <summary>Bytes filled.</summary>
    public int Length { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value) => Append(BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int value) => Append(BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(bool value) => Append(value ? (byte)1 : (byte)0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long? value)
    {
        Add(value.HasValue);
        if (value.HasValue)
        {
            Add(value.GetValueOrDefault());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int? value)
    {
        Add(value.HasValue);
        if (value.HasValue)
        {
            Add(value.GetValueOrDefault());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double? value)
    {
        Add(value.HasValue);
        if (value.HasValue)
        {
            Add(value.GetValueOrDefault());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Utf8Text text)
    {
        // Of the texts of a row many are absent, and need no copy.
        if (text.IsEmptyOrAbsent)
        {
            Add(text.IsAbsent ? -1 : 0);
        }
        else
        {
            AddBytes(text);
        }
    }

    /// <summary>Adds one of the texts that neighbours mostly have in common, or the mark in its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddShared(Utf8Text text, bool sharesTexts)
    {
        if (sharesTexts)
        {
            Add(RowWriter.SameText);
        }
        else
        {
            Add(text);
        }
    }

    private void AddBytes(Utf8Text text) => Length += RowBytes.Write(text, _room[Length..]);

    // Not checked against the room number by number: how many there are is known where it is asked for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append<T>(T value)
        where T : unmanaged
    {
        Debug.Assert(_room.Length - Length >= Unsafe.SizeOf<T>(), "There is no room left for a number.");
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref MemoryMarshal.GetReference(_room), Length), value);
        Length += Unsafe.SizeOf<T>();
    }
}
