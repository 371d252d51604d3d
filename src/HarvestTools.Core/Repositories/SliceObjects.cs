using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>An object that slices need.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="What">For people: <c>export of project a</c>.</param>
/// <param name="Export">The export that it is, as the first slice has it; null for what is none.</param>
internal sealed record NeededObject(string Sha256, string What, SliceExport? Export)
{
    /// <summary>The first slice that needs it.</summary>
    public required string Version { get; init; }

    /// <summary>Its size, where it is known without looking.</summary>
    public long? Bytes { get; init; } = Export?.Bytes;

    /// <summary>Of a medium the links that lead to it; null for what is none.</summary>
    public IReadOnlyList<string>? Links { get; init; }

    /// <summary>For messages.</summary>
    public override string ToString() => $"{What} ({Figures.ShortHash(Sha256)})";
}

/// <summary>Which objects of the archive slices need: exports, what they yield to, labeling configurations, definitions, lists of media.</summary>
internal static class SliceObjects
{
    /// <summary>Each once, in the order of the slices; without those that were removed to erase what they held.</summary>
    /// <param name="repository">The repository, which knows the files of a program.</param>
    /// <param name="slices">The slices.</param>
    public static IReadOnlyList<NeededObject> Of(Repository repository, IEnumerable<SliceManifest> slices)
    {
        var needed = new OrderedDictionary<string, NeededObject>(StringComparer.Ordinal);
        foreach (NeededObject one in slices.SelectMany(slice => NamedBy(slice, FilesOf(repository, slice))))
        {
            // An export that others only yield to may be a slice's own, which says more.
            if (!needed.TryGetValue(one.Sha256, out NeededObject? known) || (known.Export is null && one.Export is not null))
            {
                needed[one.Sha256] = known is null ? one : one with { Version = known.Version };
            }
        }

        return [.. needed.Values.Where(one => one.Export is null || !repository.Archive.IsRemoved(one.Sha256))];
    }

    /// <summary>What one slice names, as it names it; the same object may be named twice.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="programFiles">The files of the program that it was made with; none where it was made with none.</param>
    public static IEnumerable<NeededObject> NamedBy(SliceManifest slice, IEnumerable<ProgramFile> programFiles)
    {
        foreach (SliceExport export in slice.Exports)
        {
            yield return Of(export.Sha256, $"export of project {export.Project}", export);
            foreach (string winner in export.SupersededBy)
            {
                yield return Of(winner, $"export that project {export.Project} yields to");
            }

            if (export.LabelConfigSha256 is { } config)
            {
                yield return Of(config, $"labeling configuration of project {export.Project}");
            }
        }

        if (slice.HarvestSha256 is { } definition)
        {
            yield return Of(definition, $"definition {slice.HarvestVersion}");
        }

        foreach (ProgramFile file in programFiles)
        {
            yield return Of(file.Sha256, $"file {file.Path} of the program {slice.HarvestVersion}");
        }

        if (slice.Media is { } media)
        {
            yield return Of(media.Sha256, "list of media");
        }

        NeededObject Of(string sha256, string what, SliceExport? export = null) => new(sha256, what, export) { Version = slice.Version };
    }

    private static IEnumerable<ProgramFile> FilesOf(Repository repository, SliceManifest slice)
    {
        try
        {
            return slice.IsProgram ? SliceInputs.Definition(repository, slice).Program?.AllFiles ?? [] : [];
        }
        catch (HarvestException)
        {
            // The definition itself is needed, and that it is not here is said of it.
            return [];
        }
    }
}
