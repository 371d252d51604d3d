using System.Buffers.Binary;

namespace HarvestTools.Files;

/// <summary>
/// What the file system knows of a file without reading it, as stat(2) gives it. Where all of it is as it was, the bytes are,
/// unless someone took pains to hide a change.
/// </summary>
/// <param name="Bytes">The file's size.</param>
/// <param name="Modified">When its bytes were changed last, in nanoseconds, or in Windows' units there.</param>
/// <param name="Changed">When anything of it was changed last, which programs cannot set back; 0 on Windows.</param>
/// <param name="Inode">The file's number, another one for a file put in its place.</param>
/// <param name="Device">The volume that the number belongs to.</param>
internal sealed record FileStat(long Bytes, long Modified, long Changed, ulong Inode, ulong Device)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Null where there is no such file, or the system does not say.</summary>
    public static FileStat? TryGet(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OnLinux(path)
                : OperatingSystem.IsMacOS() ? OnMac(path)
                : OperatingSystem.IsWindows() ? OnWindows(path)
                : null;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception) || exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether no two files can have this stat at one time: the system gives a time of change and a number. On Windows
    /// the number may be cut short, and there is no such time.
    /// </summary>
    public bool IsOfOneFile => Changed != 0 && Inode != 0;

    /// <summary>
    /// False for a file changed so lately that it may change again within one tick of its times.
    /// </summary>
    public bool IsSettled(DateTimeOffset now)
    {
        const int CoarsestTickSeconds = 3;
        DateTimeOffset modified = OperatingSystem.IsWindows()
            ? DateTimeOffset.FromFileTime(Modified)
            : DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(Modified, Changed) / 1_000_000);
        return modified.AddSeconds(CoarsestTickSeconds) < now;
    }

    /// <summary>struct statx of linux/stat.h, the same on every architecture.</summary>
    private static FileStat? OnLinux(string path)
    {
        Span<byte> found = stackalloc byte[256];
        found.Clear();
        if (UnixNative.Statx(path, found) != 0)
        {
            return null;
        }

        return new FileStat(
            BinaryPrimitives.ReadInt64LittleEndian(found[40..]),
            Nanoseconds(found[112..]),
            Nanoseconds(found[96..]),
            BinaryPrimitives.ReadUInt64LittleEndian(found[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(found[136..]));
    }

    /// <summary>struct stat of sys/stat.h with 64-bit file numbers.</summary>
    private static FileStat? OnMac(string path)
    {
        Span<byte> found = stackalloc byte[256];
        found.Clear();
        if (UnixNative.StatMac(path, found) != 0)
        {
            return null;
        }

        return new FileStat(
            BinaryPrimitives.ReadInt64LittleEndian(found[96..]),
            Nanoseconds(found[48..]),
            Nanoseconds(found[64..]),
            BinaryPrimitives.ReadUInt64LittleEndian(found[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(found));
    }

    /// <summary>BY_HANDLE_FILE_INFORMATION of fileapi.h.</summary>
    private static FileStat? OnWindows(string path)
    {
        Span<byte> found = stackalloc byte[52];
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        if (!WindowsNative.FileInformation(file, found))
        {
            return null;
        }

        return new FileStat(
            Halves(found[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(found[20..]),
            0,
            (ulong)Halves(found[44..]),
            BinaryPrimitives.ReadUInt32LittleEndian(found[28..]));
    }

    /// <summary>Seconds and nanoseconds.</summary>
    private static long Nanoseconds(ReadOnlySpan<byte> time) =>
        (BinaryPrimitives.ReadInt64LittleEndian(time) * NanosecondsPerSecond) + BinaryPrimitives.ReadUInt32LittleEndian(time[8..]);

    /// <summary>The high half first.</summary>
    private static long Halves(ReadOnlySpan<byte> number) =>
        ((long)BinaryPrimitives.ReadUInt32LittleEndian(number) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(number[4..]);
}
