using System.Globalization;

namespace HarvestTools.Files;

/// <summary>Errors of the file system and of paths; the method's name is the error's id.</summary>
internal static class FileErrors
{
    // .NET puts the raw errno into HResult on Unix and a Win32 code in the low word on Windows.
    private const int UnixNoSpace = 28;
    private const int UnixReadOnlyFileSystem = 30;
    private const int WindowsSharingViolation = 32;
    private const int WindowsLockViolation = 33;
    private const int WindowsHandleDiskFull = 39;
    private const int WindowsDiskFull = 112;

    /// <summary>True for what the file system throws; programming errors pass through untouched.</summary>
    public static bool IsFileFault(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or System.Security.SecurityException or NotSupportedException;

    /// <summary>
    /// Turns what the file system threw into an error with the path and a remedy. <paramref name="action"/> is a verb
    /// as in "cannot <c>read</c> …".
    /// </summary>
    public static HarvestException From(Exception exception, string path, string action)
    {
        if (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return FileNotFound(path, action, exception);
        }

        if (exception is PathTooLongException)
        {
            return PathTooLong(path, exception);
        }

        int code = OperatingSystem.IsWindows() ? exception.HResult & 0xFFFF : exception.HResult;
        if (OperatingSystem.IsWindows() ? code is WindowsDiskFull or WindowsHandleDiskFull : code == UnixNoSpace)
        {
            return DiskFull(path, exception);
        }

        if (!OperatingSystem.IsWindows() && code == UnixReadOnlyFileSystem)
        {
            return AccessDenied(path, action, exception);
        }

        if (exception is UnauthorizedAccessException or System.Security.SecurityException)
        {
            // .NET reports a folder in a file's place as a denied access; say what it is.
            return Directory.Exists(path) ? NotAFile(path, action, exception) : AccessDenied(path, action, exception);
        }

        return IsSharingViolation(exception) ? FileInUse(path, action, exception) : FileFailed(path, action, code, exception);
    }

    /// <summary>True where another process holds the file and a later try may succeed.</summary>
    public static bool IsSharingViolation(Exception exception)
    {
        if (exception is not IOException || exception is FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        {
            return false;
        }

        // On Unix the only such case is the advisory lock that .NET takes for FileShare.None (EWOULDBLOCK).
        return OperatingSystem.IsWindows()
            ? (exception.HResult & 0xFFFF) is WindowsSharingViolation or WindowsLockViolation
            : exception.HResult is UnixNative.WouldBlockLinux or UnixNative.WouldBlockMac;
    }

    public static HarvestException FileNotFound(string path, string action, Exception? inner = null) => new(
        nameof(FileNotFound), HarvestFault.NotFound,
        $"Cannot {action} '{path}': there is no such file or folder.",
        "Check the path and its spelling.", path, inner);

    /// <summary>Whether something was not there that had to be, be it because it has been deleted meanwhile.</summary>
    public static bool IsGone(HarvestException fault) => fault.ErrorId == nameof(FileNotFound);

    public static HarvestException AccessDenied(string path, string action, Exception? inner = null) => new(
        nameof(AccessDenied), HarvestFault.FileSystem,
        $"Cannot {action} '{path}': access is denied.",
        "Check the permissions of the file and of its folder, and that the disk is not mounted read-only.", path, inner);

    public static HarvestException NotAFile(string path, string action, Exception? inner = null) => new(
        nameof(NotAFile), HarvestFault.FileSystem,
        $"Cannot {action} '{path}': it is a folder, not a file.",
        "Name a file, or move the folder out of the way.", path, inner);

    /// <summary>A file in the place of a folder.</summary>
    public static HarvestException NotAFolder(string path) => new(
        nameof(NotAFolder), HarvestFault.FileSystem,
        $"'{path}' is a file, not a folder.",
        "Name a folder, or move the file out of the way.", path);

    /// <summary>A file that somebody needs, where something was to be written.</summary>
    public static HarvestException FileWouldBeLost(string path, string what) => new(
        nameof(FileWouldBeLost), HarvestFault.Usage,
        $"'{path}' has other content than {what}, and was left as it is.",
        "Name another file, or move this one out of the way.", path);

    /// <summary>A pipe, a socket or a device in the place of a file.</summary>
    public static HarvestException NotARegularFile(string path, string action, string what) => new(
        nameof(NotARegularFile), HarvestFault.InvalidData,
        $"Cannot {action} '{path}': it is {what}, which was not opened, since it may never end.",
        "Name a file; what comes out of a pipe is written into a file first.", path);

    /// <summary>A link, a folder, a pipe, a socket or a device in the place of a file or a folder of the store.</summary>
    public static HarvestException NotAStoredFile(string path, string action, string what) => new(
        nameof(NotAStoredFile), HarvestFault.InvalidData,
        $"Cannot {action} '{path}': it is {what}, which does not belong there and was not followed.",
        $"Move it elsewhere, and put what belongs there back from git or a backup; {new RemedyAction.RepairArchive()} does both for objects of the archive.", path);

    /// <summary>A link in a folder that is hashed as a whole.</summary>
    public static HarvestException LinkNotFollowed(string path, string what, string folder) => new(
        nameof(LinkNotFollowed), HarvestFault.InvalidData,
        $"Cannot hash the folder '{folder}': '{path}' is {what}, and only links to files in the folder are followed.",
        "Copy what the link leads to into the folder, or take the link out.", path);

    public static HarvestException DiskFull(string path, Exception? inner = null) => new(
        nameof(DiskFull), HarvestFault.FileSystem,
        $"Cannot write '{path}': the disk is full.",
        "Free space on that disk and run the command again; nothing half-written was left under its final name.", path, inner);

    public static HarvestException PathTooLong(string path, Exception? inner = null) => new(
        nameof(PathTooLong), HarvestFault.FileSystem,
        $"The path '{path}' is too long for this system.",
        "Move the repository to a folder with a shorter path.", path, inner);

    public static HarvestException FileInUse(string path, string action, Exception? inner = null) => new(
        nameof(FileInUse), HarvestFault.FileSystem,
        $"Cannot {action} '{path}': another process has it open.",
        "Close the program that uses the file and run the command again.", path, inner);

    public static HarvestException FileFailed(string path, string action, int code, Exception? inner = null) => new(
        nameof(FileFailed), HarvestFault.FileSystem,
        string.Create(CultureInfo.InvariantCulture, $"Cannot {action} '{path}': the system reports error {code}."),
        "Check the disk or the network share of the file, then run the command again.", path, inner);

    public static HarvestException LockTimedOut(string path, int seconds) => new(
        nameof(LockTimedOut), HarvestFault.FileSystem,
        string.Create(CultureInfo.InvariantCulture, $"Another process has kept '{path}' locked for more than {seconds} seconds."),
        "Wait for the other harvest process to end, or end it, and run the command again.", path);

    public static HarvestException GitNotRead(string folder, string why) => new(
        nameof(GitNotRead), HarvestFault.FileSystem,
        $"What the branches and tags of git have cannot be read from '{folder}': {why.ReplaceLineEndings(" ").TrimEnd('.', ' ')}.",
        "Have git on the path, and do what it says; in a clone without all objects run 'git fetch --refetch --no-filter'.", folder);

    public static HarvestException PathLeavesRepository(string path, string why) => new(
        nameof(PathLeavesRepository), HarvestFault.InvalidData,
        $"The path '{path}' leaves the repository: {why}.",
        "Write a path below the repository's folder, relative to it and with '/' between the parts.", path);

    public static HarvestException PathInGit(string path) => new(
        nameof(PathInGit), HarvestFault.InvalidData,
        $"The path '{path}' is in git's own folder, or a link leads there: git would take what is written for its own, or delete it.",
        "Write a path outside of '.git'.", path);

    public static HarvestException PathNotPortable(string path, string why) => new(
        nameof(PathNotPortable), HarvestFault.InvalidData,
        $"The path '{path}' cannot be recorded so that every system reads it: {why}.",
        "Write '/' between the parts and rename files whose names other systems refuse.", path);
}
