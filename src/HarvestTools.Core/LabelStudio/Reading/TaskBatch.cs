namespace HarvestTools.LabelStudio.Reading;

/// <summary>A buffer with whole tasks in it, cut from the file and worked on by one thread.</summary>
internal sealed class TaskBatch(int capacity)
{
    private readonly int _capacity = capacity;
    private readonly List<Place> _tasks = [];

    // Kept as large as it became: where one task is huge the next mostly is, and a new buffer for each is left to the collector,
    // which takes its time with arrays of megabytes.
    private byte[] _own = new byte[capacity];
    private byte[]? _borrowed;

    public byte[] Buffer => _borrowed ?? _own;

    /// <summary>How many of the buffer's bytes are the batch's.</summary>
    public int Room { get; private set; } = capacity;

    public int Count => _tasks.Count;

    public long FirstOrdinal { get; private set; }

    public void Add(int offset, int length, long ordinal, long byteOffset, long line)
    {
        if (_tasks.Count == 0)
        {
            FirstOrdinal = ordinal;
        }

        _tasks.Add(new Place(offset, length, byteOffset, line));
    }

    public RawTask Task(int index, string fileName)
    {
        Place place = _tasks[index];
        return new RawTask(
            fileName, Buffer, place.Offset, place.Length, FirstOrdinal + index, place.ByteOffset, place.Line);
    }

    /// <summary>Makes room for <paramref name="atLeast"/> bytes and keeps the first <paramref name="keep"/>.</summary>
    public void Grow(int atLeast, int keep)
    {
        if (Room < atLeast)
        {
            Own(Buffer.AsSpan(0, keep), atLeast);
        }
    }

    /// <summary>
    /// Goes on in the first <paramref name="room"/> bytes of a buffer that other batches use too, keeping the first
    /// <paramref name="keep"/>.
    /// </summary>
    public void Borrow(byte[] larger, int room, int keep)
    {
        if (!ReferenceEquals(Buffer, larger))
        {
            Buffer.AsSpan(0, keep).CopyTo(larger);
            _borrowed = larger;
        }

        Room = room;
    }

    /// <summary>Moves the tasks out of a borrowed buffer if they have no more bytes than that; true where it needs it no more.</summary>
    public bool TryGiveBack(int mostBytes)
    {
        if (_borrowed is null)
        {
            return true;
        }

        int used = _tasks.Count == 0 ? 0 : _tasks[^1].Offset + _tasks[^1].Length;
        if (used > mostBytes)
        {
            return false;
        }

        Own(_borrowed.AsSpan(0, used), Math.Max(used, _capacity));
        return true;
    }

    /// <summary>Readies the batch for reuse, of the size it had at first.</summary>
    public void Reset()
    {
        _tasks.Clear();
        _borrowed = null;
        Room = _capacity;
    }

    private void Own(ReadOnlySpan<byte> bytes, int room)
    {
        // With some to spare: the next huge task is a little larger as often as not, and what no task fills takes no memory.
        byte[] own = _own.Length >= room ? _own : GC.AllocateUninitializedArray<byte>(room > _capacity ? room + (room / 4) : room);
        bytes.CopyTo(own);
        _own = own;
        _borrowed = null;
        Room = room;
    }

    private readonly record struct Place(int Offset, int Length, long ByteOffset, long Line);
}
