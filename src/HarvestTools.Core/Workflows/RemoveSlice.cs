using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A slice to be removed: what goes with it and what stays.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Folder">Full path of its folder, which goes.</param>
/// <param name="Files">The files in it, by name.</param>
/// <param name="CacheFolder">Full path of its folder in the cache, which goes too; null where there is none, or another slice shares it.</param>
/// <param name="CacheBytes">What the files in that folder have; tables that other slices share take space there still.</param>
/// <param name="KeptExports">Its exports, which stay in the archive, each as project, dash and the first digits of its hash.</param>
public sealed record SliceRemoval(
    string Version, string Folder, IReadOnlyList<string> Files, string? CacheFolder, long CacheBytes, IReadOnlyList<string> KeptExports)
{
    /// <summary>Whether it is gone; false in a plan.</summary>
    public bool Removed { get; init; }
}

/// <summary>
/// Removes slices that nothing needs: record, definition and cached tables. Objects of the archive stay.
/// </summary>
public static class RemoveSlice
{
    /// <summary>
    /// The slices in the order in which they can go, each before the one that it follows; a slice may be removed together with
    /// all that follow it.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="versions">The slices.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">One cannot be read.</exception>
    public static IReadOnlyList<string> InOrder(Repository repository, IEnumerable<string> versions, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(context);
        List<SliceManifest> slices = [.. versions.Distinct(StringComparer.Ordinal).Select(version => repository.Slices.Load(version, context.Cancellation))];
        var order = new List<string>();
        while (slices.Count > 0)
        {
            // Parents that run in a circle, as only a hand can write them, have no end to begin at.
            SliceManifest next = slices.Find(slice => !slices.Exists(other => other != slice && other.Parents.Contains(slice.Version))) ?? slices[0];
            order.Add(next.Version);
            slices.Remove(next);
        }

        return order;
    }

    /// <summary>What removing a slice would take away.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice.</param>
    /// <param name="going">Slices that are removed before it, so that they do not need it.</param>
    /// <param name="context">Cancellation.</param>
    /// <exception cref="HarvestException">SliceNotFound; SliceNeeded, which names all that needs it.</exception>
    public static SliceRemoval Plan(Repository repository, string version, IReadOnlyCollection<string> going, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(going);
        ArgumentNullException.ThrowIfNull(context);
        SliceManifest slice = repository.Slices.Load(version, context.Cancellation);
        List<SliceEntry> others =
            [.. repository.Slices.LoadAll(context.Cancellation).Where(entry => entry.Version != version && !going.Contains(entry.Version))];
        string[] followers = [.. others.Where(entry => entry.Manifest?.Parents.Contains(version) == true).Select(static entry => entry.Version)];
        List<string> needs =
        [
            .. InProduction(repository, version),
            .. RegisteredModels.Of(slice).Select(static model => $"model '{model.Name}' is registered on it"),
            .. followers.Select(static follower => $"slice {follower} follows it"),
            .. others.Where(static entry => entry.Manifest is null).Select(static entry => $"slice {entry.Version} cannot be read, so it may follow it"),
            .. GitTags.Names(repository.Root).Where(tag => GitTags.IsOf(tag, version)).Select(static tag => $"the git tag '{tag}' names it"),
        ];
        if (needs.Count > 0)
        {
            throw RemoveErrors.SliceNeeded(version, needs, followers.FirstOrDefault(), Kept(repository, slice, others));
        }

        string folder = Path.GetDirectoryName(repository.Slices.PathOf(version))!;
        string? cache = CacheOf(repository, slice, others);
        return new SliceRemoval(
            version,
            folder,
            [.. FilesOf(folder).Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')).Order(StringComparer.Ordinal)],
            cache,
            cache is null ? 0 : BytesOf(cache),
            [.. slice.Exports.Select(static export => export.FileStem)]);
    }

    /// <summary>Also where the slice lost its models: what is in production has to lead somewhere.</summary>
    private static IEnumerable<string> InProduction(Repository repository, string version) =>
        ProductionUse.Present(repository) is { } production && production.Version == version ? [$"its model '{production.Name}' is in production"] : [];

    /// <summary>
    /// The slice itself, or the first of those that follow it, in a row, which is the record of a training or is tagged: nothing
    /// before it can go. Null where there is none.
    /// </summary>
    private static string? Kept(Repository repository, SliceManifest slice, List<SliceEntry> others)
    {
        IReadOnlyList<string> tags = GitTags.Names(repository.Root);
        var line = new Queue<SliceManifest>([slice]);
        var met = new HashSet<string>([slice.Version], StringComparer.Ordinal);
        while (line.TryDequeue(out SliceManifest? next))
        {
            if (RegisteredModels.Of(next).Any() || InProduction(repository, next.Version).Any() || tags.Any(tag => GitTags.IsOf(tag, next.Version)))
            {
                return next.Version;
            }

            foreach (SliceManifest follower in others.Select(static entry => entry.Manifest).OfType<SliceManifest>().Where(other => other.Parents.Contains(next.Version)))
            {
                if (met.Add(follower.Version))
                {
                    line.Enqueue(follower);
                }
            }
        }

        return null;
    }

    /// <summary>Removes a slice.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice.</param>
    /// <param name="context">Cancellation, heeded until the removal has begun.</param>
    /// <exception cref="HarvestException">As <see cref="Plan"/>; the file system refuses, and the slice is as it was.</exception>
    public static SliceRemoval Run(Repository repository, string version, WorkContext context)
    {
        SliceRemoval plan = Plan(repository, version, [], context);
        context.Cancellation.ThrowIfCancellationRequested();

        // The cache first: a slice without cached tables is whole, and tables without a slice would be found by nobody.
        string? cache = plan.CacheFolder is null ? null : SetAsideFolder.Take(plan.CacheFolder);
        try
        {
            // Another process may have registered a model or made a slice that follows since the plan.
            _ = SetAsideFolder.TryDelete(repository.Slices.SetAside(version, () => _ = Plan(repository, version, [], context)));
        }
        finally
        {
            if (cache is not null)
            {
                _ = SetAsideFolder.TryDelete(cache);
            }
        }

        return plan with { Removed = true };
    }

    /// <summary><c>v3</c>, and <c>slices/v3</c> where a team's tags are in groups.</summary>
    private static string? CacheOf(Repository repository, SliceManifest slice, List<SliceEntry> others)
    {
        string? key = KeyOf(repository, slice);
        string? folder = key is null ? null : Path.Combine(repository.CacheFolder, key);
        return folder is not null && Directory.Exists(folder) && !others.Exists(other => other.Manifest is { } manifest && KeyOf(repository, manifest) == key)
            ? folder
            : null;
    }

    /// <summary>Null for a slice of which no release can say the key any more.</summary>
    private static string? KeyOf(Repository repository, SliceManifest slice)
    {
        try
        {
            return SliceInputs.KeyOf(repository, slice);
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    /// <summary>Links are among them, and nothing that they lead to.</summary>
    /// <summary>Somebody may delete the cache, or a part of it, meanwhile.</summary>
    private static long BytesOf(string cache)
    {
        try
        {
            return FilesOf(cache).Sum(static file => new FileInfo(file) is { Exists: true } there ? there.Length : 0);
        }
        catch (Exception fault) when (fault is HarvestException || FileErrors.IsFileFault(fault))
        {
            return 0;
        }
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        StoreWalk.Of(folder, recurse: true).Where(static found => found.Kind is not (FileKind.Folder or FileKind.None)).Select(static found => found.Path);
}
