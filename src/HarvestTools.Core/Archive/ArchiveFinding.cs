using HarvestTools.Strings;

namespace HarvestTools.Archive;

/// <summary>What a check of the archive can find.</summary>
public static class ArchiveFindingKind
{
    /// <summary>An object's bytes no longer have the hash they are stored under.</summary>
    public const string Damaged = nameof(Damaged);

    /// <summary>A record or a slice refers to an object that is not there.</summary>
    public const string Missing = nameof(Missing);

    /// <summary>An object or a slice.json cannot be read, or a record of an export cannot be read or is not as it was written.</summary>
    public const string Unreadable = nameof(Unreadable);

    /// <summary>A file named like an object lies in the wrong folder.</summary>
    public const string Misplaced = nameof(Misplaced);

    /// <summary>A file that the archive did not put there; it is never removed.</summary>
    public const string Foreign = nameof(Foreign);

    /// <summary>
    /// A link, a pipe, a socket or a device in the store, or a folder where an object belongs; it is neither followed nor removed.
    /// </summary>
    public const string NotAFile = nameof(NotAFile);

    /// <summary>No record and no slice refers to the object.</summary>
    public const string Unreferenced = nameof(Unreferenced);

    /// <summary>The object is not marked read-only.</summary>
    public const string Writable = nameof(Writable);

    /// <summary>A temporary file of a process that was stopped.</summary>
    public const string Stale = nameof(Stale);

    /// <summary>A slice that another one follows is not in the repository.</summary>
    public const string ParentMissing = nameof(ParentMissing);

    /// <summary>A slice.json can be read and says what cannot be.</summary>
    public const string RecordDamaged = nameof(RecordDamaged);

    /// <summary>There is no archive where slices name exports, as in a clone.</summary>
    public const string StoreAbsent = nameof(StoreAbsent);

    /// <summary>Something is missing here, and whether the remote has it could not be found out.</summary>
    public const string RemoteUnasked = nameof(RemoteUnasked);

    /// <summary>A file of the cache no longer has the bytes that it was written with.</summary>
    public const string CacheDamaged = nameof(CacheDamaged);
}

/// <summary>How much a finding matters.</summary>
public static class FindingSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    public const string Information = nameof(Information);

    /// <summary>Untidy; no object is lost.</summary>
    public const string Warning = nameof(Warning);

    /// <summary>Something is lost or wrong; a check that finds it fails.</summary>
    public const string Error = nameof(Error);
}

/// <summary>One thing that a check of the archive found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Subject">The hash, or the file where there is none.</param>
/// <param name="Path">Full path of the file that it is about.</param>
/// <param name="Message">What was found and where.</param>
/// <param name="Fix">What to do about it; nothing where nothing need be done.</param>
/// <param name="Repaired">True where the repair was asked for and succeeded.</param>
public sealed record ArchiveFinding(
    string Kind, string Severity, string Subject, string Path, string Message, Remedy Fix, bool Repaired = false)
{
    /// <summary>What to do about it, in the commands of the front end that asked for the check; empty where nothing need be done.</summary>
    public string Remedy => Fix.Spell(Commands);

    /// <summary>Why the repair of an error failed where the file system refused it, for example a full disk; null where it did not.</summary>
    public HarvestException? RepairFault { get; init; }

    internal Remedy Fix { get; init; } = Fix;

    internal ICommandSpelling Commands { get; init; } = NeutralSpelling.Instance;

    /// <summary>True for what makes the archive less than whole: an error that was not repaired.</summary>
    public bool IsFault => Severity == FindingSeverity.Error && !Repaired;

    /// <summary><c>Damaged ef261e446ec3</c>.</summary>
    public override string ToString() => $"{Kind} {Figures.ShortHash(Subject)}";
}

/// <summary>How far a check of the archive has come.</summary>
/// <param name="ObjectsDone">Objects read so far.</param>
/// <param name="Objects">Objects in all.</param>
/// <param name="BytesDone">Bytes read so far.</param>
/// <param name="Bytes">Bytes in all.</param>
public readonly record struct ArchiveProgress(long ObjectsDone, long Objects, long BytesDone, long Bytes);
