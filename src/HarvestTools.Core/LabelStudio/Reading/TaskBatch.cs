namespace HarvestTools.LabelStudio.Reading;

/// <summary>A buffer with whole tasks in it, cut from the file and worked on by one thread.</summary>
internal sealed class TaskBatch(int capacity)
{
    private readonly List<Place> _tasks = [];

    /// <summary>How many bytes of a buffer that is not its own the batch has; 0 where it has its own.</summary>
    private int _borrowed;

    public byte[] Buffer { get; private set; } = new byte[capacity];

    /// <summary>How many of the buffer's bytes are the batch's.</summary>
    public int Room => _borrowed > 0 ? _borrowed : Buffer.Length;

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
            byte[] larger = GC.AllocateUninitializedArray<byte>(atLeast);
            Buffer.AsSpan(0, keep).CopyTo(larger);
            Buffer = larger;
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
            Buffer = larger;
        }

        _borrowed = room;
    }

    /// <summary>Moves the tasks out of a borrowed buffer if they have no more bytes than that; true where it needs it no more.</summary>
    public bool TryGiveBack(int mostBytes)
    {
        if (_borrowed == 0)
        {
            return true;
        }

        int used = _tasks.Count == 0 ? 0 : _tasks[^1].Offset + _tasks[^1].Length;
        if (used > mostBytes)
        {
            return false;
        }

        byte[] own = GC.AllocateUninitializedArray<byte>(Math.Max(used, capacity));
        Buffer.AsSpan(0, used).CopyTo(own);
        Buffer = own;
        _borrowed = 0;
        return true;
    }

    /// <summary>Readies the batch for reuse; a buffer grown for a huge task is not kept.</summary>
    public void Reset()
    {
        _tasks.Clear();
        _borrowed = 0;
        if (Buffer.Length > capacity)
        {
            Buffer = new byte[capacity];
        }
    }

    private readonly record struct Place(int Offset, int Length, long ByteOffset, long Line);
}
