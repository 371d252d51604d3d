using HarvestTools.Drift;
using HarvestTools.Programs;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Programs;

/// <summary>Values and differences of tables whose rows are known.</summary>
public sealed class TableReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parquet_gives_its_values_absent_and_nested_ones_too()
    {
        string file = Parquet("a.parquet", """
            SELECT * FROM (VALUES
                (1::BIGINT, 'e1', 0.5, true, [1.5, 2.5]::DOUBLE[], {'a': 7, 'b': 'x'}, DATE '2026-01-02', TIMESTAMP '2026-01-02 03:04:05', 3::UTINYINT),
                (2, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL)) t(task_id, episode, x, ok, points, pair, day, made, small)
            """);

        TableRow[] rows = [.. TableReader.Read(file, "a.parquet", default)];
        Assert.Equal(["task_id", "episode", "x", "ok", "points", "pair/a", "pair/b", "day", "made", "small"], rows[0].Names);
        Assert.Equal(rows[0].Names, TableReader.Columns(file, "a.parquet", default));
        Assert.Equal([1L, "e1", "0.5", true, new[] { 1.5, 2.5 }, 7L, "x", "2026-01-02", "2026-01-02T03:04:05", 3L], rows[0].Values.Select(static value => value is decimal or double ? RowText.Of(value) : value));
        Assert.Equal([2L, null, null, false, null, null, null, null, null, null], rows[1].Values);
    }

    [Fact]
    public void Moments_keep_every_digit_before_and_after_1970()
    {
        string file = Parquet("b.parquet", """
            SELECT TIMESTAMP_NS '1969-12-31 23:59:59.123456789' AS a, TIMESTAMP '1950-03-04 05:06:07.000001' AS b, DATE '1950-03-04' AS c,
                TIMESTAMPTZ '2026-01-02 03:04:05+00' AS d, 18446744073709551615::UBIGINT AS e, -7::INTEGER AS f, 12.30::DECIMAL(9, 2) AS g
            """);

        TableRow row = Assert.Single(TableReader.Read(file, "b.parquet", default));

        Assert.Equal(
            ["1969-12-31T23:59:59.123456789", "1950-03-04T05:06:07.000001", "1950-03-04", "2026-01-02T03:04:05", "18446744073709551615", -7L, "12.3"],
            row.Values);
    }

    [Fact]
    public void A_table_is_what_its_name_says_whatever_its_file_is_called()
    {
        string file = Path.Combine(_folder, "b1c4ae");
        File.WriteAllText(file, "a\tb\n1\t2,3\n");

        Assert.Equal(["a", "b"], TableReader.Columns(file, "rows.tsv", default));
        Assert.Equal(["1", "2,3"], Assert.Single(TableReader.Read(file, "rows.tsv", default)).Values);
        File.Move(Parquet("c.parquet", "SELECT 'x' AS a"), file, overwrite: true);
        Assert.Equal(["x"], Assert.Single(TableReader.Read(file, "rows.parquet", default)).Values);
    }

    [Fact]
    public void Json_lines_and_csv_give_their_values()
    {
        TableRow[] lines = [.. TableReader.Read(Text("a.jsonl", "{\"a\":1,\"b\":[1,2.5],\"c\":{\"d\":null}}\n\n{\"b\":\"x\",\"a\":9007199254740993}\n7\n"), "a.jsonl", default)];
        Assert.Equal([1L, new[] { 1.0, 2.5 }, "{\"d\":null}"], lines[0].Values);
        Assert.Equal(("x", 9007199254740993L, null), (lines[1]["b"], lines[1]["a"], lines[1]["c"]));
        Assert.Equal(7L, lines[2]["value"]);
        Assert.Equal(["a", "b", "c", "value"], TableReader.Columns(Path.Combine(_folder, "a.jsonl"), "a.jsonl", default));

        TableRow row = Assert.Single(TableReader.Read(Text("a.tsv", "a\tb\n\"x\ty\"\t\n"), "a.tsv", default));
        Assert.Equal(("x\ty", ""), (row["a"], row["b"]));
        Assert.Equal("TableUnreadable", Assert.Throws<HarvestException>(() => TableReader.Read(Text("b.csv", "a,b\n1\n"), "b.csv", default).ToList()).ErrorId);
        Assert.Equal("TableUnreadable", Assert.Throws<HarvestException>(() => TableReader.Read(Text("b.jsonl", "{"), "b.jsonl", default).ToList()).ErrorId);
    }

    [Theory]
    [InlineData("k,x\n1,a\n2,b\n", "k,x\n2,b\n1,a\n", "k", "")]
    [InlineData("k,x\n1,a\n2,b\n", "x,k\na,1\nc,2\n", "k", "Changed 2")]
    [InlineData("k,x\n1,a\n2,b\n", "k,x\n1,a\n2,c\n", null, "Removed 2, Added 2")]
    [InlineData("k,x\n1,a\n1,a\n1,b\n", "k,x\n1,a\n1,c\n", "k", "Changed 1, Removed 1")]
    [InlineData("k,x\n1,a\n1,a\n", "k,x\n1,a\n", null, "Removed 1")]
    [InlineData("k,x\n1,a\n", "k,x,y\n1,a,b\n", "k", "Changed 1")]
    [InlineData("k,x\n10,a\n9,a\n", "k,x\n", "k", "Removed 9, Removed 10")]
    [InlineData("k,x\n1,a\n", "k,x\n1,\n", "k", "Changed 1")]
    [InlineData("k,x\n1,ab\n", "k,x\n1a,b\n", "missing", "Removed 1, Added 1a")]
    public void Rows_of_one_key_with_other_values_are_changed_and_others_come_and_go(string before, string after, string? key, string expected)
    {
        string left = Text("left.csv", before);
        string right = Text("right.csv", after);
        var diff = new TableDiff(key is null ? null : [key], digits: null, numbers: false);

        RowPair[] pairs = [.. diff.Between(() => TableReader.Read(left, "left.csv", default), () => TableReader.Read(right, "right.csv", default))];
        Assert.Equal(expected.Split(", ", StringSplitOptions.RemoveEmptyEntries).Order(), pairs.Select(static pair => $"{pair.Kind} {(pair.After ?? pair.Before!)["k"]}").Order());
        if (key == "k" && after.Length < 6)
        {
            Assert.Equal(["9", "10"], pairs.Select(static pair => pair.Before!["k"]));
        }
    }

    [Fact]
    public void A_table_that_is_written_in_another_form_now_has_the_same_rows()
    {
        string csv = Text("a.csv", "task_id,x,label\n1,0.50,wrist\n2,1e0,elbow\n");
        string parquet = Parquet("a.parquet", "SELECT * FROM (VALUES (2::BIGINT, 1.0::DOUBLE, 'elbow'), (1, 0.5, 'wrist')) t(task_id, x, label)");

        Assert.Empty(new TableDiff(["task_id"], null, numbers: true).Between(() => TableReader.Read(csv, "a.csv", default), () => TableReader.Read(parquet, "a.parquet", default)));
        Assert.Equal(2, new TableDiff(["task_id"], null, numbers: false).Between(() => TableReader.Read(csv, "a.csv", default), () => TableReader.Read(parquet, "a.parquet", default)).Count());
    }

    private string Text(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Parquet(string name, string sql)
    {
        string path = Path.Combine(_folder, name);
        using var duck = new DuckDb();
        duck.Run($"COPY ({sql}) TO {DuckDb.Text(path)} (FORMAT parquet)");
        return path;
    }
}
