using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>The archived lists of slices' media.</summary>
internal static class SliceMediaLists
{
    /// <summary>The list of a slice's media, brought from the remote where it is not here; null for a slice without.</summary>
    /// <exception cref="HarvestException">MediaListMissing, MediaListForeign; it is damaged, or the remote cannot be read.</exception>
    public static MediaList? TryRead(Repository repository, SliceManifest slice)
    {
        if (slice.Media is not { } media)
        {
            return null;
        }

        using ObjectContent content = repository.Archive.Verified.TryOpen(media.Sha256) ?? throw MediaErrors.MediaListMissing(slice.Version, media.Sha256);
        string name = $"the media list {Figures.ShortHash(media.Sha256)} of slice {slice.Version}";
        return MediaList.Parse(content.ToArray(name), name);
    }

    /// <summary>The media of slices as objects, each hash once, in the order of the slices and their lists.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slices">The slices; of those without a list there are none.</param>
    /// <param name="episodes">The episodes whose media are meant; empty for all.</param>
    /// <param name="named">Whether the slices were named one by one, so that one without a list is a fault.</param>
    /// <param name="readable">Whether lists that are lost or damaged are passed over, for who reports them himself.</param>
    /// <exception cref="HarvestException">MediaNotListed, EpisodeWithoutMedia; as <see cref="TryRead"/>.</exception>
    public static IReadOnlyList<NeededObject> Objects(Repository repository, IReadOnlyList<SliceManifest> slices, IReadOnlyList<string> episodes, bool named, bool readable = false)
    {
        var links = new OrderedDictionary<string, (string Version, long Bytes, List<string> Links)>(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (SliceManifest slice in slices)
        {
            MediaList? list;
            try
            {
                list = TryRead(repository, slice);
            }
            catch (HarvestException fault) when (readable && fault.Fault is HarvestFault.NotFound or HarvestFault.Damaged)
            {
                continue;
            }

            if (list is null)
            {
                _ = named ? throw MediaErrors.MediaNotListed(slice.Version) : 0;
                continue;
            }

            found.UnionWith(episodes.Where(episode => list.Entries.Any(entry => entry.IsOf(episode))));
            foreach (MediaEntry entry in list.Of(episodes))
            {
                if (!links.TryGetValue(entry.Sha256!, out (string Version, long Bytes, List<string> Links) known))
                {
                    links.Add(entry.Sha256!, known = (slice.Version, entry.Bytes, []));
                }

                if (!known.Links.Contains(entry.Link))
                {
                    known.Links.Add(entry.Link);
                }
            }
        }

        return episodes.FirstOrDefault(episode => !found.Contains(episode)) is { } unknown
            ? throw MediaErrors.EpisodeWithoutMedia(unknown, [.. slices.Select(static slice => slice.Version)])
            : [.. links.Select(static one => new NeededObject(one.Key, $"medium {PlainText.OneLine(one.Value.Links[0])}", null)
            {
                Version = one.Value.Version,
                Bytes = one.Value.Bytes,
                Links = one.Value.Links,
            })];
    }
}
