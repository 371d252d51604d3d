using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.History;

/// <summary>The registered model that is in production, as far as slices go by it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its slice; null for the one of that name that was trained last.</param>
internal sealed record ProductionChoice(string Name, string? Version)
{
    /// <summary>Whether a slice may be the one that it was trained on.</summary>
    public bool MayBe(SliceManifest slice) => Version is null || slice.Version == Version;
}

/// <summary>When a slice was trained on last, and which of its models says so.</summary>
/// <param name="At">The date.</param>
/// <param name="Model">The model; null where the date is slice.json's own.</param>
internal sealed record LastTraining(Timestamp At, string? Model)
{
    /// <summary>Null where no model was trained on it, as far as is known.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="production">The model whose training it is, where the slice has it; null for the last one.</param>
    public static LastTraining? Of(SliceManifest slice, ProductionChoice? production = null)
    {
        SliceRun[] dated = [.. slice.Runs.Where(static run => run.TrainedAt is not null)];
        SliceRun[] meant = production is not null && production.MayBe(slice) ? [.. dated.Where(run => run.Name == production.Name)] : [];
        return (meant.Length > 0 ? meant : dated)
            .Select(static run => new LastTraining(run.TrainedAt!.Value, run.Name))
            .Concat(slice.TrainedAt is { } own && meant.Length == 0 ? [new LastTraining(own, null)] : [])
            .MaxBy(static training => training.At.Instant);
    }

    /// <summary>
    /// The slice on which a model was trained last; null before the first training. A slice from which a later trained one comes
    /// is behind, whatever is trained on it once more, for example to see what its labels alone would give.
    /// </summary>
    /// <param name="slices">All slices.</param>
    /// <param name="production">The registered model that is in production, whose slice it is; null for none.</param>
    public static SliceManifest? Latest(IEnumerable<SliceManifest> slices, ProductionChoice? production = null)
    {
        SliceManifest[] all = [.. slices];
        if (production is not null && Production(all, production) is { } chosen)
        {
            return chosen;
        }

        SliceManifest[] trained = [.. all.Where(static slice => Of(slice) is not null)];
        HashSet<string> behind = [.. trained.SelectMany(slice => Ancestors(slice, all)).Select(static slice => slice.Version)];
        return trained.Where(slice => !behind.Contains(slice.Version)).OrderBy(static slice => Of(slice)!.At.Instant).LastOrDefault();
    }

    /// <summary>A name that goes from slice to slice means the model of that name which was trained last.</summary>
    private static SliceManifest? Production(SliceManifest[] slices, ProductionChoice production) => slices
        .Where(production.MayBe)
        .Select(slice => (Slice: slice, At: RegisteredModels.Of(slice).Where(model => model.Name == production.Name).Max(static model => model.TrainedAt)))
        .Where(static entry => entry.At is not null)
        .OrderBy(static entry => entry.At)
        .LastOrDefault().Slice;

    /// <summary>
    /// The slices in the line of one, itself first and then the nearer ones, that a model was trained on: what it learned of.
    /// </summary>
    /// <param name="slice">The slice that was trained on last.</param>
    /// <param name="slices">All slices.</param>
    /// <param name="since">The slice with which the line begins; null for all.</param>
    public static IReadOnlyList<SliceManifest> Line(SliceManifest slice, IEnumerable<SliceManifest> slices, string? since)
    {
        SliceManifest[] all = [.. slices];
        SliceManifest? first = since is null ? null : all.FirstOrDefault(one => one.Version == since);
        HashSet<string> before = first is null ? [] : [.. Ancestors(first, all).Select(static one => one.Version)];
        return [slice, .. Ancestors(slice, all).Where(one => Of(one) is not null && !before.Contains(one.Version))];
    }

    /// <summary>A slice's parents and theirs, the nearer first; versions in a circle are met once.</summary>
    private static List<SliceManifest> Ancestors(SliceManifest slice, SliceManifest[] all)
    {
        var found = new List<SliceManifest>();
        var met = new HashSet<string>(StringComparer.Ordinal) { slice.Version };
        var next = new Queue<string>(slice.Parents);
        while (next.TryDequeue(out string? version))
        {
            if (met.Add(version) && Array.Find(all, one => one.Version == version) is { } parent)
            {
                found.Add(parent);
                foreach (string grandparent in parent.Parents)
                {
                    next.Enqueue(grandparent);
                }
            }
        }

        return found;
    }
}
