using HarvestTools.Files;

namespace HarvestTools.Manifests;

/// <summary>
/// Manifests as they were read, each used again while its file has the very stat: a new slice asks for all of them several times,
/// and one of fifty exports takes milliseconds to understand. Thread-safe.
/// </summary>
/// <param name="mostBytes">How much text is kept understood; a history of ten thousand slices is read as it is asked for.</param>
internal sealed class KnownManifests(long mostBytes = KnownManifests.MostBytes)
{
    private const long MostBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private long _bytes;

    /// <param name="path">Full path of a slice's record.</param>
    /// <param name="now">Decides whether its stat can be relied on; see <see cref="FileStat.IsSettled"/>.</param>
    /// <exception cref="HarvestException">As <see cref="SliceManifest.Load"/>.</exception>
    public SliceManifest Load(string path, DateTimeOffset now)
    {
        FileStat? before = FileStat.TryGet(path);
        lock (_lock)
        {
            if (before is not null && _known.TryGetValue(path, out Known? known))
            {
                if (known.Stat == before)
                {
                    return known.Manifest;
                }

                _known.Remove(path);
                _bytes -= known.Stat.Bytes;
            }
        }

        SliceManifest manifest = SliceManifest.Load(path);

        // What was written a moment ago can be written again without another time.
        if (before is not null && before.IsSettled(now) && FileStat.TryGet(path) == before)
        {
            lock (_lock)
            {
                if (_bytes + before.Bytes <= mostBytes && _known.TryAdd(path, new Known(before, manifest)))
                {
                    _bytes += before.Bytes;
                }
            }
        }

        return manifest;
    }

    private sealed record Known(FileStat Stat, SliceManifest Manifest);
}
