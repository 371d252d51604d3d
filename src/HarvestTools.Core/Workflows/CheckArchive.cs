using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Space;

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
        IEnumerable<HarvestDefinition> definitions = repository.Settings.Definitions.Names.Select(name => TryDefinition(repository, name)).OfType<HarvestDefinition>();
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
            OtherRecords = () => ProductionCheck.Run(repository).Concat(Registrations(repository)),
            BesideSlices = sha256 => BesideSlices(repository, sha256),
            KnownBytes = definitions.DistinctBy(static definition => definition.Sha256).ToDictionary(static definition => definition.Sha256, static definition => definition.ToCanonicalBytes(), StringComparer.Ordinal),
        };
    }

    private static HarvestDefinition? TryDefinition(Repository repository, string name)
    {
        try
        {
            return repository.TryDefinition(name);
        }
        catch (HarvestException)
        {
            // A file of a program that is not there concerns no object of the archive.
            return null;
        }
    }

    // What a removal goes by; nothing is lost while it is refused.
    private static IEnumerable<ArchiveFinding> Registrations(Repository repository) => new RepositoryRegistry(repository.Archive).Faults()
        .Select(static fault => new ArchiveFinding(ArchiveFindingKind.Unreadable, FindingSeverity.Warning, Path.GetFileName((string)fault.Subject!), (string)fault.Subject!, fault.Message, fault.Remedy));

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

        foreach (ArchiveFinding finding in new SliceTablesCheck(repository, hashes).Run(repair, cancellation))
        {
            yield return finding;
        }
    }
}
