namespace HarvestTools.Workflows;

/// <summary>One thing that a slice pins, and what it is now.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Kind">One of <see cref="PinKind"/>.</param>
/// <param name="Name">What it is: a path, a path with keys, a seed's name, a field of the hardware.</param>
/// <param name="Recorded">What the slice has.</param>
/// <param name="Actual">What is there now; null where nothing is, or where that is not known.</param>
/// <param name="Status">One of <see cref="PinStatus"/>.</param>
/// <param name="Message">A sentence; null where it is the same.</param>
public sealed record SlicePin(string Version, string Kind, string Name, string? Recorded, string? Actual, string Status, string? Message)
{
    /// <summary>Whether it is other than the slice has it.</summary>
    public bool Differs => Status is PinStatus.Changed or PinStatus.Missing;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>What is pinned.</summary>
public static class PinKind
{
    /// <summary>The commit that is checked out.</summary>
    public const string Commit = nameof(Commit);

    /// <summary>A file, for example a lock file of dependencies.</summary>
    public const string File = nameof(File);

    /// <summary>Parameters of a file.</summary>
    public const string Parameters = nameof(Parameters);

    /// <summary>A seed.</summary>
    public const string Seed = nameof(Seed);

    /// <summary>The machine.</summary>
    public const string Hardware = nameof(Hardware);
}

/// <summary>How a pin is now.</summary>
public static class PinStatus
{
    /// <summary>As the slice has it.</summary>
    public const string Same = nameof(Same);

    /// <summary>Other than the slice has it.</summary>
    public const string Changed = nameof(Changed);

    /// <summary>Not there.</summary>
    public const string Missing = nameof(Missing);

    /// <summary>There is nothing to compare with, or it cannot be read.</summary>
    public const string Unknown = nameof(Unknown);
}
