using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Finds rows of an episode in the tables that a program wrote.</summary>
internal static class ProgramRowFinder
{
    // What a row is about where its table has no key.
    private static readonly ColumnRole[] s_subject = [ColumnRole.TaskSubdir, ColumnRole.Episode, ColumnRole.Frame, ColumnRole.TaskId, ColumnRole.Medium, ColumnRole.Label];

    /// <exception cref="HarvestException">ColumnLacking; as <see cref="ProgramSource.Give"/>.</exception>
    public static IEnumerable<(SliceExport Export, FoundRow Row)> Of(
        Repository repository, SliceManifest slice, HarvestDefinition definition, RowQuery query, LineageIndexes indexes, WorkContext context)
    {
        var lineage = new ProgramLineage(slice, definition, new ProgramSource(repository, context).Give(slice, definition).Tables, export => indexes.AnnotationsOf(export, definition), context.Cancellation);
        bool known = false;
        bool any = false;
        string? project = query.Project is null ? null : repository.Archive.CurrentName(query.Project);
        foreach (TracedRow traced in lineage.Rows().Where(traced => query.Table is null || query.Table.Equals(traced.Table, StringComparison.OrdinalIgnoreCase)))
        {
            any = true;
            known |= lineage.Text.Has(traced.Row, ColumnRole.Episode);
            string? Text(ColumnRole role) => lineage.Text.Text(traced.Row, role);
            long? frame = lineage.Text.Number(traced.Row, ColumnRole.Frame);
            if (Text(ColumnRole.Episode) is not { } episode || !SourceMatch.IsEpisode(Text(ColumnRole.TaskSubdir) ?? "", episode, query.Episode)
                || (query.Frame is { } asked && frame != asked) || (query.Label is { } label && Text(ColumnRole.Label) != label)
                || traced.Exports.FirstOrDefault(export => project is null || repository.Archive.CurrentName(export.Project) == project) is not { } export)
            {
                continue;
            }

            yield return (export, new FoundRow(traced.Table, ProgramDiff.Values(traced.Row)!, Subject(lineage, traced))
            {
                TaskSubdir = Text(ColumnRole.TaskSubdir) ?? "",
                Episode = episode,
                Frame = frame,
                Task = traced.Task,
                Region = Text(ColumnRole.RegionId),
                Annotation = traced.Annotation,
                Label = Text(ColumnRole.Label) ?? "",
                Origin = Text(ColumnRole.Origin) ?? "",
                People = traced.People,
            });
        }

        if (any && !known)
        {
            throw ProgramColumnErrors.ColumnLacking([slice.Version], ColumnRole.Episode);
        }
    }

    /// <summary>By its key columns, else by those that say what it is about.</summary>
    private static string Subject(ProgramLineage lineage, TracedRow traced) =>
        $"{traced.Table}\n" + (lineage.Columns.KeyOf(traced.Path) is { } key && key.All(traced.Row.Names.Contains)
            ? string.Join('\n', key.Select(name => RowText.Of(traced.Row[name])))
            : string.Join('\n', s_subject.Select(role => lineage.Text.Text(traced.Row, role))));
}
