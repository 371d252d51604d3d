using CsCheck;
using HarvestTools.Cache;
using HarvestTools.Strings;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Tests.Parquet;

namespace HarvestTools.Tests.Cache;

/// <summary>Rows taken apart column by column against a file that is written cell by cell.</summary>
public sealed class RowColumnsTests
{
    /// <summary>Which of the rows have a value: all, none, the first ones, the last ones, or any.</summary>
    private static readonly Gen<Func<int, bool>> s_present = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 60], Gen.Int).Select(static (kind, limit, seed) => (Func<int, bool>)(kind switch
    {
        0 => static _ => true,
        1 => static _ => false,
        2 => i => i < limit,
        3 => i => i >= limit,
        _ => i => new Random(HashCode.Combine(seed, i)).Next(2) == 0,
    }));

    // What repeats itself, what comes in turn, and what is another text in each row.
    private static readonly Gen<Func<int, string>> s_text = Gen.OneOf<Func<int, string>>(
        static _ => "same", static i => "in turn " + (i % 3), static i => "abc"[..(i % 4)], static i => $"{i} {new string('x', i % 20)}");

    [Fact]
    public void Columns_with_gaps_and_texts_of_any_length_are_those_that_were_meant() => Gen.Select(
        Gen.Int[1, 300], s_present.Array[6], s_text.Array[4], Gen.Int[1, 100]).Sample(
        static (count, present, texts, most) => AssertWritten(count, present, texts, most),
        iter: 60,
        threads: 1);

    /// <summary>With more different texts than a dictionary is kept for, and as many as it is given up at.</summary>
    [Theory]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(8193)]
    [InlineData(20_000)]
    public void A_dictionary_is_given_up_at_the_same_row_whatever_comes_at_once(int count) => AssertWritten(
        count,
        [static _ => true, static _ => true, static _ => true, static _ => true, static i => i % 7 > 0, static _ => false],
        [static i => $"region {i % 8190}", static i => $"{i / 2:x8}", static i => i % 4 == 0 ? "common" : "rare " + i, static i => "id" + (i % 6144)],
        most: 1500);

    private static void AssertWritten(int count, Func<int, bool>[] present, Func<int, string>[] texts, int most)
    {
        KeypointRow[] rows = [.. Enumerable.Range(0, count).Select(i => Row(i, present, texts))];
        var expected = new TestTable(KeypointTable.Descriptor.Schema);
        foreach (KeypointRow row in rows)
        {
            expected.Add(Cells(row));
        }

        using var stream = new MemoryStream();
        using var output = new TableOutput<KeypointRow, KeypointTable>("p", stream, FormatVersion.Current);
        var random = new Random(most);
        var writer = new RowWriter();
        for (int first = 0, end; first < rows.Length; first = end)
        {
            end = Math.Min(rows.Length, first + random.Next(1, most + 1));
            writer.Clear();
            for (int i = first; i < end; i++)
            {
                writer.BeginRow(sharesTexts: i > first);
                KeypointTable.Write(writer, rows[i]);
                writer.EndRow();
            }

            RowKey key = rows[first].Key;
            output.Accept(new RunEpisode(key.TaskSubdir, key.Episode), writer.Written);
        }

        Assert.Equal(count, output.Finish().Table.Rows);
        Assert.True(expected.Write().AsSpan().SequenceEqual(stream.ToArray()), "the bytes depend on how many rows come at once");
    }

    private static KeypointRow Row(int i, Func<int, bool>[] present, Func<int, string>[] texts) => new()
    {
        Key = new RowKey
        {
            TaskSubdir = Utf8Text.From("left"),
            Episode = Utf8Text.From("ep"),
            Frame = i,
            TaskId = i / 3,
            AnnotationId = present[0](i) ? i % 5 : null,
            RegionId = present[4](i) ? Utf8Text.From(texts[0](i)) : default,
            Label = Utf8Text.From(texts[1](i)),
            Origin = Utf8Text.From(i % 7 == 0 ? "prediction" : "manual"),
            Annotators = 1 + (i % 2),
            AnnotatorIds = Utf8Text.From(texts[2](i)),
            Agreement = present[1](i) ? i % 4 : null,
            Weight = 1,
            Media = Utf8Text.From("a.jpg"),
            ToName = Utf8Text.From("image"),
            ItemIndex = present[2](i) ? i % 3 : null,
            FromName = Utf8Text.From(texts[3](i)),
            ImageWidth = present[3](i) ? 640 : null,
        },
        ParentId = present[5](i) ? Utf8Text.From(texts[1](i)) : default,
        X = present[3](i) ? i / 8.0 : null,
        XPct = i % 9,
        YPct = -i,
    };

    private static object?[] Cells(in KeypointRow row) =>
    [
        "p", Text(row.Key.TaskSubdir), Text(row.Key.Episode), row.Key.Frame, row.Key.TaskId, row.Key.AnnotationId, Text(row.Key.RegionId),
        Text(row.Key.Label), Text(row.Key.Origin), row.Key.Annotators, Text(row.Key.AnnotatorIds), row.Key.Agreement, row.Key.Weight,
        Text(row.Key.Media), Text(row.Key.ToName), row.Key.ItemIndex, Text(row.Key.FromName), row.Key.ImageWidth, row.Key.ImageHeight,
        Text(row.ParentId), row.X, row.Y, row.XPct, row.YPct, Text(row.Attributes),
    ];

    private static string? Text(Utf8Text text) => text.IsAbsent ? null : text.ToString();
}
