using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Compares slices that programs of the team derive; <see cref="CompareSlice"/> comes here with them.</summary>
internal static class CompareProgramSlices
{
    /// <summary>How many rows differ, or why that is not known; both where some tables have no rows that can be read.</summary>
    public static (RowChangeSummary? Rows, HarvestException? Missing) CountRows(Repository repository, SliceManifest reference, SliceManifest difference, WorkContext context)
    {
        try
        {
            var diff = new ProgramDiff(ProgramSide.Of(repository, Program(reference), context), ProgramSide.Of(repository, Program(difference), context), context.Cancellation);
            IReadOnlyList<string> unreadable = diff.Unreadable;
            if (diff.KnowsNone)
            {
                return (null, ProgramColumnErrors.TablesWithoutRows(unreadable));
            }

            RowChangeSummary rows = diff.Summary(repository, context);
            return (rows, unreadable.Count > 0 ? ProgramColumnErrors.TablesWithoutRows(unreadable) : diff.NotSaid);
        }
        catch (HarvestException fault) when (IsNotKnown(fault))
        {
            return HaveSameRows(reference, difference) ? (RowChangeSummary.None, null) : (null, fault);
        }
    }

    /// <summary>The rows that differ.</summary>
    /// <exception cref="HarvestException">TableUnknown; as <see cref="ProgramSource.Give"/>.</exception>
    public static IEnumerable<RowChange> Rows(Repository repository, SliceManifest reference, SliceManifest difference, WorkContext context, IReadOnlyCollection<string>? tables)
    {
        var diff = new ProgramDiff(ProgramSide.Of(repository, Program(reference), context), ProgramSide.Of(repository, Program(difference), context), context.Cancellation);
        return diff.Rows(tables);
    }

    /// <summary>How many rows each table has in either, as the slices recorded it.</summary>
    public static IEnumerable<TableRowCounts> Tables(SliceManifest reference, SliceManifest difference) =>
        from table in Names(reference).Union(Names(difference)).Order(StringComparer.Ordinal)
        let counts = new TableRowCounts(table, RowsOf(reference, table), RowsOf(difference, table))
        where counts.Reference > 0 || counts.Difference > 0 || IsUnread(reference, table) || IsUnread(difference, table)
        select counts;

    /// <summary>The names of a slice's tables; those of this release where the rules derive.</summary>
    public static IEnumerable<string> Names(SliceManifest slice) => slice.IsProgram
        ? slice.ProgramOutputs.Select(static output => output.Table).Distinct()
        : TableCatalog.All.Select(static table => table.Name);

    /// <summary>Names of tables that are asked for, in any case; those of a slice whose program was not run yet are not known.</summary>
    /// <exception cref="HarvestException">TableUnknown.</exception>
    public static void RequireTables(IReadOnlyCollection<string> tables, string where, params SliceManifest[] slices)
    {
        string[] known = [.. slices.SelectMany(Names).Distinct()];
        if (known.Length > 0 && tables.FirstOrDefault(table => !known.Contains(table, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw ProgramColumnErrors.TableUnknown(unknown, where, known);
        }
    }

    /// <summary>Whether a fault is that rows are not known here, and no fault of what was asked for.</summary>
    public static bool IsNotKnown(HarvestException fault) => DerivationErrors.IsOfMissingInput(fault)
        || fault.ErrorId is nameof(ProgramRunErrors.ProgramUntrusted) or nameof(ProgramRunErrors.ProgramNotFound) or nameof(ProgramRunErrors.ProgramFileNotAvailable)
            or nameof(ProgramRunErrors.ProgramFailed) or nameof(ProgramRunErrors.ProgramOverLimit) or nameof(ProgramRunErrors.ProgramOutputDiffers)
            or nameof(ProgramRunErrors.TableUnreadable) or nameof(ProgramColumnErrors.RowsUnread) or nameof(CacheErrors.RowsOfProgram) or nameof(ProgramColumnErrors.RulesBesideProgram);

    /// <summary>Of a slice that the rules derive the tables have other names and other columns.</summary>
    private static SliceManifest Program(SliceManifest slice) => slice.IsProgram ? slice : throw ProgramColumnErrors.RulesBesideProgram(slice.Version);

    private static long? RowsOf(SliceManifest slice, string table) => slice.IsProgram
        ? IsUnread(slice, table) ? null : slice.ProgramOutputs.Where(output => output.Table == table).Sum(static output => output.Rows ?? 0)
        : slice.Outputs.Count == 0 ? null : slice.Outputs.Where(output => output.Table == table).Sum(static output => output.Rows);

    private static bool IsUnread(SliceManifest slice, string table) => slice.ProgramOutputs.Any(output => output.Table == table && output.HasUnread);

    private static bool HaveSameRows(SliceManifest reference, SliceManifest difference)
    {
        (string, string?)[] before = Digests(reference);
        return before.Length > 0 && Array.TrueForAll(before, static digest => digest.Item2 is not null) && before.SequenceEqual(Digests(difference));

        static (string, string?)[] Digests(SliceManifest slice) => [.. slice.ProgramOutputs.Select(static output => (output.Table, output.RowsSha256 ?? output.Sha256)).Order()];
    }
}
