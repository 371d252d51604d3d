namespace HarvestTools.Strings;

/// <summary>A list whose items are made once and reused after <see cref="Clear"/>, so that a task costs no allocation.</summary>
internal sealed class Pool<T>(Func<T> create, Action<T> reset)
    where T : class
{
    private readonly List<T> _all = [];
    private readonly List<T> _used = [];

    /// <summary>What was added, for reading. A list and no interface, since a call for each item of each pass is what passes cost.</summary>
    public List<T> Items => _used;

    public T Add()
    {
        if (_used.Count == _all.Count)
        {
            _all.Add(create());
        }

        T item = _all[_used.Count];
        reset(item);
        _used.Add(item);
        return item;
    }

    public void Clear() => _used.Clear();
}
