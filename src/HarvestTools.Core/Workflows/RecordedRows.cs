using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Parquet.Reading;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Compares the rows that a derivation gives now with those that a slice recorded, as far as the cache still holds the
/// recorded bytes. Only drift gets here, so it may derive once more and look through the cache.
/// </summary>
internal sealed class RecordedRows(Repository repository, CheckInputs inputs, WorkContext context)
{
    /// <returns>By table; a table whose recorded bytes are nowhere in the cache is left out.</returns>
    public IReadOnlyDictionary<string, RowDrift> Compare(
        SliceManifest slice, SliceExport export, HarvestDefinition definition, IReadOnlyList<SliceOutput> drifted)
    {
        var drifts = new Dictionary<string, RowDrift>(StringComparer.Ordinal);
        Dictionary<string, (string Path, string Sha256)> recorded = drifted
            .Select(output => (output.Table, output.Sha256, Path: Find(slice, export, output)))
            .Where(static found => found.Path is not null)
            .ToDictionary(static found => found.Table, static found => (found.Path!, found.Sha256), StringComparer.Ordinal);
        if (recorded.Count == 0)
        {
            return drifts;
        }

        using ScratchTables? derived = ScratchTables.TryDerive(repository, inputs, slice.Version, export, definition, recorded.Keys);
        if (derived is null)
        {
            return drifts;
        }

        foreach ((string table, (string path, string sha256)) in recorded)
        {
            try
            {
                using RowDiff diff = RowDiff.Open(
                    ScratchTables.SchemaOf(table),
                    [() => ParquetTableReader.Open(path, sha256, context.Cancellation)],
                    [() => derived.Open(table)],
                    context.Cancellation);
                var tally = new RowTally();
                RowChange? first = tally.AddAll(diff);
                drifts.Add(table, new RowDrift(tally.ToSummary(), first));
            }
            catch (HarvestException)
            {
                // The cached file cannot be read as that table: it is told as drift without the rows.
            }
        }

        return drifts;
    }

    /// <summary>A cached file with the recorded hash: the slice's own, else that of another slice or of a part.</summary>
    private string? Find(SliceManifest slice, SliceExport export, SliceOutput output)
    {
        string own = BuildSlice.PathOf(Path.Combine(repository.CacheFolder, SliceInputs.KeyOf(repository, slice)), output.Table, export);
        return Cached().Where(path => IsOf(path, output.Table, export)).Order(StringComparer.Ordinal).Prepend(own).FirstOrDefault(path => inputs.HashOf(path, Path.GetFileName(path)) == output.Sha256);
    }

    private List<string> Cached()
    {
        try
        {
            return [.. StoreWalk.FilesOf(RealPath.Of(repository.CacheFolder) ?? repository.CacheFolder)];
        }
        catch (HarvestException)
        {
            // The cache may be deleted at any time; what is not in it is not compared.
            return [];
        }
    }

    private static bool IsOf(string path, string table, SliceExport export) =>
        Path.GetFileName(path) == table + ".parquet"
        || (Path.GetFileNameWithoutExtension(path) == export.FileStem
            && Path.GetFileName(Path.GetDirectoryName(path)) == table);
}
