using HarvestTools.Programs;
using HarvestTools.Rules;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Programs;

public sealed class TableRowsTests : IDisposable
{
    private const string Rows = """
        SELECT i AS task_id, i % 3 = 0 AS corrected, CASE WHEN i % 5 = 0 THEN NULL ELSE 'e' || i END AS episode, i / 7.0 AS x, i::FLOAT / 3 AS y,
            i::SMALLINT AS small, i::UBIGINT AS big, DATE '2026-01-01' + i::INT AS day, TIMESTAMP '2026-01-01 00:00:00' + to_seconds(i) AS at,
            (i * 1.5)::DECIMAL(10, 2) AS price, CASE WHEN i % 4 = 0 THEN NULL ELSE range(i % 3) END AS list, {'a': i, 'b': 'n' || i} AS pair, encode('b' || i) AS raw
        FROM range(2000) t(i)
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parquet_of_another_writer_is_read_whatever_its_encoding()
    {
        (long rows, string digest) = Parquet(Rows, "COMPRESSION zstd");

        Assert.Equal(2000, rows);
        Assert.Equal(digest, Parquet(Rows, "COMPRESSION snappy, ROW_GROUP_SIZE 2048").Sha256);
        Assert.Equal(digest, Parquet(Rows, "COMPRESSION uncompressed").Sha256);
        Assert.NotEqual(digest, Parquet(Rows + " ORDER BY i DESC", "COMPRESSION zstd").Sha256);
        Assert.NotEqual(digest, Parquet(Rows.Replace("range(2000)", "range(1999)", StringComparison.Ordinal), "COMPRESSION zstd").Sha256);
    }

    [Theory]
    [InlineData("'e' || i", "'f' || i")]
    [InlineData("i % 5 = 0 THEN NULL", "i % 5 = 1 THEN NULL")]
    [InlineData("i / 7.0", "i / 7.1")]
    [InlineData("range(i % 3)", "range(i % 2)")]
    [InlineData("'n' || i", "'n'")]
    [InlineData("AS price", "AS cost")]
    [InlineData("i::SMALLINT", "i::INTEGER")]
    [InlineData("encode('b' || i)", "encode('c' || i)")]
    [InlineData("to_seconds(i)", "to_seconds(i + 1)")]
    public void Any_value_or_column_that_differs_shows(string part, string replacement) =>
        Assert.NotEqual(Parquet(Rows, "COMPRESSION zstd").Sha256, Parquet(Rows.Replace(part, replacement, StringComparison.Ordinal), "COMPRESSION zstd").Sha256);

    [Fact]
    public void Order_and_noise_of_numbers_count_only_where_they_are_asked_to()
    {
        HarvestProgram blind = Program(ordered: false, digits: 6);
        string digest = Parquet(Rows, "COMPRESSION zstd", blind).Sha256;

        Assert.Equal(digest, Parquet(Rows.Replace("i / 7.0", "i / 7.0 + 1e-10", StringComparison.Ordinal) + " ORDER BY hash(i)", "COMPRESSION zstd", blind).Sha256);
        Assert.NotEqual(digest, Parquet(Rows.Replace("i / 7.0", "i / 7.0 + 1e-3", StringComparison.Ordinal), "COMPRESSION zstd", blind).Sha256);
        Assert.NotEqual(digest, Parquet($"{Rows} UNION ALL ({Rows} LIMIT 1)", "COMPRESSION zstd", blind).Sha256);
    }

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,\"y\"\r\n", true)]
    [InlineData("a,b\n1,x\n", "a,b\n1,x", true)]
    [InlineData("a,b\n1,\"x\ny\"\n", "a,b\n1,\"x\r\ny\"\n", false)]
    [InlineData("a,b\n1,\"x\"\"\"\n", "a,b\n1,x\n", false)]
    [InlineData("a,b\n1,xy\n", "a,b\n1x,y\n", false)]
    [InlineData("a\n\n", "a\n", false)]
    public void Csv_is_read_by_its_fields(string one, string other, bool same) =>
        Assert.Equal(same, Text("t.csv", one) == Text("t.csv", other));

    [Theory]
    [InlineData("{\"a\":1,\"b\":2.0}\n", "{ \"b\": 2, \"a\": 1 }\r\n\n", true)]
    [InlineData("{\"a\":9007199254740993}\n", "{\"a\":9007199254740992}\n", false)]
    [InlineData("{\"a\":null}\n", "{}\n", false)]
    public void Json_lines_are_read_by_their_values(string one, string other, bool same) =>
        Assert.Equal(same, Text("t.jsonl", one) == Text("t.jsonl", other));

    [Theory]
    [InlineData("t.csv", "a,b\n1\n", "line 2")]
    [InlineData("t.csv", "", "empty")]
    [InlineData("t.csv", "a\n\"x", "no end")]
    [InlineData("t.jsonl", "{\"a\":1}\n{", "line 2")]
    [InlineData("t.parquet", "no table", "footer")]
    [InlineData("t.xlsx", "x", "ends in none of")]
    public void What_cannot_be_read_is_said(string name, string text, string why)
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => Text(name, text));

        Assert.Equal("TableUnreadable", fault.ErrorId);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_decoded_as_text_is_said()
    {
        string path = Path.Combine(_folder, "t.csv");
        File.WriteAllBytes(path, [(byte)'a', (byte)'\n', 0xFF, (byte)'\n']);

        Assert.Equal("TableUnreadable", Assert.Throws<HarvestException>(() => TableRows.Digest(path, "t.csv", Program(), default)).ErrorId);
    }

    private static HarvestProgram Program(bool ordered = true, int? digits = null) =>
        new() { Run = ["x"], Tables = ["*"], RowOrder = ordered, FloatDigits = digits, Identity = ProgramIdentity.Rows };

    private string Text(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return TableRows.Digest(path, name, Program(), default).Sha256;
    }

    private (long Rows, string Sha256) Parquet(string sql, string options, HarvestProgram? program = null)
    {
        string path = Path.Combine(_folder, "t.parquet");
        using var duck = new DuckDb();
        duck.Run($"COPY ({sql}) TO {DuckDb.Text(path)} (FORMAT parquet, {options})");
        return TableRows.Digest(path, "t.parquet", program ?? Program(), default);
    }
}
