using HarvestTools.Files;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Finds the file that a Git LFS pointer names: in git-lfs's own store, else where the caller keeps objects.</summary>
internal static class PointedFile
{
    /// <summary>Opens the file. Its bytes have the hash in the pointer: who reads them need not compare it.</summary>
    /// <param name="path">Full path of the pointer.</param>
    /// <param name="name">What messages call the pointer.</param>
    /// <param name="pointer">What is in it.</param>
    /// <param name="objects">Opens a file with the bytes of a hash, null where there is none; null asks nobody.</param>
    /// <exception cref="HarvestException">ExportIsLfsPointer where no file is found, LfsObjectDamaged where only a damaged one is.</exception>
    public static FileStream Open(string path, string name, LfsPointer pointer, Func<string, FileStream?>? objects)
    {
        HarvestException? damaged = null;
        if (pointer.Oid is { } oid)
        {
            // One by one: the second may be far away.
            foreach (Func<FileStream?> source in (Func<FileStream?>[])[() => InStore(path, pointer) is { } stored ? AtomicFile.OpenRead(stored, bufferBytes: 0) : null, () => objects?.Invoke(oid)])
            {
                if (MovedFile.Open(source) is { } found && Checked(found, oid, name, ref damaged))
                {
                    return found;
                }
            }
        }

        throw damaged ?? ExportErrors.ExportIsLfsPointer(name, pointer.Oid, pointer.Bytes);
    }

    /// <summary>Whether a file has the bytes; it is at its beginning then, and closed where it has not.</summary>
    private static bool Checked(FileStream file, string oid, string name, ref HarvestException? damaged)
    {
        bool whole = false;
        try
        {
            string actual = StreamHash.Compute(file, file.Name);
            whole = actual == oid;
            damaged ??= whole ? null : ExportErrors.LfsObjectDamaged(file.Name, oid, actual, name);
            file.Position = 0;
            return whole;
        }
        finally
        {
            if (!whole)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>The file of git-lfs's store; null where there is none. Its bytes are not looked at.</summary>
    /// <param name="path">Full path of the pointer.</param>
    /// <param name="pointer">What is in it.</param>
    public static string? InStore(string path, LfsPointer pointer) =>
        pointer.Oid is { } oid && Path.GetDirectoryName(path) is { } folder ? GitLfsFolder.Find(folder, oid) : null;
}
