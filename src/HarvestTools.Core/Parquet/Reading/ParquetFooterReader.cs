using System.Globalization;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Reads the footers that <see cref="ParquetFooter"/> writes and no others: fields in its order, numbers within the
/// limits of format version 1, chunks one after the other without a gap. So a footer that is accepted describes
/// the whole file, and nothing in it can make a reader reach outside.
/// </summary>
internal static class ParquetFooterReader
{
    private const string Where = "footer";

    /// <param name="footer">FileMetaData, without its length and the magic number.</param>
    /// <param name="footerStart">Where the footer begins in the file, in bytes.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="groups">The file's row groups.</param>
    /// <returns>The table and its columns.</returns>
    /// <exception cref="HarvestException"><c>ParquetForeign</c>, <c>ParquetDamaged</c>.</exception>
    public static ParquetSchema Read(ReadOnlySpan<byte> footer, long footerStart, string file, out RowGroupMetadata[] groups)
    {
        CheckWriter(footer, file);
        var thrift = new ThriftReader(footer, file, Where);
        thrift.BeginStruct();
        Expect(thrift.Int32(1), 1, "version", thrift);
        ParquetSchema schema = ReadSchema(ref thrift);
        long rows = thrift.Int64(3);
        groups = new RowGroupMetadata[thrift.List(4, ThriftType.Struct)];
        long position = ParquetFooter.Magic.Length;
        long counted = 0;
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = ReadRowGroup(schema, i, footerStart, ref position, ref thrift);
            counted += groups[i].Rows;
        }

        Expect(counted, rows, "number of rows", thrift);
        Expect(position, footerStart, "end of the last column", thrift);
        ReadEnd(schema, ref thrift);
        Expect(thrift.Position, footer.Length, "end of the footer", thrift);
        return schema;
    }

    /// <summary>Tells a file of another writer or of a later format version from a damaged one.</summary>
    private static void CheckWriter(ReadOnlySpan<byte> footer, string file)
    {
        var thrift = new ThriftReader(footer, file, Where);
        string? writer = null;
        string? version = null;
        while (thrift.TryField(out int field, out ThriftType type))
        {
            if (field == 6 && type == ThriftType.Binary)
            {
                writer = thrift.TextElement();
            }
            else if (field == 5 && type == ThriftType.List)
            {
                int count = thrift.ListHeader(out ThriftType element);
                for (int i = 0; i < count; i++)
                {
                    version = element == ThriftType.Struct ? ReadPair(ref thrift) ?? version : throw thrift.Damaged("the metadata is no list of pairs");
                }
            }
            else
            {
                thrift.Skip(type);
            }
        }

        if (writer != ParquetLayout.CreatedBy)
        {
            throw ParquetErrors.ParquetForeign(file, writer is null ? "its footer names no writer" : $"its footer names the writer \"{Printable(writer)}\"");
        }

        string read = ReaderLimits.FormatVersion.ToString(CultureInfo.InvariantCulture);
        if (version != read)
        {
            throw ParquetErrors.ParquetForeign(file, $"it has format version {Printable(version ?? "none")}, and this release reads version {read}");
        }
    }

    /// <summary>A text from a file that nothing is known of, fit for a message on a terminal.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Take(80).Select(static letter => char.IsControl(letter) ? '?' : letter));

    /// <summary>Reads a key and a value; gives the value where the key is the format version's.</summary>
    private static string? ReadPair(ref ThriftReader thrift)
    {
        int outer = thrift.BeginStruct();
        string? key = null;
        string? value = null;
        while (thrift.TryField(out int field, out ThriftType type))
        {
            if (field is 1 or 2 && type == ThriftType.Binary)
            {
                string text = thrift.TextElement();
                (key, value) = field == 1 ? (text, value) : (key, text);
            }
            else
            {
                thrift.Skip(type);
            }
        }

        thrift.LeaveStruct(outer);
        return key == ParquetLayout.FormatVersionKey ? value : null;
    }

    private static ParquetSchema ReadSchema(ref ThriftReader thrift)
    {
        int elements = thrift.List(2, ThriftType.Struct);
        int outer = thrift.BeginStruct();
        string table = thrift.Text(4);
        Expect(thrift.Int32(5), elements - 1, "number of columns", thrift);
        thrift.EndStruct(outer);
        var columns = new ParquetColumn[Math.Max(0, elements - 1)];
        for (int i = 0; i < columns.Length; i++)
        {
            outer = thrift.BeginStruct();
            ParquetType type = LogicalType((PhysicalType)thrift.Int32(1), thrift);
            int repetition = thrift.Int32(3);
            if (repetition is not (0 or 1))
            {
                throw thrift.Damaged("a column is neither required nor optional");
            }

            columns[i] = new ParquetColumn(thrift.Text(4), type, repetition == 1);
            if (type == ParquetType.Utf8)
            {
                Expect(thrift.Int32(6), 0, "converted type", thrift);
                ReadEmptyUnion(10, ref thrift);
            }

            thrift.EndStruct(outer);
        }

        return new ParquetSchema(table, columns);
    }

    private static ParquetType LogicalType(PhysicalType type, in ThriftReader thrift) => type switch
    {
        PhysicalType.Boolean => ParquetType.Boolean,
        PhysicalType.Int32 => ParquetType.Int32,
        PhysicalType.Int64 => ParquetType.Int64,
        PhysicalType.Double => ParquetType.Double,
        PhysicalType.ByteArray => ParquetType.Utf8,
        _ => throw thrift.Damaged(FormattableString.Invariant($"column type {(int)type} is not one that this format version has")),
    };

    private static RowGroupMetadata ReadRowGroup(
        ParquetSchema schema, int ordinal, long footerStart, ref long position, ref ThriftReader thrift)
    {
        long start = position;
        int outer = thrift.BeginStruct();
        Expect(thrift.List(1, ThriftType.Struct), schema.Columns.Count, "number of columns in a row group", thrift);
        var chunks = new ChunkMetadata[schema.Columns.Count];
        for (int i = 0; i < chunks.Length; i++)
        {
            chunks[i] = ReadChunk(schema.Columns[i], position, ref thrift);
            position += chunks[i].StoredBytes;
            if (position > footerStart)
            {
                throw thrift.Damaged("a column reaches into the footer");
            }
        }

        Expect(thrift.Int64(2), chunks.Sum(static chunk => chunk.UncompressedBytes), "size of a row group", thrift);
        long rows = thrift.Int64(3);
        if (rows is < 1 or > ReaderLimits.RowGroupRows)
        {
            throw thrift.Damaged(FormattableString.Invariant($"a row group of {rows} rows"));
        }

        Expect(thrift.Int64(5), start, "start of a row group", thrift);
        Expect(thrift.Int64(6), position - start, "stored size of a row group", thrift);
        if (ordinal <= short.MaxValue)
        {
            thrift.Take(7, ThriftType.Int16);
            Expect(thrift.Int32Element(), ordinal, "number of a row group", thrift);
        }

        thrift.EndStruct(outer);
        foreach (ChunkMetadata chunk in chunks)
        {
            Expect(chunk.Values, rows, "number of values", thrift);
            Expect(chunk.DataPages, (rows + ReaderLimits.PageRows - 1) / ReaderLimits.PageRows, "number of pages", thrift);
        }

        return new RowGroupMetadata(rows, start, chunks);
    }

    private static ChunkMetadata ReadChunk(ParquetColumn column, long offset, ref ThriftReader thrift)
    {
        int outer = thrift.BeginStruct();
        Expect(thrift.Int64(2), 0, "place of a column's metadata", thrift);
        thrift.Take(3, ThriftType.Struct);
        int chunkStruct = thrift.BeginStruct();
        Expect(thrift.Int32(1), (int)ParquetTypes.Physical(column.Type), "type of a column", thrift);
        int encodings = thrift.List(2, ThriftType.Int32);
        for (int i = 0; i < encodings; i++)
        {
            thrift.Int32Element();
        }

        Expect(thrift.List(3, ThriftType.Binary), 1, "depth of a column", thrift);
        if (thrift.TextElement() != column.Name)
        {
            throw thrift.Damaged("a column has another name than in the schema");
        }

        int codec = thrift.Int32(4);
        long values = thrift.Int64(5);
        long uncompressed = thrift.Int64(6);
        long stored = thrift.Int64(7);
        long dataOffset = thrift.Int64(9);
        bool hasDictionary = thrift.TryTake(11, ThriftType.Int64);
        if (hasDictionary)
        {
            Expect(thrift.Int64Element(), offset, "start of a dictionary", thrift);
        }

        if (codec is not (int)ParquetCodec.Uncompressed and not (int)ParquetCodec.Snappy)
        {
            throw thrift.Damaged(FormattableString.Invariant($"codec {codec} is not one that this format version has"));
        }

        if (stored is < 1 or > ReaderLimits.ChunkBytesMax || uncompressed is < 1 or > ReaderLimits.ChunkBytesMax
            || dataOffset - offset < (hasDictionary ? 1 : 0) || dataOffset - offset > (hasDictionary ? stored : 0))
        {
            throw thrift.Damaged("a column's place or size is impossible");
        }

        ColumnStatistics statistics = ReadStatistics(ref thrift);
        int counts = thrift.List(13, ThriftType.Struct);
        Expect(counts, hasDictionary ? 2 : 1, "number of page kinds", thrift);
        if (hasDictionary)
        {
            ReadPageCount(PageType.Dictionary, ref thrift, out int dictionaryEncoding, out int dictionaries);
            Expect(dictionaryEncoding, (int)ParquetEncoding.Plain, "encoding of a dictionary", thrift);
            Expect(dictionaries, 1, "number of dictionaries", thrift);
        }

        ReadPageCount(PageType.Data, ref thrift, out int encoding, out int pages);
        if (!Allowed(column.Type, (ParquetEncoding)encoding) || hasDictionary != (encoding == (int)ParquetEncoding.RleDictionary))
        {
            throw thrift.Damaged(FormattableString.Invariant($"encoding {encoding} is not one that this format version gives such a column"));
        }

        thrift.EndStruct(chunkStruct);
        thrift.EndStruct(outer);
        return new ChunkMetadata
        {
            Encoding = (ParquetEncoding)encoding,
            Codec = (ParquetCodec)codec,
            Values = values,
            UncompressedBytes = uncompressed,
            StoredBytes = stored,
            DictionaryBytes = dataOffset - offset,
            DataPages = pages,
            Statistics = statistics,
            Offset = offset,
        };
    }

    private static bool Allowed(ParquetType type, ParquetEncoding encoding) => encoding switch
    {
        ParquetEncoding.Plain => true,
        ParquetEncoding.RleDictionary => type != ParquetType.Boolean,
        ParquetEncoding.DeltaBinaryPacked => type is ParquetType.Int32 or ParquetType.Int64,
        ParquetEncoding.DeltaLengthByteArray => type == ParquetType.Utf8,
        _ => false,
    };

    private static ColumnStatistics ReadStatistics(ref ThriftReader thrift)
    {
        thrift.Take(12, ThriftType.Struct);
        int outer = thrift.BeginStruct();
        long nulls = thrift.Int64(3);
        byte[]? min = null;
        byte[]? max = null;
        if (thrift.TryTake(5, ThriftType.Binary))
        {
            max = thrift.Binary().ToArray();
            thrift.Take(6, ThriftType.Binary);
            min = thrift.Binary().ToArray();
            thrift.Take(7, ThriftType.True);
            thrift.Take(8, ThriftType.True);
        }

        thrift.EndStruct(outer);
        return new ColumnStatistics(min, max, nulls);
    }

    private static void ReadPageCount(PageType type, ref ThriftReader thrift, out int encoding, out int pages)
    {
        int outer = thrift.BeginStruct();
        Expect(thrift.Int32(1), (int)type, "kind of a page", thrift);
        encoding = thrift.Int32(2);
        pages = thrift.Int32(3);
        thrift.EndStruct(outer);
    }

    private static void ReadEnd(ParquetSchema schema, ref ThriftReader thrift)
    {
        Expect(thrift.List(5, ThriftType.Struct), 1, "number of metadata pairs", thrift);
        ReadPair(ref thrift);
        thrift.Text(6);
        Expect(thrift.List(7, ThriftType.Struct), schema.Columns.Count, "number of column orders", thrift);
        foreach (ParquetColumn _ in schema.Columns)
        {
            int outer = thrift.BeginStruct();
            thrift.Take(1, ThriftType.Struct);
            thrift.EndStruct(thrift.BeginStruct());
            thrift.EndStruct(outer);
        }

        thrift.EndStruct(0);
    }

    private static void ReadEmptyUnion(int field, ref ThriftReader thrift)
    {
        thrift.Take(field, ThriftType.Struct);
        int union = thrift.BeginStruct();
        thrift.Take(1, ThriftType.Struct);
        thrift.EndStruct(thrift.BeginStruct());
        thrift.EndStruct(union);
    }

    private static void Expect(long actual, long expected, string what, in ThriftReader thrift)
    {
        if (actual != expected)
        {
            throw thrift.Damaged(FormattableString.Invariant($"{what} is {actual} and should be {expected}"));
        }
    }
}
