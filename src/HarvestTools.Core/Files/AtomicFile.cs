using System.Buffers;
using System.Text;

namespace HarvestTools.Files;

/// <summary>
/// Whole-file writes that are either complete under the final name or not there at all: temporary file in the same
/// folder, flush to disk, rename, flush the folder. All throw <see cref="HarvestException"/> (fault FileSystem).
/// </summary>
internal static class AtomicFile
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void WriteAllBytes(string path, ReadOnlySpan<byte> bytes, bool readOnly = false)
    {
        using PendingFile pending = Begin(path, bufferBytes: 0);
        Fill(pending, bytes);
        pending.Commit(path, readOnly);
    }

    /// <summary>
    /// The same without waiting for the disk, for a file that carries a digest of itself and can be made again: after a power cut it
    /// may be one that its reader does not believe.
    /// </summary>
    public static void WriteUnflushed(string path, ReadOnlySpan<byte> bytes)
    {
        using PendingFile pending = Begin(path, bufferBytes: 0);
        Fill(pending, bytes);
        pending.CommitUnflushed(path);
    }

    /// <summary>The same of what is written piece by piece.</summary>
    public static void WriteUnflushed(string path, Action<Stream> write)
    {
        using PendingFile pending = Begin(path);
        Fill(pending, write);
        pending.CommitUnflushed(path);
    }

    /// <summary>The same of many files of one folder, which wait for the disk once.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="files">Their full paths and bytes.</param>
    /// <exception cref="HarvestException">The file system refused it; each of them is as it was or as it should be.</exception>
    public static void WriteAll(string folder, IReadOnlyList<(string Path, byte[] Bytes)> files)
    {
        if (files.Count == 0)
        {
            return;
        }

        var pending = new PendingFile[files.Count];
        try
        {
            for (int i = 0; i < pending.Length; i++)
            {
                pending[i] = PendingFile.Create(folder, bufferBytes: 0);
                Fill(pending[i], files[i].Bytes);
                pending[i].Complete();
            }

            DiskFlush.Current.Rest([folder]);
            for (int i = 0; i < pending.Length; i++)
            {
                pending[i].CommitCompleted(files[i].Path);
            }

            DurableFolder.Flush(folder);
        }
        finally
        {
            foreach (PendingFile? file in pending)
            {
                file?.Dispose();
            }
        }
    }

    /// <summary>UTF-8 without a byte-order mark; line ends as they are in the text.</summary>
    public static void WriteAllText(string path, string text, bool readOnly = false) =>
        WriteAllBytes(path, s_utf8.GetBytes(text), readOnly);

    public static void Write(string path, Action<Stream> write, bool readOnly = false)
    {
        using PendingFile pending = Begin(path);
        Fill(pending, write);
        pending.Commit(path, readOnly);
    }

    /// <summary>False, with nothing changed, where the name is taken; of several processes exactly one gets true.</summary>
    public static bool TryCreateNew(string path, ReadOnlySpan<byte> bytes, bool readOnly = false)
    {
        // A cheap look first: most calls for a taken name need no temporary file.
        if (File.Exists(path))
        {
            return false;
        }

        using PendingFile pending = Begin(path, bufferBytes: 0);
        Fill(pending, bytes);
        return pending.TryCommitNew(path, readOnly);
    }

    /// <summary>
    /// Puts the source's bytes under the target's name, as a second name of the same file where the file system can,
    /// else as a copy; what stood there is replaced. Returns true for a link. With <paramref name="flush"/> false a link's
    /// folder is the caller's to flush, once for many.
    /// </summary>
    public static bool HardLinkOrCopy(string source, string target, bool flush = true)
    {
        string folder = FolderOf(target);
        try
        {
            // A free name in a folder that is there is taken at once, without a look at either: slices have thousands.
            bool linked = TryLink(source, target);
            if (!linked)
            {
                DurableFolder.Ensure(folder);
                linked = File.Exists(source) ? TryLink(source, target) || TryReplaceByLink(source, target, folder)
                    : throw FileErrors.FileNotFound(source, "link");
            }

            if (linked)
            {
                if (flush)
                {
                    DurableFolder.Flush(folder);
                }

                return true;
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, target, "write");
        }

        Write(target, output =>
        {
            using FileStream input = OpenRead(source);
            input.CopyTo(output);
        });
        return false;
    }

    private static bool TryReplaceByLink(string source, string target, string folder)
    {
        string temporary = PendingFile.TemporaryName(folder);
        if (!TryLink(source, temporary))
        {
            return false;
        }

        try
        {
            PendingFile.Replace(temporary, target);
        }
        finally
        {
            // rename(2) leaves both names alone where they already are the same file.
            PendingFile.Discard(temporary);
        }

        return true;
    }

    /// <summary>Makes a second name; false where the file system cannot, and where the name is taken.</summary>
    internal static bool TryLink(string source, string target) => OperatingSystem.IsWindows()
        ? WindowsNative.HardLink(source, target)
        : UnixNative.HardLink(source, target) == 0;

    /// <summary>Opens for reading while others may read, replace or delete the name.</summary>
    /// <exception cref="HarvestException">NotARegularFile, before a pipe could block; the file is missing or may not be read.</exception>
    public static FileStream OpenRead(string path, int bufferBytes = 64 * 1024)
    {
        FileKinds.RequireReadable(path, "read");
        try
        {
            return FileFaults.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferBytes, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }

    /// <exception cref="HarvestException">As <see cref="OpenRead"/>.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        FileKinds.RequireReadable(path, "read");
        try
        {
            FileFaults.Before(FileCall.OpenRead, path);
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "read");
        }
    }

    /// <summary>
    /// Reads a file into an array of the shared pool, which the caller gives back: many files, each too large for the
    /// collector to take it for small, would be as many new arrays.
    /// </summary>
    public static byte[] RentAllBytes(string path, out int length)
    {
        byte[] bytes = [];
        try
        {
            using FileStream file = OpenRead(path, bufferBytes: 0);
            bytes = ArrayPool<byte>.Shared.Rent(checked((int)file.Length));
            length = file.ReadAtLeast(bytes.AsSpan(0, (int)file.Length), (int)file.Length, throwOnEndOfStream: false);
            return bytes;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw FileErrors.From(exception, path, "read");
        }
    }

    private static PendingFile Begin(string path) => PendingFile.Create(FolderOf(path));

    private static PendingFile Begin(string path, int bufferBytes) => PendingFile.Create(FolderOf(path), bufferBytes);

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static void Fill(PendingFile pending, ReadOnlySpan<byte> bytes)
    {
        try
        {
            pending.Stream.Write(bytes);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, pending.TemporaryPath, "write");
        }
    }

    /// <summary>Writes into a file that the caller commits.</summary>
    public static void Fill(PendingFile pending, Action<Stream> write)
    {
        try
        {
            write(pending.Stream);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, pending.TemporaryPath, "write");
        }
    }
}
