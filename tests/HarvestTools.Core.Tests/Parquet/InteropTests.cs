using System.Globalization;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Parquet;

/// <summary>Files of the writer, read by DuckDB, by Apache's C++ reader and by Parquet.Net, which share no code with it.</summary>
public class InteropTests
{
    public static TheoryData<string> Readers => [.. IndependentReaders.All];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Awkward_values_are_read_as_they_were_written(string reader) => AssertReadBack(TestTables.Awkward(), reader);

    [Theory]
    [MemberData(nameof(Readers))]
    public void Random_tables_are_read_as_they_were_written(string reader)
    {
        for (ulong seed = 1; seed <= 4; seed++)
        {
            AssertReadBack(TestTables.Random(700 * (int)seed, seed), reader);
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Keypoints_are_read_as_they_were_written(string reader) =>
        AssertReadBack(TestTables.Keypoints(ParquetLayout.PageRows + 1, 7), reader);

    [Theory]
    [MemberData(nameof(Readers))]
    public void Tables_of_more_than_one_row_group_are_read_as_they_were_written(string reader)
    {
        var table = new TestTable(new ParquetSchema("groups", [new("frame", ParquetType.Int64), new("label", ParquetType.Utf8, Nullable: true)]));
        for (int i = 0; i <= ParquetLayout.RowGroupRows; i++)
        {
            table.Add((long)(i / 7), i % 11 == 0 ? null : "label " + (i % 100));
        }

        AssertReadBack(table, reader);
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void Every_type_of_more_than_one_page_is_read_as_it_was_written(string reader) =>
        AssertReadBack(TestTables.Random(ParquetLayout.PageRows * 2, 11), reader);

    [Theory]
    [MemberData(nameof(Readers))]
    public void Tables_without_rows_keep_their_columns(string reader)
    {
        foreach (ParquetSchema schema in TableSchemas.All)
        {
            AssertReadBack(new TestTable(schema), reader);
        }
    }

    [Fact]
    public void A_page_of_other_bytes_does_not_match_its_checksum()
    {
        var table = new TestTable(new ParquetSchema("t", [new("id", ParquetType.Utf8)]));
        table.Add("somewhere");
        byte[] bytes = table.Write();
        TemporaryFile.With(bytes, static file => Assert.Equal("somewhere", IndependentReaders.Read(file, IndependentReaders.Arrow).Rows[0][0]));
        bytes[bytes.AsSpan().IndexOf("somewhere"u8)] ^= 1;
        TemporaryFile.With(bytes, static file => Assert.Contains(
            "CRC",
            Assert.ThrowsAny<Exception>(() => IndependentReaders.Read(file, IndependentReaders.Arrow)).Message,
            StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Statistics_are_what_duckdb_reads()
    {
        var table = new TestTable(TestTables.AllTypes);
        table.Add(3L, -5L, 7, -0.0, true, "b", 1, 0.0, false, "ä", null);
        table.Add(1L, null, -7, 2.5, false, "a", 1, -0.0, false, "z", null);
        table.Add(2L, 9L, null, null, null, null, 1, double.NaN, false, new string('y', 200), null);

        Dictionary<string, ColumnMetadata> columns = Metadata(table);

        AssertStatistics("0", "1", "3", columns["id"]);
        AssertStatistics("1", "-5", "9", columns["int64"]);
        AssertStatistics("1", "-7", "7", columns["int32"]);
        AssertStatistics("1", "-0.0", "2.5", columns["double"]);
        AssertStatistics("1", "false", "true", columns["bool"]);
        AssertStatistics("1", "a", "b", columns["text"]);
        AssertStatistics("0", null, null, columns["double_required"]);

        // The least text is too long for the footer, and half a range would be of little use.
        AssertStatistics("0", null, null, columns["text_required"]);
        AssertStatistics("3", null, null, columns["always_null"]);
    }

    [Fact]
    public void Encodings_are_what_duckdb_reads()
    {
        Dictionary<string, ColumnMetadata> columns = Metadata(TestTables.Keypoints(15_000, 3));

        AssertEncoding("PLAIN, RLE_DICTIONARY", "UNCOMPRESSED", columns["project"]);
        AssertEncoding("DELTA_BINARY_PACKED", "SNAPPY", columns["task_id"]);
        AssertEncoding("RLE, DELTA_LENGTH_BYTE_ARRAY", "UNCOMPRESSED", columns["region_id"]);
        AssertEncoding("PLAIN, RLE_DICTIONARY", "SNAPPY", columns["label"]);
        AssertEncoding("PLAIN, RLE", "UNCOMPRESSED", columns["x"]);
        AssertEncoding("PLAIN", "UNCOMPRESSED", columns["x_pct"]);
        AssertEncoding("PLAIN, RLE, RLE_DICTIONARY", "SNAPPY", columns["attributes"]);
    }

    private static void AssertEncoding(string encodings, string codec, ColumnMetadata column)
    {
        Assert.Equal(encodings, column.Encodings);
        Assert.Equal(codec, column.Compression);
    }

    private static void AssertStatistics(string nulls, string? min, string? max, ColumnMetadata column)
    {
        Assert.Equal(nulls, column.NullCount);
        Assert.Equal(min, column.Min);
        Assert.Equal(max, column.Max);
    }

    private static void AssertReadBack(TestTable table, string reader) => WithFile(table, file =>
    {
        (string[] names, List<object?[]> rows) = IndependentReaders.Read(file, reader);
        Assert.Equal(table.Schema.Columns.Select(static c => c.Name), names);
        Assert.Equal(table.Rows.Count, rows.Count);
        for (int i = 0; i < table.Rows.Count; i++)
        {
            object?[] expected = [.. table.Rows[i].Select(Lossless)];
            object?[] actual = [.. rows[i].Select(Lossless)];
            if (!expected.SequenceEqual(actual))
            {
                Assert.Fail($"Row {i}: wrote {string.Join(" | ", expected)}, {reader} read {string.Join(" | ", actual)}");
            }
        }
    });

    /// <summary>What DuckDB reads from the footer of a table of one row group, by column.</summary>
    private static Dictionary<string, ColumnMetadata> Metadata(TestTable table)
    {
        var columns = new Dictionary<string, ColumnMetadata>(StringComparer.Ordinal);
        WithFile(table, file =>
        {
            using var duck = new DuckDb();
            List<object?[]> rows = duck.Query($"""
                SELECT path_in_schema, encodings, compression, stats_null_count::VARCHAR, stats_min_value, stats_max_value
                FROM parquet_metadata({DuckDb.Text(file)})
                """);
            foreach (object?[] row in rows)
            {
                columns.Add((string)row[0]!, new((string)row[1]!, (string)row[2]!, (string?)row[3], (string?)row[4], (string?)row[5]));
            }
        });
        return columns;
    }

    /// <summary>Doubles as their bits, every NaN alike; a type that is not the written one stays different.</summary>
    private static object? Lossless(object? value) => value switch
    {
        double number when double.IsNaN(number) => "nan",
        double number => "0x" + BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
        _ => value,
    };

    private static void WithFile(TestTable table, Action<string> read)
    {
        string file = Path.Combine(Path.GetTempPath(), $"harvest-interop-{Guid.NewGuid():N}.parquet");
        try
        {
            File.WriteAllBytes(file, table.Write());
            read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed record ColumnMetadata(string Encodings, string Compression, string? NullCount, string? Min, string? Max);
}
