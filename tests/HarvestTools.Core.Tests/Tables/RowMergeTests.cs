using CsCheck;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Tables;

/// <summary>The merge of row logs against a plain sort of all rows.</summary>
public sealed class RowMergeTests : IDisposable
{
    private const long LittleRoom = 20 * 1024;
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-merge-").FullName;

    private static readonly Gen<ActionRow> s_cells = Gen.Select(
        Gen.Frequency((1, -1), (1, 0), (1, 1), (1, 2)),
        Gen.Frequency((1, (string?)null), (1, "r0"), (1, "r1"), (1, "r2")),
        Gen.Double[-1, 1],
        Gen.Int[0, 999],
        Gen.Bool,
        Gen.Frequency((1, "{}"), (4, (string?)null)),
        Gen.Frequency((1, (string?)null), (3, "s3://b/0.mp4"), (1, "s3://b/1.mp4")),
        static (annotation, region, agreement, end, boundary, attributes, media) => new ActionRow
        {
            Key = new RowKey
            {
                AnnotationId = annotation < 0 ? null : annotation,
                RegionId = region is null ? default : Utf8Text.From(region),
                Label = Utf8Text.From("greifen ✋"),
                Origin = Utf8Text.From("manual"),
                Annotators = 1,
                Agreement = agreement < 0 ? null : agreement,
                Weight = 1,
                ToName = Utf8Text.From(boundary ? "video" : ""),
                Media = media is null ? default : Utf8Text.From(media),
            },
            End = end,
            Boundary = boundary,
            Attributes = attributes is null ? default : Utf8Text.From(attributes),
        });

    // Few episodes and long overlapping runs, with several rows a frame, so that runs of several tasks interleave; some task ids repeat.
    private static readonly Gen<List<ActionRow>> s_task = Gen.Select(
        Gen.Int[0, 59],
        Gen.Frequency((1, ""), (2, "fold_towel")),
        Gen.Int[0, 2],
        Gen.Int[0, 49],
        Gen.OneOf(s_cells.Array[0, 20], s_cells.Array[0, 700]),
        static (task, subdir, episode, first, cells) => cells.Select((row, i) => row with
        {
            Key = row.Key with { TaskSubdir = Utf8Text.From(subdir), Episode = Utf8Text.From("episode_" + episode), Frame = first + (i / 3), TaskId = task },
            Start = first,
        }).ToList());

    /// <summary>A spilling store needs files, one without needs none, and one with little room has rows in both: all are tried.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(LittleRoom)]
    [InlineData(64 * 1024 * 1024)]
    public void Rows_of_any_logs_come_out_in_final_order_each_once(long memoryBudget) => Gen.Select(Gen.Int[1, 4], Gen.Select(s_task, Gen.Int[0, 3]).Array[0, 60]).Sample(
        (logs, tasks) =>
        {
            using var store = new SegmentStore(_folder, memoryBudget);
            RowLog<ActionRow, ActionTable>[] all = [.. Enumerable.Range(0, logs).Select(_ => new RowLog<ActionRow, ActionTable>(store, new EpisodeInterner()))];
            var expected = new List<ActionRow>();
            foreach ((List<ActionRow> rows, int log) in tasks)
            {
                expected.AddRange(rows);
                all[log % logs].Add(TaskTables.Of<ActionRow, ActionTable>(rows));
            }

            foreach (RowLog<ActionRow, ActionTable> log in all)
            {
                log.Complete();
            }

            store.Settle();
            var output = new Collected();
            RowMerge<ActionRow, ActionTable>.Run(all, store, output, CancellationToken.None);

            expected.Sort(static (left, right) => ActionTable.Compare(left, right));
            Assert.Equal(expected.Count, output.Rows.Count);
            for (int i = 0; i < expected.Count; i++)
            {
                Assert.Equal(0, ActionTable.Compare(expected[i], output.Rows[i]));
            }

            // With little room it depends on the rows whether any is in the file.
            if (memoryBudget != LittleRoom)
            {
                Assert.Equal(memoryBudget == 0 && expected.Count > 0, store.SpilledBytes > 0);
            }
        },
        iter: 12,
        threads: 1,
        print: static made => $"{made.Item1} logs: {string.Join("; ", made.Item2.Select(static one => $"{one.Item1.Count} rows to log {one.Item2}"))}");

    /// <summary>
    /// Runs that meet: the last row of one has the place of the first row of the other, and only what follows in the order, the
    /// region or, of equal keys, the other columns, says which comes first.
    /// </summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(64 * 1024 * 1024, false)]
    [InlineData(64 * 1024 * 1024, true)]
    public void Rows_with_equal_keys_of_two_runs_are_in_order(long memoryBudget, bool swapped)
    {
        foreach (bool sameRegion in (bool[])[false, true])
        {
            ActionRow[] first = [Row(3, "r9"), Row(4, sameRegion ? "r1" : "r2", origin: "prediction")];
            ActionRow[] second = [Row(4, sameRegion ? "r1" : "r0", origin: "manual"), Row(5, "r0")];
            using var store = new SegmentStore(_folder, memoryBudget);
            RowLog<ActionRow, ActionTable>[] logs = [new(store, new EpisodeInterner()), new(store, new EpisodeInterner())];
            logs[swapped ? 1 : 0].Add(TaskTables.Of<ActionRow, ActionTable>(first));
            logs[swapped ? 0 : 1].Add(TaskTables.Of<ActionRow, ActionTable>(second));
            Array.ForEach(logs, static log => log.Complete());

            var output = new Collected();
            RowMerge<ActionRow, ActionTable>.Run(logs, store, output, CancellationToken.None);

            Assert.Equal(
                [(3L, "r9", "manual"), (4, sameRegion ? "r1" : "r0", "manual"), (4, sameRegion ? "r1" : "r2", "prediction"), (5, "r0", "manual")],
                output.Rows.Select(static row => (row.Key.Frame, row.Key.RegionId.ToString(), row.Key.Origin.ToString())));
        }
    }

    private static ActionRow Row(long frame, string region, string origin = "manual") => new()
    {
        Key = new RowKey
        {
            TaskSubdir = Utf8Text.From("fold_towel"),
            Episode = Utf8Text.From("0001"),
            Frame = frame,
            TaskId = 7,
            AnnotationId = 1,
            RegionId = Utf8Text.From(region),
            Label = Utf8Text.From("greifen"),
            Origin = Utf8Text.From(origin),
            Annotators = 1,
            Weight = 1,
        },
        Start = 3,
        End = 5,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class Collected : IMergedRows
    {
        public List<ActionRow> Rows { get; } = [];

        public void Accept(RunEpisode episode, ReadOnlySpan<byte> rows)
        {
            // The bytes are reused after the call, so what is kept must be copied.
            byte[] copy = rows.ToArray();
            var reader = new RowReader(copy, 0);
            while (reader.Position < copy.Length)
            {
                RowHeader header = RowHeader.Read(copy.AsSpan(reader.Position));
                int end = reader.Position + header.HeaderBytes + header.Length;
                reader.SkipHeader();
                ActionTable.Read(ref reader, out ActionRow row);
                Assert.Equal(end, reader.Position);
                if (header.MediumAt < 0)
                {
                    // The reader of this call alone does not know what the row before has.
                    row.Key.TaskSubdir = Rows[^1].Key.TaskSubdir;
                    row.Key.Episode = Rows[^1].Key.Episode;
                    row.Key.Media = Rows[^1].Key.Media;
                    row.Key.ToName = Rows[^1].Key.ToName;
                }

                Assert.Equal(episode.Name, row.Key.Episode);
                Rows.Add(row);
            }
        }
    }
}
