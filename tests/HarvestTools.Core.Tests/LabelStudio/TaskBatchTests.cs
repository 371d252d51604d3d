using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Which buffer a batch has while a huge task is read, and after it.</summary>
public sealed class TaskBatchTests
{
    private readonly byte[] _large = new byte[1000];

    [Fact]
    public void A_buffer_that_became_large_is_used_again()
    {
        var batch = new TaskBatch(16);
        byte[] first = Huge(batch, fill: 1);
        Assert.NotSame(_large, first);
        batch.Reset();

        Assert.Same(first, Huge(batch, fill: 2));
        Assert.All(first[..60], static b => Assert.Equal(2, b));
    }

    [Fact]
    public void After_a_huge_task_a_batch_of_small_ones_is_as_small_as_before()
    {
        var batch = new TaskBatch(16);
        _ = Huge(batch, fill: 1);
        Assert.Equal(60, batch.Room);
        batch.Reset();

        Assert.Equal(16, batch.Room);
        batch.Grow(32, keep: 0);
        Assert.Equal(32, batch.Room);
    }

    [Fact]
    public void A_task_that_is_too_large_stays_where_it_is()
    {
        var batch = new TaskBatch(16);
        batch.Borrow(_large, room: 100, keep: 0);
        batch.Add(0, 60, 1, 0, 1);

        Assert.False(batch.TryGiveBack(mostBytes: 59));
        Assert.Same(_large, batch.Buffer);
        batch.Reset();
        Assert.NotSame(_large, batch.Buffer);
    }

    /// <summary>Reads a task of 60 bytes into the buffer that all share, and gives that back.</summary>
    private byte[] Huge(TaskBatch batch, byte fill)
    {
        batch.Borrow(_large, room: 100, keep: 0);
        batch.Buffer.AsSpan(0, 60).Fill(fill);
        batch.Add(0, 60, 1, 0, 1);
        Assert.True(batch.TryGiveBack(mostBytes: 100));
        return batch.Buffer;
    }
}
