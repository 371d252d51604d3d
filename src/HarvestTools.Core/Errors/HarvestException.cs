namespace HarvestTools.Errors;

/// <summary>What kind of fault stopped the work. The program turns it into an exit code, the cmdlets into an error category.</summary>
public enum HarvestFault
{
    /// <summary>The caller asked for something impossible or misspelt (exit code 2).</summary>
    Usage,

    /// <summary>An export, a manifest or a settings file is at fault (exit code 3).</summary>
    InvalidData,

    /// <summary>Something named does not exist: a slice, an export, a file (exit code 3).</summary>
    NotFound,

    /// <summary>Bytes no longer have the hash they were stored under (exit code 3).</summary>
    Damaged,

    /// <summary>A derivation no longer gives what was recorded (exit code 1).</summary>
    Drift,

    /// <summary>Not inside a repository (exit code 4).</summary>
    NotARepository,

    /// <summary>The file system refused a write or a read (exit code 4).</summary>
    FileSystem,

    /// <summary>A remote cannot be reached or refused (exit code 4).</summary>
    Remote,

    /// <summary>HarvestTools itself is at fault (exit code 70).</summary>
    Internal,
}

/// <summary>
/// An error a user can act on. <see cref="ErrorId"/> is stable and names the factory method that made it;
/// <see cref="Remedy"/> says what to do.
/// </summary>
public sealed class HarvestException : Exception
{
    /// <summary>Makes an error; none exists without an id and a remedy.</summary>
    public HarvestException(string errorId, HarvestFault fault, string message, Remedy remedy, object? subject = null, Exception? inner = null)
        : base(message, inner)
    {
        ErrorId = errorId;
        Fault = fault;
        Remedy = remedy;
        Subject = subject;
    }

    /// <summary>Stable identifier, for example <c>ExportTruncated</c>; documented in docs/errors.md.</summary>
    public string ErrorId { get; }

    /// <summary>What kind of fault it is.</summary>
    public HarvestFault Fault { get; }

    /// <summary>What to do about it, one or two sentences; each front end spells it in its own commands.</summary>
    public Remedy Remedy { get; }

    /// <summary>What the error is about: a path, a slice version, a hash.</summary>
    public object? Subject { get; }
}
