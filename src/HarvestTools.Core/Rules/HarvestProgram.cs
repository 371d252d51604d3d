using System.Text.Json.Nodes;

namespace HarvestTools.Rules;

/// <summary>What of a file that a program writes has to stay the same.</summary>
internal enum ProgramIdentity
{
    /// <summary>Its bytes.</summary>
    Bytes,

    /// <summary>Its rows: schema and values, for a writer that gives other bytes for the same rows.</summary>
    Rows,
}

/// <summary>What a file of a program's definition is, which is also the cause that a change of it has.</summary>
internal enum ProgramFileRole
{
    /// <summary>The program itself.</summary>
    Code,

    /// <summary>What it runs in: a lock file of dependencies.</summary>
    Environment,

    /// <summary>What it reads besides exports and parameters.</summary>
    Inputs,
}

/// <summary>
/// A team's own program as the derivation: what is run, which files it consists of, and which tables it writes. Patterns are
/// relative to the repository, with <c>/</c>; <c>*</c> and <c>?</c> are within a name, <c>**</c> is any number of folders.
/// </summary>
internal sealed record HarvestProgram
{
    /// <summary>The command line, a word each: the program first, found by PATH, or a file of <see cref="Code"/>.</summary>
    public required IReadOnlyList<string> Run { get; init; }

    /// <summary>Patterns of the program's own files.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    /// <summary>Patterns of the files that say what it runs in.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Patterns of files that it reads besides.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Parameters, by file and key: <c>params.yaml:preprocess</c>.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The definition whose tables it reads, <c>regions</c> or <c>regions@v1.0.0</c>, as harvest.json has it; null where it reads exports alone.</summary>
    public string? After { get; init; }

    /// <summary>That definition itself; null where there is none, or it was not looked up yet.</summary>
    public HarvestDefinition? Before { get; init; }

    /// <summary>Patterns of the tables, relative to the folder that it writes to.</summary>
    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>Variables of the environment that it gets: a name, whose value is this machine's, or <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>What of a table has to stay the same.</summary>
    public ProgramIdentity Identity { get; init; } = ProgramIdentity.Bytes;

    /// <summary>Whether the order of rows counts, where rows are what has to stay the same.</summary>
    public bool RowOrder { get; init; } = true;

    /// <summary>To how many digits after the point numbers are compared, where rows are what has to stay the same; null for all.</summary>
    public int? FloatDigits { get; init; }

    /// <summary>What a run may use. No part of what the definition is: other limits give no other rows.</summary>
    public ProgramLimits Limits { get; init; } = ProgramLimits.Default;

    /// <summary>What the columns of its tables are. No part of what the definition is: other keys give no other rows.</summary>
    public ProgramColumns Columns { get; init; } = ProgramColumns.None;

    /// <summary>The files and values that patterns and keys mean; null as harvest.json has them.</summary>
    public ProgramContent? Content { get; init; }

    /// <summary>The files of this program and of all steps before it.</summary>
    public IEnumerable<ProgramFile> AllFiles => [.. Before?.Program?.AllFiles ?? [], .. Content?.Files ?? []];
}

/// <summary>What one run of a program may use; what is beyond it is ended.</summary>
/// <param name="Seconds">How long it may run.</param>
/// <param name="OutputMegabytes">How much it may write into the folder of its run.</param>
/// <param name="PrintedMegabytes">How much it may print.</param>
/// <param name="MemoryMegabytes">How much memory each of its processes may have; null for no limit.</param>
internal sealed record ProgramLimits(int Seconds, int OutputMegabytes, int PrintedMegabytes, int? MemoryMegabytes)
{
    /// <summary>An hour, 10 GB of files, 100 MB printed, any memory.</summary>
    public static ProgramLimits Default { get; } = new(3600, 10_000, 100, null);
}

/// <summary>What a program's definition means at one time.</summary>
/// <param name="Files">Its files, by path in ordinal order.</param>
/// <param name="Values">By parameter file the values of the parameters that are named, each under its whole key.</param>
internal sealed record ProgramContent(IReadOnlyList<ProgramFile> Files, JsonObject Values);

/// <summary>A file of a program's definition.</summary>
/// <param name="Path">Relative to the repository, with <c>/</c>.</param>
/// <param name="Role">What it is.</param>
/// <param name="Sha256">SHA-256 of its bytes, under which it is archived.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record ProgramFile(string Path, ProgramFileRole Role, string Sha256, long Bytes);
