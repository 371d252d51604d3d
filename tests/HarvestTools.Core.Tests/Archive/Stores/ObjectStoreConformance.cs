using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>What every store has to do besides giving objects: adding and removing, also many at once and broken off.</summary>
public abstract class ObjectStoreConformance : ObjectSourceConformance
{
    private protected ObjectStoreConformance(StoreHarness harness)
        : base(harness)
    {
    }

    private IObjectStore Store => Harness.Store;

    private protected override IObjectSource Source => Harness.Store;

    [Fact]
    public void The_same_bytes_are_added_once()
    {
        byte[] bytes = Bytes(200_000);
        Assert.Equal((Hash(bytes), AddOutcome.Added), Store.AddBytes(bytes));
        Assert.Equal((Hash(bytes), AddOutcome.AlreadyThere), Store.AddBytes(bytes));

        Assert.Single(Store.List());
        Assert.Equal(1, Harness.CountEverything());
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Adding_a_damaged_object_puts_it_right_and_keeps_the_damage_aside(string damage)
    {
        byte[] bytes = Bytes(300_000);
        string sha256 = Add(bytes);
        byte[] damaged = Damaged(bytes, damage);
        Harness.Damage(sha256, damaged);

        Assert.Equal((sha256, AddOutcome.Replaced), Store.AddBytes(bytes));
        Assert.Equal(sha256, Store.HashNow(sha256));
        Assert.Equal(damaged, Assert.Single(Harness.SetAside()));
        Assert.Equal([sha256], Store.List().Select(static stored => stored.Sha256));
        Assert.Equal((sha256, AddOutcome.AlreadyThere), Store.AddBytes(bytes));
    }

    [Fact]
    public void A_wrong_hash_is_refused_and_leaves_nothing()
    {
        byte[] bytes = Bytes(100_000);
        string wrong = Hash(Bytes(1));
        using (PendingObject pending = Store.BeginAdd())
        {
            pending.Write(bytes);
            HarvestException error = Assert.Throws<HarvestException>(() => pending.Commit(wrong));
            Assert.Equal(("ObjectHashDiffers", HarvestFault.Damaged), (error.ErrorId, error.Fault));
        }

        Assert.Null(Store.TryAdd(wrong, new MemoryStream(bytes), "it"));
        Assert.False(Store.Contains(wrong));
        Assert.False(Store.Contains(Hash(bytes)));
        Assert.Equal(0, Harness.CountEverything());
    }

    [Fact]
    public void A_wrong_hash_does_not_harm_the_object_that_has_it()
    {
        string there = Add(Bytes(1));
        using (PendingObject pending = Store.BeginAdd())
        {
            pending.Write(Bytes(2));
            Assert.Throws<HarvestException>(() => pending.Commit(there));
        }

        Assert.Equal(there, Store.HashNow(there));
        Assert.Equal(1, Harness.CountEverything());
    }

    [Fact]
    public void Nothing_is_there_before_the_commit_and_a_broken_off_addition_leaves_nothing()
    {
        byte[] bytes = Bytes(9_000_000);
        using (PendingObject pending = Store.BeginAdd())
        {
            pending.Write(bytes);
            Assert.Empty(Store.List());
            Assert.False(Store.Contains(Hash(bytes)));
        }

        Assert.Equal(0, Harness.CountEverything());
    }

    [Fact]
    public void A_source_that_fails_half_way_leaves_nothing()
    {
        byte[] bytes = Bytes(3_000_000);
        Assert.Throws<HarvestException>(() => Store.TryAdd(Hash(bytes), new Breaking(bytes, at: 2_000_000), "the other side"));
        Assert.Equal(0, Harness.CountEverything());

        Assert.Equal(AddOutcome.Added, Store.TryAdd(Hash(bytes), new MemoryStream(bytes), "the other side"));
        Assert.Equal(AddOutcome.AlreadyThere, Store.TryAdd(Hash(bytes), new MemoryStream(bytes), "the other side"));
        Assert.Equal(bytes, Read(Hash(bytes)));
    }

    [Fact]
    public void A_cancelled_addition_leaves_nothing()
    {
        byte[] bytes = Bytes(50_000);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using (PendingObject pending = Store.BeginAdd())
        {
            pending.Write(bytes);
            Assert.Throws<OperationCanceledException>(() => pending.Commit(Hash(bytes), cancelled.Token));
        }

        Assert.Throws<OperationCanceledException>(() => Store.TryAdd(Hash(bytes), new MemoryStream(bytes), "it", cancelled.Token));
        Assert.False(Store.Contains(Hash(bytes)));
        Assert.Equal(0, Harness.CountEverything());
    }

    [Fact]
    public void Many_that_add_one_object_at_once_all_succeed_and_one_copy_stays()
    {
        byte[] bytes = Bytes(300_000);
        var outcomes = new AddOutcome[16];
        AtOnce(outcomes.Length, i => outcomes[i] = Store.AddBytes(bytes).Outcome);

        // Two may both come first; none may say that it replaced the others' bytes.
        Assert.All(outcomes, static outcome => Assert.True(outcome is AddOutcome.Added or AddOutcome.AlreadyThere));
        Assert.Contains(AddOutcome.Added, outcomes);
        Assert.Equal(bytes, Read(Assert.Single(Store.List()).Sha256));
        Assert.Equal(1, Harness.CountEverything());
    }

    [Fact]
    public async Task Many_objects_are_added_at_once_while_the_list_is_read()
    {
        byte[][] objects = [.. Enumerable.Range(0, 60).Select(i => Bytes(i * 997))];
        HashSet<string> hashes = [.. objects.Select(Hash)];
        using var done = new CancellationTokenSource();
        Task reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                // What is listed is there, whole, under its hash.
                foreach (StoredObject stored in Store.List())
                {
                    Assert.Contains(stored.Sha256, hashes);
                    Assert.Equal(stored.Sha256, Store.HashNow(stored.Sha256));
                }
            }
        });
        AtOnce(4, thread =>
        {
            for (int i = thread; i < objects.Length; i += 4)
            {
                Store.AddBytes(objects[i]);
            }
        });
        await done.CancelAsync();
        await reader;

        Assert.Equal(hashes.Order(StringComparer.Ordinal), Store.List().Select(static stored => stored.Sha256).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_removed_object_is_gone_and_can_come_again()
    {
        byte[] bytes = Bytes(100);
        string sha256 = Add(bytes);
        string other = Add(Bytes(101));

        Assert.True(Store.Remove(sha256));
        Assert.False(Store.Contains(sha256));
        Assert.Null(Store.TryOpen(sha256));
        Assert.Equal([other], Store.List().Select(static stored => stored.Sha256));
        Assert.Equal((sha256, AddOutcome.Added), Store.AddBytes(bytes));
        Assert.Equal(bytes, Read(sha256));
    }

    [Fact]
    public void Removing_what_is_not_there_is_no_fault_and_a_cancelled_removal_removes_nothing()
    {
        string sha256 = Add(Bytes(100));
        Assert.False(Store.Remove(Hash(Bytes(7))));
        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Store.Remove("ab")).ErrorId);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Store.Remove(sha256, cancelled.Token));
        Assert.True(Store.Contains(sha256));
    }

    [Fact]
    public void A_damaged_object_can_be_removed()
    {
        string sha256 = Add(Bytes(100));
        Harness.Damage(sha256, [1, 2, 3]);
        Assert.True(Store.Remove(sha256));
        Assert.Equal(0, Harness.CountEverything());
    }

    private byte[] Read(string sha256)
    {
        using ObjectContent content = Store.Open(sha256);
        return content.ToArray("it");
    }

    private static void AtOnce(int count, Action<int> work)
    {
        using var start = new Barrier(count);
        Task[] tasks =
        [
            .. Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    work(i);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        Task.WaitAll(tasks, CancellationToken.None);
    }

    /// <summary>Gives its bytes and then, as a connection that is cut, an error.</summary>
    private sealed class Breaking(byte[] bytes, int at) : MemoryStream(bytes, 0, at)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            return read > 0 ? read : throw new IOException("the connection was cut");
        }
    }
}
