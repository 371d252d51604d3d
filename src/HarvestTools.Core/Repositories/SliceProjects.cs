using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>
/// Which projects of Label Studio the exports of slices are from, read once a command: thousands of exports may be added by one. A
/// slice that comes or goes changes the time of the slices' folder; what is registered on one changes no export.
/// </summary>
/// <param name="slices">The slices.</param>
internal sealed class SliceProjects(SliceStore slices)
{
    private readonly Lock _lock = new();
    private (string Project, IReadOnlyList<long> Ids)[]? _known;
    private DateTime _changed;

    /// <summary>Recorded project names, which may be earlier ones, each with ids that an export of it has.</summary>
    public IReadOnlyList<(string Project, IReadOnlyList<long> Ids)> Ids()
    {
        lock (_lock)
        {
            DateTime changed = Directory.GetLastWriteTimeUtc(slices.Folder);
            if (_known is null || changed != _changed)
            {
                // The time before the slices: what comes in between has them read again.
                _changed = changed;
                _known =
                [
                    .. slices.LoadAll()
                        .Select(static entry => entry.Manifest)
                        .OfType<SliceManifest>()
                        .SelectMany(static slice => slice.Exports)
                        .Where(static export => export.ProjectIds.Count > 0)
                        .Select(static export => (export.Project, export.ProjectIds)),
                ];
            }

            return _known;
        }
    }
}
