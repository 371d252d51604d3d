using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Whether the file at an export's recorded path differs from the archived export in the tasks' <c>data</c> alone, and in
/// nothing that a row comes from: a link that moved, a field that was added. Such a file is worth a word, not a failed build.
/// </summary>
internal sealed class DataOnlyChange(Repository repository, WorkContext context)
{
    /// <summary>What differs; null where labels differ too, or the archive lacks the export.</summary>
    /// <param name="version">The slice's.</param>
    /// <param name="export">As the slice has it.</param>
    /// <param name="definition">What the slice derives under; null compares no rows.</param>
    /// <param name="derived">What the archived export derives to; null compares no rows.</param>
    /// <param name="path">The file at the recorded path.</param>
    public DataChange? Find(string version, SliceExport export, HarvestDefinition? definition, DerivedPart? derived, string path)
    {
        if (Archived(export.Sha256) is not { } archived)
        {
            return null;
        }

        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TaskChange task in CompareExport.Tasks(archived, ComparedExport.OfFile(path), context))
        {
            if (task.Edits.Any(static edit => edit.Kind != LabelEditKind.DataChanged))
            {
                return null;
            }

            keys.UnionWith(task.Edits.SelectMany(static edit => edit.After!.Split(", ")));
        }

        return keys.Count == 0 ? null
            : new DataChange([.. keys], definition is null || derived is null ? null : !HasRowsOf(derived, version, export, definition, path));
    }

    /// <summary>Where it can be read without asking a remote; null where it cannot.</summary>
    private ComparedExport? Archived(string sha256) =>
        repository.Archive.Local.Holds(sha256) ? ComparedExport.OfArchive(repository, sha256)
        : repository.LfsStore.LocalPath(sha256) is { } path ? ComparedExport.OfFile(path)
        : null;

    private bool HasRowsOf(DerivedPart derived, string version, SliceExport export, HarvestDefinition definition, string path)
    {
        PartRequest request = new PartSource(repository, context).Request(version, export, definition);
        using var content = ExportContent.Of(ExportFile.OpenRead(path), path, repository.FileOf);
        DerivedPart now = PartDerivation.Run(
            request,
            content.Stream,
            static _ => Stream.Null,
            content.Track(context.Bytes("Comparing rows", Path.GetFileName(path), content.FileBytes)),
            context.Cancellation);
        return now.Tables.Select(static table => table.RowsSha256).SequenceEqual(derived.Tables.Select(static table => table.RowsSha256), StringComparer.Ordinal);
    }
}
