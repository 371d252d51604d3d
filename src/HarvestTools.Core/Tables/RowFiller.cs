using System.Buffers.Binary;
using System.Runtime.CompilerServices;
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
    public void Add(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_room[Length..], value);
        Length += sizeof(long);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_room[Length..], value);
        Length += sizeof(int);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(bool value) => _room[Length++] = value ? (byte)1 : (byte)0;

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

    public void Add(Utf8Text text) => Length += RowBytes.Write(text, _room[Length..]);

    /// <summary>Adds one of the texts that neighbours mostly have in common, or the mark in its place.</summary>
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
}
