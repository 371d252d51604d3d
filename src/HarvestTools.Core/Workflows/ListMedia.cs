using HarvestTools.Cache;
using HarvestTools.Media;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Lists the media that a slice's rows name, with the hash and size that they have now.</summary>
internal static class ListMedia
{
    /// <param name="repository">The repository.</param>
    /// <param name="parts">The slice's parts.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <returns>The list, and a notice of what is missing; null where nothing is.</returns>
    /// <exception cref="HarvestException">NoMediaRoots, NoMediaFound; a file cannot be read.</exception>
    public static (MediaList List, ExportNotice? Missing) Run(Repository repository, IEnumerable<Part> parts, PartStore store, WorkContext context)
    {
        var named = new NamedMedia();
        foreach (Part part in parts.DistinctBy(static part => part.Key))
        {
            named.Add(store, part, context.Cancellation);
        }

        return Run(repository, named, context);
    }

    /// <param name="repository">The repository.</param>
    /// <param name="named">The media that rows name.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <returns>The list, and a notice of what is missing; null where nothing is.</returns>
    /// <exception cref="HarvestException">NoMediaRoots, NoMediaFound; a file cannot be read.</exception>
    public static (MediaList List, ExportNotice? Missing) Run(Repository repository, NamedMedia named, WorkContext context)
    {
        (string Link, IReadOnlyList<string> Episodes)[] all = [.. named.All];
        MediaRoots roots = repository.MediaRoots;
        if (roots.IsEmpty && all.Length > 0)
        {
            throw MediaErrors.NoMediaRoots([.. all.Select(static one => MediaLink.Beginning(one.Link)).Distinct(StringComparer.Ordinal)]);
        }

        MediaPlace[] places = [.. Unambiguous(all.Select(one => roots.Find(one.Link)))];
        if (all.Length > 0 && Array.TrueForAll(places, static place => !place.Exists))
        {
            throw MediaErrors.NoMediaFound(named.Links, places[0].Problem!, places[0].Path);
        }

        var entries = new MediaEntry[all.Length];
        using var hashes = new MediaHashes(repository, "Hashing media", [.. places.Where(static place => place.Exists).Select(static place => place.Path!)], trusted: true, context);
        hashes.Run(
            all.Length,
            i => entries[i] = places[i] is { Exists: true, Path: { } path } && hashes.TryGet(path) is { } hashed
                ? new MediaEntry(all[i].Link, hashed.Sha256, hashed.Bytes, all[i].Episodes)
                : new MediaEntry(all[i].Link, null, 0, all[i].Episodes));
        string[] missing = [.. entries.Zip(places).Where(static one => one.First.Sha256 is null).Select(static one => $"{one.First.Link} {one.Second.Problem ?? "is not there"}")];
        return (new MediaList(entries), missing.Length == 0 ? null : ExportNotice.Of(MediaErrors.MediaMissing(missing, all.Length)));
    }

    /// <summary>
    /// Label Studio keeps uploads of one name apart by what it puts before it. A file that has the name alone is the medium of one of
    /// them, and which is not known.
    /// </summary>
    private static IEnumerable<MediaPlace> Unambiguous(IEnumerable<MediaPlace> found)
    {
        MediaPlace[] places = [.. found];
        HashSet<string> shared = [.. places.Where(static place => place is { Exists: true, ByOriginalName: true }).GroupBy(static place => place.Path!).Where(static group => group.Count() > 1).Select(static group => group.Key)];
        return places.Select(place => place is { Exists: true, ByOriginalName: true } && shared.Contains(place.Path!)
            ? place with { Exists = false, Problem = "is one of several uploads of that name, and which of them the file is, is not known" }
            : place);
    }
}
