using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Files;

/// <summary>The few calls of Windows that .NET has no counterpart for. Never called elsewhere.</summary>
internal static partial class WindowsNative
{
    /// <summary>A second name for a file on the same volume; false where the name exists or the file system has no links.</summary>
    public static bool HardLink(string existing, string name) => FileFaults.CodeOf(FileCall.Link, name) == 0 && CreateHardLink(name, existing, 0);

    /// <summary>Fills a BY_HANDLE_FILE_INFORMATION of 52 bytes.</summary>
    public static bool FileInformation(SafeFileHandle file, Span<byte> found) =>
        GetFileInformationByHandle(file, ref MemoryMarshal.GetReference(found));

    [LibraryImport("kernel32.dll", EntryPoint = "GetFileInformationByHandle")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, ref byte found);

    [LibraryImport("kernel32.dll", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint securityAttributes);
}
