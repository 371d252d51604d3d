using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>Which ids in Label Studio each project has: those of its exports, and those that harvest.json adds.</summary>
internal sealed class ProjectIds
{
    private readonly IReadOnlyDictionary<string, HashSet<long>> _exports;
    private readonly IReadOnlyDictionary<string, ProjectSettings> _settings;

    private ProjectIds(IReadOnlyDictionary<string, HashSet<long>> exports, IReadOnlyDictionary<string, ProjectSettings> settings)
    {
        _exports = exports;
        _settings = settings;
    }

    /// <param name="repository">Whose exports and slices are looked at.</param>
    /// <param name="settings">What harvest.json says at this moment.</param>
    public static ProjectIds Of(Repository repository, IReadOnlyDictionary<string, ProjectSettings> settings) =>
        new(ProjectIdentity.OfExports(repository), settings);

    /// <summary>The ids that the project's exports are of, ascending.</summary>
    public IReadOnlyList<long> OfExports(string project) => _exports.TryGetValue(project, out HashSet<long>? ids) ? [.. ids.Order()] : [];

    /// <summary>True for an id that harvest.json adds.</summary>
    public bool IsAdded(string project, long id) =>
        _settings.TryGetValue(project, out ProjectSettings? settings) && settings.LabelStudioIds.Contains(id);

    /// <summary>True for an id that the project has, wherever from.</summary>
    public bool Has(string project, long id) => IsAdded(project, id) || (_exports.TryGetValue(project, out HashSet<long>? ids) && ids.Contains(id));

    /// <summary>The other projects that have the id, by name.</summary>
    public IEnumerable<string> Others(string project, long id) => _exports.Keys
        .Union(_settings.Keys, StringComparer.Ordinal)
        .Where(other => other != project && Has(other, id))
        .Order(StringComparer.Ordinal);
}
