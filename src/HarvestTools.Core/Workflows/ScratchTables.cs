using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Workflows;

/// <summary>Tables that are derived only to be compared: temporary files in the cache folder, gone when this is disposed.</summary>
internal sealed class ScratchTables : IDisposable
{
    private readonly Dictionary<string, PendingFile> _files = new(StringComparer.Ordinal);
    private IReadOnlyList<PartTable> _tables = [];

    private ScratchTables()
    {
    }

    /// <returns>Null where the export's bytes are not available or cannot be derived.</returns>
    public static ScratchTables? TryDerive(
        Repository repository,
        CheckInputs inputs,
        string version,
        SliceExport export,
        HarvestDefinition definition,
        IEnumerable<string> tables)
    {
        IObjectSource? source = inputs.SourceOf(version, export);
        if (source is null)
        {
            return null;
        }

        var scratch = new ScratchTables();
        try
        {
            foreach (string table in tables)
            {
                scratch._files.Add(table, PendingFile.Create(Path.Combine(repository.CacheFolder, "spill")));
            }

            PartOutcome outcome = inputs.Derive(
                version, export, definition, source, table => scratch._files.TryGetValue(table.Name, out PendingFile? file) ? file.Stream : Stream.Null);
            if (outcome.Part is { } part)
            {
                scratch._tables = part.Tables;
                return scratch;
            }
        }
        catch
        {
            scratch.Dispose();
            throw;
        }

        scratch.Dispose();
        return null;
    }

    public static ParquetSchema SchemaOf(string table) => TableCatalog.Find(table)!.Schema;

    /// <summary>Opens a table once, from its beginning.</summary>
    public ParquetTableReader Open(string table)
    {
        string sha256 = _tables.Single(written => written.Table == table).Sha256;
        return new ParquetTableReader(VerifiedFile.Open(_files[table].Stream, $"the derived {table}", sha256));
    }

    public void Dispose()
    {
        foreach (PendingFile file in _files.Values)
        {
            file.Dispose();
        }
    }
}

/// <summary>
/// Counts how rows would change under another definition, and leaves no trace: what a check proposes must not change
/// what it checks.
/// </summary>
internal sealed class ScratchDiff(Repository repository, CheckInputs inputs, CancellationToken cancellation)
{
    /// <returns>Empty where the rows are the same; null where the export cannot be derived under both.</returns>
    public RowTally? TryCount(string version, SliceExport export, HarvestDefinition before, HarvestDefinition after)
    {
        var tally = new RowTally();
        if (inputs.Derive(version, export, before)?.Part is not { } old || inputs.Derive(version, export, after)?.Part is not { } made)
        {
            return null;
        }

        string[] differing =
        [
            .. old.Tables.Zip(made.Tables).Where(static pair => pair.First.RowsSha256 != pair.Second.RowsSha256).Select(static pair => pair.First.Table),
        ];
        if (differing.Length == 0)
        {
            return tally;
        }

        using ScratchTables? left = ScratchTables.TryDerive(repository, inputs, version, export, before, differing);
        using ScratchTables? right = ScratchTables.TryDerive(repository, inputs, version, export, after, differing);
        if (left is null || right is null)
        {
            return null;
        }

        foreach (string table in differing)
        {
            using RowDiff diff = RowDiff.Open(ScratchTables.SchemaOf(table), [() => left.Open(table)], [() => right.Open(table)], cancellation);
            tally.AddAll(diff);
        }

        return tally;
    }
}
