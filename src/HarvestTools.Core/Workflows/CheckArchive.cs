using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Workflows;

/// <summary>Says what a check of a repository's archive looks at; <see cref="ArchiveCheck"/> makes it.</summary>
public static class CheckArchive
{
    /// <param name="repository">The repository.</param>
    /// <exception cref="HarvestException">harvest.json is at fault.</exception>
    public static ArchiveScope Of(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);

        // A slice's definition is lost with its object, unless it is the one in force.
        HarvestDefinition definition = repository.Settings.Harvest;
        return new ArchiveScope(repository.Archive, repository.Slices)
        {
            SlicesFolder = repository.Settings.SlicesFolder,
            Folders =
            [
                (repository.Root, false),
                (repository.StoreFolder, true),
                (repository.Archive.Folder, true),
                (repository.CacheFolder, true),
                (repository.Slices.Folder, true),
            ],
            Resolve = repository.Resolve,
            Cache = (repair, cancellation) => CheckCache(repository, repair, cancellation),
            BesideSlices = sha256 => BesideSlices(repository, sha256),
            KnownBytes = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [definition.Sha256] = definition.ToCanonicalBytes() },
        };
    }

    private static byte[]? BesideSlices(Repository repository, string sha256) => repository.Slices.LoadAll()
        .Select(static entry => entry.Manifest)
        .Where(slice => slice?.HarvestSha256 == sha256)
        .Select(slice => SliceVersions.Of(slice!).Derivation is { } derivation
            ? SliceInputs.TryDefinitionAsRecorded(repository, slice!, derivation)?.ToCanonicalBytes() : null)
        .FirstOrDefault(static bytes => bytes is not null);

    private static IEnumerable<ArchiveFinding> CheckCache(Repository repository, bool repair, CancellationToken cancellation)
    {
        // What was hashed under another name in this run is not hashed again; of earlier runs nothing is believed.
        var hashes = new Lazy<StatCache>(() => repository.OpenStatCache(trusted: false));
        foreach (ArchiveFinding finding in new CacheCheck(repository.CacheFolder, hashes).Run(repair, cancellation))
        {
            yield return finding;
        }

        foreach (SliceManifest slice in repository.Slices.LoadAll(cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>())
        {
            string folder = Path.Combine(repository.CacheFolder, SliceInputs.KeyOf(repository, slice));
            if (!Directory.Exists(folder))
            {
                continue;
            }

            foreach (SliceExport export in slice.Exports)
            {
                foreach (SliceOutput output in slice.Outputs.Where(output => output.Export == export.Sha256 && TableCatalog.Find(output.Table) is not null))
                {
                    cancellation.ThrowIfCancellationRequested();
                    string path = BuildSlice.PathOf(folder, output.Table, export);
                    if (File.Exists(path) && hashes.Value.Get(path, DateTimeOffset.UtcNow, () => FileHash.Compute(path, cancellation: cancellation)) != output.Sha256)
                    {
                        yield return new ArchiveFinding(
                            ArchiveFindingKind.CacheDamaged, FindingSeverity.Error, path, path,
                            $"'{path}' no longer has the hash that slice {slice.Version} recorded of it.",
                            $"Run {new RemedyAction.BuildSlice(slice.Version)}; it derives the file again from the archive.");
                    }
                }
            }
        }
    }
}
