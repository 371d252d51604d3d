using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>Which slices name which archived export.</summary>
public sealed class ExportUses
{
    private readonly Dictionary<(string Project, string Sha256), List<string>> _versions = [];

    private ExportUses()
    {
    }

    /// <summary>Slices that cannot be read, so that what they use is unknown.</summary>
    public IReadOnlyList<HarvestException> Unreadable { get; private init; } = [];

    /// <summary>Reads all slices.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static ExportUses Of(Repository repository, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        List<SliceEntry> entries = [.. repository.Slices.LoadAll(cancellation)];
        var uses = new ExportUses { Unreadable = [.. entries.Select(static entry => entry.Error).OfType<HarvestException>()] };
        foreach (SliceManifest slice in entries.Select(static entry => entry.Manifest).OfType<SliceManifest>())
        {
            foreach ((string, string) export in slice.Exports.Select(export => (repository.Archive.CurrentName(export.Project), export.Sha256)).Distinct())
            {
                if (!uses._versions.TryGetValue(export, out List<string>? versions))
                {
                    uses._versions.Add(export, versions = []);
                }

                versions.Add(slice.Version);
            }
        }

        return uses;
    }

    /// <summary>
    /// That slices name exports though none has a record here, as in a clone; null where no slice names one. For lists that would
    /// otherwise say that there is nothing.
    /// </summary>
    public HarvestException? WithoutRecords(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        string[] slices = [.. _versions.Values.SelectMany(static versions => versions).Distinct(StringComparer.Ordinal).Order(NaturalOrder.Instance)];
        return slices.Length == 0 ? null : ArchiveErrors.ExportsNotRecorded(
            _versions.Keys.Select(static export => export.Sha256).Distinct(StringComparer.Ordinal).Count(), slices, repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder, repository.Settings.Remotes.Count > 0);
    }

    /// <summary>The slices that name the export under its project, v2 before v10.</summary>
    public IReadOnlyList<string> Of(ExportRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _versions.TryGetValue((record.Project, record.Sha256), out List<string>? versions) ? versions : [];
    }
}
