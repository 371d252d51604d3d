namespace HarvestTools.Files;

/// <summary>What is asked of the file system.</summary>
internal enum FileCall
{
    /// <summary>Opening a file that is there.</summary>
    OpenRead,

    /// <summary>Reading bytes of an open file.</summary>
    Read,

    /// <summary>Opening a file to write to it, which makes it where it is missing.</summary>
    OpenWrite,

    /// <summary>Writing bytes to an open file.</summary>
    Write,

    /// <summary>Putting a file's bytes on disk.</summary>
    Flush,

    /// <summary>Putting a folder's names on disk.</summary>
    FlushFolder,

    /// <summary>Giving a file or a folder another name.</summary>
    Move,

    /// <summary>Giving a file a second name.</summary>
    Link,

    /// <summary>Deleting a file or a folder.</summary>
    Delete,

    /// <summary>Making a folder.</summary>
    MakeFolder,

    /// <summary>Changing permissions or attributes.</summary>
    SetMode,
}

/// <summary>What sees each call before it is made, and throws in its place what a system would.</summary>
internal interface IFileFaults
{
    /// <param name="call">What is about to be asked for.</param>
    /// <param name="path">Of which file or folder; of a move or link, the new name.</param>
    /// <exception cref="IOException">The call fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The call is refused.</exception>
    void Before(FileCall call, string path);
}

/// <summary>
/// The one place that every change of the file system and every read of a file passes on its way to the system. A disk that is
/// full or fails at one call among hundreds cannot be had on request, so tests put one in here.
/// </summary>
internal static class FileFaults
{
    // Follows the flow of one test into the threads that it starts; tests beside it meet no fault.
    private static readonly AsyncLocal<IFileFaults?> s_current = new();

    // Nothing else is looked at outside of tests.
    private static int s_users;

    /// <summary>Whether calls are watched on this thread.</summary>
    public static bool Watched => s_users > 0 && s_current.Value is not null;

    /// <summary>Says that a call is about to be made.</summary>
    /// <param name="call">The call.</param>
    /// <param name="path">Of which file or folder.</param>
    public static void Before(FileCall call, string path)
    {
        if (s_users > 0)
        {
            s_current.Value?.Before(call, path);
        }
    }

    /// <summary>The same for calls that give the system's code and throw nothing; 0 where the call may be made.</summary>
    /// <param name="call">The call.</param>
    /// <param name="path">Of which file or folder.</param>
    public static int CodeOf(FileCall call, string path)
    {
        try
        {
            Before(call, path);
            return 0;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            const int Refused = 13;
            return exception is UnauthorizedAccessException ? Refused : exception.HResult & 0xFFFF;
        }
    }

    /// <summary>Opens a file like <see cref="FileStream"/>; a watched one asks before each read and write, and holds nothing back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to open it.</param>
    public static FileStream Open(string path, FileStreamOptions options)
    {
        if (!Watched)
        {
            return new FileStream(path, options);
        }

        Before(options.Access == FileAccess.Read ? FileCall.OpenRead : FileCall.OpenWrite, path);

        // Without a buffer, since the rest of one would be written by closing the file, which a process that died does not do.
        options.BufferSize = 0;
        return new WatchedStream(path, options);
    }

    /// <inheritdoc cref="Open(string, FileStreamOptions)"/>
    public static FileStream Open(
        string path, FileMode mode, FileAccess access, FileShare share, int bufferBytes = 4096, FileOptions options = FileOptions.None) => Open(path, new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = share,
            BufferSize = bufferBytes,
            Options = options,
        });

    /// <summary>For tests: has all calls of this thread, and of those that it starts, pass the faults until the result is disposed.</summary>
    /// <param name="faults">What makes calls fail.</param>
    public static IDisposable Use(IFileFaults faults)
    {
        Interlocked.Increment(ref s_users);
        s_current.Value = faults;
        return new Usage();
    }

    private sealed class Usage : IDisposable
    {
        public void Dispose()
        {
            s_current.Value = null;
            Interlocked.Decrement(ref s_users);
        }
    }

    private sealed class WatchedStream(string path, FileStreamOptions options) : FileStream(path, options)
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            Before(FileCall.Read, Name);
            return base.Read(buffer, offset, count);
        }

        public override int Read(Span<byte> buffer)
        {
            Before(FileCall.Read, Name);
            return base.Read(buffer);
        }

        public override int ReadByte()
        {
            Before(FileCall.Read, Name);
            return base.ReadByte();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Before(FileCall.Write, Name);
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Before(FileCall.Write, Name);
            base.Write(buffer);
        }

        public override void WriteByte(byte value)
        {
            Before(FileCall.Write, Name);
            base.WriteByte(value);
        }
    }
}
