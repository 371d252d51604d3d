namespace HarvestTools.Workflows;

/// <summary>What kind of thing holds a person's work or an episode.</summary>
public enum ErasureTraceKind
{
    /// <summary>An object of the archive, damaged ones that were set aside included.</summary>
    Archive,

    /// <summary>A record of the archive.</summary>
    Record,

    /// <summary>A file of the checkout: one that an export was added from, an eval set, a slice.</summary>
    File,

    /// <summary>A file of git-lfs's store.</summary>
    LfsStore,

    /// <summary>A table in the cache.</summary>
    Table,

    /// <summary>Another file of the cache.</summary>
    Cache,

    /// <summary>A definition or a record that leaves it out, and for that has to name it.</summary>
    Exclusion,
}

/// <summary>A place that holds something of what is to be erased.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The file, relative to the repository where it is in it.</param>
/// <param name="What">In words, for example <c>12 annotations and 3 mentions</c>.</param>
/// <param name="Slices">Slices that name the export; empty for what is none.</param>
public sealed record ErasureTrace(ErasureTraceKind Kind, string Path, string What, IReadOnlyList<string> Slices);

/// <summary>What was searched for a person's work or an episode, and what holds something of it.</summary>
/// <param name="Subject">In words, for example <c>annotator 7</c>.</param>
/// <param name="Traces">What holds something of it.</param>
/// <param name="Objects">How many objects of the archive were read.</param>
/// <param name="Records">How many records of the archive.</param>
/// <param name="Files">How many files of the checkout.</param>
/// <param name="Tables">How many tables of the cache; two names of the same bytes count once.</param>
/// <param name="CacheFiles">How many other files of the cache.</param>
/// <param name="NotSearched">What was not searched, and how it is.</param>
public sealed record ErasureProof(
    string Subject, IReadOnlyList<ErasureTrace> Traces, int Objects, int Records, int Files, int Tables, int CacheFiles, IReadOnlyList<string> NotSearched)
{
    /// <summary>How many rows the tables that were read have.</summary>
    public long Rows { get; init; }

    /// <summary>Of which exports it is not known whether they hold something of it: a team's own program derives, and no row says it.</summary>
    public IReadOnlyList<UnknownRows> NotKnown { get; init; } = [];

    /// <summary>
    /// Whether nothing that was searched holds anything of it, as far as all of that is known. What leaves it out has to name it, and does not count.
    /// </summary>
    public bool IsErased => NotKnown.Count == 0 && Traces.All(static trace => trace.Kind == ErasureTraceKind.Exclusion);

    /// <summary>What to do about what is left; null where nothing is.</summary>
    public Remedy? Remedy { get; init; }
}
