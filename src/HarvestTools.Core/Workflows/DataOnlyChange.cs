using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Packs;
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
        if (Compare(export.Sha256, path) is not { } tasks)
        {
            return null;
        }

        var keys = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TaskChange task in tasks)
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

    /// <summary>Null where the archive lacks the export. A check writes nothing there: what is packed is unpacked elsewhere.</summary>
    private IEnumerable<TaskChange>? Compare(string sha256, string path)
    {
        if (repository.Readable.LocalPath(sha256) is { } plain)
        {
            return CompareExport.Tasks(plain, path, context);
        }

        LocalObjectStore local = repository.Archive.Local;
        using PackStream? packed = local.Packs.TryOpen(sha256, local.LocalPath, context.Cancellation);
        if (packed is null)
        {
            // Not there, or unpacked meanwhile.
            return local.LocalPath(sha256) is { } now ? CompareExport.Tasks(now, path, context) : null;
        }

        return CompareExport.Tasks(ExportFile.CopyOf(packed, context.Cancellation), local.Packs.PathOf(sha256), path, context);
    }

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
