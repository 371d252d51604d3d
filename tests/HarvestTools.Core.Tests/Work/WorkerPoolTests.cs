using System.Collections.Concurrent;
using System.Globalization;
using HarvestTools.Work;

namespace HarvestTools.Tests.Work;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Every_piece_is_done_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 200; round++)
        {
            var seen = new ConcurrentBag<int>();
            WorkBatch batch = pool.Begin(round % 7, seen.Add);
            batch.Complete();
            Assert.Equal(Enumerable.Range(0, round % 7), seen.Order());
            Assert.True(batch.IsCompleted);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_more_threads_work_at_once_than_it_was_given_and_as_many_do(int threads)
    {
        using var pool = new WorkerPool(threads);
        using var all = new Barrier(threads);
        int running = 0;
        int most = 0;
        int met = 0;
        pool.Run(20 * threads, piece =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (piece < threads && all.SignalAndWait(TimeSpan.FromSeconds(30)))
            {
                Interlocked.Increment(ref met);
            }

            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
        });

        Assert.Equal(threads, most);
        Assert.Equal(threads, met);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_first_piece_of_a_run_is_the_callers(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 100; round++)
        {
            int thread = 0;
            pool.Run(threads, piece =>
            {
                // Only the first piece writes: the others would put back what they read before it.
                if (piece == 0)
                {
                    thread = Environment.CurrentManagedThreadId;
                }
            });
            Assert.Equal(Environment.CurrentManagedThreadId, thread);
        }
    }

    [Fact]
    public void One_thread_does_everything_in_order_where_it_waits()
    {
        using var pool = new WorkerPool(1);
        var done = new List<int>();
        WorkBatch batch = pool.Begin(5, done.Add);
        Assert.Empty(done);
        Assert.False(pool.HasIdle);
        batch.Complete();
        Assert.Equal([0, 1, 2, 3, 4], done);
        Assert.False(pool.TryHelp());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_piece_throws_reaches_whoever_completes(int threads)
    {
        using var pool = new WorkerPool(threads);
        WorkBatch batch = pool.Begin(9, static piece => _ = piece == 4 ? throw new IOException("full") : piece);
        Assert.Equal("full", Assert.Throws<IOException>(batch.Complete).Message);

        // Whoever asks again gets it again.
        Assert.Equal("full", Assert.Throws<IOException>(batch.Complete).Message);
    }

    [Fact]
    public void Of_several_failures_the_lowest_numbered_is_thrown_whatever_the_timing()
    {
        using var pool = new WorkerPool(4);
        for (int round = 0; round < 50; round++)
        {
            var exception = Assert.Throws<InvalidOperationException>(() => pool.Run(200, piece =>
            {
                // The lowest that fails takes the longest.
                if (piece >= 7)
                {
                    Thread.Sleep(piece == 7 ? 5 : 0);
                    throw new InvalidOperationException(piece.ToString(CultureInfo.InvariantCulture));
                }
            }));
            Assert.Equal("7", exception.Message);
        }
    }

    [Fact]
    public void After_abandoning_no_piece_is_touched()
    {
        using var pool = new WorkerPool(3);
        using var started = new ManualResetEventSlim();
        int running = 0;
        int begun = 0;
        WorkBatch batch = pool.Begin(1000, _ =>
        {
            Interlocked.Increment(ref running);
            Interlocked.Increment(ref begun);
            started.Set();
            Thread.Sleep(1);
            Interlocked.Decrement(ref running);
        });
        started.Wait();
        batch.Abandon();
        Assert.Equal(0, Volatile.Read(ref running));
        int then = begun;
        Assert.InRange(then, 1, 999);
        pool.Run(50, static _ => { });
        Assert.Equal(then, begun);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_piece_is_begun_once_it_is_cancelled(int threads)
    {
        using var pool = new WorkerPool(threads);
        using var cancel = new CancellationTokenSource();
        int begun = 0;
        Assert.Throws<OperationCanceledException>(() => pool.Run(
            1000,
            piece =>
            {
                Interlocked.Increment(ref begun);
                if (piece == 5)
                {
                    cancel.Cancel();
                }

                Thread.Sleep(1);
            },
            cancel.Token));

        Assert.InRange(begun, 6, 6 + (3 * threads));
        Assert.Throws<OperationCanceledException>(() => pool.Run(1, _ => begun = 0, cancel.Token));
        Assert.NotEqual(0, begun);
    }

    [Fact]
    public void Disposing_waits_for_what_runs_and_leaves_the_rest()
    {
        int ended = 0;
        using (var started = new ManualResetEventSlim())
        {
            using var pool = new WorkerPool(2);
            pool.Begin(100, _ =>
            {
                started.Set();
                Thread.Sleep(20);
                Interlocked.Increment(ref ended);
            });
            started.Wait();
        }

        int then = Volatile.Read(ref ended);
        Assert.InRange(then, 1, 3);
        Thread.Sleep(50);
        Assert.Equal(then, Volatile.Read(ref ended));
    }

    [Fact]
    public void A_piece_may_have_pieces_of_its_own()
    {
        using var pool = new WorkerPool(3);
        int done = 0;
        pool.Run(8, _ => pool.Run(8, _ => Interlocked.Increment(ref done)));
        Assert.Equal(64, done);
    }

    [Fact]
    public void A_thread_that_waits_is_idle_and_helps_with_older_work_first()
    {
        using var pool = new WorkerPool(1);
        var done = new List<string>();
        WorkBatch first = pool.Begin(1, _ => done.Add("first"));
        WorkBatch second = pool.Begin(1, _ => done.Add("second"));
        Assert.True(pool.TryHelp());
        second.Complete();
        first.Complete();
        Assert.Equal(["first", "second"], done);

        using var others = new WorkerPool(2);
        Assert.True(SpinWait.SpinUntil(() => others.HasIdle, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Help_is_there_where_a_thread_waits_and_nothing_is_left_to_begin()
    {
        using var alone = new WorkerPool(1);
        Assert.False(alone.HasHelp);

        using var pool = new WorkerPool(2);
        using var begun = new ManualResetEventSlim();
        using var seen = new ManualResetEventSlim();
        bool whileCallerHelps = false;
        WorkBatch batch = pool.Begin(1, _ =>
        {
            begun.Set();

            // The only other thread is the caller's, which helps until this is done.
            whileCallerHelps = SpinWait.SpinUntil(() => pool.HasHelp, TimeSpan.FromSeconds(30));
            seen.Wait();
        });
        begun.Wait();
        WorkBatch open = pool.Begin(1, static _ => { });
        Assert.False(pool.HasHelp);
        open.Complete();
        var setLater = new Thread(() =>
        {
            Thread.Sleep(50);
            seen.Set();
        });
        setLater.Start();
        batch.CompleteHelping();
        Assert.True(whileCallerHelps);
        setLater.Join();
        Assert.True(SpinWait.SpinUntil(() => pool.HasHelp, TimeSpan.FromSeconds(30)));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    [Fact]
    public void Who_waits_for_a_batch_and_helps_does_what_its_pieces_wait_for()
    {
        using var pool = new WorkerPool(2);
        using var begun = new ManualResetEventSlim();
        int caller = Environment.CurrentManagedThreadId;
        int helped = 0;
        WorkBatch outer = pool.Begin(1, _ =>
        {
            begun.Set();
            using var met = new Barrier(2);
            WorkBatch inner = pool.Begin(2, _ =>
            {
                // Both at once, so on both threads: the caller's has to come from its wait.
                Assert.True(met.SignalAndWait(TimeSpan.FromSeconds(60)));
                Interlocked.Add(ref helped, Environment.CurrentManagedThreadId == caller ? 1 : 0);
            });
            inner.Complete();
        });
        Assert.True(begun.Wait(TimeSpan.FromSeconds(60)));
        outer.CompleteHelping();
        Assert.Equal(1, helped);
    }

    [Fact]
    public void What_a_batch_throws_reaches_the_one_that_waits_for_it_and_helps()
    {
        using var pool = new WorkerPool(2);
        WorkBatch batch = pool.Begin(3, static piece => _ = piece == 1 ? throw new IOException("full") : piece);
        Assert.Equal("full", Assert.Throws<IOException>(batch.CompleteHelping).Message);
    }
}
