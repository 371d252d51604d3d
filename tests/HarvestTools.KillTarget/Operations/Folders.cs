namespace HarvestTools.KillTarget.Operations;

/// <summary>Folders of repositories, in which the archive's files are read-only.</summary>
internal static class Folders
{
    public static void Delete(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The same while other processes write there: what comes about meanwhile stays.</summary>
    public static void DeleteBusy(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Flips one bit of a file, past its write protection.</summary>
    public static void Flip(string path, int choice)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0)
        {
            return;
        }

        int bit = (int)((uint)choice * 2_654_435_761u % (uint)(bytes.Length * 8));
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        FileAttributes attributes = File.GetAttributes(path);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllBytes(path, bytes);
        File.SetAttributes(path, attributes);
    }
}
