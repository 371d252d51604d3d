using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>Keeps a task that two exports of a project hold from counting twice in one slice.</summary>
internal static class ExportOverlap
{
    internal const string Newest = "newest";

    /// <summary>Ids of the tasks that have an annotation.</summary>
    /// <param name="content">The export, which is read to its end.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="name">What messages and progress call it.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">ExportHashDiffers; it is no export.</exception>
    public static IEnumerable<long> LabelledTasks(ObjectContent content, string sha256, string name, WorkContext context)
    {
        ExportFingerprint read = ExportFingerprint.Compute(
            content.Stream,
            name,
            copyTo: null,
            withLabels: true,
            context.Threads,
            context.Bytes("Reading task ids of", name, content.Bytes),
            context.Cancellation);
        CacheErrors.RequireHash(name, sha256, read.Sha256);
        return read.Digests!.Select(static task => task.Id).OfType<long>();
    }

    /// <summary>The exports, each with those that win over it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="exports">The slice's exports, by project.</param>
    /// <param name="prefer">Which export wins: <c>newest</c>, or the beginning of a hash; null refuses an overlap.</param>
    /// <param name="tasks">Gives the labelled tasks of an export.</param>
    /// <exception cref="HarvestException">ExportsOverlap, ExportNotAvailable.</exception>
    public static IReadOnlyList<SliceExport> Resolve(
        Repository repository, IReadOnlyList<SliceExport> exports, string? prefer, LabelledTasks tasks)
    {
        var resolved = new List<SliceExport>(exports.Count);
        foreach (IGrouping<string, SliceExport> project in exports.GroupBy(static export => export.Project))
        {
            SliceExport[] ofProject = [.. project];
            resolved.AddRange(ofProject.Length == 1 ? ofProject : Resolve(repository, ofProject, prefer, tasks));
        }

        return resolved;
    }

    private static IEnumerable<SliceExport> Resolve(Repository repository, SliceExport[] exports, string? prefer, LabelledTasks tasks)
    {
        SliceExport[] byRank = prefer is null ? exports : [.. Ranked(repository, exports, prefer)];
        var winners = byRank.ToDictionary(static export => export.Sha256, static _ => new List<string>());

        tasks.Prepare(byRank);

        // Of each task the exports that have it, so that thousands of exports are not compared each with each.
        var holders = new Dictionary<long, List<int>>();
        for (int loser = 0; loser < byRank.Length; loser++)
        {
            var shared = new SortedDictionary<int, List<long>>();
            foreach (long task in tasks.Ids(byRank[loser]).Distinct())
            {
                if (!holders.TryGetValue(task, out List<int>? having))
                {
                    holders.Add(task, having = []);
                }

                foreach (int winner in having)
                {
                    if (!shared.TryGetValue(winner, out List<long>? both))
                    {
                        shared.Add(winner, both = []);
                    }

                    both.Add(task);
                }

                having.Add(loser);
            }

            foreach ((int winner, List<long> both) in shared)
            {
                if (prefer is null)
                {
                    throw OverlapErrors.ExportsOverlap(byRank[winner], byRank[loser], [.. both.Order()]);
                }

                winners[byRank[loser].Sha256].Add(byRank[winner].Sha256);
            }
        }

        return exports.Select(export => export with { SupersededBy = [.. winners[export.Sha256].Order(StringComparer.Ordinal)] });
    }

    /// <summary>The winners first.</summary>
    private static IEnumerable<SliceExport> Ranked(Repository repository, SliceExport[] exports, string prefer)
    {
        Dictionary<string, DateTimeOffset> added = repository.Archive.List(exports[0].Project)
            .ToDictionary(static record => record.Sha256, static record => record.AddedAt.Instant);
        if (prefer != Newest && !exports.Any(export => export.Sha256.StartsWith(prefer, StringComparison.OrdinalIgnoreCase)))
        {
            throw OverlapErrors.PreferredNotInSlice(prefer);
        }

        return exports
            .OrderByDescending(export => prefer != Newest && export.Sha256.StartsWith(prefer, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(export => added.GetValueOrDefault(export.Sha256))
            .ThenBy(static export => export.Sha256, StringComparer.Ordinal);
    }
}
