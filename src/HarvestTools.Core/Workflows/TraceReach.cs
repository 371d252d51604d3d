using System.Globalization;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Json;
using HarvestTools.Lineage;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Traces an episode, task, annotation, annotator, medium or export forward to every slice and model that it reached. Indexes of
/// the parts make it fast; what a slice has is read from its slice.json each time.
/// </summary>
public static class TraceReach
{
    /// <summary>The share of each export of each slice in which there is something of it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="query">What is looked for.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="corrections">Whether each correction is listed, which reads rows and exports.</param>
    /// <exception cref="HarvestException">
    /// Once all slices are read: EpisodeUnknown, TaskUnknown, AnnotationUnknown, AnnotatorUnknown, MediumUnknown, ExportNotInSlices: no
    /// slice has it; SourceNotTraceable: exports that may have it are not on this machine.
    /// </exception>
    public static IEnumerable<SliceSource> Of(Repository repository, SourceQuery query, WorkContext context, bool corrections = false)
    {
        if (query.Kind == SourceKind.Export)
        {
            return OfExport(repository, query, context, corrections);
        }

        return Found(repository, query, context, corrections);
    }

    private static IEnumerable<SliceSource> Found(Repository repository, SourceQuery query, WorkContext context, bool corrections)
    {
        bool found = false;
        HarvestException? ofProgram = null;
        var lacking = new List<(string Version, ColumnRole Role)>();
        var unread = new List<string>();
        var known = new SortedSet<string>(NaturalOrder.Instance);
        using var parts = new PartSource(repository, context, episodes: false);
        var indexes = new LineageIndexes(repository, parts, context);
        foreach (SliceManifest slice in Slices(repository, query, context))
        {
            HarvestDefinition definition = SliceInputs.Definition(repository, slice);
            IReadOnlySet<string> links = LinksOf(repository, slice, query);
            IReadOnlyList<RegisteredModel> models = [.. RegisteredModels.Of(slice)];
            foreach (SliceExport export in slice.Exports.Where(export => query.Project is null || export.Project == query.Project))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                (RowIndex? index, HarvestException? fault) = TryIndex(() => indexes.RowsOf(slice, export, definition));
                if (index is null)
                {
                    if (!DerivationErrors.IsOfMissingInput(fault!))
                    {
                        ofProgram ??= fault;
                    }

                    // What was erased is nowhere any more, and with it what else was in that export.
                    else if (fault!.ErrorId is not (nameof(DerivationErrors.ExportErased) or nameof(DerivationErrors.ExportRemoved)))
                    {
                        unread.Add(slice.Version);
                    }

                    continue;
                }

                RowRoles? roles = indexes.RolesOf(slice, definition);
                if (roles is { } said && ProgramShares.Lacks(query.Kind, said) is { } role)
                {
                    if (said.Unread)
                    {
                        ofProgram ??= ProgramShares.UnreadOf(slice);
                        break;
                    }

                    lacking.Add((slice.Version, role));
                    break;
                }

                AnnotationIndex? annotations = query.Kind is SourceKind.Task or SourceKind.Annotation or SourceKind.Annotator
                    ? indexes.AnnotationsOf(export, definition)
                    : null;
                var match = new SourceMatch(query, index, annotations, links);
                Note(known, query, index, annotations);
                if (!match.IsAny)
                {
                    if (annotations is null && query.Kind is SourceKind.Annotation or SourceKind.Annotator)
                    {
                        unread.Add(slice.Version);
                    }

                    continue;
                }

                found = true;
                SliceSource share = Share(slice, export, models, index, annotations is null ? null : match.Annotations, match);
                yield return roles is { } columns ? ProgramShares.Of(repository, share, slice, export, index, columns, match, ProgramShares.Silent(query.Kind, columns), annotations is not null, corrections, context) : share with
                {
                    Corrections = corrections
                        ? new SliceCorrections(repository, parts.Store, context).Of(
                            slice.Version,
                            export,
                            parts.Get(slice.Version, export, definition).Part,
                            () => parts.Request(slice.Version, export, definition),
                            match.Accepts)
                        : null,
                };
            }
        }

        if (unread.Count > 0)
        {
            throw ReachErrors.SourceNotTraceable(query.ToString(), [.. unread.Distinct()], repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder);
        }

        // The slices before and after what is not known have their answer.
        if (ofProgram is not null)
        {
            throw ofProgram;
        }

        if (lacking.Count > 0)
        {
            throw ProgramColumnErrors.ColumnLacking([.. lacking.Where(one => one.Role == lacking[0].Role).Select(static one => one.Version)], lacking[0].Role);
        }

        if (!found)
        {
            throw Unknown(query, known);
        }
    }

    /// <summary>Every slice that names an export.</summary>
    private static IEnumerable<SliceSource> OfExport(Repository repository, SourceQuery query, WorkContext context, bool corrections)
    {
        List<SliceManifest> slices = [.. Slices(repository, query, context)];
        string full = Path.GetFullPath(query.Text, repository.Root);
        string? relative = repository.MakeRelative(full);
        string? sha256 = File.Exists(full)
            ? FileHash.Compute(full, context.Bytes("Hashing", Path.GetFileName(full), new FileInfo(full).Length), context.Cancellation)
            : null;
        bool Is(SliceExport export) => sha256 is not null
            ? export.Sha256 == sha256
            : export.Path == query.Text || export.Name == query.Text || (relative is not null && export.Path == relative)
                || (query.Text.Length >= TraceSource.ShortestHash && export.Sha256.StartsWith(query.Text, StringComparison.OrdinalIgnoreCase));
        bool found = false;
        foreach (SliceManifest slice in slices)
        {
            foreach (SliceExport export in slice.Exports.Where(Is))
            {
                foreach (SliceSource source in TraceSource.Sources(repository, slice, export.Sha256, context, corrections))
                {
                    found = true;
                    yield return source;
                }
            }
        }

        if (!found)
        {
            throw Unknown(query, [.. slices.SelectMany(static slice => slice.Exports).Select(static export => export.Path ?? export.Name).OfType<string>().Distinct()]);
        }
    }

    internal static IEnumerable<SliceManifest> Slices(Repository repository, SourceQuery query, WorkContext context) =>
        query.Version is { } version ? [repository.Slices.Load(version)] : TraceSource.All(repository, context);

    /// <summary>The index, or why the rows are not on this machine.</summary>
    internal static (RowIndex? Index, HarvestException? Fault) TryIndex(Func<RowIndex> get)
    {
        try
        {
            return (get(), null);
        }
        catch (HarvestException fault) when (CompareProgramSlices.IsNotKnown(fault))
        {
            return (null, fault);
        }
    }

    /// <summary>The links of the medium that is asked for by its hash, as the slice's list of media has them.</summary>
    internal static IReadOnlySet<string> LinksOf(Repository repository, SliceManifest slice, SourceQuery query) =>
        query.Kind == SourceKind.Medium && Sha256Text.TryNormalize(query.Text, out string? sha256) && SliceMediaLists.TryRead(repository, slice) is { } list
            ? list.Entries.Where(entry => entry.Sha256 == sha256).Select(static entry => entry.Link).ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>();

    internal static SliceSource Share(
        SliceManifest slice, SliceExport export, IReadOnlyList<RegisteredModel> models, RowIndex index, int? annotations, SourceMatch match)
    {
        var episodes = new HashSet<int>();
        var corrected = new HashSet<int>();
        var people = new HashSet<int>();
        HashSet<long> tasks = [.. match.Tasks];
        var own = new HashSet<long>();
        long rows = 0;
        long correctedRows = 0;
        int rejected = 0;
        foreach (int entry in match.Entries)
        {
            tasks.Add(index.Tasks[entry]);
            own.Add(index.Annotations[entry]);
            rows += index.Rows[entry];
            correctedRows += index.Corrected[entry];
            rejected += index.Rejected[entry];
            if (index.EpisodeOf[entry] >= 0)
            {
                // Of an own program a table without the column has one that is called nothing.
                if (slice.IsProgram && index.Episodes[index.EpisodeOf[entry]].IsEmpty)
                {
                    people.Add(index.PeopleOf[entry]);
                    continue;
                }

                episodes.Add(index.EpisodeOf[entry]);
                people.Add(index.PeopleOf[entry]);
                _ = index.Corrected[entry] == 0 || corrected.Add(index.EpisodeOf[entry]);
            }
        }

        return TraceSource.Of(slice, export, models) with
        {
            Episodes = episodes.Count,
            CorrectedEpisodes = corrected.Count,
            Rows = rows,
            CorrectedRows = correctedRows,
            TaskSubdirs = [.. episodes.Select(index.Folders.Text).Distinct().Order(StringComparer.Ordinal)],
            Tasks = tasks.Count(static task => task != RowIndex.None),
            Annotations = annotations ?? own.Count(static annotation => annotation != RowIndex.None),
            Annotators = TraceSource.InOrder(people.SelectMany(number => index.People.Text(number).Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct()),
            Rejected = annotations is null ? null : rejected,
        };
    }

    /// <summary>The error of what no slice has.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="known">What slices have of its kind, where that is a help.</param>
    private static HarvestException Unknown(SourceQuery query, IReadOnlyCollection<string> known)
    {
        string place = (query.Version, query.Project) switch
        {
            (null, null) => "No slice",
            (null, { } project) => $"No export of project {project}",
            ({ } version, null) => $"No export of slice {version}",
            ({ } version, { } project) => $"No export of project {project} in slice {version}",
        };
        return query.Kind switch
        {
            SourceKind.Episode => ReachErrors.EpisodeUnknown(query.Text, known, place),
            SourceKind.Task => ReachErrors.TaskUnknown(query.Text, place),
            SourceKind.Annotation => ReachErrors.AnnotationUnknown(query.Text, place),
            SourceKind.Annotator => ReachErrors.AnnotatorUnknown(query.Text, known, place),
            SourceKind.Medium => ReachErrors.MediumUnknown(query.Text, known, place),
            _ => ReachErrors.ExportNotInSlices(query.Text, known),
        };
    }

    /// <summary>What could have been meant, in the form of what is looked for.</summary>
    private static void Note(SortedSet<string> known, SourceQuery query, RowIndex index, AnnotationIndex? annotations)
    {
        switch (query.Kind)
        {
            case SourceKind.Episode:
                bool folders = query.Text.Contains('/', StringComparison.Ordinal);
                known.UnionWith(Enumerable.Range(0, index.Episodes.Count).Select(i => folders ? $"{index.Folders.Text(i)}/{index.Episodes.Text(i)}" : index.Episodes.Text(i)));
                break;
            case SourceKind.Annotator:
                known.UnionWith(annotations?.Annotators.Where(static id => id != RowIndex.None).Distinct().Select(static id => id.ToString(CultureInfo.InvariantCulture)) ?? []);
                break;
            case SourceKind.Medium when known.Count == 0 && index.Media.Count > 0:
                known.Add(index.Media.Text(0));
                break;
        }
    }
}
