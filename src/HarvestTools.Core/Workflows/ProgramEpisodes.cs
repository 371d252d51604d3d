using HarvestTools.Cache;
using HarvestTools.Erasure;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Which episodes the tasks of exports show, as the rows of slices say that a team's own program derives. Tables are read, from the cache
/// where they are as recorded; no index is asked, and what a run writes is not kept: an erasure looks at it again afterwards.
/// </summary>
internal sealed class ProgramEpisodes
{
    private readonly Repository _repository;
    private readonly SourceQuery _episode;
    private readonly WorkContext _context;
    private readonly Dictionary<string, TaskEpisodes> _byExport = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AnnotationIndex?> _annotations = new(StringComparer.Ordinal);
    private readonly List<(SliceManifest Slice, HarvestException Fault)> _faults = [];

    /// <param name="repository">The repository.</param>
    /// <param name="episode">The episode.</param>
    /// <param name="slices">All slices.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public ProgramEpisodes(Repository repository, SourceQuery episode, IReadOnlyList<SliceManifest> slices, WorkContext context)
    {
        (_repository, _episode, _context) = (repository, episode, context);
        foreach (SliceManifest slice in slices.Where(static slice => slice.IsProgram))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                Read(slice, SliceInputs.Definition(repository, slice));
            }
            catch (HarvestException fault) when (CompareProgramSlices.IsNotKnown(fault) || fault.ErrorId is nameof(ProgramColumnErrors.ColumnLacking) || fault.Fault is HarvestFault.InvalidData or HarvestFault.NotFound)
            {
                _faults.Add((slice, fault));
            }
        }

        foreach (SliceExport export in slices.SelectMany(static slice => slice.Exports).DistinctBy(static export => export.Sha256))
        {
            if (_byExport.TryGetValue(export.Sha256, out TaskEpisodes? episodes))
            {
                SliceInputs.Read(repository, export, "Reading tasks", context, (stream, progress) =>
                {
                    (ExportPass pass, List<TaskEpisodes.KeyReader> readers) = ExportPipeline.Run(
                        stream, export.FileStem, context.Threads, () => new TaskEpisodes.KeyReader(episodes), progress, context.Cancellation);
                    episodes.Learn(readers);
                    return (0, pass);
                });
            }
        }
    }

    /// <summary>What rows say of an export's tasks.</summary>
    public TaskEpisodes Of(SliceExport export) => _byExport.GetValueOrDefault(export.Sha256) ?? new TaskEpisodes();

    /// <summary>Where an export's data has episodes; of one without rows as in the others.</summary>
    public IReadOnlyCollection<string> KeysOf(SliceExport export) => _byExport.TryGetValue(export.Sha256, out TaskEpisodes? episodes)
        ? episodes.Keys
        : [.. _byExport.Values.SelectMany(static other => other.Keys).Distinct(StringComparer.Ordinal)];

    /// <summary>Why it is not known of all tasks of an export which episodes they show.</summary>
    public UnknownRows WhyUnknown(SliceExport export)
    {
        (SliceManifest Slice, HarvestException Fault)[] faults = [.. _faults.Where(one => one.Fault.ErrorId != nameof(DerivationErrors.ExportErased) && one.Slice.Exports.Any(used => used.Sha256 == export.Sha256))];
        if (_byExport.ContainsKey(export.Sha256) || faults.Length == 0)
        {
            return _byExport.ContainsKey(export.Sha256)
                ? new UnknownRows("no row of the program is of them, and their data does not have it where that of others has it.", "Look at them in Label Studio, and delete those of the episode there.")
                : new UnknownRows("the program made no slice of the export that can be derived, so that no row says it.", $"Make one: {new RemedyAction.NewSlice()}. Then run the command again.");
        }

        // In one sentence with the other slices of which it is so.
        HarvestException why = faults[0].Fault;
        return UnknownRows.Of(_faults.Where(one => one.Fault.ErrorId == why.ErrorId && Equals(one.Fault.Subject, why.Subject)))[0];
    }

    private void Read(SliceManifest slice, HarvestDefinition definition)
    {
        var source = new ProgramSource(_repository, _context);
        if (source.TryRecorded(slice, definition) is { } tables)
        {
            Take(slice, definition, tables);
            return;
        }

        _ = source.Run(slice, definition, written =>
        {
            ProgramSource.RequireRecorded(slice.Version, slice.ProgramOutputs, written);
            Take(slice, definition, written);
            return true;
        });
    }

    private void Take(SliceManifest slice, HarvestDefinition definition, IReadOnlyList<ProgramTable> tables)
    {
        var lineage = new ProgramLineage(slice, definition, tables, AnnotationsOf, _context.Cancellation);
        var found = new HashSet<(string Export, long Task, string Episode, bool IsErased)>();
        (bool any, bool known, bool traced) = (false, false, true);
        foreach (TracedRow row in lineage.Rows())
        {
            any = true;
            known |= lineage.Text.Has(row.Row, ColumnRole.Episode);
            if (lineage.Text.Text(row.Row, ColumnRole.Episode) is not { } name)
            {
                continue;
            }

            bool isErased = SourceMatch.IsEpisode(lineage.Text.Text(row.Row, ColumnRole.TaskSubdir) ?? "", name, _episode.Text);
            traced &= row.Task is not null || !isErased;
            foreach (SliceExport export in row.Task is null ? [] : row.Exports)
            {
                found.Add((export.Sha256, row.Task!.Value, name, isErased));
            }
        }

        if (any && !(known && traced))
        {
            throw ProgramColumnErrors.ColumnLacking([slice.Version], known ? ColumnRole.TaskId : ColumnRole.Episode);
        }

        foreach ((string export, long task, string name, bool isErased) in found)
        {
            if (!_byExport.TryGetValue(export, out TaskEpisodes? episodes))
            {
                _byExport.Add(export, episodes = new TaskEpisodes());
            }

            episodes.Add(task, name, isErased);
        }
    }

    private AnnotationIndex? AnnotationsOf(SliceExport export)
    {
        if (!_annotations.TryGetValue(export.Sha256, out AnnotationIndex? known))
        {
            _annotations[export.Sha256] = known = SliceInputs.Read(_repository, export, "Reading annotators", _context, (stream, progress) =>
                AnnotationIndex.Read(stream, export.FileStem, _context.Threads, progress, _context.Cancellation))?.Read;
        }

        return known;
    }
}
