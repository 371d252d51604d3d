namespace HarvestTools.Archive;

/// <summary>Several sources as one: each object comes from the first that has it.</summary>
/// <param name="sources">In the order in which they are asked; at least one.</param>
internal sealed class SourcesInOrder(params IReadOnlyList<IObjectSource> sources) : IObjectSource
{
    public string Name => string.Join(" or ", sources.Select(static source => source.Name).Distinct(StringComparer.Ordinal));

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        var missing = sha256.ToHashSet(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (IObjectSource source in sources)
        {
            // A later source is not asked for what an earlier one has: it may be far away.
            found.UnionWith(source.Contains(missing, cancellation));
            missing.ExceptWith(found);
            if (missing.Count == 0)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>The names of all sources, an object of several once.</summary>
    /// <inheritdoc/>
    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        return sources
            .SelectMany(source => source.List(prefix, cancellation))
            .Where(stored => stored.Kind != StoredKind.Object || given.Add(stored.Name));
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default) =>
        sources.Select(source => source.TryOpen(sha256, cancellation)).FirstOrDefault(static content => content is not null);

    public string? LocalPath(string sha256) =>
        sources.Select(source => source.LocalPath(sha256)).FirstOrDefault(static path => path is not null);
}
