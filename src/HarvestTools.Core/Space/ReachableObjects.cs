namespace HarvestTools.Space;

/// <summary>Which objects are needed, and by what.</summary>
internal sealed class ReachableObjects
{
    private static readonly IReadOnlyList<string> s_none = [];
    private readonly Dictionary<string, Entry> _objects = new(StringComparer.Ordinal);

    /// <summary>What the list may lack, in sentences.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What slices name that are let go, whether or not something else needs it.</summary>
    public HashSet<string> Released { get; } = new(StringComparer.Ordinal);

    /// <summary>How many objects something needs.</summary>
    public int Count => _objects.Count;

    /// <summary>Their hashes.</summary>
    public IEnumerable<string> Hashes => _objects.Keys;

    /// <param name="sha256">An object that is needed.</param>
    /// <param name="what">What it is, for people.</param>
    /// <param name="reason">What needs it; the same one counts once.</param>
    /// <param name="old">Whether that is a slice that nobody trained on for a long time.</param>
    /// <param name="unlinked">Whether that is a slice without a model, an alias and a tag.</param>
    public void Add(string sha256, string what, string reason, bool old = false, bool unlinked = false)
    {
        if (!_objects.TryGetValue(sha256, out Entry? entry))
        {
            _objects.Add(sha256, entry = new Entry(what));
        }

        // Reasons come slice by slice, so the same one is the last one.
        if (entry.Reasons.Count == 0 || entry.Reasons[^1] != reason)
        {
            entry.Reasons.Add(reason);
        }

        entry.OnlyOld &= old;
        entry.OnlyUnlinked &= unlinked;
    }

    /// <summary>Adds what another repository needs.</summary>
    /// <param name="other">What it needs.</param>
    /// <param name="among">Of that the hashes that count; null for all.</param>
    public void Add(ReachableObjects other, IReadOnlyCollection<string>? among = null)
    {
        Notes.AddRange(other.Notes);
        Released.UnionWith(other.Released);
        foreach ((string sha256, Entry entry) in other._objects.Where(pair => among?.Contains(pair.Key) ?? true))
        {
            foreach (string reason in entry.Reasons)
            {
                Add(sha256, entry.What, reason, entry.OnlyOld, entry.OnlyUnlinked);
            }
        }
    }

    public bool Contains(string sha256) => _objects.ContainsKey(sha256);

    /// <summary>Whether nothing but old slices without a model needs it.</summary>
    public bool OnlyOld(string sha256) => _objects.TryGetValue(sha256, out Entry? entry) && entry.OnlyOld;

    /// <summary>Whether nothing but slices without a model needs it, however old they are.</summary>
    public bool OnlyUnlinked(string sha256) => _objects.TryGetValue(sha256, out Entry? entry) && entry.OnlyUnlinked;

    /// <summary>What needs it; empty where nothing does.</summary>
    public IReadOnlyList<string> ReasonsOf(string sha256) => _objects.TryGetValue(sha256, out Entry? entry) ? entry.Reasons : s_none;

    /// <summary>What it is; null where nothing needs it.</summary>
    public string? WhatIs(string sha256) => _objects.GetValueOrDefault(sha256)?.What;

    private sealed class Entry(string what)
    {
        public string What { get; } = what;

        public List<string> Reasons { get; } = [];

        public bool OnlyOld { get; set; } = true;

        public bool OnlyUnlinked { get; set; } = true;
    }
}
