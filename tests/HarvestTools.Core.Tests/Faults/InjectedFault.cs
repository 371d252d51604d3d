using HarvestTools.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Faults;

/// <summary>How a call fails.</summary>
internal enum FaultKind
{
    /// <summary>The disk is full, or at a read it fails.</summary>
    Broken,

    /// <summary>Access is denied.</summary>
    Denied,

    /// <summary>As if the process died before the call: all later calls fail too, clean-ups among them.</summary>
    Cut,
}

/// <summary>Counts the calls of a command and makes one of them fail.</summary>
/// <param name="at">The call that fails, from 1; 0 only counts.</param>
/// <param name="kind">How it fails.</param>
internal sealed class InjectedFault(int at, FaultKind kind) : IFileFaults
{
    private readonly Lock _gate = new();

    /// <summary>How many calls were made.</summary>
    public int Calls { get; private set; }

    /// <summary>The call that failed, for messages.</summary>
    public string Failed { get; private set; } = "none";

    public void Before(FileCall call, string path)
    {
        lock (_gate)
        {
            Calls++;
            if (at == 0 || (kind == FaultKind.Cut ? Calls < at : Calls != at))
            {
                return;
            }

            if (Calls == at)
            {
                Failed = $"{call} {path}";
            }
        }

        throw kind == FaultKind.Denied ? new UnauthorizedAccessException($"Access to the path '{path}' is denied.") : Broken(call);
    }

    /// <summary>Has what the test runs meet the fault. No byte waits for a real disk.</summary>
    public IDisposable Use()
    {
        IDisposable faults = FileFaults.Use(this);
        IDisposable flushes = DiskFlush.Observe(new NoWait());
        return new Both(faults, flushes);
    }

    private static IOException Broken(FileCall call)
    {
        const int NoSpace = 28;
        const int InputOutput = 5;
        const int WindowsDiskFull = unchecked((int)0x80070070);
        const int WindowsCrc = unchecked((int)0x80070017);
        bool reading = call is FileCall.OpenRead or FileCall.Read or FileCall.Flush or FileCall.FlushFolder;
        return OperatingSystem.IsWindows()
            ? new IOException("The device failed.", reading ? WindowsCrc : WindowsDiskFull)
            : new IOException("The device failed.", reading ? InputOutput : NoSpace);
    }

    private sealed class NoWait : IDiskFlush
    {
        public void File(SafeFileHandle file, string path) => FileFaults.Before(FileCall.Flush, path);

        public void Folder(string folder)
        {
            try
            {
                FileFaults.Before(FileCall.FlushFolder, folder);
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                throw FileErrors.From(exception, folder, "flush");
            }
        }
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            second.Dispose();
            first.Dispose();
        }
    }
}
