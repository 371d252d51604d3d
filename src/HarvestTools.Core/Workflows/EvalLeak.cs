using HarvestTools.Media;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What a slice has for trainings, as far as leaks are about it.</summary>
/// <param name="Episodes">Its episodes.</param>
/// <param name="Links">Links of its media.</param>
internal sealed record TrainingSide(IReadOnlySet<(string TaskSubdir, string Episode)> Episodes, IReadOnlySet<string> Links)
{
    /// <summary>The list of its media with their hashes; null where they were not listed, or the list is not here.</summary>
    public MediaList? List { get; init; }

    /// <summary>Exports of which nothing is known here; empty where all is.</summary>
    public IReadOnlyList<string> NotKnown { get; init; } = [];

    /// <summary>Columns that the tables of a team's own program have not, and without which nothing is known: <c>episode</c>.</summary>
    public IReadOnlyList<string> Lacking { get; init; } = [];

    /// <summary>Whether a team's own program derives it: an episode without a folder may be of any.</summary>
    public bool IsOfProgram { get; init; }

    /// <summary>Whether the media of some rows are not known here.</summary>
    public bool MediaNotKnown { get; init; }
}

/// <summary>What a slice and an eval set share.</summary>
/// <param name="Episodes">Episodes, as <c>task_subdir/episode</c>, sorted.</param>
/// <param name="Media">Links of the slice's media that the eval set has by path or link, sorted.</param>
/// <param name="Copies">Links of media of which the eval set has the same bytes, under whatever name, sorted.</param>
internal sealed record EvalLeak(IReadOnlyList<string> Episodes, IReadOnlyList<string> Media, IReadOnlyList<string> Copies)
{
    /// <summary>Media that are not shared and a few frames from one of the eval set, sorted.</summary>
    public IReadOnlyList<FrameNeighbour> Neighbours { get; init; } = [];

    /// <summary>Whether nothing is shared.</summary>
    public bool IsEmpty => Episodes.Count == 0 && Media.Count == 0 && Copies.Count == 0;
}

/// <summary>Compares eval sets with what slices have for trainings. One instance serves one run; disposing it keeps the hashes that it took.</summary>
internal sealed class EvalLeaks : IDisposable
{
    private readonly WorkContext _context;
    private readonly MediaRoots _roots;
    private readonly long _framesApart;
    private readonly Lazy<MediaHashes> _hashes;

    /// <param name="repository">The repository.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public EvalLeaks(Repository repository, WorkContext context)
    {
        _context = context;
        _roots = repository.MediaRoots;
        _framesApart = repository.Settings.EvalFramesApart;
        _hashes = new(() => new MediaHashes(repository, "Hashing files of the eval set", [], trusted: true, context));
    }

    public void Dispose()
    {
        if (_hashes.IsValueCreated)
        {
            _hashes.Value.Dispose();
        }
    }

    /// <summary>What the two share.</summary>
    /// <exception cref="HarvestException">A file cannot be read.</exception>
    public EvalLeak Find(EvalSetContents eval, TrainingSide training)
    {
        List<string> named = training.Links.Count > 0 ? [.. NamedBy(eval)] : [];
        IEnumerable<string> episodes = EvalSetEpisodes.Find(eval, training, _context.Cancellation);
        var media = new SortedSet<string>(StringComparer.Ordinal);
        var copies = new SortedSet<string>(StringComparer.Ordinal);
        if (training.Links.Count > 0)
        {
            media.UnionWith(SharedPaths(eval, named, training.Links));
        }

        if (training.List is { } list)
        {
            copies.UnionWith(SharedBytes(eval, list));
            copies.ExceptWith(media);
        }

        return new EvalLeak([.. episodes], [.. media], [.. copies])
        {
            Neighbours = _framesApart > 0 && named.Count > 0
                ? new FrameNeighbours(training.Links.Where(link => !media.Contains(link) && !copies.Contains(link)), _framesApart).Find(named)
                : [],
        };
    }

    /// <summary>Paths and links of an eval set's media, as far as its form says them.</summary>
    private IEnumerable<string> NamedBy(EvalSetContents eval) =>
        eval.Files.Count > 0 ? eval.Files.Select(file => Path.GetRelativePath(eval.Path, file).Replace('\\', '/'))
        : eval.Episodes is not null ? eval.Links
        : EvalSetWords.PathsOf(eval, _context.Cancellation);

    private IEnumerable<string> SharedPaths(EvalSetContents eval, IReadOnlyList<string> named, IReadOnlySet<string> links)
    {
        var paths = new MediumPaths(links);
        foreach (string name in named)
        {
            if (paths.Find(name) is { } link)
            {
                yield return link;
            }
        }

        // The medium itself, where a root leads into the eval set's folder.
        if (_roots.IsEmpty || (eval.Files.Count == 0 && eval.Links.Count == 0))
        {
            yield break;
        }

        HashSet<string> files = [.. eval.Files, .. eval.Links.Select(_roots.Find).Where(static place => place.Exists).Select(static place => place.Path!)];
        foreach (string link in links)
        {
            if (_roots.Find(link) is { Exists: true, Path: { } path } && files.Contains(path))
            {
                yield return link;
            }
        }
    }

    /// <summary>Only files of a size that a listed medium has are hashed, and each once: the hashes are kept with the files' times.</summary>
    private IEnumerable<string> SharedBytes(EvalSetContents eval, MediaList list)
    {
        ILookup<string, string> listed = list.Entries.Where(static entry => entry.Sha256 is not null).ToLookup(static entry => entry.Sha256!, static entry => entry.Link, StringComparer.Ordinal);
        HashSet<long> sizes = [.. list.Entries.Where(static entry => entry.Sha256 is not null).Select(static entry => entry.Bytes)];
        string[] files = [.. eval.Files.Concat(eval.Links.Select(_roots.Find).Where(static place => place.Exists).Select(static place => place.Path!))
            .Where(file => new FileInfo(file) is { Exists: true } there && sizes.Contains(there.Length))];
        var found = new System.Collections.Concurrent.ConcurrentBag<string>();
        _hashes.Value.Run(files.Length, i =>
        {
            if (_hashes.Value.TryGet(files[i]) is { } hashed && listed.Contains(hashed.Sha256))
            {
                found.Add(hashed.Sha256);
            }
        });

        // A list of checksums is an eval set too.
        IEnumerable<string> written = eval.Files.Count == 0 && eval.Episodes is null ? EvalSetWords.HashesOf(eval, _context.Cancellation).Where(listed.Contains) : [];
        return found.Concat(written).Distinct().SelectMany(sha256 => listed[sha256]);
    }
}
