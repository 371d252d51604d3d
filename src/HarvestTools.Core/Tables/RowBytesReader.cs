using System.Buffers.Binary;

namespace HarvestTools.Tables;

/// <summary>Compares values of two rows in canonical form where they are, column by column; null comes first.</summary>
internal ref struct RowBytesReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Compares two nullable integers of 32 bits, and passes them.</summary>
    public static int CompareInt32(ref RowBytesReader left, ref RowBytesReader right)
    {
        bool known = left.TakeFlag();
        bool other = right.TakeFlag();
        int a = known ? left.TakeInt32() : 0;
        int b = other ? right.TakeInt32() : 0;
        return known == other ? a.CompareTo(b) : known ? 1 : -1;
    }

    /// <summary>Compares two nullable integers of 64 bits, and passes them.</summary>
    public static int CompareInt64(ref RowBytesReader left, ref RowBytesReader right)
    {
        bool known = left.TakeFlag();
        bool other = right.TakeFlag();
        long a = known ? left.TakeInt64() : 0;
        long b = other ? right.TakeInt64() : 0;
        return known == other ? a.CompareTo(b) : known ? 1 : -1;
    }

    /// <summary>Compares two texts by their bytes, an absent one first, and passes them.</summary>
    public static int CompareTexts(ref RowBytesReader left, ref RowBytesReader right)
    {
        int length = left.TakeInt32();
        int other = right.TakeInt32();
        ReadOnlySpan<byte> text = left.Take(Math.Max(0, length));
        ReadOnlySpan<byte> otherText = right.Take(Math.Max(0, other));
        return length < 0 || other < 0 ? (length < 0 ? 0 : 1) - (other < 0 ? 0 : 1) : text.SequenceCompareTo(otherText);
    }

    private bool TakeFlag() => Take(1)[0] != 0;

    private int TakeInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    private long TakeInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
