using System.Text;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Reads Thrift's compact protocol from bytes that nothing is known of: every step takes at least one byte or ends with an error,
/// so that it comes to an end whatever the bytes are. Where the order of fields is known, it is the counterpart of
/// <see cref="ThriftWriter"/>, field by field; elsewhere <see cref="NextField"/> gives the fields that there are.
/// </summary>
/// <remarks>All members throw <see cref="InvalidDataException"/> where the bytes are not what is asked for.</remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int DeepestStruct = 16;

    private ReadOnlySpan<byte> _rest = bytes;
    private int _lastField;

    /// <summary>How many bytes were not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Begins a struct that is an element or the whole.</summary>
    /// <returns>What <see cref="EndStruct"/> takes.</returns>
    public int BeginStruct()
    {
        int outer = _lastField;
        _lastField = 0;
        return outer;
    }

    /// <summary>Begins a struct that is a field.</summary>
    /// <returns>What <see cref="EndStruct"/> takes.</returns>
    public int BeginStruct(int field)
    {
        Header(field, ThriftType.Struct);
        return BeginStruct();
    }

    /// <summary>Ends a struct, which has no more fields.</summary>
    public void EndStruct(int outer)
    {
        Expect(Byte() == (byte)ThriftType.Stop);
        _lastField = outer;
    }

    /// <summary>Goes on after a struct whose end <see cref="NextField"/> found.</summary>
    public void LeaveStruct(int outer) => _lastField = outer;

    /// <summary>Whether this field comes next.</summary>
    public readonly bool Has(int field, ThriftType type) => !_rest.IsEmpty && _rest[0] == HeaderOf(field, type);

    /// <summary>A list's number of elements, which is no more than there are bytes for.</summary>
    public int BeginList(int field, ThriftType element)
    {
        Header(field, ThriftType.List);
        int count = ListHeader(out ThriftType found);
        Expect(found == element);
        return count;
    }

    public int Int32(int field)
    {
        Header(field, ThriftType.Int32);
        return Int32Element();
    }

    public long Int64(int field)
    {
        Header(field, ThriftType.Int64);
        return ZigZag();
    }

    public void Int16(int field)
    {
        Header(field, ThriftType.Int16);
        long value = ZigZag();
        Expect(value == (short)value);
    }

    public void Boolean(int field)
    {
        Expect(Has(field, ThriftType.True) || Has(field, ThriftType.False));
        _ = Byte();
        _lastField = field;
    }

    public string Text(int field) => Encoding.UTF8.GetString(Binary(field));

    public ReadOnlySpan<byte> Binary(int field)
    {
        Header(field, ThriftType.Binary);
        return BinaryElement();
    }

    public ReadOnlySpan<byte> BinaryElement() => Take(Varint());

    public int Int32Element()
    {
        long value = ZigZag();
        Expect(value == (int)value);
        return (int)value;
    }

    /// <summary>The next field of any id; <see cref="ThriftType.Stop"/> after the last.</summary>
    public ThriftType NextField(out int field)
    {
        byte header = Byte();
        int step = header >> 4;
        var type = (ThriftType)(header & 0xF);
        if (type != ThriftType.Stop)
        {
            _lastField = step > 0 ? _lastField + step : (int)(Varint() >> 1);
        }

        field = _lastField;
        return type;
    }

    /// <summary>The value of a field that <see cref="NextField"/> found to be a whole number.</summary>
    public long ZigZag()
    {
        ulong zigZag = Varint();
        return (long)(zigZag >> 1) ^ -(long)(zigZag & 1);
    }

    /// <summary>The number and type of elements of a list that <see cref="NextField"/> found.</summary>
    public int ListHeader(out ThriftType element)
    {
        byte header = Byte();
        ulong count = header >> 4 == 0xF ? Varint() : (ulong)(header >> 4);
        element = (ThriftType)(header & 0xF);

        // Whatever an element is, it takes a byte; a count beyond that would be counted through all the same.
        Expect(count <= (ulong)Left);
        return (int)count;
    }

    /// <summary>Passes over the value of a field that <see cref="NextField"/> found.</summary>
    public void Skip(ThriftType type) => Skip(type, DeepestStruct);

    private void Skip(ThriftType type, int depth)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                _ = Byte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                _ = Varint();
                break;
            case ThriftType.Double:
                _ = Take(sizeof(double));
                break;
            case ThriftType.Binary:
                _ = BinaryElement();
                break;
            case ThriftType.List when depth > 0:
                for (int count = ListHeader(out ThriftType element); count > 0; count--)
                {
                    // As an element, unlike as a field, a truth value has a byte of its own.
                    Skip(element is ThriftType.True or ThriftType.False ? ThriftType.Byte : element, depth - 1);
                }

                break;
            case ThriftType.Struct when depth > 0:
                int outer = BeginStruct();
                for (ThriftType inner = NextField(out _); inner != ThriftType.Stop; inner = NextField(out _))
                {
                    Skip(inner, depth - 1);
                }

                LeaveStruct(outer);
                break;
            default:
                throw Unexpected();
        }
    }

    private void Header(int field, ThriftType type)
    {
        Expect(Has(field, type));
        _ = Byte();
        _lastField = field;
    }

    private readonly byte HeaderOf(int field, ThriftType type) => (byte)(((field - _lastField) << 4) | (int)type);

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Unexpected();
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(ulong count)
    {
        Expect(count <= (ulong)_rest.Length);
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            throw Unexpected();
        }
    }

    private static InvalidDataException Unexpected() => new("The metadata is not what the format describes.");
}
