using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Encodes the values of a column chunk into pages and picks the encoding that takes the fewest bytes before
/// compression; where two take as many, the first of plain, dictionary, delta.
/// </summary>
internal sealed class PageValueEncoder : IDisposable
{
    private readonly NumberDictionary _numbers = new();
    private bool _hasDistinct;
    private int[] _indices = [];
    private readonly LevelEncoder _levels = new();
    private long[] _lengths = [];
    private PageSet _best = new();
    private PageSet _candidate = new();

    /// <summary>Where the next page of texts starts: its row, its value, its text.</summary>
    private int _row;
    private int _value;
    private TextPlace _textAt;

    /// <summary>The data pages of the chunk encoded last.</summary>
    public PageSet Pages => _best;

    /// <summary>Its dictionary page; no page where it has none.</summary>
    public PageSet Dictionary { get; } = new();

    /// <summary>The encoding of the values in <see cref="Pages"/>.</summary>
    public ParquetEncoding Encoding { get; private set; }

    public void Encode(ParquetColumnWriter column)
    {
        Dictionary.Clear();
        Encoding = ParquetEncoding.Plain;
        _hasDistinct = false;
        if (column.Count == 0 || column.Column.Type == ParquetType.Boolean)
        {
            WritePages(column, ParquetEncoding.Plain, _best);
        }
        else if (column.Column.Type == ParquetType.Utf8)
        {
            EncodeTexts(column);
        }
        else
        {
            EncodeNumbers(column);
        }
    }

    /// <summary>The numbers of the column that was encoded last, where possible each once: enough to find the least and the greatest.</summary>
    public ReadOnlySpan<long> NumbersOf(ParquetColumnWriter column) =>
        _hasDistinct ? _numbers.Values : column.Column.Type == ParquetType.Utf8 ? [] : column.Numbers;

    /// <summary>Starts with the first page of texts without a dictionary; they are not in <see cref="Pages"/> all at once.</summary>
    public void BeginTexts()
    {
        _row = 0;
        _value = 0;
        _textAt = default;
    }

    /// <summary>Makes the next page of texts the only one in <see cref="Pages"/>; false after the last.</summary>
    public bool NextTexts(ParquetColumnWriter column)
    {
        if (_row == column.Rows)
        {
            return false;
        }

        _best.Clear();
        int rows = Math.Min(column.Layout.PageRows, column.Rows - _row);
        int count = _levels.Write(column, _row, rows, _best.Bytes, out int slots);
        WriteTexts(column, _value, count, _best.Bytes);
        _best.EndPage(slots);
        _row += rows;
        _value += count;
        return true;
    }

    public void Dispose()
    {
        _best.Dispose();
        _candidate.Dispose();
        Dictionary.Dispose();
    }

    private void EncodeNumbers(ParquetColumnWriter column)
    {
        int width = column.Column.Type == ParquetType.Int32 ? sizeof(int) : sizeof(long);
        long least = (long)column.Count * width;
        Require(ref _indices, column.Count);
        IReadOnlyList<ParquetEncoding> candidates =
            column.Column.Type is ParquetType.Double or ParquetType.DoubleList ? column.Layout.DoubleEncodings : column.Layout.IntegerEncodings;
        _hasDistinct = candidates.Contains(ParquetEncoding.RleDictionary) && _numbers.TryBuild(column.Numbers, _indices, column.Layout);
        Expect(_best, least + PageOverhead(column));
        if (_hasDistinct || candidates.Contains(ParquetEncoding.DeltaBinaryPacked))
        {
            // Coordinates are mostly plain from the start, and those of lists may be many megabytes.
            Expect(_candidate, least + PageOverhead(column));
        }

        if (_hasDistinct)
        {
            long size = WriteIndices(column, _indices, _numbers.Count, _candidate) + ((long)_numbers.Count * width);
            TakeIfSmaller(ParquetEncoding.RleDictionary, size, ref least);
        }

        if (candidates.Contains(ParquetEncoding.DeltaBinaryPacked) && LeastOfDeltas(column) < least)
        {
            long size = WritePages(column, ParquetEncoding.DeltaBinaryPacked, _candidate);
            TakeIfSmaller(ParquetEncoding.DeltaBinaryPacked, size, ref least);
        }

        if (Encoding == ParquetEncoding.Plain)
        {
            WritePages(column, ParquetEncoding.Plain, _best);
        }
        else if (Encoding == ParquetEncoding.RleDictionary)
        {
            WritePlain(_numbers.Values, width, Dictionary.Bytes);
            Dictionary.EndPage(_numbers.Count);
        }
    }

    private static void Expect(PageSet pages, long bytes)
    {
        pages.Clear();
        pages.Bytes.Expect(bytes);
    }

    /// <summary>More than a column's levels and the beginnings of its pages take.</summary>
    private static int PageOverhead(ParquetColumnWriter column) => (column.Slots / 3) + 1024;

    /// <summary>No more than differences take: of what is nearly the same throughout a dictionary is known to take less.</summary>
    private static long LeastOfDeltas(ParquetColumnWriter column)
    {
        int pages = (column.Rows + column.Layout.PageRows - 1) / column.Layout.PageRows;
        return DeltaEncoder.LeastBytes(Math.Max(0, column.Count - pages));
    }

    private void TakeIfSmaller(ParquetEncoding encoding, long size, ref long least)
    {
        if (size < least)
        {
            least = size;
            Encoding = encoding;
            (_best, _candidate) = (_candidate, _best);
        }
    }

    private void EncodeTexts(ParquetColumnWriter column)
    {
        if (column.Dictionary is { } dictionary)
        {
            long size = WriteIndices(column, column.Indices, dictionary.Count, _best)
                + dictionary.TextBytes + ((long)sizeof(int) * dictionary.Count);

            // Texts without a dictionary take about one byte each beside their own.
            if (size < column.TextBytes + column.Count)
            {
                Encoding = ParquetEncoding.RleDictionary;
                WriteDictionary(dictionary);
                return;
            }
        }

        Encoding = ParquetEncoding.DeltaLengthByteArray;
        _best.Clear();
    }

    private void WriteDictionary(TextDictionary dictionary)
    {
        Dictionary.Bytes.Write(dictionary.Page);
        Dictionary.EndPage(dictionary.Count);
    }

    /// <summary>Writes the data pages of a dictionary-encoded chunk and gives the bytes of the indices, levels left out.</summary>
    private long WriteIndices(ParquetColumnWriter column, ReadOnlySpan<int> indices, int entries, PageSet pages)
    {
        int width = RleEncoder.WidthFor(entries);
        pages.Clear();
        long bytes = 0;
        int value = 0;
        for (int row = 0; row < column.Rows; row += column.Layout.PageRows)
        {
            int rows = Math.Min(column.Layout.PageRows, column.Rows - row);
            int count = _levels.Write(column, row, rows, pages.Bytes, out int slots);
            int start = pages.Bytes.Length;
            pages.Bytes.WriteByte((byte)width);
            RleEncoder.Encode(indices.Slice(value, count), width, pages.Bytes);
            bytes += pages.Bytes.Length - start;
            pages.EndPage(slots);
            value += count;
        }

        return bytes;
    }

    /// <summary>Writes the data pages in an encoding without a dictionary and gives the bytes of the values, levels left out.</summary>
    private long WritePages(ParquetColumnWriter column, ParquetEncoding encoding, PageSet pages)
    {
        pages.Clear();
        long bytes = 0;
        int value = 0;
        for (int row = 0; row < column.Rows; row += column.Layout.PageRows)
        {
            int rows = Math.Min(column.Layout.PageRows, column.Rows - row);
            int count = _levels.Write(column, row, rows, pages.Bytes, out int slots);
            int start = pages.Bytes.Length;
            if (encoding == ParquetEncoding.DeltaBinaryPacked)
            {
                DeltaEncoder.Encode(column.Numbers.Slice(value, count), column.Column.Type == ParquetType.Int32, pages.Bytes);
            }
            else if (column.Column.Type == ParquetType.Boolean)
            {
                WriteBooleans(column.Numbers.Slice(value, count), pages.Bytes);
            }
            else if (count > 0)
            {
                WritePlain(column.Numbers.Slice(value, count), column.Column.Type == ParquetType.Int32 ? sizeof(int) : sizeof(long), pages.Bytes);
            }

            bytes += pages.Bytes.Length - start;
            pages.EndPage(slots);
            value += count;
        }

        return bytes;
    }

    private void WriteTexts(ParquetColumnWriter column, int value, int count, ByteBuffer output)
    {
        Require(ref _lengths, count);
        ReadOnlySpan<int> indices = column.Indices.Slice(value, count);
        TextDictionary? dictionary = column.Dictionary;
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            _lengths[i] = dictionary is null ? indices[i] : dictionary[indices[i]].Length;
            total += _lengths[i];
        }

        DeltaEncoder.Encode(_lengths.AsSpan(0, count), narrow: true, output);
        if (dictionary is null)
        {
            column.Text.CopyTo(output, ref _textAt, checked((int)total));
        }
        else
        {
            foreach (int index in indices)
            {
                output.Write(dictionary[index]);
            }
        }
    }

    private static void WriteBooleans(ReadOnlySpan<long> values, ByteBuffer output)
    {
        Span<byte> bits = output.Take((values.Length + 7) / 8);
        bits.Clear();
        for (int i = 0; i < values.Length; i++)
        {
            bits[i >> 3] |= (byte)(values[i] << (i & 7));
        }
    }

    private static void WritePlain(ReadOnlySpan<long> values, int width, ByteBuffer output)
    {
        Span<byte> bytes = output.Take(values.Length * width);
        if (width == sizeof(long) && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
            return;
        }

        foreach (long value in values)
        {
            if (width == sizeof(long))
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
            }

            bytes = bytes[width..];
        }
    }

    private static void Require<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[Math.Max(length, array.Length * 2)];
        }
    }
}
