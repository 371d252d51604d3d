using System.Globalization;
using System.Text;
using CsCheck;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Parquet;

public class ParquetRoundTripTests
{
    private static readonly ParquetSchema Small = new("small",
    [
        new("number", ParquetType.Int64),
        new("text", ParquetType.Utf8, Nullable: true),
        new("value", ParquetType.Double, Nullable: true),
    ]);

    public static TheoryData<int> Borders =>
    [
        0, 1, 2, 7, 8, 9, 31, 32, 33, 127, 128, 129, 130,
        ParquetLayout.PageRows - 1, ParquetLayout.PageRows, ParquetLayout.PageRows + 1,
        ParquetLayout.RowGroupRows - 1, ParquetLayout.RowGroupRows, ParquetLayout.RowGroupRows + 1,
    ];

    [Fact]
    public void Awkward_values_come_back_bit_by_bit()
    {
        TestTable table = TestTables.Awkward();
        table.AssertReadBack();
    }

    [Fact]
    public void Random_tables_come_back()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            TestTable table = TestTables.Random((int)(seed * seed * 3), seed);
            table.AssertReadBack();
        }
    }

    [Fact]
    public void Any_table_comes_back() =>
        TestTables.Any.Sample(static table => table.AssertReadBack(), iter: 40, threads: 1, print: static table => table.ToString());

    [Theory]
    [MemberData(nameof(Borders))]
    public void Tables_that_end_at_a_border_come_back(int rows)
    {
        var table = new TestTable(Small);
        for (int i = 0; i < rows; i++)
        {
            table.Add((long)(i * i), i % 3 == 0 ? null : "t" + (i % 50), i == rows - 1 ? null : i / 8.0);
        }

        table.AssertReadBack();
    }

    [Theory]
    [InlineData(nameof(TestTables.Case.AllNull))]
    [InlineData(nameof(TestTables.Case.OneValue))]
    [InlineData(nameof(TestTables.Case.NullsUntilLate))]
    [InlineData(nameof(TestTables.Case.AllDistinct))]
    [InlineData(nameof(TestTables.Case.DistinctAfterTrial))]
    public void Columns_of_every_shape_come_back(string shape)
    {
        TestTable table = TestTables.Shaped(Enum.Parse<TestTables.Case>(shape), ParquetLayout.PageRows * 3);
        table.AssertReadBack();
    }

    [Fact]
    public void Keypoints_of_several_row_groups_come_back()
    {
        TestTable table = TestTables.Keypoints(ParquetLayout.RowGroupRows + 5, 3);
        table.AssertReadBack();
    }

    [Fact]
    public void Long_texts_end_a_row_group_early()
    {
        var table = new TestTable(new ParquetSchema("texts", [new("text", ParquetType.Utf8)]));
        var random = new SplitMix(5);
        for (int i = 0; i < 40; i++)
        {
            table.Add(random.NextId() + new string((char)('a' + i % 26), 1_000_000));
        }

        TemporaryFile.With(table.Write(), static file => Assert.Equal([34L, 6L], IndependentReaders.RowGroups(file)));
        table.AssertReadBack();
    }

    [Fact]
    public void A_text_that_no_cell_can_hold_is_refused()
    {
        using var writer = new ParquetTableWriter(Stream.Null, Small, FormatVersion.Current.Layout);
        var error = Assert.Throws<HarvestException>(() => writer.Columns[1].Append(new byte[ParquetLayout.TextBytesMax + 1]));
        Assert.Equal("ParquetTextTooLong", error.ErrorId);
    }

    [Fact]
    public void A_row_that_misses_a_value_is_refused()
    {
        using var writer = new ParquetTableWriter(Stream.Null, Small, FormatVersion.Current.Layout);
        writer.Columns[0].Append(1L);
        writer.Columns[1].AppendNull();
        writer.EndRow();
        Assert.Contains("value", Assert.Throws<InvalidOperationException>(() => writer.Finish()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_another_type_and_forbidden_nulls_are_refused()
    {
        using var writer = new ParquetTableWriter(Stream.Null, Small, FormatVersion.Current.Layout);
        Assert.Throws<InvalidOperationException>(() => writer.Columns[0].Append(1.5));
        Assert.Throws<InvalidOperationException>(() => writer.Columns[1].Append(true));
        Assert.Throws<InvalidOperationException>(() => writer.Columns[0].AppendNull());
    }

    [Fact]
    public void The_number_of_threads_leaves_the_bytes_alone()
    {
        foreach (TestTable table in new[] { TestTables.Awkward(), TestTables.Random(20_000, 9), TestTables.Keypoints(ParquetLayout.PageRows + 100, 4) })
        {
            Assert.Equal(table.Write(), table.Write(threads: 4));
        }
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void The_culture_leaves_the_bytes_alone(string culture)
    {
        byte[] expected = TestTables.Awkward().Write();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, TestTables.Awkward().Write());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_table_of_a_slice_keeps_its_schema()
    {
        foreach (ParquetSchema schema in TableSchemas.All)
        {
            var table = new TestTable(schema);
            table.AssertReadBack();
        }
    }

    [Fact]
    public void Nothing_of_the_release_or_the_machine_is_in_the_file()
    {
        string text = Encoding.Latin1.GetString(TestTables.Awkward().Write());
        string version = typeof(ParquetTableWriter).Assembly.GetName().Version!.ToString();
        Assert.Contains("HarvestTools", text, StringComparison.Ordinal);
        Assert.DoesNotContain(version, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.Version.ToString(), text, StringComparison.Ordinal);
    }
}
