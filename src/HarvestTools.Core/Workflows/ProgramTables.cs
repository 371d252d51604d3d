using HarvestTools.Archive;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Makes and builds slices that a team's own program derives; <see cref="NewSlice"/> and <see cref="BuildSlice"/> come here with them.</summary>
internal static class ProgramTables
{
    /// <summary>What cannot be asked of such a slice is refused before anything is run.</summary>
    /// <exception cref="HarvestException">RowsOfProgram; ProgramUntrusted.</exception>
    public static void Require(Repository repository, NewSliceRequest request, HarvestDefinition definition, IReadOnlyList<SliceExport> exports, WorkContext context)
    {
        // Overrides are of rules, and which of two exports wins is decided task by task.
        if (request.FilterOverrides.Count > 0 || exports.Any(static export => export.SupersededBy.Count > 0))
        {
            throw Cache.CacheErrors.RowsOfProgram(definition.FullVersion);
        }

        if (!request.NoBuild && request.Written is null)
        {
            new ProgramSource(repository, context).RequireTrust(definition);
        }
    }

    /// <summary>Archives the program's files, so that the slice can be derived again when the repository has others.</summary>
    public static void Archive(Repository repository, HarvestDefinition definition, WorkContext context)
    {
        foreach (ProgramFile file in definition.Program!.AllFiles)
        {
            if (repository.Archive.Objects.Contains(file.Sha256, context.Cancellation))
            {
                continue;
            }

            string path = repository.Resolve(file.Path);
            using FileStream bytes = AtomicFile.OpenRead(path);
            _ = repository.Archive.Objects.TryAdd(file.Sha256, bytes, path, context.Cancellation)
                ?? throw ProgramRunErrors.ProgramFileNotAvailable(file.Path, file.Sha256);
        }
    }

    private const string UnreadRemedy = "Its bytes are recorded and checked; what looks into rows leaves it out.";

    /// <summary>Runs the program for a slice that is being made, unless what it wrote is there already; the tables are in the cache afterwards, and its media are listed where that is asked for.</summary>
    /// <exception cref="HarvestException">As <see cref="ProgramRunner.Run"/>; ColumnUnknown; ProgramNotStable; ColumnLacking, where media are asked for; EvalSetLeaks.</exception>
    public static (SliceManifest Slice, BuiltSlice Built, IReadOnlyList<ExportNotice> Notices, ProgramSource Source) Derive(
        Repository repository, SliceManifest slice, HarvestDefinition definition, NewSliceRequest request, WorkContext context)
    {
        var source = new ProgramSource(repository, context);
        OutputNames.Require((request.Written ?? []).Select(static table => table.Path));
        IReadOnlyList<ProgramTable> tables = request.Written is { } there ? Placed(source.Read(there, definition)) : source.Run(slice, definition, Placed);
        slice = slice with
        {
            Steps = source.StepsOf(slice, definition),
            ProgramOutputs = tables.Select(table => ProgramSource.Recorded(table, definition.Program!)).ToList(),
        };
        ExportNotice? missing = null;
        if (request.Media)
        {
            (MediaList list, missing) = ListMedia.Run(repository, MediaOf(slice, definition, tables, context), context);
            (string hash, _) = repository.Archive.Objects.AddBytes(list.ToBytes());
            slice = slice with { Media = list.Summary(hash) };
        }

        SliceManifest made = slice;
        IReadOnlyList<ExportNotice> leaks = NewSliceLeaks.Find(repository, made, check => check.SideOfProgram(made, definition), request.AllowLeak, context);
        ExportNotice[] unread = [.. tables.Where(static table => table.Unread is not null).Select(static table => new ExportNotice(table.Unread!.ErrorId, table.Unread.Message, UnreadRemedy))];
        leaks = [.. unread, .. leaks];
        return (slice, Built(repository, slice, source, tables, BuildStatus.Regenerated), missing is null ? leaks : [missing, .. leaks], source);

        IReadOnlyList<ProgramTable> Placed(IReadOnlyList<ProgramTable> written)
        {
            ProgramColumnCheck.Require(definition.Program!.Columns, written, context.Cancellation);
            return source.PlaceNew(slice, definition, written);
        }
    }

    private static NamedMedia MediaOf(SliceManifest slice, HarvestDefinition definition, IReadOnlyList<ProgramTable> tables, WorkContext context)
    {
        var named = new NamedMedia();
        var lineage = new ProgramLineage(slice, definition, tables, static _ => null, context.Cancellation);
        bool any = false;
        bool known = false;
        foreach (TracedRow traced in lineage.Rows())
        {
            any = true;
            known |= lineage.Text.Has(traced.Row, ColumnRole.Medium);
            if (lineage.Text.Text(traced.Row, ColumnRole.Medium) is { } link)
            {
                named.Add(link, lineage.Text.Text(traced.Row, ColumnRole.TaskSubdir) ?? "", lineage.Text.Text(traced.Row, ColumnRole.Episode) ?? "");
            }
        }

        return !any || known ? named : throw ProgramColumnErrors.ColumnLacking([slice.Version], ColumnRole.Medium);
    }

    /// <summary>Puts the tables of a slice into the cache.</summary>
    /// <exception cref="HarvestException">As <see cref="ProgramRunner.Run"/>; ProgramOutputDiffers.</exception>
    public static BuiltSlice Build(Repository repository, SliceManifest slice, HarvestDefinition definition, WorkContext context)
    {
        var source = new ProgramSource(repository, context);
        (IReadOnlyList<ProgramTable> tables, bool run) = source.Give(slice, definition);
        return Built(repository, slice, source, tables, run ? BuildStatus.Regenerated : BuildStatus.Hit);
    }

    private static BuiltSlice Built(Repository repository, SliceManifest slice, ProgramSource source, IReadOnlyList<ProgramTable> tables, string status) => new(
        slice.Version,
        SliceInputs.KeyOf(repository, slice),
        source.FolderOf(slice),
        [.. tables.Select(table => new BuiltTable(slice.Version, table.Table, "", "", table.File, table.Rows, table.Bytes, table.Sha256, table.RowsSha256 ?? "", status))],
        new Tally());
}
