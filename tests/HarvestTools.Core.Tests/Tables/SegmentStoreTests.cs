using HarvestTools.Tables.Log;

namespace HarvestTools.Tests.Tables;

/// <summary>Where filled segments are before and after all rows are there.</summary>
public sealed class SegmentStoreTests : IDisposable
{
    private const int Bytes = 100;
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-segments-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Once_some_are_in_the_file_all_go_there()
    {
        using var store = new SegmentStore(_folder, memoryBudget: 2 * Bytes);
        Segment[] segments = [.. Enumerable.Range(1, 4).Select(fill => Keep(store, (byte)fill))];
        Assert.Equal([true, true, false, false], segments.Select(static segment => segment.Buffer is not null));

        store.Settle();

        Assert.All(segments, static segment => Assert.Null(segment.Buffer));
        Assert.Equal(4 * (Bytes - 1), store.SpilledBytes);
        byte[] read = new byte[Bytes - 11];
        for (int i = 0; i < segments.Length; i++)
        {
            store.Read(segments[i], 10, read);
            Assert.All(read, b => Assert.Equal(i + 1, b));
        }
    }

    [Fact]
    public void Where_all_have_room_none_is_written()
    {
        using var store = new SegmentStore(_folder, memoryBudget: 2 * Bytes);
        Segment[] segments = [Keep(store, 1), Keep(store, 2)];

        store.Settle();

        Assert.All(segments, static segment => Assert.NotNull(segment.Buffer));
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    /// <summary>Fills all of a segment but its last byte.</summary>
    private static Segment Keep(SegmentStore store, byte fill)
    {
        byte[] buffer = new byte[Bytes];
        buffer.AsSpan(0, Bytes - 1).Fill(fill);
        var segment = new Segment();
        store.Keep(segment, buffer, Bytes - 1);
        return segment;
    }
}
