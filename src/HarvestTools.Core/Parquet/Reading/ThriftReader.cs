using System.Text;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Reads Thrift's compact protocol from untrusted bytes: every length is checked against what is left before it is
/// used, nesting is limited, and whatever is wrong becomes <c>ParquetDamaged</c>.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes, string file, string where)
{
    private const int DepthMax = 16;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _lastField;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Begins a struct; gives what <see cref="EndStruct"/> must be told at its end.</summary>
    public int BeginStruct()
    {
        int outer = _lastField;
        _lastField = 0;
        return outer;
    }

    /// <summary>Expects the end of a struct at this place.</summary>
    public void EndStruct(int outer)
    {
        if (TryField(out int field, out _))
        {
            throw Damaged(FormattableString.Invariant($"field {field} is not one that this format version has"));
        }

        _lastField = outer;
    }

    /// <summary>Goes on with the struct outside the one whose last field <see cref="TryField"/> has told.</summary>
    public void LeaveStruct(int outer) => _lastField = outer;

    /// <summary>The next field of the struct; false, and the struct is over, where there is none.</summary>
    public bool TryField(out int field, out ThriftType type)
    {
        int header = Byte();
        type = (ThriftType)(header & 15);
        field = 0;
        if (type == ThriftType.Stop)
        {
            return false;
        }

        field = header >> 4 == 0 ? (int)Math.Clamp(ZigZag(), short.MinValue, short.MaxValue) : _lastField + (header >> 4);
        _lastField = field;
        return true;
    }

    /// <summary>Takes the next field where it is this one, else leaves everything as it was.</summary>
    public bool TryTake(int field, ThriftType type)
    {
        if (Position >= _bytes.Length)
        {
            throw Damaged("it ends too early");
        }

        if (_bytes[Position] != (((field - _lastField) << 4) | (int)type))
        {
            return false;
        }

        Position++;
        _lastField = field;
        return true;
    }

    /// <summary>Expects this field next.</summary>
    public void Take(int field, ThriftType type)
    {
        if (!TryTake(field, type))
        {
            throw Damaged(FormattableString.Invariant($"field {field} is not where it should be"));
        }
    }

    public int Int32(int field)
    {
        Take(field, ThriftType.Int32);
        return Int32Element();
    }

    public long Int64(int field)
    {
        Take(field, ThriftType.Int64);
        return Int64Element();
    }

    public string Text(int field)
    {
        Take(field, ThriftType.Binary);
        return TextElement();
    }

    public int Int32Element()
    {
        long value = ZigZag();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Damaged(FormattableString.Invariant($"{value} does not fit 32 bits"));
    }

    public long Int64Element() => ZigZag();

    public ReadOnlySpan<byte> Binary()
    {
        ulong length = Varint();
        if (length > (ulong)(_bytes.Length - Position))
        {
            throw Damaged("a text is longer than what is left");
        }

        ReadOnlySpan<byte> binary = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return binary;
    }

    public string TextElement() => Encoding.UTF8.GetString(Binary());

    /// <summary>Expects a list next and gives its length, which is no more than the bytes that are left.</summary>
    public int List(int field, ThriftType element)
    {
        Take(field, ThriftType.List);
        int count = ListHeader(out ThriftType actual);
        return actual == element ? count : throw Damaged(FormattableString.Invariant($"the list in field {field} holds another type"));
    }

    /// <summary>Passes over a value of any type.</summary>
    public void Skip(ThriftType type, int depth = 0)
    {
        if (depth > DepthMax)
        {
            throw Damaged("it is nested too deeply");
        }

        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                for (int i = 0; i < sizeof(double); i++)
                {
                    Byte();
                }

                break;
            case ThriftType.Binary:
                Binary();
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList(depth);
                break;
            case ThriftType.Struct:
                int outer = BeginStruct();
                while (TryField(out _, out ThriftType inner))
                {
                    Skip(inner, depth + 1);
                }

                _lastField = outer;
                break;
            default:
                throw Damaged(FormattableString.Invariant($"it holds a value of type {(int)type}, which Parquet does not use"));
        }
    }

    /// <summary>The length and element type of a list whose field has been taken.</summary>
    public int ListHeader(out ThriftType element)
    {
        int header = Byte();
        element = (ThriftType)(header & 15);
        ulong count = (ulong)(header >> 4);
        if (count == 15)
        {
            count = Varint();
        }

        // An element takes a byte at least, so a longer list is a lie; no memory is taken for it.
        return count <= (ulong)(_bytes.Length - Position) ? (int)count : throw Damaged("a list is longer than what is left");
    }

    public readonly HarvestException Damaged(string what) =>
        ParquetErrors.ParquetDamaged(file, FormattableString.Invariant($"{where}, byte {Position}"), what);

    private void SkipList(int depth)
    {
        int count = ListHeader(out ThriftType element);
        for (int i = 0; i < count; i++)
        {
            // In a list, unlike in a field, a boolean takes a byte.
            Skip(element is ThriftType.True or ThriftType.False ? ThriftType.Byte : element, depth + 1);
        }
    }

    private long ZigZag()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged("a number has too many bytes");
    }

    private int Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Damaged("it ends too early");
}
