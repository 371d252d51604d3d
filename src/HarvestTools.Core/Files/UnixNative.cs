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
    private const int KillSignal = 9;

    /// <summary>
    /// Makes the names in a folder durable. File systems that cannot flush a folder (some network and FUSE ones)
    /// refuse the call; only a real input/output error is reported.
    /// </summary>
    /// <returns>Whether the system did it.</returns>
    public static bool FlushFolder(string folder)
    {
        // O_RDONLY | O_CLOEXEC; no mode is passed, so the variadic prototype does not matter on any ABI.
        int flags = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
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

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
