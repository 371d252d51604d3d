namespace HarvestTools.Strings;

/// <summary>A list whose items are made once and reused after <see cref="Clear"/>, so that a task costs no allocation.</summary>
internal sealed class Pool<T>(Func<T> create, Action<T> reset)
    where T : class
{
    private readonly List<T> _all = [];
    private readonly List<T> _used = [];

    /// <summary>Not to be changed by those who read it; a list, since going through an interface of one costs an object each time.</summary>
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
