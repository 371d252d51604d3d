using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;

namespace HarvestTools.Space;

/// <summary>Says which objects of an archive are needed: by the repository that asks, and by all that share its archive.</summary>
/// <param name="repository">The repository that asks.</param>
/// <param name="now">The present time.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class ArchiveReach(Repository repository, DateTimeOffset now, CancellationToken cancellation)
{
    private readonly RepositoryRegistry _registry = new(repository.Archive);
    private readonly List<(Repository Repository, ReachableObjects Reach)> _each = [];

    /// <summary>The exports that are let go, by the slice of the asking repository that names them.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Released { get; init; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>Repositories that are gone for good and keep nothing, by their full paths.</summary>
    public IReadOnlyCollection<string> Forgotten { get; init; } = [];

    /// <summary>Everything that is needed.</summary>
    public ReachableObjects All { get; } = new();

    /// <summary>The slices of the repository that asks, wherever git has them.</summary>
    public IReadOnlyList<SliceManifest> Slices { get; private set; } = [];

    /// <summary>What the slices of the repository that asks were made for.</summary>
    public RepositoryReach? Own { get; private set; }

    /// <summary>Registered repositories that are none any more, or use another archive.</summary>
    public List<RegisteredRepository> Gone { get; } = [];

    /// <summary>Full paths of registered repositories that cannot be opened, and keep what they needed last.</summary>
    public List<string> NotThere { get; } = [];

    /// <summary>Looks everywhere.</summary>
    /// <param name="objects">The objects that there are.</param>
    /// <exception cref="HarvestException">What one needs is not known: nothing may be removed. SharingRepositoryUnknown.</exception>
    public void Collect(IEnumerable<string> objects)
    {
        Own = new RepositoryReach(repository, Open(repository), now, cancellation) { Released = Released };
        Own.Collect();
        Slices = Own.Slices;
        RegisteredRepository[] others = [.. _registry.Others(repository)];
        if (Forgotten.FirstOrDefault(root => !Array.Exists(others, other => other.Root == root)) is { } unknown)
        {
            throw SpaceErrors.SharingRepositoryUnknown(repository.Archive.Folder, unknown, [.. others.Select(static other => other.Root)]);
        }

        Array.ForEach(others, CollectOther);

        foreach ((_, ReachableObjects reach) in _each)
        {
            All.Add(reach);
        }

        HashSet<string> unreached = [.. objects.Where(sha256 => !All.Contains(sha256))];
        foreach ((Repository one, _) in _each)
        {
            LfsReach.Add(one, All, unreached, cancellation);
        }
    }

    /// <summary>Writes down what each repository needs now, for the day on which it cannot be opened.</summary>
    /// <exception cref="HarvestException">The archive cannot be written.</exception>
    public void Declare()
    {
        foreach ((Repository one, ReachableObjects reach) in _each)
        {
            _registry.Declare(one, reach.Hashes, now);
        }

        Gone.ForEach(RepositoryRegistry.Forget);
    }

    private void CollectOther(RegisteredRepository other)
    {
        if (Forgotten.Contains(other.Root, StringComparer.Ordinal))
        {
            Gone.Add(other);
            return;
        }

        Repository? open = TryOpen(other.Root);
        if (open is null)
        {
            foreach (string sha256 in other.Objects)
            {
                All.Add(sha256, "object", $"'{other.Root}', which is not there and needed it on {Figures.Date(other.DeclaredAt.Instant)}");
            }

            All.Notes.Add($"The repository '{other.Root}' uses this archive and cannot be opened: what it needed on {Figures.Date(other.DeclaredAt.Instant)} is kept.");
            NotThere.Add(other.Root);
            return;
        }

        if (!IsSame(open.Archive.Folder, repository.Archive.Folder))
        {
            Gone.Add(other);
            All.Notes.Add($"The repository '{other.Root}' uses another archive now, and keeps nothing here.");
            return;
        }

        open.Offline = true;
        new RepositoryReach(open, Open(open), now, cancellation) { Of = $" of '{open.Root}'" }.Collect();
    }

    private ReachableObjects Open(Repository one)
    {
        var reach = new ReachableObjects();
        _each.Add((one, reach));
        return reach;
    }

    /// <summary>Null where there is no repository of that path now: deleted, moved, or on a disk that is not there.</summary>
    private static Repository? TryOpen(string root) =>
        File.Exists(Path.Combine(root, HarvestSettings.FileName)) ? Repository.Find(root) : null;

    private static bool IsSame(string one, string other) => string.Equals(
        RealPath.Of(one) ?? one, RealPath.Of(other) ?? other, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
