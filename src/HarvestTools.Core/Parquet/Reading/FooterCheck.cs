using System.Text;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Holds a footer against what <see cref="ParquetFooter"/> writes, field by field, before Parquet.Net reads it: that one believes
/// every count and every length that it finds, and passes over fields it does not know in a way that loses its place.
/// </summary>
internal static class FooterCheck
{
    private const string Where = "footer";

    /// <summary>Checks who wrote the footer, and that it has the fields of this format version and no others.</summary>
    /// <param name="footer">The footer's bytes.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <exception cref="HarvestException">
    /// <c>ParquetForeign</c>: another program wrote the file, or this one in another format; <c>ParquetDamaged</c>.
    /// </exception>
    public static void Check(ReadOnlySpan<byte> footer, string file)
    {
        try
        {
            CheckWriter(new ThriftReader(footer), file);
            CheckFields(new ThriftReader(footer));
        }
        catch (InvalidDataException exception)
        {
            throw ParquetErrors.ParquetDamaged(file, Where, "it cannot be decoded", exception);
        }
    }

    private static void CheckWriter(ThriftReader thrift, string file)
    {
        (string? writer, string? version) = WriterOf(ref thrift);
        if (writer != ParquetLayout.CreatedBy)
        {
            throw ParquetErrors.ParquetForeign(
                file, writer is null ? "its footer names no writer" : $"its footer names the writer \"{Printable(writer)}\"");
        }

        string read = FormattableString.Invariant($"{ReaderLimits.FormatVersion}");
        if (version != read)
        {
            throw ParquetErrors.ParquetForeign(file, $"it has format version {Printable(version ?? "none")}, and this release reads version {read}");
        }
    }

    /// <summary>A text from a file that nothing is known of, fit for a message on a terminal.</summary>
    internal static string Printable(string text) =>
        string.Concat(text.Take(80).Select(static letter => char.IsControl(letter) ? '?' : letter));

    /// <summary>Who wrote the file and in which version of the format, wherever in the footer it is.</summary>
    private static (string? Writer, string? Version) WriterOf(ref ThriftReader thrift)
    {
        const int keyValues = 5;
        const int createdBy = 6;
        string? writer = null;
        string? version = null;
        for (ThriftType type = thrift.NextField(out int field); type != ThriftType.Stop; type = thrift.NextField(out field))
        {
            if (field == createdBy && type == ThriftType.Binary)
            {
                writer = Encoding.UTF8.GetString(thrift.BinaryElement());
            }
            else if (field == keyValues && type == ThriftType.List)
            {
                version = VersionOf(ref thrift) ?? version;
            }
            else
            {
                thrift.Skip(type);
            }
        }

        return (writer, version);
    }

    private static string? VersionOf(ref ThriftReader thrift)
    {
        string? version = null;
        for (int count = thrift.ListHeader(out ThriftType element); count > 0; count--)
        {
            if (element != ThriftType.Struct)
            {
                throw new InvalidDataException("The key-value metadata are no pairs.");
            }

            int outer = thrift.BeginStruct();
            bool isVersion = false;
            for (ThriftType type = thrift.NextField(out int field); type != ThriftType.Stop; type = thrift.NextField(out field))
            {
                if (type != ThriftType.Binary)
                {
                    thrift.Skip(type);
                    continue;
                }

                string text = Encoding.UTF8.GetString(thrift.BinaryElement());
                isVersion |= field == 1 && text == ParquetLayout.FormatVersionKey;
                version = field == 2 && isVersion ? version ?? text : version;
            }

            thrift.LeaveStruct(outer);
        }

        return version;
    }

    private static void CheckFields(ThriftReader thrift)
    {
        int outer = thrift.BeginStruct();
        _ = thrift.Int32(1);
        CheckSchema(ref thrift);
        _ = thrift.Int64(3);
        for (int groups = thrift.BeginList(4, ThriftType.Struct); groups > 0; groups--)
        {
            CheckRowGroup(ref thrift);
        }

        for (int pairs = thrift.BeginList(5, ThriftType.Struct); pairs > 0; pairs--)
        {
            int pair = thrift.BeginStruct();
            _ = thrift.Binary(1);
            _ = thrift.Binary(2);
            thrift.EndStruct(pair);
        }

        _ = thrift.Binary(6);
        for (int orders = thrift.BeginList(7, ThriftType.Struct); orders > 0; orders--)
        {
            int order = thrift.BeginStruct();
            CheckEmptyStruct(ref thrift, 1);
            thrift.EndStruct(order);
        }

        thrift.EndStruct(outer);
        Expect(thrift.Left == 0, "Something follows the footer's last field.");
    }

    private static void CheckSchema(ref ThriftReader thrift)
    {
        int elements = thrift.BeginList(2, ThriftType.Struct);
        int root = thrift.BeginStruct();
        _ = thrift.Binary(4);
        int children = thrift.Int32(5);
        thrift.EndStruct(root);
        int columns = 0;
        for (int left = elements - 1; left > 0; columns++)
        {
            left -= CheckColumn(ref thrift);
        }

        Expect(children == columns, "The columns are not as many as the table has.");
    }

    /// <summary>Checks what the schema says of a column.</summary>
    /// <returns>How many elements of the schema it has.</returns>
    private static int CheckColumn(ref ThriftReader thrift)
    {
        int outer = thrift.BeginStruct();
        bool isLeaf = thrift.Has(1, ThriftType.Int32);
        if (isLeaf)
        {
            _ = thrift.Int32(1);
        }

        _ = thrift.Int32(3);
        _ = thrift.Binary(4);
        if (!isLeaf)
        {
            Expect(thrift.Int32(5) == 1, "A list has other than one child.");
        }

        if (thrift.Has(6, ThriftType.Int32))
        {
            _ = thrift.Int32(6);
            int logical = thrift.BeginStruct(10);
            CheckEmptyStruct(ref thrift, isLeaf ? 1 : 3);
            thrift.EndStruct(logical);
        }

        thrift.EndStruct(outer);
        if (isLeaf)
        {
            return 1;
        }

        outer = thrift.BeginStruct();
        _ = thrift.Int32(3);
        Expect(thrift.Text(4) == ParquetFooter.ListGroup, "A list has a group of another name.");
        Expect(thrift.Int32(5) == 1, "A list's group has other than one child.");
        thrift.EndStruct(outer);
        outer = thrift.BeginStruct();
        _ = thrift.Int32(1);
        _ = thrift.Int32(3);
        Expect(thrift.Text(4) == ParquetFooter.ListElement, "A list has an element of another name.");
        thrift.EndStruct(outer);
        return 3;
    }

    private static void CheckRowGroup(ref ThriftReader thrift)
    {
        int outer = thrift.BeginStruct();
        for (int chunks = thrift.BeginList(1, ThriftType.Struct); chunks > 0; chunks--)
        {
            CheckChunk(ref thrift);
        }

        _ = thrift.Int64(2);
        _ = thrift.Int64(3);
        _ = thrift.Int64(5);
        _ = thrift.Int64(6);
        if (thrift.Has(7, ThriftType.Int16))
        {
            thrift.Int16(7);
        }

        thrift.EndStruct(outer);
    }

    private static void CheckChunk(ref ThriftReader thrift)
    {
        int outer = thrift.BeginStruct();
        _ = thrift.Int64(2);
        int metadata = thrift.BeginStruct(3);
        _ = thrift.Int32(1);
        for (int encodings = thrift.BeginList(2, ThriftType.Int32); encodings > 0; encodings--)
        {
            _ = thrift.Int32Element();
        }

        for (int names = thrift.BeginList(3, ThriftType.Binary); names > 0; names--)
        {
            _ = thrift.BinaryElement();
        }

        _ = thrift.Int32(4);
        _ = thrift.Int64(5);
        _ = thrift.Int64(6);
        _ = thrift.Int64(7);
        _ = thrift.Int64(9);
        if (thrift.Has(11, ThriftType.Int64))
        {
            _ = thrift.Int64(11);
        }

        if (thrift.Has(12, ThriftType.Struct))
        {
            CheckStatistics(ref thrift);
        }

        for (int counts = thrift.BeginList(13, ThriftType.Struct); counts > 0; counts--)
        {
            int count = thrift.BeginStruct();
            _ = thrift.Int32(1);
            _ = thrift.Int32(2);
            _ = thrift.Int32(3);
            thrift.EndStruct(count);
        }

        thrift.EndStruct(metadata);
        thrift.EndStruct(outer);
    }

    private static void CheckStatistics(ref ThriftReader thrift)
    {
        int outer = thrift.BeginStruct(12);
        _ = thrift.Int64(3);
        if (thrift.Has(5, ThriftType.Binary))
        {
            _ = thrift.Binary(5);
            _ = thrift.Binary(6);
            thrift.Boolean(7);
            thrift.Boolean(8);
        }

        thrift.EndStruct(outer);
    }

    private static void CheckEmptyStruct(ref ThriftReader thrift, int field) => thrift.EndStruct(thrift.BeginStruct(field));

    private static void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
