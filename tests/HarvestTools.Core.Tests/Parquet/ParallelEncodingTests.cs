using HarvestTools.Tables;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tests.Files;
using HarvestTools.Work;

namespace HarvestTools.Tests.Parquet;

/// <summary>Tables whose row groups are encoded by other threads.</summary>
public sealed class ParallelEncodingTests
{
    private static readonly ParquetSchema s_schema = new("t", [new("n", ParquetType.Int64), new("text", ParquetType.Utf8, Nullable: true), new("x", ParquetType.Double)]);

    [Fact]
    public void Row_groups_in_turn_give_the_bytes_that_one_thread_gives()
    {
        byte[] expected = Write(new MemoryStream(), null);
        for (int threads = 1; threads < 5; threads++)
        {
            using var workers = new WorkerPool(threads);
            Assert.Equal(expected, Write(new MemoryStream(), workers));
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500_000)]
    [InlineData(3_000_000)]
    public void A_full_disk_reaches_the_writer_and_nobody_waits_for_ever(int room)
    {
        for (int threads = 1; threads < 4; threads++)
        {
            using var workers = new WorkerPool(threads);
            Assert.Throws<IOException>(() => Write(new FullDisk(room), workers));
        }
    }

    /// <summary>Three row groups and a rest, 4.6 MB as a file.</summary>
    private static byte[] Write(MemoryStream file, WorkerPool? workers)
    {
        var random = new Random(5);
        using var pool = new EncoderPool();
        using var writer = new ParquetTableWriter(file, s_schema, FormatVersion.Current.Layout, workers, pool);
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
