using System.Diagnostics;
using System.Globalization;
using System.Text;
using HarvestTools.Parquet.Writing;
using HarvestTools.Work;
using HarvestTools.Tables;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>Writes rows of twelve columns like those of the keypoints table and prints the seconds that took: <c>encode ROWS FILE</c>.</summary>
internal static class EncodeCommand
{
    public static ParquetSchema Schema { get; } = new(
        "measure",
        [
            new("project", ParquetType.Utf8), new("episode", ParquetType.Utf8), new("frame", ParquetType.Int64), new("task_id", ParquetType.Int64),
            new("annotation_id", ParquetType.Int64, Nullable: true), new("region_id", ParquetType.Utf8, Nullable: true), new("label", ParquetType.Utf8),
            new("origin", ParquetType.Utf8), new("annotators", ParquetType.Int32), new("agreement", ParquetType.Double, Nullable: true),
            new("x", ParquetType.Double), new("y", ParquetType.Double),
        ]);

    public static int Run(int rows, string file)
    {
        using FileStream output = File.Create(file);
        var watch = Stopwatch.StartNew();
        Write(output, rows, threads: 1);
        Console.WriteLine(watch.Elapsed.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture));
        return 0;
    }

    public static void Write(Stream output, int rows, int threads)
    {
        using WorkerPool? workers = threads == 1 ? null : new WorkerPool(threads);
        using var table = new ParquetTableWriter(output, Schema, FormatVersion.Current.Layout, workers);
        byte[][] labels = [.. Enumerable.Range(0, 21).Select(static i => Encoding.UTF8.GetBytes($"finger_{i:D2}"))];
        ulong state = 88172645463325252;
        Span<byte> region = stackalloc byte[10];
        Span<byte> episode = stackalloc byte[16];
        for (int row = 0; row < rows; row++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            int task = row / 21;
            for (int i = 0; i < region.Length; i++)
            {
                region[i] = (byte)('a' + ((state >> (i * 5)) & 15));
            }

            _ = Encoding.UTF8.GetBytes("episode_", episode);
            (task / 20).TryFormat(episode[8..], out int digits, "D4", CultureInfo.InvariantCulture);
            ReadOnlySpan<ParquetColumnWriter> columns = table.Columns;
            columns[0].Append("a"u8);
            columns[1].Append(episode[..(8 + digits)]);
            columns[2].Append((long)(task % 20));
            columns[3].Append((long)task);
            columns[4].Append(task * 3L);
            columns[5].Append(region);
            columns[6].Append(labels[row % 21]);
            columns[7].Append((state & 3) == 0 ? "manual"u8 : "prediction"u8);
            columns[8].Append((state & 16) == 0 ? 1 : 2);
            if ((state & 16) == 0)
            {
                columns[9].AppendNull();
            }
            else
            {
                columns[9].Append((state % 1000) / 200.0);
            }

            columns[10].Append((state >> 11) / (double)(1UL << 53) * 640);
            columns[11].Append((state & ((1UL << 53) - 1)) / (double)(1UL << 53) * 480);
            table.EndRow();
        }

        table.Finish();
    }
}
