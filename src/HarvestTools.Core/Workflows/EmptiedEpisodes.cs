using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Episodes whose annotations were deleted altogether: the trained slice holds labels of them, and the project's export has their
/// tasks still, with none. An episode whose tasks are gone from the export, as with a filtered export, says nothing.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="source">Says how exports are derived.</param>
/// <param name="definition">The definition in force.</param>
/// <param name="context">Progress and cancellation.</param>
internal sealed class EmptiedEpisodes(Repository repository, PartSource source, HarvestDefinition definition, WorkContext context)
{
    private readonly List<string> _warnings = [];

    /// <summary>What could not be looked into, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The candidate's episodes with those that were emptied among them. Exports are read only where one is missed.</summary>
    /// <param name="trained">What the trained slice holds of the candidate's projects.</param>
    /// <param name="candidate">The candidate's labelled episodes.</param>
    /// <param name="trainedParts">The trained slice's exports.</param>
    /// <param name="candidateParts">The candidate's exports.</param>
    /// <exception cref="HarvestException">An export cannot be read, or does not have its hash.</exception>
    public IReadOnlyList<EpisodeSnapshot> With(
        IReadOnlyList<EpisodeSnapshot> trained,
        IReadOnlyList<EpisodeSnapshot> candidate,
        IReadOnlyList<(SliceExport Export, Part Part)> trainedParts,
        IReadOnlyList<(SliceExport Export, Part Part)> candidateParts)
    {
        HashSet<(string, string)> gone = [.. EpisodeComparison.Gone(trained, candidate).Select(static episode => (episode.TaskSubdir, episode.Episode))];
        if (gone.Count == 0)
        {
            return candidate;
        }

        var emptied = new HashSet<(string TaskSubdir, string Episode)>();
        foreach ((SliceExport export, _) in candidateParts)
        {
            // Another project may have the same episode and never have labelled it: what counts is where its labels were.
            HashSet<(string, string)> held = [.. trainedParts.Where(entry => entry.Export.Project == export.Project)
                .SelectMany(static entry => entry.Part.Tally.People).Where(static entry => entry.Labels.Made + entry.Labels.All > 0)
                .Select(static entry => (entry.TaskSubdir, entry.Episode))];
            held.IntersectWith(gone);
            held.ExceptWith(emptied);
            if (held.Count > 0)
            {
                emptied.UnionWith(Find(export, held));
            }
        }

        return emptied.Count == 0 ? candidate : [.. candidate, .. emptied.Select(static episode => EpisodeSnapshot.Emptied(episode.TaskSubdir, episode.Episode))];
    }

    private HashSet<(string TaskSubdir, string Episode)> Find(SliceExport export, HashSet<(string TaskSubdir, string Episode)> wanted)
    {
        using ObjectContent? content = SliceInputs.TryOpen(repository, export);
        if (content is null)
        {
            // Its rows are in the cache, which does not say what has no label.
            _warnings.Add($"Whether the labels of {Figures.Count(wanted.Count, "episode")} of project {export.Project} were deleted is not known: {export.FileStem} has no label of {Figures.Plural(wanted.Count, "it", "them")}, and the export itself, which says whether the tasks are still there, is not on this machine.");
            return [];
        }

        (HashSet<(string, string)> found, ExportPass pass) = NamedTasks.Find(
            source.Request("the candidate", export, definition), content.Stream, wanted, context.Bytes("Looking for deleted labels in", export.FileStem, content.Bytes), context.Cancellation);
        CacheErrors.RequireHash(export.FileStem, export.Sha256, pass.Sha256);
        return found;
    }
}
