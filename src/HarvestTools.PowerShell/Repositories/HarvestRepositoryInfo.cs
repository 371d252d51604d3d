using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>A repository as Initialize-HarvestRepository made it.</summary>
/// <param name="Repository">Full path of the folder that holds harvest.json.</param>
/// <param name="HarvestVersion">The definition that new slices are made under, for example <c>harvest@v1.0.0</c>.</param>
/// <param name="Settings">Full path of harvest.json.</param>
/// <param name="Slices">Full path of the folder of the slices.</param>
/// <param name="Archive">Full path of the archive.</param>
/// <param name="Cache">Full path of the Parquet cache.</param>
public sealed record HarvestRepositoryInfo(
    string Repository, string HarvestVersion, string Settings, string Slices, string Archive, string Cache)
{
    internal static HarvestRepositoryInfo Of(HarvestRepository repository) => new(
        repository.Root,
        repository.Settings.Harvest.FullVersion,
        repository.SettingsPath,
        repository.Slices.Folder,
        repository.Archive.Folder,
        repository.CacheFolder);
}
