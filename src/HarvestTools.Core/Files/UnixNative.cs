using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HarvestTools.Files;

/// <summary>The few calls of the C library that .NET has no counterpart for. Never called on Windows.</summary>
internal static partial class UnixNative
{
    public const int FileExists = 17;
    public const int WouldBlockLinux = 11;
    public const int WouldBlockMac = 35;
    private const int InputOutputError = 5;
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    // O_RDONLY | O_CLOEXEC.
    private const int OpenFolderLinux = 0x80000;
    private const int KillSignal = 9;

    /// <summary>
    /// Makes the names in a folder durable. File systems that cannot flush a folder (some network and FUSE ones)
    /// refuse the call; only a real input/output error is reported.
    /// </summary>
    /// <returns>Whether the system did it.</returns>
    public static bool FlushFolder(string folder)
    {
        // O_RDONLY | O_CLOEXEC; no mode is passed, so the variadic prototype does not matter on any ABI.
        int flags = OperatingSystem.IsMacOS() ? 0x1000000 : OpenFolderLinux;
        int descriptor = Open(folder, flags);
        if (descriptor < 0)
        {
            return false;
        }

        int failed = Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed == InputOutputError)
        {
            throw FileErrors.FileFailed(folder, "flush", failed);
        }

        return failed == 0;
    }

    /// <summary>Puts all on disk that was written to the file system of a folder: one wait where each file by itself would be one. Linux only.</summary>
    /// <returns>False where the system does not do it.</returns>
    /// <exception cref="HarvestException">The disk failed.</exception>
    public static bool FlushFileSystem(string folder)
    {
        int descriptor = Open(folder, OpenFolderLinux);
        if (descriptor < 0)
        {
            return false;
        }

        bool trusted = IsFlushedAsAWhole(descriptor);
        int failed = !trusted || SyncFs(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        return failed is not (InputOutputError or NoSpace or QuotaExceeded) ? trusted && failed == 0
            : throw FileErrors.From(new IOException("The disk failed.", failed), folder, "flush");
    }

    /// <summary>Whether the file system keeps what syncfs(2) says. A network or FUSE file system may take a file's own flush to its server, and no other.</summary>
    private static bool IsFlushedAsAWhole(int descriptor)
    {
        // struct statfs begins with the type: ext2 to ext4, XFS, Btrfs, F2FS, ZFS, tmpfs, overlayfs, as linux/magic.h and ZFS have them.
        Span<byte> found = stackalloc byte[256];
        found.Clear();
        return Environment.Is64BitProcess && StatFs(descriptor, ref MemoryMarshal.GetReference(found)) == 0
            && BinaryPrimitives.ReadInt64LittleEndian(found) is 0xEF53 or 0x58465342 or 0x9123683E or 0xF2F52010 or 0x2FC12FC1 or 0x01021994 or 0x794C7630;
    }

    /// <summary>Hands a file's bytes to the drive, which may keep them in a cache of its own for a while. macOS only.</summary>
    /// <returns>Whether the system did it.</returns>
    public static bool HandToDrive(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return Fsync((int)file.DangerousGetHandle()) == 0;
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>A second name for a file; fails where the name exists. Returns 0 or the errno.</summary>
    public static int HardLink(string existing, string name) =>
        FileFaults.CodeOf(FileCall.Link, name) is not 0 and int code ? code : Link(existing, name) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Ends every process of a group at once; one that has ended already is none.</summary>
    /// <param name="group">The number of the process that leads the group.</param>
    public static void KillGroup(int group) => _ = Kill(-group, KillSignal);

    /// <summary>Fills a struct statx of 256 bytes; 0 or -1. Linux only.</summary>
    public static int Statx(string path, Span<byte> found)
    {
        // AT_FDCWD: from the current folder, which does not matter for full paths. STATX_BASIC_STATS: what stat(2) reports.
        const int CurrentFolder = -100;
        const uint BasicStats = 0x7FF;
        return StatxLinux(CurrentFolder, path, 0, BasicStats, ref MemoryMarshal.GetReference(found));
    }

    /// <summary>Fills a struct stat of 144 bytes; 0 or -1. macOS only.</summary>
    public static int StatMac(string path, Span<byte> found) => RuntimeInformation.ProcessArchitecture == Architecture.X64
        ? StatInode64(path, ref MemoryMarshal.GetReference(found))
        : Stat(path, ref MemoryMarshal.GetReference(found));

    /// <summary>The mode of a file, its type in the upper bits; 0 where there is none. Linux and macOS.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="follow">Of what a link leads to, else of the link.</param>
    public static int ModeOf(string path, bool follow)
    {
        Span<byte> found = stackalloc byte[256];
        found.Clear();
        ref byte first = ref MemoryMarshal.GetReference(found);
        if (OperatingSystem.IsMacOS())
        {
            bool wide = RuntimeInformation.ProcessArchitecture == Architecture.X64;
            int failed = (wide, follow) switch
            {
                (true, true) => StatInode64(path, ref first),
                (true, false) => LinkStatInode64(path, ref first),
                (false, true) => Stat(path, ref first),
                (false, false) => LinkStat(path, ref first),
            };
            return failed != 0 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(found[4..]);
        }

        // AT_SYMLINK_NOFOLLOW; STATX_TYPE.
        const int CurrentFolder = -100;
        const int OfTheLink = 0x100;
        const uint TypeAlone = 1;
        return StatxLinux(CurrentFolder, path, follow ? 0 : OfTheLink, TypeAlone, ref first) != 0 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(found[28..]);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxLinux(int folder, string path, int flags, uint mask, ref byte found);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, ref byte found);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatInode64(string path, ref byte found);

    [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkStat(string path, ref byte found);

    [LibraryImport("libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkStatInode64(string path, ref byte found);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fstatfs")]
    private static partial int StatFs(int descriptor, ref byte found);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
