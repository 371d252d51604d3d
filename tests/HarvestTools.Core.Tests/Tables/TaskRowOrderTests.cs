using CsCheck;
using HarvestTools.Strings;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;

namespace HarvestTools.Tests.Tables;

/// <summary>The order of one task's rows, which is found from bytes and numbers, against a plain sort of the rows as structs.</summary>
public sealed class TaskRowOrderTests
{
    // Ids that are absent, empty, a beginning of another, alike in more bytes than a number has, or of bytes above 0x7F.
    private static readonly Gen<string?> s_ids = One(null, "", "a", "a\0", "ab", "abcdefg", "abcdefgh", "abcdefga", "abcdefé", "é", "\u00ff", "zzzzzzzzz");
    private static readonly Gen<Utf8Text> s_texts = s_ids.Select(static id => Utf8Text.From(id));

    private static readonly Gen<RowKey> s_keys = Gen.Select(
        Gen.Select(One("", "t", "u"), One("e1", "e2"), One<string?>(null, "m1", "m2"), One("image", "video", "")),
        Gen.OneOf(Gen.Const(0L), One(0L, 1L, 2L), One(long.MinValue, -1L, long.MaxValue)),
        Gen.Select(One<int?>(null, 0, 1), One("points", "boxes"), One<long?>(null, 3, -3, long.MaxValue)),
        s_texts,
        One("x", "y"),
        One<double?>(null, 0.5, 2),
        static (shared, frame, middle, region, label, agreement) => new RowKey
        {
            TaskSubdir = Utf8Text.From(shared.Item1),
            Episode = Utf8Text.From(shared.Item2),
            Media = Utf8Text.From(shared.Item3),
            ToName = Utf8Text.From(shared.Item4),
            Frame = frame,
            TaskId = 7,
            ItemIndex = middle.Item1,
            FromName = Utf8Text.From(middle.Item2),
            AnnotationId = middle.Item3,
            RegionId = region,
            Label = Utf8Text.From(label),
            Origin = Utf8Text.From("manual"),
            Annotators = 1,
            AnnotatorIds = Utf8Text.From("1"),
            Agreement = agreement,
            Weight = 1,
        });

    /// <summary>Keys of a task: of one medium and frame, of one medium, or of several.</summary>
    private static readonly Gen<RowKey[]> s_tasks = Gen.Select(Gen.Int[0, 2], s_keys.Array[1, 120], Gen.Bool).Select(static made =>
    {
        (int alike, RowKey[] keys, bool alikeIds) = made;

        // Ids that all begin alike in more bytes than a number has.
        keys = alikeIds ? [.. keys.Select(static key => key with { RegionId = Utf8Text.From($"region 1 {key.RegionId}") })] : keys;
        return (RowKey[])[.. keys.Select(key => alike == 0 ? key : key with
        {
            TaskSubdir = keys[0].TaskSubdir,
            Episode = keys[0].Episode,
            Media = keys[0].Media,
            ToName = keys[0].ToName,
            Frame = alike == 1 ? key.Frame : keys[0].Frame,
        })];
    });

    [Fact]
    public void Points_are_in_order() => Check<KeypointRow, KeypointTable>(static (key, i) => new KeypointRow { Key = key, X = i % 3, XPct = i % 2 });

    [Fact]
    public void Boxes_are_in_order() => Check<BoxRow, BoxTable>(static (key, i) => new BoxRow { Key = key, XPct = i % 2, Interpolated = i % 3 == 0 });

    [Fact]
    public void Choices_are_in_order() => Check<ChoiceRow, ChoiceTable>(static (key, i) => new ChoiceRow { Key = key, Value = Utf8Text.From($"{i % 2}") });

    [Fact]
    public void Polygons_are_in_order() => Check<PolygonRow, PolygonTable>(static (key, i) => new PolygonRow { Key = key, Closed = i % 2 == 0 });

    [Fact]
    public void What_was_dropped_is_in_order() => Check<RejectedRow, RejectedTable>(static (key, i) => new RejectedRow
    {
        TaskId = 7,
        AnnotationId = key.AnnotationId,
        RegionId = key.RegionId,
        Reason = key.FromName,
        Detail = Utf8Text.From($"{i % 2}"),
    });

    /// <summary>More controls than are told apart by a number.</summary>
    [Fact]
    public void Rows_of_many_controls_are_in_order()
    {
        KeypointRow[] rows = [.. Enumerable.Range(0, 200).Select(static i => new KeypointRow
        {
            Key = new RowKey { FromName = Utf8Text.From($"control {i * 7 % 40}"), RegionId = Utf8Text.From($"r{i * 3 % 5}") },
        })];
        Check<KeypointRow, KeypointTable>(rows);
    }

    /// <summary>A row that repeats the key before it is the one that was meant, byte for byte; segments of one video meet on many frames.</summary>
    [Fact]
    public void Rows_of_a_group_are_those_that_were_meant_and_in_order() =>
        Gen.Select(s_keys.Array[1, 12], Gen.Int[0, 30].Array[12], Gen.Int[1, 40].Array[12], Gen.Bool).Sample((keys, starts, lengths, oneMedium) =>
        {
            var repeated = new TaskTable<ActionRow, ActionTable>();
            var whole = new TaskTable<ActionRow, ActionTable>();
            var expected = new List<ActionRow>();
            for (int i = 0; i < keys.Length; i++)
            {
                RowKey key = oneMedium ? keys[i] with { TaskSubdir = keys[0].TaskSubdir, Episode = keys[0].Episode, Media = keys[0].Media, ToName = keys[0].ToName } : keys[i];
                for (int frame = 0; frame < lengths[i]; frame++)
                {
                    var row = new ActionRow { Key = key with { Frame = starts[i] + frame, Weight = frame % 2 == 0 ? 1 : 0.5 }, Start = starts[i], Boundary = frame % 3 == 0 };
                    whole.Add(row);
                    expected.Add(row);
                    if (frame == 0)
                    {
                        repeated.Add(row);
                    }
                    else
                    {
                        repeated.AddNext(row.Key.Frame, row.Key.Weight, row with { Key = default });
                    }
                }
            }

            Assert.True(whole.Written.SequenceEqual(repeated.Written));
            Assert.Equal(keys.Length, repeated.Groups);
            AssertOrder(expected, repeated);
        });

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static void Check<TRow, TTable>(Func<RowKey, int, TRow> make)
        where TRow : struct
        where TTable : struct, IRowTable<TRow> =>
        s_tasks.Sample(keys => Check<TRow, TTable>([.. keys.Select(make)]));

    private static void Check<TRow, TTable>(TRow[] rows)
        where TRow : struct
        where TTable : struct, IRowTable<TRow> => AssertOrder([.. rows], TaskTables.Of<TRow, TTable>(rows));

    private static void AssertOrder<TRow, TTable>(List<TRow> expected, TaskTable<TRow, TTable> table)
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        int[] order = new TaskRowOrder<TRow, TTable>().Sort(table).ToArray();
        expected.Sort(static (a, b) => TTable.Compare(a, b));
        Assert.Equal(Enumerable.Range(0, expected.Count), order.Order());
        for (int i = 0; i < order.Length; i++)
        {
            Assert.Equal(0, TTable.Compare(expected[i], table.Read(order[i])));
        }
    }
}
