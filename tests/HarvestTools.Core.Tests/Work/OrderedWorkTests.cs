using HarvestTools.Work;

namespace HarvestTools.Tests.Work;

public sealed class OrderedWorkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Results_come_in_the_order_of_the_source_whatever_takes_longest(int threads)
    {
        var random = new Random(3);
        int[] pauses = [.. Enumerable.Range(0, 300).Select(_ => random.Next(3))];
        IEnumerable<int> results = OrderedWork.Run(
            Enumerable.Range(0, pauses.Length),
            item =>
            {
                Thread.Sleep(pauses[item]);
                return item * 2;
            },
            threads,
            CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, pauses.Length).Select(static item => item * 2), results);
    }

    [Fact]
    public void A_failure_is_thrown_where_its_result_would_be_and_the_others_are_there()
    {
        using var work = new OrderedWork<int>(3);
        for (int i = 0; i < 5; i++)
        {
            int item = i;
            work.Begin(() => item == 2 ? throw new IOException("second") : item);
        }

        Assert.Equal(5, work.Count);
        Assert.Equal([0, 1], [work.Take(), work.Take()]);
        Assert.Equal("second", Assert.Throws<IOException>(() => work.Take()).Message);
        Assert.Equal([3, 4], [work.Take(), work.Take()]);
        Assert.Throws<InvalidOperationException>(() => work.Take());
    }

    [Fact]
    public void A_large_item_holds_up_no_thread_while_small_ones_are_there()
    {
        using var work = new OrderedWork<int>(2);
        using var smallOnesDone = new CountdownEvent(50);
        work.Begin(() => smallOnesDone.Wait(TimeSpan.FromSeconds(30)) ? 1 : 0);
        for (int i = 0; i < 50; i++)
        {
            work.Begin(() =>
            {
                smallOnesDone.Signal();
                return 2;
            });
        }

        // One thread has the large one; the small ones are done by whichever waits.
        Assert.Equal(1, work.Take());
    }

    [Fact]
    public void Cancelled_no_item_is_begun()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        using var work = new OrderedWork<int>(2, cancel.Token);
        bool begun = false;
        work.Begin(() =>
        {
            begun = true;
            return 1;
        });
        Assert.Throws<OperationCanceledException>(() => work.Take());
        Assert.False(begun);
        Assert.Throws<OperationCanceledException>(() => OrderedWork.Run([1], static item => item, 2, cancel.Token).ToList());
    }

    [Fact]
    public void Whoever_stops_asking_leaves_no_thread_at_work()
    {
        int running = 0;
        foreach (int item in OrderedWork.Run(
            Enumerable.Range(0, 1000),
            item =>
            {
                Interlocked.Increment(ref running);
                Thread.Sleep(1);
                Interlocked.Decrement(ref running);
                return item;
            },
            3,
            CancellationToken.None))
        {
            if (item == 5)
            {
                break;
            }
        }

        Assert.Equal(0, Volatile.Read(ref running));
    }
}
