using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Workflows;

/// <summary>
/// Holds the cached tables of slices against what the slices recorded of them. A repair removes those that differ: they are derived
/// again where they are needed.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="hashes">Hashes that were taken in this run alone.</param>
internal sealed class SliceTablesCheck(Repository repository, Lazy<StatCache> hashes)
{
    private readonly Lazy<Dictionary<string, string>> _empty = new(() => Empty(repository));

    public IEnumerable<ArchiveFinding> Run(bool repair, CancellationToken cancellation)
    {
        foreach (SliceManifest slice in repository.Slices.LoadAll(cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>())
        {
            string folder = Path.Combine(repository.CacheFolder, SliceInputs.KeyOf(repository, slice));
            if (!Directory.Exists(folder))
            {
                continue;
            }

            foreach (SliceExport export in slice.Exports.Where(export => slice.Outputs.Any(output => output.Export == export.Sha256)))
            {
                foreach (TableDescriptor table in TableCatalog.All)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (Check(slice, export, table.Name, folder) is { } finding)
                    {
                        yield return repair ? CacheCheck.Remove(finding) : finding;
                    }
                }
            }
        }
    }

    private ArchiveFinding? Check(SliceManifest slice, SliceExport export, string table, string folder)
    {
        string path = BuildSlice.PathOf(folder, table, export);
        if (!File.Exists(path))
        {
            return null;
        }

        // A table that is not recorded had no rows; what it looked like is known of this release's format.
        string? expected = SliceInputs.OutputOf(slice, export, table)?.Sha256;
        if (expected is null && SliceVersions.Of(slice).Format != FormatVersion.Current)
        {
            return null;
        }

        expected ??= _empty.Value[table];
        return TryHash(path) is not { } actual || actual == expected ? null : new ArchiveFinding(
            ArchiveFindingKind.CacheDamaged, FindingSeverity.Error, path, path,
            $"'{path}' no longer has the hash that slice {slice.Version} recorded of it.",
            $"Run {new RemedyAction.BuildSlice(slice.Version)}; it derives the file again from the archive.");
    }

    /// <summary>Null where the file is gone: whoever deletes the cache meanwhile does no harm.</summary>
    private string? TryHash(string path)
    {
        try
        {
            return hashes.Value.Get(path, DateTimeOffset.UtcNow, () => FileHash.Compute(path));
        }
        catch (HarvestException) when (!File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>The hash of each table without rows.</summary>
    private static Dictionary<string, string> Empty(Repository repository)
    {
        var request = new PartRequest(string.Empty, string.Empty, HarvestRules.Default, FieldMapping.Default, Threads: 1, Path.Combine(repository.CacheFolder, "spill"));
        DerivedPart part = PartDerivation.Run(request, new MemoryStream("[]"u8.ToArray()), static _ => new MemoryStream(), null, CancellationToken.None);
        return part.Tables.ToDictionary(static table => table.Table, static table => table.Sha256, StringComparer.Ordinal);
    }
}
