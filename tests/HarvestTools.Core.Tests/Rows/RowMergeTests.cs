using HarvestTools.Derivation.Matching;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Rows;

/// <summary>The merge of row logs against a plain sort of all rows.</summary>
public sealed class RowMergeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-merge-").FullName;

    public static TheoryData<int, int, long> Cases()
    {
        var cases = new TheoryData<int, int, long>();
        for (int seed = 0; seed < 40; seed++)
        {
            cases.Add(seed, 1 + (seed % 4), seed % 3 == 0 ? 0 : 64 * 1024 * 1024);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rows_of_any_logs_come_out_in_final_order_each_once(int seed, int logs, long memoryBudget)
    {
        var random = new Random(seed);
        using var store = new SegmentStore(_folder, memoryBudget);
        RowLog<ActionRow, ActionTable>[] all = [.. Enumerable.Range(0, logs).Select(_ => new RowLog<ActionRow, ActionTable>(store))];
        var expected = new List<ActionRow>();
        int tasks = random.Next(0, 60);
        for (int task = 0; task < tasks; task++)
        {
            // Few episodes and long overlapping runs, so that runs of several tasks interleave; some task ids repeat.
            List<ActionRow> rows = TaskOf(random, random.Next(0, tasks));
            expected.AddRange(rows);
            all[random.Next(logs)].Add(rows);
        }

        foreach (RowLog<ActionRow, ActionTable> log in all)
        {
            log.Complete();
        }

        var output = new Collected();
        RowMerge<ActionRow, ActionTable>.Run(all, store, output, CancellationToken.None);

        expected.Sort(static (left, right) => ActionTable.Compare(left, right));
        Assert.Equal(expected.Count, output.Rows.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(0, ActionTable.Compare(expected[i], output.Rows[i]));
        }

        Assert.Equal(memoryBudget == 0 && expected.Count > 0, store.SpilledBytes > 0);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<ActionRow> TaskOf(Random random, int taskId)
    {
        Utf8Text subdir = Utf8Text.From(random.Next(3) == 0 ? "" : "fold_towel");
        Utf8Text episode = Utf8Text.From("episode_" + random.Next(3));
        int first = random.Next(50);
        var rows = new List<ActionRow>();
        foreach (int frame in Enumerable.Range(first, random.Next(0, 700)))
        {
            rows.Add(new ActionRow
            {
                Key = new RowKey
                {
                    TaskSubdir = subdir,
                    Episode = episode,
                    Frame = frame,
                    TaskId = taskId,
                    AnnotationId = random.Next(4) == 0 ? null : random.Next(3),
                    RegionId = random.Next(4) == 0 ? default : Utf8Text.From("r" + random.Next(3)),
                    Label = Utf8Text.From("greifen ✋"),
                    Origin = Utf8Text.From("manual"),
                    Annotators = 1,
                    Agreement = random.Next(2) == 0 ? null : random.NextDouble(),
                    Weight = 1,
                },
                Start = first,
                End = random.Next(1000),
                Boundary = random.Next(2) == 0,
                Attributes = random.Next(5) == 0 ? Utf8Text.From("{}") : default,
            });
        }

        return rows;
    }

    private sealed class Collected : IMergedRows
    {
        public List<ActionRow> Rows { get; } = [];

        public void Accept(in RunKey key, ReadOnlySpan<byte> rows)
        {
            // The bytes are reused after the call, so what is kept must be copied.
            byte[] copy = rows.ToArray();
            var reader = new RowReader(copy, 0);
            while (reader.Position < copy.Length)
            {
                int end = reader.ReadInt32() + reader.Position;
                ActionTable.Read(ref reader, out ActionRow row);
                Assert.Equal(end, reader.Position);
                Assert.Equal(key.Episode, row.Key.Episode);
                Rows.Add(row);
            }
        }
    }
}
