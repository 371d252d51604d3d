using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>A file of a slice of a program, in the cache or where a run wrote it.</summary>
/// <param name="Path">Where the program wrote it, with <c>/</c>.</param>
/// <param name="File">Full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Rows">How many rows; null where they cannot be read.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="RowsSha256">Of its rows; null where they cannot be read.</param>
internal sealed record ProgramTable(string Path, string File, long Bytes, long? Rows, string Sha256, string? RowsSha256)
{
    /// <summary>The table: the first folder, or the name without the extension.</summary>
    public string Table => Path.Split('/') is [string folder, _, ..] ? folder : System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>Gives the tables of slices that a program derives: from the cache, else by running the program.</summary>
internal sealed class ProgramSource(Repository repository, WorkContext context)
{
    private readonly ProgramRunner _runner = new(repository.Trust, repository.TrustPrograms);

    /// <summary>Whether the definition may be run on this machine.</summary>
    public bool IsTrusted(HarvestDefinition definition) => _runner.IsTrusted(definition);

    /// <summary>Runs the program on the slice's exports.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="definition">Its definition, or another whose tables are to be compared.</param>
    /// <param name="use">Gets the tables, whose files are gone afterwards.</param>
    /// <exception cref="HarvestException">As <see cref="ProgramRunner.Run"/>; ExportNotAvailable, TableUnreadable.</exception>
    public T Run<T>(SliceManifest slice, HarvestDefinition definition, Func<IReadOnlyList<ProgramTable>, T> use)
    {
        string? asked = definition.Sha256 == TryCurrent() ? null : slice.Version;
        ProgramExport[] exports =
        [
            .. slice.Exports
                .OrderBy(static export => export.Project, StringComparer.Ordinal).ThenBy(static export => export.Sha256, StringComparer.Ordinal)
                .Select(export => new ProgramExport($"{export.FileStem}.json", () => Open(slice.Version, export))),
        ];
        using ProgramRun run = _runner.Run(definition, asked, exports, sha256 => OpenFile(definition.Program!, sha256), context.Cancellation);
        return use(Read(run.Tables, definition));
    }

    /// <summary>Files that the program wrote, with their hashes and rows.</summary>
    /// <exception cref="HarvestException">TableUnreadable; a file cannot be read.</exception>
    public IReadOnlyList<ProgramTable> Read(IReadOnlyList<ProgramTableFile> written, HarvestDefinition definition) =>
        [.. written.Select(table => Read(table.Path, table.File, definition.Program!))];

    /// <summary>The folder of the slice's tables in the cache.</summary>
    public string FolderOf(SliceManifest slice) => Path.Combine(repository.CacheFolder, SliceInputs.KeyOf(repository, slice));

    /// <summary>The recorded tables that are whole in the cache; null where one is not.</summary>
    public IReadOnlyList<ProgramTable>? TryCached(SliceManifest slice, HarvestDefinition definition)
    {
        var tables = new List<ProgramTable>();
        foreach (ProgramOutput output in slice.ProgramOutputs)
        {
            if (TryCached(slice, definition, output) is not { } table || WhatDiffers(output, table) is not null)
            {
                return null;
            }

            tables.Add(table);
        }

        return tables.Count > 0 ? tables : null;
    }

    /// <summary>A recorded table as it is in the cache; null where there is none.</summary>
    public ProgramTable? TryCached(SliceManifest slice, HarvestDefinition definition, ProgramOutput output)
    {
        string file = PathIn(FolderOf(slice), output.Path);
        return FileKinds.Of(file) != FileKind.Regular ? null : Read(output.Path, file, definition.Program!);
    }

    /// <summary>Puts a run's tables into the cache.</summary>
    public IReadOnlyList<ProgramTable> Place(SliceManifest slice, IReadOnlyList<ProgramTable> tables)
    {
        // In a fresh clone this may be what makes the store's folder.
        repository.EnsureIgnored();
        string folder = FolderOf(slice);
        var placed = new List<ProgramTable>();
        foreach (ProgramTable table in tables)
        {
            string target = PathIn(folder, table.Path);
            using FileStream from = AtomicFile.OpenRead(table.File);
            AtomicFile.Write(target, to => StreamCopy.Run(from, to, table.File, target, context.Cancellation));
            placed.Add(table with { File = target });
        }

        return placed;
    }

    /// <summary>What of a table is not as the slice recorded it, with both; null where nothing is.</summary>
    public static (string What, string Recorded, string Now)? WhatDiffers(ProgramOutput recorded, ProgramTable table) =>
        recorded.Sha256 is { } sha256 ? (sha256 == table.Sha256 ? null : ("bytes", sha256, table.Sha256))
        : recorded.RowsSha256 is { } rows && rows != table.RowsSha256 ? ("rows", rows, table.RowsSha256 ?? "")
        : null;

    /// <summary>A table as a slice records it.</summary>
    public static ProgramOutput Recorded(ProgramTable table, HarvestProgram program) => new()
    {
        Table = table.Table,
        Path = table.Path,
        Rows = table.Rows,
        Sha256 = program.Identity == ProgramIdentity.Bytes ? table.Sha256 : null,
        RowsSha256 = table.RowsSha256,
    };

    private static string PathIn(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The hash of harvest.json's definition, which is trusted without naming a slice; null where it cannot be read.</summary>
    private string? TryCurrent()
    {
        try
        {
            return repository.Harvest.Sha256;
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    private ProgramTable Read(string path, string file, HarvestProgram program)
    {
        long? rows = null;
        string? digest = null;
        try
        {
            (rows, digest) = TableRows.Digest(file, path, program, context.Cancellation);
        }
        catch (HarvestException fault) when (fault.ErrorId == nameof(ProgramRunErrors.TableUnreadable) && program.Identity == ProgramIdentity.Bytes)
        {
            // Its bytes are what has to stay the same; whether they are rows is no matter.
        }

        return new ProgramTable(path, file, new FileInfo(file).Length, rows, FileHash.Compute(file, cancellation: context.Cancellation), digest);
    }

    /// <summary>A file of the program: archived with a slice, or in the repository where none was made of it yet.</summary>
    private ObjectContent? OpenFile(HarvestProgram program, string sha256)
    {
        if (repository.Archive.Verified.TryOpen(sha256, context.Cancellation) is { } archived)
        {
            return archived;
        }

        string path = repository.Resolve(program.Content!.Files.First(file => file.Sha256 == sha256).Path);
        if (FileKinds.Of(path) != FileKind.Regular)
        {
            return null;
        }

        FileStream file = AtomicFile.OpenRead(path);
        return new ObjectContent(new VerifyingStream(file, sha256, path), file.Length);
    }

    private ObjectContent Open(string version, SliceExport export)
    {
        var source = new VerifyingSource(SliceInputs.SourceOf(repository, export));
        return source.TryOpen(export.Sha256, context.Cancellation)
            ?? throw repository.NotHere(version, export.Project, export.Sha256);
    }
}
