using HarvestTools.Cache;
using HarvestTools.Strings;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;
using HarvestTools.Work;

namespace HarvestTools.Tests.Cache;

/// <summary>A table whose rows are hashed and put into columns by threads that have nothing else to do.</summary>
public sealed class TableOutputThreadsTests
{
    // More than two row groups, and episodes that end within a batch and go on over several.
    private const int Rows = 300_000;
    private const int RowsOfEpisode = 7_777;

    private static readonly Utf8Text s_folder = Utf8Text.From("left");
    private static readonly Utf8Text s_label = Utf8Text.From("wrist");

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_bytes_the_hash_and_the_counts_do_not_depend_on_them(int threads)
    {
        using var alone = new MemoryStream();
        WrittenTable expected = Write(alone, workers: null);
        using var workers = new WorkerPool(threads);
        Assert.True(SpinWait.SpinUntil(() => workers.HasHelp, TimeSpan.FromSeconds(30)));
        using var helped = new MemoryStream();
        WrittenTable written = Write(helped, workers);

        Assert.Equal(Rows, expected.Table.Rows);
        Assert.Equal(expected.Table, written.Table);
        Assert.Equal((Rows / RowsOfEpisode) + 1, expected.Episodes.Count());
        Assert.Equal(expected.Episodes, written.Episodes);
        Assert.True(alone.ToArray().AsSpan().SequenceEqual(helped.ToArray()));
    }

    [Fact]
    public void A_file_that_cannot_be_written_ends_it_on_the_thread_that_gives_the_rows()
    {
        using var workers = new WorkerPool(2);
        Assert.True(SpinWait.SpinUntil(() => workers.HasHelp, TimeSpan.FromSeconds(30)));
        using var full = new FullStream();
        Assert.Equal("No space left", Assert.Throws<IOException>(() => Write(full, workers)).Message);

        // Nothing of it is left with the threads.
        int done = 0;
        workers.Run(4, _ => Interlocked.Increment(ref done));
        Assert.Equal(4, done);
    }

    [Fact]
    public void Where_the_rows_end_with_an_error_nothing_is_written_after_it()
    {
        using var workers = new WorkerPool(2);
        Assert.True(SpinWait.SpinUntil(() => workers.HasHelp, TimeSpan.FromSeconds(30)));
        using var slow = new SlowStream();
        Assert.Equal("stopped", Assert.Throws<OperationCanceledException>(() => Write(slow, workers, stopAt: 290_000)).Message);
        long length = slow.Length;
        Assert.True(slow.Written > 0);
        Thread.Sleep(100);
        Assert.Equal(length, slow.Length);
    }

    private static WrittenTable Write(Stream stream, WorkerPool? workers, int stopAt = Rows)
    {
        using var output = new TableOutput<KeypointRow, KeypointTable>("p", stream, FormatVersion.Current, workers: workers);
        var writer = new RowWriter();
        for (int first = 0; first < Rows; first += 1_000)
        {
            if (first >= stopAt)
            {
                throw new OperationCanceledException("stopped");
            }

            for (int i = first; i < first + 1_000;)
            {
                int episode = i / RowsOfEpisode;
                int start = i;
                writer.Clear();
                for (; i < first + 1_000 && i / RowsOfEpisode == episode; i++)
                {
                    writer.BeginRow(sharesTexts: i > start);
                    KeypointTable.Write(writer, Row(i, Utf8Text.From($"ep{episode:d4}")));
                    writer.EndRow();
                }

                output.Accept(new RunEpisode(s_folder, Utf8Text.From($"ep{episode:d4}")), writer.Written);
            }
        }

        return output.Finish();
    }

    private static KeypointRow Row(int i, Utf8Text episode) => new()
    {
        Key = new RowKey
        {
            TaskSubdir = s_folder,
            Episode = episode,
            Frame = i,
            TaskId = i / 3,
            RegionId = Utf8Text.From($"region-{i}"),
            Label = s_label,
            Origin = Utf8Text.From(i % 7 == 0 ? "prediction" : "manual"),
            Annotators = 1,
            AnnotatorIds = Utf8Text.From("1"),
            Weight = 1,
            Media = Utf8Text.From("a.jpg"),
            ToName = Utf8Text.From("image"),
            FromName = Utf8Text.From("points"),
            ImageWidth = i % 5 == 0 ? null : 640,
        },
        X = i / 8.0,
        XPct = i % 9,
        YPct = -i,
    };

    /// <summary>Takes its time, so that columns are still being written when the rows end.</summary>
    private sealed class SlowStream : MemoryStream
    {
        public int Written { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Thread.Sleep(10);
            Written++;
            base.Write(buffer);
        }
    }

    /// <summary>Takes a megabyte and no more.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Require(buffer.Length);
            base.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Require(count);
            base.Write(buffer, offset, count);
        }

        private void Require(int more)
        {
            if (Length + more > 1_000_000)
            {
                throw new IOException("No space left");
            }
        }
    }
}
