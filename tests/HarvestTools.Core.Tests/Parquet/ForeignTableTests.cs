using System.Globalization;
using HarvestTools.Parquet.Reading;
using HarvestTools.Programs;
using HarvestTools.Rules;
using HarvestTools.Tests.Shared;
using ParquetSharp;

namespace HarvestTools.Tests.Parquet;

/// <summary>Files of DuckDB and of Arrow's C++ library, which is what pyarrow writes with: every value is held against what DuckDB reads.</summary>
public sealed class ForeignTableTests : IDisposable
{
    private const string Nanos = "epoch_ns(v)::VARCHAR";
    private const string Plain = "v::VARCHAR";

    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-tables-").FullName;

    private string File => Path.Combine(_folder, "t.parquet");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("(i - 5)::TINYINT", Plain)]
    [InlineData("i::UTINYINT", Plain)]
    [InlineData("(i - 5)::SMALLINT", Plain)]
    [InlineData("i::USMALLINT", Plain)]
    [InlineData("(i - 5)::INTEGER", Plain)]
    [InlineData("(4294967290 + (i % 5))::UINTEGER", Plain)]
    [InlineData("9223372036854775797 + i", Plain)]
    [InlineData("(18446744073709551605 + i)::UBIGINT", Plain)]
    [InlineData("(i - 5)::DECIMAL(4,1)", "rtrim(rtrim(v::VARCHAR, '0'), '.')")]
    [InlineData("((i - 5) * 1.001)::DECIMAL(9,3)", "CASE WHEN v = 0 THEN '0' ELSE rtrim(v::VARCHAR, '0') END")]
    [InlineData("((i + 1) * 1000.000001)::DECIMAL(18,6)", "rtrim(v::VARCHAR, '0')")]
    [InlineData("(1234567890123456789012345678.0123456789 + i)::DECIMAL(38,10)", Plain)]
    [InlineData("(-9999999999999999999999999999999999.5 - i)::DECIMAL(38,1)", Plain)]
    [InlineData("DATE '1969-12-30' + i::INT", Nanos)]
    [InlineData("DATE '2026-01-01' + i::INT", Nanos)]
    [InlineData("TIME '01:02:03.123456'", "epoch_us(v)::VARCHAR")]
    [InlineData("TIMESTAMP '2026-01-01 01:02:03.123456' + to_microseconds(i)", Nanos)]
    [InlineData("TIMESTAMP '1960-01-01 01:02:03.123456'", Nanos)]
    [InlineData("TIMESTAMP '290000-01-01 00:00:00'", "epoch_us(v) || '000'")]
    [InlineData("(TIMESTAMP '2026-01-01 01:02:03' + to_seconds(i))::TIMESTAMP_S", Nanos)]
    [InlineData("(TIMESTAMP '2026-01-01 01:02:03.123' + to_milliseconds(i))::TIMESTAMP_MS", Nanos)]
    [InlineData("make_timestamp_ns(1767229323123456780 + i)", Nanos)]
    [InlineData("TIMESTAMPTZ '2026-01-01 01:02:03.123456+02'", Nanos)]
    [InlineData("('a3416691-196d-421e-b558-cb6dcf41f9b' || (i % 10))::UUID", Plain)]
    [InlineData("(CASE WHEN i = 1 THEN 'b' ELSE 'a' END)::ENUM('a','b')", Plain)]
    [InlineData("CASE WHEN i % 3 = 0 THEN NULL ELSE 'ü' || i END", Plain)]
    [InlineData("encode('x' || i)", "lower(hex(v))")]
    [InlineData("i % 3 = 0", "CASE WHEN v THEN 'True' ELSE 'False' END")]
    public void Every_value_is_the_one_that_DuckDB_reads(string value, string text)
    {
        foreach (string options in new[] { "COMPRESSION zstd", "COMPRESSION snappy, PARQUET_VERSION v2", "COMPRESSION gzip", "COMPRESSION lz4_raw", "COMPRESSION brotli", "COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1" })
        {
            using var duck = new DuckDb();
            duck.Run($"COPY (SELECT {value} AS v FROM range(10) t(i)) TO {DuckDb.Text(File)} (FORMAT parquet, {options})");
            Assert.Equal(duck.Query($"SELECT CASE WHEN v IS NULL THEN NULL ELSE {text} END FROM read_parquet({DuckDb.Text(File)})").Select(static row => (string?)row[0]), Values());
        }
    }

    [Theory]
    [InlineData("i::FLOAT / 3")]
    [InlineData("i / 7.0::DOUBLE")]
    [InlineData("i::HUGEINT")]
    public void Numbers_with_a_fraction_are_those_that_DuckDB_reads(string value)
    {
        using var duck = new DuckDb();
        duck.Run($"COPY (SELECT {value} AS v FROM range(10) t(i)) TO {DuckDb.Text(File)} (FORMAT parquet)");
        Assert.Equal(duck.Query($"SELECT v::DOUBLE FROM read_parquet({DuckDb.Text(File)})").Select(static row => ((double)row[0]!).ToString("R", CultureInfo.InvariantCulture)), Values());
    }

    [Fact]
    public void The_same_rows_have_the_same_digest_whoever_wrote_them_and_how()
    {
        using var duck = new DuckDb();
        duck.Run($"""
            COPY (SELECT i AS id, CASE WHEN i % 5 = 0 THEN NULL ELSE 'e' || (i % 7) END AS episode, i / 7.0::DOUBLE AS x,
                TIMESTAMP '2026-01-01 00:00:00' + to_seconds(i) AS at, (i * 1.5)::DECIMAL(10,2) AS price, i % 2 = 0 AS even
            FROM range(3000) t(i)) TO {DuckDb.Text(File)} (FORMAT parquet, ROW_GROUP_SIZE 2048)
            """);
        string digest = Digest();
        foreach (WriterPropertiesBuilder builder in new[]
        {
            new WriterPropertiesBuilder().Compression(Compression.Snappy),
            new WriterPropertiesBuilder().DisableDictionary().Encoding(Encoding.Plain).Compression(Compression.Uncompressed),
            new WriterPropertiesBuilder().DisableDictionary().Encoding("id", Encoding.DeltaBinaryPacked).Encoding("at", Encoding.DeltaBinaryPacked).Encoding("episode", Encoding.DeltaByteArray)
                .Encoding("x", Encoding.ByteStreamSplit).Compression(Compression.Zstd),
            new WriterPropertiesBuilder().DisableDictionary().Encoding("episode", Encoding.DeltaLengthByteArray).Compression(Compression.Brotli),
            new WriterPropertiesBuilder().Version(ParquetVersion.PARQUET_2_6).DataPagesize(500).Compression(Compression.Gzip),
            new WriterPropertiesBuilder().Compression(Compression.Lz4),
        })
        {
            using (WriterProperties properties = builder.Build())
            {
                WriteWithArrow(properties);
            }

            Assert.Equal(digest, Digest());
        }
    }

    [Fact]
    public void Lists_of_Arrow_have_their_values_and_gaps()
    {
        using (var writer = new ParquetFileWriter(File, [new Column<long?[][]>("v")]))
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            using LogicalColumnWriter<long?[][]> column = group.NextColumn().LogicalWriter<long?[][]>();
            column.WriteBatch([[[1, null], []], [], [[2]]]);
            writer.Close();
        }

        using var duck = new DuckDb();
        Assert.Equal("[[1, NULL], []]", duck.Single<string>($"SELECT v::VARCHAR FROM read_parquet({DuckDb.Text(File)})"));
        string digest = Digest();
        Assert.Equal(["1", null, null, null, "2"], Values().Where(static text => text is null || !text.Contains(' ', StringComparison.Ordinal)));
        duck.Run($"COPY (SELECT v FROM (VALUES ([[1, NULL], []]), ([[]]), ([[2]])) t(v)) TO {DuckDb.Text(File)} (FORMAT parquet)");
        Assert.NotEqual(digest, Digest());
    }

    [Fact]
    public void The_times_that_Spark_writes_are_read()
    {
        long nanos = (((20L * 60) + 34) * 60 * 1_000_000_000) + 123_456_000;
        using (var writer = new ParquetFileWriter(File, [new Column<Int96>("v")]))
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            using LogicalColumnWriter<Int96> column = group.NextColumn().LogicalWriter<Int96>();
            column.WriteBatch([new Int96((int)(uint)(nanos & uint.MaxValue), (int)(nanos >> 32), 2460311)]);
            writer.Close();
        }

        using var duck = new DuckDb();
        Assert.Equal(duck.Single<string>($"SELECT epoch_ns(v)::VARCHAR FROM read_parquet({DuckDb.Text(File)})"), Assert.Single(Values()));
    }

    [Theory]
    [InlineData("INTERVAL '1 month'", "Interval")]
    [InlineData("[TIMESTAMP '290000-01-01 00:00:00']", "decoded")]
    [InlineData("[TIMESTAMP_NS '2026-01-01 00:00:00']", "nanoseconds")]
    public void What_cannot_be_read_is_named_with_file_column_and_why(string value, string why)
    {
        using var duck = new DuckDb();
        duck.Run($"COPY (SELECT {value} AS v) TO {DuckDb.Text(File)} (FORMAT parquet)");
        HarvestException fault = Assert.Throws<HarvestException>(Digest);
        Assert.Equal("TableUnreadable", fault.ErrorId);
        Assert.Contains("'t.parquet'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'v", fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Halves_of_numbers_are_named_and_no_fault_of_the_program()
    {
        using (var writer = new ParquetFileWriter(File, [new Column<Half>("v")]))
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            using LogicalColumnWriter<Half> column = group.NextColumn().LogicalWriter<Half>();
            column.WriteBatch([Half.One]);
            writer.Close();
        }

        Assert.Contains("Half", Assert.Throws<HarvestException>(Digest).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_begins_within_a_row_or_goes_on_after_the_last_is_damaged()
    {
        var within = new ForeignValues(new long[] { 1, 2 }, 1, [1, 1], [1, 0]);
        Assert.Throws<InvalidDataException>(() => within.WriteRow(static _ => { }, static _ => { }));

        var more = new ForeignValues(new long[] { 1, 2 }, 0, null, null);
        more.WriteRow(static _ => { }, static _ => { });
        Assert.Throws<InvalidDataException>(more.RequireEnd);
        more.WriteRow(static _ => { }, static _ => { });
        more.RequireEnd();
    }

    private List<string?> Values()
    {
        var values = new List<string?>();
        using FileStream file = System.IO.File.OpenRead(File);
        foreach (ForeignRowGroup group in new ForeignTable(file).Read(default))
        {
            for (long row = 0; row < group.Rows; row++)
            {
                Assert.Single(group.Columns).WriteRow(values.Add, number => values.Add(number.ToString("R", CultureInfo.InvariantCulture)));
            }
        }

        return values;
    }

    private string Digest() => TableRows.Digest(File, "t.parquet", new HarvestProgram { Run = ["x"], Tables = ["*"], Identity = ProgramIdentity.Rows }, default).Sha256;

    private void WriteWithArrow(WriterProperties properties)
    {
        int[] rows = [.. Enumerable.Range(0, 3000)];
        Column[] columns =
        [
            new Column<long>("id"), new Column<string>("episode"), new Column<double?>("x"), new Column<DateTime>("at", LogicalType.Timestamp(isAdjustedToUtc: false, TimeUnit.Micros)),
            new Column<decimal>("price", LogicalType.Decimal(29, 3)), new Column<bool?>("even"),
        ];
        using var writer = new ParquetFileWriter(File, columns, properties);
        using (RowGroupWriter group = writer.AppendRowGroup())
        {
            Write(group, rows, static i => (long)i);
            Write(group, rows, static i => i % 5 == 0 ? null : $"e{i % 7}");
            Write(group, rows, static i => (double?)(i / 7.0));
            Write(group, rows, static i => new DateTime(2026, 1, 1).AddSeconds(i));
            Write(group, rows, static i => i * 1.5m);
            Write(group, rows, static i => (bool?)(i % 2 == 0));
        }

        writer.Close();
    }

    private static void Write<T>(RowGroupWriter group, int[] rows, Func<int, T> value)
    {
        using LogicalColumnWriter<T> column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(Array.ConvertAll(rows, row => value(row)));
    }
}
