namespace HarvestTools.Workflows;

/// <summary>What becomes of an object of the archive.</summary>
public static class ObjectState
{
    /// <summary>Something needs it.</summary>
    public const string Kept = nameof(Kept);

    /// <summary>Only old slices need it, on which no model was trained: it stays until they are named.</summary>
    public const string Proposed = nameof(Proposed);

    /// <summary>Nothing needs it: it goes into quarantine.</summary>
    public const string Quarantined = nameof(Quarantined);

    /// <summary>In a remote: nothing needs it, which was seen for the first time. It stays for its days.</summary>
    public const string Noted = nameof(Noted);

    /// <summary>It is in quarantine, or was noted in a remote, and its days are not over.</summary>
    public const string Waiting = nameof(Waiting);

    /// <summary>It is in quarantine and something needs it after all: it comes back.</summary>
    public const string Returned = nameof(Returned);

    /// <summary>Its days are over: it is removed for good.</summary>
    public const string Removed = nameof(Removed);
}

/// <summary>An object of the archive, and why it is kept or not.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="Bytes">What it takes of the disk: of a packed one the size of its pack.</param>
/// <param name="State">A word of <see cref="ObjectState"/>.</param>
/// <param name="Reasons">What needs it; empty where nothing does.</param>
public sealed record ReachedObject(string Sha256, string What, long Bytes, string State, IReadOnlyList<string> Reasons)
{
    /// <summary>The day on which it went into quarantine, as <c>2026-03-01</c>; null for what is not there.</summary>
    public string? QuarantinedOn { get; init; }

    /// <summary>The day on which it was noted in a remote that nothing needs it, as <c>2026-03-01</c>; null for what is needed, and for what is here.</summary>
    public string? NotedOn { get; init; }

    /// <summary>The first day on which it is removed for good; null for what is neither in quarantine nor noted.</summary>
    public string? RemovedFrom { get; init; }

    /// <summary>
    /// Whether it goes, or went into quarantine, since slices that name it were let go. That these name it does not bring it back, and it is
    /// removed for good only where they are named again.
    /// </summary>
    public bool Released { get; init; }

    /// <summary>Whether it is packed as a patch against another.</summary>
    internal bool IsPatch { get; init; }
}

/// <summary>What nothing needs: what was done about it, or would be.</summary>
/// <param name="Objects">Every object of the archive, those in quarantine included; or everything of a remote that pushes put there under a hash.</param>
/// <param name="Notes">What the list may lack, in sentences.</param>
public sealed record UnreachableReport(IReadOnlyList<ReachedObject> Objects, IReadOnlyList<string> Notes)
{
    /// <summary>Tables of the cache that go; they are derived again where somebody asks for them.</summary>
    public IReadOnlyList<UnusedTables> Cache { get; init; } = [];

    /// <summary>The remote that was looked at; null where it was the archive.</summary>
    public string? Remote { get; init; }

    /// <summary>The remote's address; null where it was the archive.</summary>
    public string? Address { get; init; }

    /// <summary>The repositories that are registered in the remote; none where it was the archive.</summary>
    public IReadOnlyList<RegisteredRepositoryInfo> Repositories { get; init; } = [];

    /// <summary>Full paths of repositories that share the archive and cannot be opened: what they needed last is kept until they are said to be gone for good.</summary>
    public IReadOnlyList<string> NotThere { get; init; } = [];

    /// <summary>Whether it was done; false where it was only looked at.</summary>
    public bool Done { get; init; }

    /// <summary>How many objects something needs, those included that only old slices do.</summary>
    public int Kept => Count(ObjectState.Kept) + Count(ObjectState.Proposed);

    /// <summary>How many of them only old slices need.</summary>
    public int Proposed => Count(ObjectState.Proposed);

    /// <summary>How many go into quarantine.</summary>
    public int Quarantined => Count(ObjectState.Quarantined);

    /// <summary>How many of a remote nothing needs, which was seen for the first time.</summary>
    public int Noted => Count(ObjectState.Noted);

    /// <summary>How many are in quarantine, or noted in a remote, and wait.</summary>
    public int Waiting => Count(ObjectState.Waiting);

    /// <summary>How many come back from quarantine.</summary>
    public int Returned => Count(ObjectState.Returned);

    /// <summary>How many are removed for good.</summary>
    public int Removed => Count(ObjectState.Removed);

    /// <summary>The objects of a state.</summary>
    /// <param name="state">A word of <see cref="ObjectState"/>.</param>
    public IReadOnlyList<ReachedObject> Of(string state) => [.. Objects.Where(one => one.State == state)];

    /// <summary>How many objects are of a state.</summary>
    /// <param name="state">A word of <see cref="ObjectState"/>.</param>
    public int Count(string state) => Objects.Count(one => one.State == state);

    /// <summary>How many bytes the objects of a state have.</summary>
    /// <param name="state">A word of <see cref="ObjectState"/>.</param>
    public long Bytes(string state) => Objects.Where(one => one.State == state).Sum(static one => one.Bytes);
}

/// <summary>Tables of the cache that nobody used for long, or that are beyond its limit.</summary>
/// <param name="Folder">Full path of the folder of a slice's tables, or of those of one export.</param>
/// <param name="Slices">The slices whose tables they are; empty for those of one export, and for those of no slice that git has.</param>
/// <param name="Bytes">What is free without them; tables that others share take space there still.</param>
/// <param name="LastUsed">When they were used last, to the day.</param>
/// <param name="Why">Why they go.</param>
public sealed record UnusedTables(string Folder, IReadOnlyList<string> Slices, long Bytes, DateTimeOffset LastUsed, string Why);

/// <summary>What is asked for besides.</summary>
public sealed record UnreachableRequest
{
    /// <summary>Slices whose exports are let go, though they name them: such without a model and without a tag. A remote has to have the exports first.</summary>
    public IReadOnlyList<string> Release { get; init; } = [];

    /// <summary>Full paths of repositories that used the archive and are gone for good; of a remote the ids of such.</summary>
    public IReadOnlyList<string> Forget { get; init; } = [];

    /// <summary>The remote that is meant; null for the archive.</summary>
    public string? Remote { get; init; }

    /// <summary>Whether nobody else works in the remote meanwhile, which a store without conditions needs.</summary>
    public bool Exclusive { get; init; }
}

/// <summary>A repository that is registered in a remote.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its folder's name and its machine.</param>
/// <param name="DeclaredAt">When it said last what it needs.</param>
public sealed record RegisteredRepositoryInfo(string Id, string Name, DateTimeOffset DeclaredAt);
