using System.Collections.Concurrent;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tests.Files;
using HarvestTools.Work;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Parquet;

public sealed class WorkerPoolTests
{
    private static readonly ParquetSchema s_schema = new("t", [new("n", ParquetType.Int64), new("text", ParquetType.Utf8, Nullable: true), new("x", ParquetType.Double)]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_column_handed_over_is_encoded_once(int helpers)
    {
        using var crew = new WorkerPool(helpers);
        for (int round = 0; round < 200; round++)
        {
            var seen = new ConcurrentBag<int>();
            crew.Begin(round % 7, seen.Add);
            crew.Complete();
            Assert.Equal(Enumerable.Range(0, round % 7), seen.Order());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_a_column_throws_reaches_whoever_waits_for_it(int helpers)
    {
        using var crew = new WorkerPool(helpers);
        crew.Begin(9, static column => _ = column == 4 ? throw new IOException("full") : column);
        Assert.Equal("full", Assert.Throws<IOException>(crew.Complete).Message);
    }

    [Fact]
    public void After_abandoning_no_column_is_touched()
    {
        using var crew = new WorkerPool(2);
        using var started = new ManualResetEventSlim();
        int running = 0;
        crew.Begin(1000, _ =>
        {
            Interlocked.Increment(ref running);
            started.Set();
            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
        });
        started.Wait();
        crew.Abandon();
        Assert.Equal(0, Volatile.Read(ref running));
    }

    [Fact]
    public async Task What_a_thread_does_first_is_told_when_it_is_done_or_failed()
    {
        using var crew = new WorkerPool();
        int done = 0;
        await crew.Lend(() => done = 1);
        Assert.Equal(1, done);
        Task failing = crew.Lend(static () => throw new InvalidOperationException("first"));
        Assert.Equal("first", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
    }

    [Fact]
    public void Row_groups_in_turn_give_the_bytes_that_one_thread_gives()
    {
        byte[] expected = Write(new MemoryStream(), null);
        for (int helpers = 0; helpers < 4; helpers++)
        {
            using var crew = new WorkerPool(helpers);
            Assert.Equal(expected, Write(new MemoryStream(), crew));
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    [InlineData(3_000_000)]
    public void A_full_disk_reaches_the_writer_and_nobody_waits_for_ever(int room)
    {
        for (int helpers = 0; helpers < 3; helpers++)
        {
            using var crew = new WorkerPool(helpers);
            Assert.Throws<IOException>(() => Write(new FullDisk(room), crew));
        }
    }

    /// <summary>Three row groups and a rest, 4.6 MB as a file.</summary>
    private static byte[] Write(MemoryStream file, WorkerPool? crew)
    {
        var random = new Random(5);
        using var pool = new EncoderPool();
        using var writer = new ParquetTableWriter(file, s_schema, FormatVersion.Current.Layout, crew, pool);
        Span<byte> text = stackalloc byte[6];
        for (int row = 0; row < (3 * ParquetLayout.RowGroupRows) + 77; row++)
        {
            writer.Columns[0].Append((long)row / 3);
            if (row % 5 == 0)
            {
                writer.Columns[1].AppendNull();
            }
            else
            {
                text.Fill((byte)('a' + random.Next(26)));
                text[0] = (byte)('a' + random.Next(26));
                writer.Columns[1].Append(text);
            }

            writer.Columns[2].Append(random.NextDouble());
            writer.EndRow();
        }

        writer.Finish();
        return file.ToArray();
    }
}
