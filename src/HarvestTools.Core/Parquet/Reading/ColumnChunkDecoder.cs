using System.Buffers.Binary;
using System.IO.Hashing;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Reads the pages of one column chunk. Checksums are verified before anything is decoded, and
/// everything is checked against the footer's word, so a damaged page is refused and never read as something else.
/// </summary>
internal sealed class ColumnChunkDecoder(string file) : IDisposable
{
    // A Snappy copy of three bytes gives 64 at most; a page that claims more is damaged, and no memory is taken for it.
    private const int SnappyGainMax = 22;

    private readonly ByteBuffer _page = new();
    private readonly int[] _indices = new int[ReaderLimits.PageRows];
    private readonly int[] _levels = new int[ReaderLimits.PageRows];
    private readonly long[] _numbers = new long[ReaderLimits.PageRows];
    private long[] _dictionaryNumbers = [];
    private int[] _dictionaryStarts = [];
    private int _dictionaryCount;
    private string _where = "";

    /// <param name="bytes">The chunk's bytes as they lie in the file.</param>
    /// <param name="column">Its column in the schema.</param>
    /// <param name="chunk">Its metadata, checked by <see cref="ParquetFooterReader"/>.</param>
    /// <param name="group">The row group's number, for messages.</param>
    /// <param name="into">Takes the values.</param>
    public void Decode(ReadOnlySpan<byte> bytes, ParquetColumn column, ChunkMetadata chunk, int group, ParquetColumnValues into)
    {
        int rows = (int)chunk.Values;
        into.Reset(column.Type, rows);
        _dictionaryCount = 0;
        string where = FormattableString.Invariant($"row group {group}, column {column.Name}");
        long uncompressed = 0;
        int nulls = 0;
        int at = 0;
        if (chunk.DictionaryBytes > 0)
        {
            _where = where + ", dictionary";
            ReadOnlySpan<byte> page = ReadPage(bytes, PageType.Dictionary, ParquetEncoding.Plain, chunk, ref at, ref uncompressed, out int entries);
            Expect(at == chunk.DictionaryBytes, "it does not end where the footer says");
            ReadDictionary(page, column.Type, entries, into);
        }

        for (int row = 0; row < rows; row += ReaderLimits.PageRows)
        {
            _where = FormattableString.Invariant($"{where}, page {row / ReaderLimits.PageRows}");
            ReadOnlySpan<byte> page = ReadPage(bytes, PageType.Data, chunk.Encoding, chunk, ref at, ref uncompressed, out int values);
            int count = Math.Min(ReaderLimits.PageRows, rows - row);
            Expect(values == count, FormattableString.Invariant($"it holds {values} rows and should hold {count}"));
            int present = ReadLevels(ref page, column, into.Levels.Slice(row, count));
            nulls += count - present;
            ReadValues(page, column.Type, chunk.Encoding, row, count, present, into);
        }

        _where = where;
        Expect(at == bytes.Length, "bytes follow its last page");
        Expect(uncompressed == chunk.UncompressedBytes, "its pages are not as large as the footer says");
        Expect(nulls == chunk.Statistics.Nulls, "it holds another number of nulls than the footer says");
    }

    public void Dispose() => _page.Dispose();

    private ReadOnlySpan<byte> ReadPage(
        ReadOnlySpan<byte> bytes, PageType type, ParquetEncoding encoding, ChunkMetadata chunk, ref int at, ref long uncompressed, out int values)
    {
        ReadOnlySpan<byte> rest = bytes[at..];
        var thrift = new ThriftReader(rest, file, _where);
        int outer = thrift.BeginStruct();
        Expect(thrift.Int32(1) == (int)type, "it is a page of another kind");
        int plainBytes = thrift.Int32(2);
        int storedBytes = thrift.Int32(3);
        uint crc = (uint)thrift.Int32(4);
        thrift.Take(type == PageType.Data ? 5 : 7, ThriftType.Struct);
        int header = thrift.BeginStruct();
        values = thrift.Int32(1);
        Expect(thrift.Int32(2) == (int)encoding, "it has another encoding than the footer says");
        if (type == PageType.Data)
        {
            Expect(thrift.Int32(3) == (int)ParquetEncoding.Rle, "its definition levels have another encoding");
            Expect(thrift.Int32(4) == (int)ParquetEncoding.Rle, "its repetition levels have another encoding");
        }

        thrift.EndStruct(header);
        thrift.EndStruct(outer);

        Expect(plainBytes >= 0 && storedBytes >= 0 && storedBytes <= rest.Length - thrift.Position, "it is longer than its column");
        ReadOnlySpan<byte> stored = rest.Slice(thrift.Position, storedBytes);
        Expect(Crc32.HashToUInt32(stored) == crc, "its checksum does not match its bytes");
        at += thrift.Position + storedBytes;
        uncompressed += thrift.Position + plainBytes;
        Expect(uncompressed <= chunk.UncompressedBytes, "it is larger than the footer says");
        if (chunk.Codec == ParquetCodec.Uncompressed)
        {
            Expect(plainBytes == storedBytes, "it is not compressed and has two sizes");
            return stored;
        }

        Expect(plainBytes <= (long)storedBytes * SnappyGainMax, "it cannot decompress to its size");
        _page.Clear();
        Span<byte> plain = _page.Take(plainBytes);
        Expect(SnappyDecoder.TryDecompress(stored, plain, out int written) && written == plainBytes, "it does not decompress");
        return plain;
    }

    private void ReadDictionary(ReadOnlySpan<byte> page, ParquetType type, int entries, ParquetColumnValues into)
    {
        Expect(entries is > 0 and <= ReaderLimits.DictionaryEntriesMax, FormattableString.Invariant($"it holds {entries} values"));
        _dictionaryCount = entries;
        if (type != ParquetType.Utf8)
        {
            EnsureLength(ref _dictionaryNumbers, entries);
            ReadPlain(page, type, _dictionaryNumbers.AsSpan(0, entries));
            return;
        }

        EnsureLength(ref _dictionaryStarts, entries + 1);
        for (int i = 0; i < entries; i++)
        {
            int length = page.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(page);
            Expect(length >= 0 && length <= page.Length - sizeof(int), "a text is longer than the page");
            _dictionaryStarts[i] = into.AddText(page.Slice(sizeof(int), length));
            _dictionaryStarts[i + 1] = _dictionaryStarts[i] + length;
            page = page[(sizeof(int) + length)..];
        }

        Expect(page.IsEmpty, "bytes follow its last value");
    }

    /// <summary>Takes the levels from the page's beginning and gives how many rows hold a value.</summary>
    private int ReadLevels(ref ReadOnlySpan<byte> page, ParquetColumn column, Span<byte> levels)
    {
        if (!column.Nullable)
        {
            return levels.Length;
        }

        int length = page.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(page);
        Expect(length >= 0 && length <= page.Length - sizeof(int), "its definition levels are longer than the page");
        Span<int> decoded = _levels.AsSpan(0, levels.Length);
        Expect(RleDecoder.TryDecode(page.Slice(sizeof(int), length), 1, decoded), "its definition levels are damaged");
        page = page[(sizeof(int) + length)..];
        int present = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            // One bit a level, but a run's value has a whole byte.
            Expect(decoded[i] is 0 or 1, "its definition levels are damaged");
            levels[i] = (byte)decoded[i];
            present += decoded[i];
        }

        return present;
    }

    private void ReadValues(
        ReadOnlySpan<byte> page, ParquetType type, ParquetEncoding encoding, int row, int rows, int present, ParquetColumnValues into)
    {
        ReadOnlySpan<byte> levels = into.Levels.Slice(row, rows);
        if (encoding == ParquetEncoding.RleDictionary)
        {
            ReadIndices(page, present);
            if (type == ParquetType.Utf8)
            {
                Span<int> starts = into.TextStarts.Slice(row, rows);
                Span<int> lengths = into.TextLengths.Slice(row, rows);
                for (int i = 0, next = 0; i < rows; i++)
                {
                    if (levels[i] != 0)
                    {
                        int index = _indices[next++];
                        starts[i] = _dictionaryStarts[index];
                        lengths[i] = _dictionaryStarts[index + 1] - _dictionaryStarts[index];
                    }
                }

                return;
            }

            for (int i = 0; i < present; i++)
            {
                _numbers[i] = _dictionaryNumbers[_indices[i]];
            }
        }
        else if (encoding == ParquetEncoding.DeltaLengthByteArray)
        {
            ReadTexts(page, levels, present, row, into);
            return;
        }
        else if (encoding == ParquetEncoding.DeltaBinaryPacked)
        {
            bool decoded = DeltaDecoder.TryDecode(ref page, type == ParquetType.Int32, _numbers.AsSpan(0, present));
            Expect(decoded && page.IsEmpty, "its values are damaged");
        }
        else if (type == ParquetType.Boolean)
        {
            Expect(page.Length == (present + 7) / 8, "it holds another number of values");
            for (int i = 0; i < present; i++)
            {
                _numbers[i] = (page[i >> 3] >> (i & 7)) & 1;
            }
        }
        else if (type == ParquetType.Utf8)
        {
            // Plain texts stand only in a chunk that holds none.
            Expect(present == 0 && page.IsEmpty, "it holds values where only nulls can be");
            return;
        }
        else
        {
            ReadPlain(page, type, _numbers.AsSpan(0, present));
        }

        Span<long> numbers = into.Numbers.Slice(row, rows);
        for (int i = 0, next = 0; i < rows; i++)
        {
            if (levels[i] != 0)
            {
                numbers[i] = _numbers[next++];
            }
        }
    }

    private void ReadIndices(ReadOnlySpan<byte> page, int present)
    {
        Expect(!page.IsEmpty && page[0] == RleEncoder.WidthFor(_dictionaryCount), "its indices have another width");
        Span<int> indices = _indices.AsSpan(0, present);
        Expect(RleDecoder.TryDecode(page[1..], page[0], indices), "its indices are damaged");
        foreach (int index in indices)
        {
            Expect((uint)index < (uint)_dictionaryCount, "an index reaches outside the dictionary");
        }
    }

    private void ReadTexts(ReadOnlySpan<byte> page, ReadOnlySpan<byte> levels, int present, int row, ParquetColumnValues into)
    {
        Span<long> lengths = _numbers.AsSpan(0, present);
        Expect(DeltaDecoder.TryDecode(ref page, narrow: true, lengths), "the lengths of its texts are damaged");
        int at = into.AddText(page);
        long end = at + (long)page.Length;
        for (int i = 0, next = 0; i < levels.Length; i++)
        {
            if (levels[i] != 0)
            {
                long length = lengths[next++];
                Expect(length >= 0 && at + length <= end, "a text is longer than the page");
                into.TextStarts[row + i] = at;
                into.TextLengths[row + i] = (int)length;
                at += (int)length;
            }
        }

        Expect(at == end, "bytes follow its last value");
    }

    private void ReadPlain(ReadOnlySpan<byte> page, ParquetType type, Span<long> values)
    {
        int width = type == ParquetType.Int32 ? sizeof(int) : sizeof(long);
        Expect(page.Length == (long)width * values.Length, "it holds another number of values");
        foreach (ref long value in values)
        {
            value = width == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(page) : BinaryPrimitives.ReadInt64LittleEndian(page);
            page = page[width..];
        }
    }

    private static void EnsureLength<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
    }

    private void Expect(bool condition, string what)
    {
        if (!condition)
        {
            throw ParquetErrors.ParquetDamaged(file, _where, what);
        }
    }
}
