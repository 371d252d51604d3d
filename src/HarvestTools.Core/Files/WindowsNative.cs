using System.Runtime.InteropServices;

namespace HarvestTools.Files;

/// <summary>The one call of Windows that .NET has no counterpart for. Never called elsewhere.</summary>
internal static partial class WindowsNative
{
    /// <summary>A second name for a file on the same volume; false where the name exists or the file system has no links.</summary>
    public static bool HardLink(string existing, string name) => CreateHardLink(name, existing, 0);

    [LibraryImport("kernel32.dll", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint securityAttributes);
}
