using System.Globalization;
using System.Text.Json;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Parquet;

/// <summary>Files of the writer, read by DuckDB and by hyparquet, which share no code with it.</summary>
public class InteropTests
{
    public static TheoryData<string> Readers => ["duckdb", "hyparquet"];

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
    public void Statistics_are_what_duckdb_reads()
    {
        var table = new TestTable(TestTables.AllTypes);
        table.Add(3L, -5L, 7, -0.0, true, "b", 1, 0.0, false, "ä", null);
        table.Add(1L, null, -7, 2.5, false, "a", 1, -0.0, false, "z", null);
        table.Add(2L, 9L, null, null, null, null, 1, double.NaN, false, new string('y', 200), null);

        Dictionary<string, JsonElement> columns = Run(table, "duckdb-metadata")
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(static row => row.GetProperty("path_in_schema").GetString()!);

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
        Dictionary<string, JsonElement> columns = Run(TestTables.Keypoints(15_000, 3), "duckdb-metadata")
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(static row => row.GetProperty("path_in_schema").GetString()!);

        AssertEncoding("PLAIN, RLE_DICTIONARY", "UNCOMPRESSED", columns["project"]);
        AssertEncoding("DELTA_BINARY_PACKED", "SNAPPY", columns["task_id"]);
        AssertEncoding("RLE, DELTA_LENGTH_BYTE_ARRAY", "UNCOMPRESSED", columns["region_id"]);
        AssertEncoding("PLAIN, RLE_DICTIONARY", "SNAPPY", columns["label"]);
        AssertEncoding("PLAIN, RLE", "UNCOMPRESSED", columns["x"]);
        AssertEncoding("PLAIN", "UNCOMPRESSED", columns["x_pct"]);
        AssertEncoding("PLAIN, RLE, RLE_DICTIONARY", "SNAPPY", columns["attributes"]);
    }

    private static void AssertEncoding(string encodings, string codec, JsonElement column)
    {
        Assert.Equal(encodings, column.GetProperty("encodings").GetString());
        Assert.Equal(codec, column.GetProperty("compression").GetString());
    }

    private static void AssertStatistics(string nulls, string? min, string? max, JsonElement column)
    {
        Assert.Equal(nulls, column.GetProperty("stats_null_count").GetString());
        Assert.Equal(min, column.GetProperty("stats_min_value").GetString());
        Assert.Equal(max, column.GetProperty("stats_max_value").GetString());
    }

    private static void AssertReadBack(TestTable table, string reader)
    {
        List<string> lines = Run(table, reader);
        Assert.Equal(table.Schema.Columns.Select(static c => c.Name), JsonSerializer.Deserialize<string[]>(lines[0])!);
        Assert.Equal(table.Rows.Count, lines.Count - 1);
        for (int i = 0; i < table.Rows.Count; i++)
        {
            object?[] expected = [.. table.Rows[i].Select(Lossless)];
            object?[] actual = [.. JsonDocument.Parse(lines[i + 1]).RootElement.EnumerateArray().Select(Plain)];
            if (!expected.SequenceEqual(actual))
            {
                Assert.Fail($"Row {i}: wrote {string.Join(" | ", expected)}, {reader} read {string.Join(" | ", actual)}");
            }
        }
    }

    private static object? Lossless(object? value) => value switch
    {
        double number when double.IsNaN(number) => "nan",
        double number => "0x" + BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
        long or int => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => value,
    };

    private static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => value.GetString(),
    };

    private static List<string> Run(TestTable table, string reader)
    {
        string script = IndependentReader.Require("read.mjs");
        string file = Path.Combine(Path.GetTempPath(), $"harvest-interop-{Guid.NewGuid():N}.parquet");
        try
        {
            File.WriteAllBytes(file, table.Write());
            return IndependentReader.Run(script, file, "--with", reader);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
