using HarvestTools.Files;

namespace HarvestTools.Manifests;

/// <content>Changes and removals, while other processes do the same.</content>
public sealed partial class SliceStore
{
    /// <summary>
    /// Changes a recorded slice: reads it, lets the caller change it and writes it, while other processes that change
    /// the same slice wait, so that two models registered at once are both recorded. Where the caller gives back what it got,
    /// the file stays as it is.
    /// </summary>
    public SliceManifest Rewrite(string version, Func<SliceManifest, SliceManifest> change)
    {
        string path = PathOf(version);
        using FileLock exclusive = FileLock.Acquire(Path.Combine(_locks, $"slice-{version}"));
        SliceManifest slice = Load(version);
        SliceManifest changed = change(slice);
        if (!ReferenceEquals(changed, slice))
        {
            AtomicFile.WriteAllBytes(path, changed.ToUtf8Bytes());
        }

        return changed;
    }

    /// <summary>
    /// Takes a slice's folder out of the store, while other processes that change the slice or make one wait. Returns where it is
    /// now, for the caller to delete: a process that is killed leaves either the slice or none.
    /// </summary>
    /// <param name="version">The slice.</param>
    /// <param name="require">Throws where the slice is needed: asked once nobody can make it so any more.</param>
    /// <exception cref="HarvestException">SliceNotFound; the file system refuses.</exception>
    internal string SetAside(string version, Action require)
    {
        string path = PathOf(version);
        using FileLock others = LockVersions();
        using FileLock exclusive = FileLock.Acquire(Path.Combine(_locks, $"slice-{version}"));
        if (!File.Exists(path))
        {
            throw SliceErrors.SliceNotFound(version, NearestName.Near(version, Versions()));
        }

        require();

        FileKinds.RequireStoredFolder(Path.GetDirectoryName(path)!, "remove");
        return SetAsideFolder.Take(Path.GetDirectoryName(path)!) ?? throw SliceErrors.SliceNotFound(version, NearestName.Near(version, Versions()));
    }

    /// <summary>Held while a slice comes or goes, so that none is made to follow one that is being removed.</summary>
    private FileLock LockVersions() => FileLock.Acquire(Path.Combine(_locks, "versions"));

    /// <summary>Those of a slice's parents that are not here; a manifest edited by hand may name anything.</summary>
    internal IReadOnlyList<string> MissingParents(SliceManifest slice) =>
        [.. slice.Parents.Where(parent => SliceNames.WhyNotVersion(parent) is not null || !File.Exists(Path.Combine(Folder, parent, FileName)))];
}
