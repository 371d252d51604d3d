using System.Text;

namespace HarvestTools.Parquet.Writing;

/// <summary>Field and element types of Thrift's compact protocol.</summary>
internal enum ThriftType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>
/// Writes Thrift's compact protocol, as far as Parquet's metadata needs it. Fields come in ascending order of their
/// ids; a struct begins with <see cref="BeginStruct()"/> and ends with <see cref="EndStruct"/>.
/// </summary>
internal sealed class ThriftWriter(ByteBuffer output)
{
    private readonly Stack<int> _outer = new();
    private int _lastField;

    public void BeginStruct()
    {
        _outer.Push(_lastField);
        _lastField = 0;
    }

    public void BeginStruct(int field)
    {
        Header(field, ThriftType.Struct);
        BeginStruct();
    }

    public void EndStruct()
    {
        output.WriteByte(0);
        _lastField = _outer.Pop();
    }

    public void BeginList(int field, ThriftType element, int count)
    {
        Header(field, ThriftType.List);
        if (count < 15)
        {
            output.WriteByte((byte)((count << 4) | (int)element));
        }
        else
        {
            output.WriteByte((byte)(0xF0 | (int)element));
            output.WriteVarint((ulong)count);
        }
    }

    public void Int32(int field, int value)
    {
        Header(field, ThriftType.Int32);
        output.WriteZigZag(value);
    }

    public void Int64(int field, long value)
    {
        Header(field, ThriftType.Int64);
        output.WriteZigZag(value);
    }

    public void Int16(int field, int value)
    {
        Header(field, ThriftType.Int16);
        output.WriteZigZag(value);
    }

    public void Boolean(int field, bool value) => Header(field, value ? ThriftType.True : ThriftType.False);

    public void Text(int field, string value)
    {
        Header(field, ThriftType.Binary);
        TextElement(value);
    }

    public void Binary(int field, ReadOnlySpan<byte> value)
    {
        Header(field, ThriftType.Binary);
        output.WriteVarint((ulong)value.Length);
        output.Write(value);
    }

    public void TextElement(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        output.WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, output.Take(length));
    }

    public void Int32Element(int value) => output.WriteZigZag(value);

    private void Header(int field, ThriftType type)
    {
        // Every id step in Parquet's metadata is small enough for the short form, which holds 1 to 15.
        output.WriteByte((byte)(((field - _lastField) << 4) | (int)type));
        _lastField = field;
    }
}
