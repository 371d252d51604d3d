using HarvestTools.Files;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Finds the file that a Git LFS pointer names: in git-lfs's own store, else where the caller keeps objects.</summary>
internal static class PointedFile
{
    /// <summary>Opens the file. Its bytes have the hash in the pointer: who reads them need not compare it.</summary>
    /// <param name="path">Full path of the pointer.</param>
    /// <param name="name">What messages call the pointer.</param>
    /// <param name="pointer">What is in it.</param>
    /// <param name="objects">Gives the path of a file of this machine with the bytes of a hash, null where there is none; null asks nobody.</param>
    /// <exception cref="HarvestException">ExportIsLfsPointer where no file is found, LfsObjectDamaged where only a damaged one is.</exception>
    public static FileStream Open(string path, string name, LfsPointer pointer, Func<string, string?>? objects)
    {
        HarvestException? damaged = null;
        if (pointer.Oid is { } oid)
        {
            // One by one: the second may be far away.
            foreach (Func<string?> source in (Func<string?>[])[() => InStore(path, pointer), () => objects?.Invoke(oid)])
            {
                FileStream? found = MovedFile.Open(() =>
                {
                    if (source() is not { } file)
                    {
                        return null;
                    }

                    string actual = FileHash.Compute(file);
                    if (actual == oid)
                    {
                        return AtomicFile.OpenRead(file, bufferBytes: 0);
                    }

                    damaged ??= ExportErrors.LfsObjectDamaged(file, oid, actual, name);
                    return null;
                });
                if (found is not null)
                {
                    return found;
                }
            }
        }

        throw damaged ?? ExportErrors.ExportIsLfsPointer(name, pointer.Oid, pointer.Bytes);
    }

    /// <summary>The file of git-lfs's store; null where there is none. Its bytes are not looked at.</summary>
    /// <param name="path">Full path of the pointer.</param>
    /// <param name="pointer">What is in it.</param>
    public static string? InStore(string path, LfsPointer pointer) =>
        pointer.Oid is { } oid && Path.GetDirectoryName(path) is { } folder ? GitLfsFolder.Find(folder, oid) : null;
}
