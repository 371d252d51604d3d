namespace HarvestTools.LabelStudio.Reading;

/// <summary>A buffer with whole tasks in it, cut from the file and worked on by one thread.</summary>
internal sealed class TaskBatch(int capacity)
{
    private readonly List<Place> _tasks = [];

    public byte[] Buffer { get; private set; } = new byte[capacity];

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
        if (Buffer.Length < atLeast)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>(atLeast);
            Buffer.AsSpan(0, keep).CopyTo(larger);
            Buffer = larger;
        }
    }

    /// <summary>Readies the batch for reuse; a buffer grown for a huge task is not kept.</summary>
    public void Reset()
    {
        _tasks.Clear();
        if (Buffer.Length > capacity)
        {
            Buffer = new byte[capacity];
        }
    }

    private readonly record struct Place(int Offset, int Length, long ByteOffset, long Line);
}
