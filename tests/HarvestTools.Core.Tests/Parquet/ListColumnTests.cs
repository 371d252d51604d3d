using System.Text;
using CsCheck;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;
using HarvestTools.Tests.Derivation;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Parquet;

/// <summary>Columns of lists, read back by the engine and by three readers that share no code with the writer.</summary>
public sealed class ListColumnTests
{
    private static readonly ParquetSchema s_schema = new(
        "lists",
        [
            new("id", ParquetType.Int64),
            new("points", ParquetType.DoubleList),
            new("label", ParquetType.Utf8, Nullable: true),
            new("more", ParquetType.DoubleList),
        ]);

    private static readonly double[] s_odd =
        [0.0, -0.0, 1.5, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity, double.NaN, 164.63400000000001];

    private static readonly Gen<double[]> s_list = Gen.Frequency(
        (1, Gen.Const(Array.Empty<double>())),
        (4, Gen.OneOf(Gen.OneOf(s_odd), Gen.Double, Gen.Double[0, 100]).Array[0, 8]),
        (1, Gen.OneOf(s_odd).Array[50, 400]));

    [Fact]
    public void Any_lists_are_read_as_they_were_written() => Gen.Select(s_list, s_list).Array[0, 300].Sample(
        static rows =>
        {
            var table = new TestTable(s_schema);
            for (int i = 0; i < rows.Length; i++)
            {
                table.Add((long)i, rows[i].Item1, i % 3 == 0 ? null : "l" + (i % 4), rows[i].Item2);
            }

            table.AssertReadBack();
        },
        iter: 40);

    [Fact]
    public void A_list_longer_than_a_page_and_empty_ones_around_it_are_read_as_they_were_written()
    {
        var table = new TestTable(s_schema);
        double[] huge = [.. Enumerable.Range(0, (3 * ParquetLayout.PageRows) + 7).Select(static i => i / 8.0)];
        foreach (double[] list in new[] { [], huge, [], [], [1.0], huge, [] })
        {
            table.Add((long)table.Rows.Count, list, "a", Array.Empty<double>());
        }

        table.AssertReadBack();
    }

    [Fact]
    public void Lists_of_several_pages_and_row_groups_are_read_as_they_were_written()
    {
        TestTable table = Polygons(ParquetLayout.RowGroupRows + ParquetLayout.PageRows + 5);

        TemporaryFile.With(table.Write(), static file => Assert.Equal([ParquetLayout.RowGroupRows, ParquetLayout.PageRows + 5L], IndependentReaders.RowGroups(file)));
        table.AssertReadBack();
    }

    /// <summary>As texts do: a row group of long lists would else take gigabytes to write and to read.</summary>
    [Fact]
    public void A_row_group_ends_early_where_its_lists_are_long()
    {
        var table = new TestTable(s_schema);
        double[] list = [.. Enumerable.Range(0, 100_000).Select(static i => i * 0.5)];
        for (int i = 0; i < 100; i++)
        {
            table.Add((long)i, list, null, Array.Empty<double>());
        }

        byte[] bytes = table.Write();

        long perGroup = (FormatVersion.Current.Layout.RowGroupTextBytes / (list.Length * sizeof(double))) + 1;
        TemporaryFile.With(bytes, file => Assert.Equal([perGroup, perGroup, 100 - (2 * perGroup)], IndependentReaders.RowGroups(file)));
        table.AssertEqual(TestTable.Read(bytes));
    }

    [Fact]
    public void The_number_of_threads_leaves_the_bytes_alone()
    {
        TestTable table = Polygons(ParquetLayout.RowGroupRows + 1000);

        Assert.Equal(TestTable.Sha256Of(table.Write()), TestTable.Sha256Of(table.Write(threads: 3)));
    }

    /// <summary>Part of format version 2, see <see cref="FormatVersion2Tests"/>.</summary>
    [Fact]
    public void The_same_lists_give_the_same_bytes_in_every_release()
    {
        string actual = TestTable.Sha256Of(Polygons(ParquetLayout.PageRows + 300).Write());
        Assert.True(actual == "bc3a950b05f7a50afb6dc68c0bdff57cd150c4f07279f45a01f5d06eaeb54260", $"The bytes of lists changed: their digest is {actual}.");
    }

    [Fact]
    public void A_list_that_is_too_long_for_a_cell_is_refused()
    {
        var table = new TestTable(s_schema);
        table.Add(1L, new double[(FormatVersion.Current.Layout.TextBytesMax / sizeof(double)) + 1], null, Array.Empty<double>());

        Assert.Equal("ParquetListTooLong", Assert.Throws<HarvestException>(() => table.Write()).ErrorId);
    }

    /// <summary>A polygon is refused where its place is known, long before its row is written.</summary>
    [Fact]
    public void A_polygon_that_is_too_long_for_a_cell_is_refused_with_its_place()
    {
        Assert.Equal(2 * ValueParser.VerticesMost, FormatVersion.Current.Layout.TextBytesMax / sizeof(double));
        var export = new StringBuilder("""[{"id":7,"data":{},"annotations":[{"id":1,"completed_by":1,"result":[""")
            .Append("""{"id":"p","type":"polygonlabels","value":{"polygonlabels":["leaf"],"points":[""");
        int first = export.Length;
        export.Insert(export.Length, "[1,1],", ValueParser.VerticesMost).Append("[2,2]]}}]}]}]");

        HarvestException fault = Assert.Throws<HarvestException>(() => ExportRows.Derive(Encoding.UTF8.GetBytes(export.ToString())));
        Assert.Equal(HarvestFault.InvalidData, fault.Fault);
        Assert.Contains("has more than 4,194,304 vertices", fault.Message, StringComparison.Ordinal);
        Assert.Contains("id 7", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"byte {first + (6 * ValueParser.VerticesMost)}", fault.Message, StringComparison.Ordinal);
    }

    private static TestTable Polygons(int rows)
    {
        var random = new SplitMix(3);
        var table = new TestTable(s_schema);
        for (int i = 0; i < rows; i++)
        {
            double[] percents = [.. Enumerable.Range(0, 2 * random.Next(9)).Select(_ => random.Next(10_001) / 100.0)];
            table.Add((long)i, percents.Select(static (p, at) => p / 100 * (at % 2 == 0 ? 1920 : 1080)).ToArray(), i % 5 == 0 ? null : "leaf", percents);
        }

        return table;
    }
}
