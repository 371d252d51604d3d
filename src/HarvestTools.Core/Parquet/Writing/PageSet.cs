namespace HarvestTools.Parquet.Writing;

/// <summary>The pages of a column chunk one after the other, without headers.</summary>
internal sealed class PageSet : IDisposable
{
    private readonly List<Page> _pages = [];

    public ByteBuffer Bytes { get; } = new();

    public int Count => _pages.Count;

    public ReadOnlySpan<byte> this[int page]
    {
        get
        {
            int start = page == 0 ? 0 : _pages[page - 1].End;
            return Bytes.Span[start.._pages[page].End];
        }
    }

    /// <summary>What a data page's header counts (<see cref="ParquetColumnWriter.Slots"/>), or the entries of a dictionary page.</summary>
    public int Values(int page) => _pages[page].Values;

    public void Clear()
    {
        _pages.Clear();
        Bytes.Clear();
    }

    /// <summary>Ends the page that was written to <see cref="Bytes"/> since the last call.</summary>
    public void EndPage(int values) => _pages.Add(new Page(Bytes.Length, values));

    public void Dispose() => Bytes.Dispose();

    private readonly record struct Page(int End, int Values);
}
