using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// What slices share with the eval sets of their line, as findings of a check. Nothing is derived for it: episodes are those of cached
/// parts, or of what the check derives anyway.
/// </summary>
internal sealed class SliceLeaks : IDisposable
{
    private readonly Repository _repository;
    private readonly CheckInputs _inputs;
    private readonly Lazy<SliceUses> _uses;
    private readonly LeakCheck _check;
    private readonly PartSource _parts;
    private readonly Dictionary<string, Part?> _cached = new(StringComparer.Ordinal);

    /// <param name="repository">The repository.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="inputs">What the check derived.</param>
    /// <param name="uses">All slices.</param>
    public SliceLeaks(Repository repository, WorkContext context, CheckInputs inputs, Lazy<SliceUses> uses)
    {
        _repository = repository;
        _inputs = inputs;
        _uses = uses;
        _check = new LeakCheck(repository, context);
        _parts = new PartSource(repository, context, episodes: true);
    }

    public void Dispose()
    {
        _check.Dispose();
        _parts.Dispose();
    }

    public IEnumerable<DriftFinding> Run(SliceManifest slice)
    {
        IReadOnlyList<(string Path, IReadOnlyList<string> Versions)> sets = _check.EvalSets(slice, _uses.Value.All);
        if (sets.Count == 0)
        {
            yield break;
        }

        HarvestDefinition? definition = TryDefinition(slice);
        TrainingSide side = slice.IsProgram ? _check.SideOfProgram(slice, definition) : _check.SideOf(slice, _parts.Store, export => definition is null ? null : Cached(export, definition), export => definition is null ? null : _inputs.EpisodesOf(export, definition));
        foreach (LeakResult result in _check.Run(slice.Version, sets, side))
        {
            foreach (DriftFinding finding in FindingsOf(slice.Version, result))
            {
                yield return finding;
            }
        }

        if (side.Lacking.Count > 0)
        {
            yield return LeakFindings.ColumnsLacking(slice.Version, side.Lacking);
        }

        if (side.NotKnown.Count > 0 || side.MediaNotKnown)
        {
            yield return LeakFindings.RowsNotKnown(slice.Version, side.NotKnown);
        }
    }

    /// <summary>What one eval set and a slice have to do with each other, in words.</summary>
    public static IEnumerable<DriftFinding> FindingsOf(string version, LeakResult result)
    {
        if (result.Problem is { } problem)
        {
            yield return LeakFindings.EvalSetNotKnown(version, result.Path, result.Versions, problem);
        }
        else if (!result.Leak.IsEmpty)
        {
            yield return LeakFindings.Leaks(version, result.Path, result.Versions, result.Own, LeakErrors.What(result.Leak.Episodes, result.Leak.Media, result.Leak.Copies));
        }

        if (result.Leak.Neighbours.Count > 0)
        {
            yield return LeakFindings.Neighbours(version, result.Path, [.. result.Leak.Neighbours.Select(static one => one.ToString())]);
        }
    }

    private Part? Cached(SliceExport export, HarvestDefinition definition)
    {
        string key = $"{definition.Sha256} {export.Project} {export.Sha256} {export.LabelConfigSha256} {string.Join(',', export.SupersededBy)}";
        if (!_cached.TryGetValue(key, out Part? part))
        {
            _cached.Add(key, part = LeakCheck.Cached(_repository, _parts.Store, export, definition));
        }

        return part;
    }

    private HarvestDefinition? TryDefinition(SliceManifest slice)
    {
        try
        {
            return SliceInputs.Definition(_repository, slice);
        }
        catch (HarvestException)
        {
            // The check of definitions says what the matter with it is.
            return null;
        }
    }
}
