using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Rules;

namespace HarvestTools.Manifests;

/// <content>How a slice comes to be there, whole or not at all.</content>
public sealed partial class SliceStore
{
    // As in harvest.json.
    private const int InlineMembers = 2;

    /// <summary>Records a new slice. Of several processes that make one version at once exactly one succeeds.</summary>
    /// <returns>The path of its slice.json.</returns>
    /// <exception cref="HarvestException">SliceExists, SliceDiffersByCase, SliceVersionInvalid.</exception>
    public string Create(SliceManifest manifest)
    {
        RequireFree(manifest.Version);
        string path = PathOf(manifest.Version);
        FileKinds.RequireStoredFolder(Path.GetDirectoryName(path)!, "write");
        return AtomicFile.TryCreateNew(path, manifest.ToUtf8Bytes()) ? path : throw SliceErrors.SliceExists(manifest.Version, NextFree(manifest.Version));
    }

    private void RequireFree(string version)
    {
        string? other = Versions().FirstOrDefault(existing => existing.Equals(version, StringComparison.OrdinalIgnoreCase));
        if (other == version && !IsThere(PathOf(version)) && !File.Exists(DefinitionPathOf(version)))
        {
            RequireList(Path.Combine(Folder, version));
        }
        else if (other is not null)
        {
            throw other == version ? SliceErrors.SliceExists(version, NextFree(version)) : SliceErrors.SliceDiffersByCase(version, other);
        }
    }

    /// <summary>What cannot be looked into may hold a slice; that the system refuses is what is wrong, and not that there is one.</summary>
    private static void RequireList(string folder)
    {
        try
        {
            FileFaults.Before(FileCall.OpenRead, folder);
            _ = Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "list");
        }
    }

    /// <summary>
    /// Records a slice with its definition beside it, every rule spelt out for readers. Where that cannot be written there is no
    /// slice, and the same command makes it another time. The manifest comes first: of several processes that make one version at
    /// once, only the one that wrote it has a definition to write.
    /// </summary>
    /// <exception cref="HarvestException">SliceExists, SliceDiffersByCase; a file cannot be written.</exception>
    internal string Create(SliceManifest manifest, HarvestDefinition definition)
    {
        RequireFree(manifest.Version);
        string target = DefinitionPathOf(manifest.Version);
        FileKinds.RequireStoredFolder(Path.GetDirectoryName(target)!, "write");
        DurableFolder.Ensure(Path.GetDirectoryName(target)!);
        using var pending = PendingFile.Create(Path.GetDirectoryName(target)!);
        AtomicFile.Fill(pending, file => file.Write(ReadableJson.ToUtf8(definition.ToJson(), InlineMembers)));
        using FileLock others = LockVersions();
        if (MissingParents(manifest) is [string gone, ..])
        {
            // Removed while the tables were derived.
            throw SliceErrors.SliceNotFound(gone, NearestName.Near(gone, Versions()));
        }

        string path = Create(manifest);
        try
        {
            pending.Commit(target);
        }
        catch (HarvestException)
        {
            // Nobody was shown it yet. The manifest goes last: a definition alone is a slice that lost its record.
            PendingFile.Discard(target);
            PendingFile.Discard(path);
            throw;
        }

        return path;
    }

    /// <summary>
    /// The slice that a process recorded which died before the definition was beside it; null where the version is free, or its
    /// slice is whole. The same command goes on from it.
    /// </summary>
    internal SliceManifest? TryLoadUnfinished(string version) =>
        File.Exists(PathOf(version)) && !File.Exists(DefinitionPathOf(version)) ? TryLoad(version).Manifest : null;

    /// <summary>Puts the definition beside an unfinished slice, if it is the slice that is to be made; null where it is not.</summary>
    internal SliceManifest? TryFinish(SliceManifest manifest, HarvestDefinition definition)
    {
        using FileLock others = LockVersions();
        if (TryLoadUnfinished(manifest.Version) is not { } own
            || !(manifest with { CreatedAt = own.CreatedAt, Pins = own.Pins, Exports = AsFarAsKnown(manifest.Exports, own.Exports) }).ToUtf8Bytes().AsSpan().SequenceEqual(own.ToUtf8Bytes()))
        {
            return null;
        }

        string target = DefinitionPathOf(own.Version);
        FileKinds.RequireStoredFolder(Path.GetDirectoryName(target)!, "write");
        AtomicFile.WriteAllBytes(target, ReadableJson.ToUtf8(definition.ToJson(), InlineMembers));
        return own;
    }

    /// <summary>Exports without what was not known of them yet: labels that are read on the way to a slice are recorded by it.</summary>
    private static IReadOnlyList<SliceExport> AsFarAsKnown(IReadOnlyList<SliceExport> exports, IReadOnlyList<SliceExport> known) =>
        exports.Count != known.Count ? exports
            : [.. exports.Select((export, i) => known[i] is { LabelsThrough: null, ProjectIds.Count: 0 } ? export with { LabelsThrough = null, ProjectIds = [] } : export)];
}
