namespace HarvestTools.Files;

/// <summary>What a name in a folder is.</summary>
internal enum FileKind
{
    /// <summary>Nothing has the name.</summary>
    None,

    /// <summary>A file with bytes of its own.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link, or a junction of Windows.</summary>
    Link,

    /// <summary>A named pipe (FIFO): opening one waits for a writer, perhaps for ever.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device, which may have no end.</summary>
    Device,
}

/// <summary>
/// Separates files from what only has a file's name. .NET does not say it of pipes, sockets and devices, and opening a pipe waits for
/// another process, so it is asked before anything is opened.
/// </summary>
internal static class FileKinds
{
    private const int TypeMask = 0xF000;

    /// <summary>What the name itself is: a link is a link, wherever it leads.</summary>
    /// <param name="path">Full path.</param>
    public static FileKind Of(string path) => Find(path, follow: false);

    /// <summary>What opening the name opens: links are followed, and one that leads nowhere is <see cref="FileKind.None"/>.</summary>
    /// <param name="path">Full path.</param>
    public static FileKind Behind(string path) => Find(path, follow: true);

    /// <summary>Where a link leads, as it is written in it; null for what is no link.</summary>
    /// <param name="path">Full path.</param>
    public static string? TargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? new DirectoryInfo(path).LinkTarget;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return null;
        }
    }

    /// <summary>For messages: <c>a link to '/usr'</c>, <c>a named pipe</c>.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="path">Full path.</param>
    public static string Describe(FileKind kind, string path) => kind switch
    {
        FileKind.Link when TargetOf(path) is { } target => Behind(path) == FileKind.None ? $"a link to '{target}', which is not there" : $"a link to '{target}'",
        FileKind.Link => "a link",
        FileKind.Regular => "a file",
        FileKind.Folder => "a folder",
        FileKind.Pipe => "a named pipe",
        FileKind.Socket => "a socket",
        FileKind.Device => "a device",
        _ => "not there",
    };

    /// <summary>Refuses to read what is neither a file nor a link to one. What is not there passes: opening it says so.</summary>
    /// <param name="path">The file.</param>
    /// <param name="action">A verb as in "cannot <c>read</c> …".</param>
    /// <exception cref="HarvestException">NotARegularFile.</exception>
    public static void RequireReadable(string path, string action)
    {
        FileKind kind = Behind(path);
        if (kind is FileKind.Pipe or FileKind.Socket or FileKind.Device)
        {
            throw FileErrors.NotARegularFile(path, action, Describe(kind, path));
        }
    }

    /// <summary>
    /// Refuses what is in the place of a file of the store without being one, links among it: what a link leads to is not the
    /// store's, and may be another archive's or the system's. What is not there passes.
    /// </summary>
    /// <param name="path">Full path.</param>
    /// <param name="action">A verb as in "cannot <c>read</c> …".</param>
    /// <exception cref="HarvestException">NotAStoredFile.</exception>
    public static void RequireStored(string path, string action)
    {
        FileKind kind = Of(path);
        if (kind is not (FileKind.Regular or FileKind.None))
        {
            throw FileErrors.NotAStoredFile(path, action, Describe(kind, path));
        }
    }

    /// <summary>The same for a folder of the store.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="action">A verb as in "cannot <c>read</c> …".</param>
    /// <exception cref="HarvestException">NotAStoredFile.</exception>
    public static void RequireStoredFolder(string path, string action)
    {
        FileKind kind = Of(path);
        if (kind is not (FileKind.Folder or FileKind.None))
        {
            throw FileErrors.NotAStoredFile(path, action, Describe(kind, path));
        }
    }

    private static FileKind Find(string path, bool follow)
    {
        try
        {
            // An older system library may lack the call; .NET's own answer then knows files, folders and links.
            return OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() ? OfMode(UnixNative.ModeOf(path, follow)) : OfAttributes(path, follow);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return OfAttributes(path, follow);
        }
    }

    private static FileKind OfMode(int mode) => (mode & TypeMask) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        0x1000 => FileKind.Pipe,
        0xC000 => FileKind.Socket,
        0x2000 or 0x6000 => FileKind.Device,
        _ => FileKind.None,
    };

    private static FileKind OfAttributes(string path, bool follow)
    {
        // Other reparse points than links (a file kept in a cloud, a deduplicated one) are files like any other.
        if (!follow && TargetOf(path) is not null)
        {
            return FileKind.Link;
        }

        try
        {
            FileSystemInfo info = new FileInfo(path);
            if (follow && info.LinkTarget is not null)
            {
                info = info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
            }

            FileAttributes attributes = File.GetAttributes(info.FullName);
            return attributes.HasFlag(FileAttributes.Directory) ? FileKind.Folder
                : attributes.HasFlag(FileAttributes.Device) ? FileKind.Device
                : FileKind.Regular;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return FileKind.None;
        }
    }
}
