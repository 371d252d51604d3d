using CsCheck;
using HarvestTools.Cache;
using HarvestTools.Strings;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Tests.Parquet;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Cache;

/// <summary>The way of rows with lists from their canonical form to a file, in pieces of any size.</summary>
public sealed class PolygonOutputTests
{
    private static readonly double[] s_odd = [0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 1.0 / 3];

    private static readonly Gen<double[]> s_list = Gen.Frequency(
        (1, Gen.Const(Array.Empty<double>())),
        (4, Gen.OneOf(Gen.OneOf(s_odd), Gen.Double[0, 100]).Array[2, 12]),
        (1, Gen.Double[0, 100].Array[100, 900]));

    [Fact]
    public void Rows_in_pieces_of_any_size_give_the_file_and_the_hash_that_rows_one_by_one_give() => Gen.Select(
        Gen.Select(s_list, s_list, Gen.Int[0, 3], Gen.Bool).Array[1, 400],
        Gen.Int[1, 500]).Sample(
        static (made, most) =>
        {
            PolygonRow[] rows = Sorted(made.Select(static (row, i) => Row(row.Item1, row.Item2, row.Item3, i, row.Item4)));
            AssertWritten(rows, new Random(most), most);
        },
        iter: 25,
        threads: 1,
        print: static made => $"{made.Item1.Length} rows, at most {made.Item2} at once");

    [Fact]
    public void A_row_group_is_cut_by_the_bytes_of_its_lists_whatever_comes_at_once()
    {
        var random = new SplitMix(8);
        PolygonRow[] rows = Sorted(Enumerable.Range(0, 900).Select(i =>
        {
            double[] list = [.. Enumerable.Range(0, 2 * random.Next(6_000)).Select(_ => random.Next(10_001) / 100.0)];
            return Row(list, i % 7 == 0 ? [] : list, i / 300, i, closed: true);
        }));

        byte[] file = AssertWritten(rows, new Random(2), 40);

        TemporaryFile.With(file, static path => Assert.InRange(IndependentReaders.RowGroups(path).Length, 3, 4));
    }

    /// <summary>Writes the rows in pieces of random sizes, and compares with a file that is written cell by cell.</summary>
    private static byte[] AssertWritten(PolygonRow[] rows, Random random, int most)
    {
        var expected = new TestTable(PolygonTable.Descriptor.Schema);
        foreach (PolygonRow row in rows)
        {
            expected.Add(Cells(row));
        }

        using var stream = new MemoryStream();
        using var output = new TableOutput<PolygonRow, PolygonTable>("p", stream, FormatVersion.Current);
        for (int first = 0, end; first < rows.Length; first = end)
        {
            RowKey key = rows[first].Key;
            end = first;
            int count = random.Next(1, most + 1);
            while (end < rows.Length && end - first < count && rows[end].Key.Episode == key.Episode)
            {
                end++;
            }

            output.Accept(new RunEpisode(key.TaskSubdir, key.Episode), Bytes(rows[first..end]));
        }

        PartTable written = output.Finish().Table;
        byte[] file = stream.ToArray();
        Assert.Equal(rows.Length, written.Rows);
        Assert.True(expected.Write().AsSpan().SequenceEqual(file), "the bytes depend on how many rows come at once");
        expected.AssertReadBack();
        TemporaryFile.With(file, path => Assert.Equal(written.RowsSha256, RowsHashTests.Compute(path, "polygons", "p")));
        return file;
    }

    private static PolygonRow[] Sorted(IEnumerable<PolygonRow> rows) =>
        [.. rows.Order(Comparer<PolygonRow>.Create(static (a, b) => PolygonTable.Compare(a, b)))];

    /// <summary>The rows in canonical form, each after its header.</summary>
    private static byte[] Bytes(PolygonRow[] rows)
    {
        var writer = new RowWriter();
        for (int i = 0; i < rows.Length; i++)
        {
            writer.BeginRow(sharesTexts: i > 0 && PolygonTable.TextsOf(rows[i - 1]).Equals(PolygonTable.TextsOf(rows[i])));
            PolygonTable.Write(writer, rows[i]);
            writer.EndRow();
        }

        return writer.Written.ToArray();
    }

    private static PolygonRow Row(double[] points, double[] percents, int episode, int task, bool closed) => new()
    {
        Key = new RowKey
        {
            TaskSubdir = Utf8Text.From("left"),
            Episode = Utf8Text.From("ep" + episode),
            TaskId = task,
            AnnotationId = task % 4 == 0 ? null : task,
            Label = Utf8Text.From("leaf"),
            Origin = Utf8Text.From("manual"),
            Annotators = 1,
            AnnotatorIds = Utf8Text.From("7"),
            Weight = 1,
            Media = task % 7 == 0 ? default : Utf8Text.From("s3://b/" + (task / 3)),
            ToName = Utf8Text.From("image"),
            ItemIndex = task % 3 == 0 ? null : task % 3,
            FromName = Utf8Text.From("tag"),
            ImageWidth = task % 5 == 0 ? null : 640,
            ImageHeight = task % 5 == 0 ? null : 480,
        },
        Points = DoubleList.Of(points, new TextArena()),
        PointsPct = DoubleList.Of(percents, new TextArena()),
        Closed = closed,
    };

    private static object?[] Cells(PolygonRow row) =>
    [
        "p", "left", row.Key.Episode.ToString(), 0L, row.Key.TaskId, row.Key.AnnotationId, null, "leaf", "manual", 1, "7", null, 1.0, row.Key.Media.IsAbsent ? null : row.Key.Media.ToString(),
        "image", row.Key.ItemIndex, "tag", row.Key.ImageWidth, row.Key.ImageHeight, Values(row.Points), Values(row.PointsPct), row.Closed, null,
    ];

    private static double[] Values(DoubleList list) => [.. Enumerable.Range(0, list.Count).Select(i => list[i])];
}
