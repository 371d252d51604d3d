using HarvestTools.Archive;
using HarvestTools.Cache;
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
    /// <summary>Why its rows cannot be read, where it is of a kind that has some; null where they can.</summary>
    public HarvestException? Unread { get; init; }

    /// <summary>Whether it has rows, by its name, that cannot be read; other files have none.</summary>
    public bool HasUnread => Rows is null && ProgramOutput.MayHaveRows(Path);

    /// <summary>The table: the first folder, or the name without the extension.</summary>
    public string Table => Path.Split('/') is [string folder, _, ..] ? folder : System.IO.Path.GetFileNameWithoutExtension(Path);
}

/// <summary>Gives the tables of slices that a program derives: from the cache, else by running the program.</summary>
internal sealed partial class ProgramSource(Repository repository, WorkContext context)
{
    private readonly ProgramRunner _runner = new(repository.Trust, repository.TrustPrograms);

    /// <summary>Whether the definition may be run on this machine.</summary>
    public bool IsTrusted(HarvestDefinition definition) => _runner.IsTrusted(definition);

    /// <exception cref="HarvestException">ProgramUntrusted.</exception>
    public void RequireTrust(HarvestDefinition definition)
    {
        if (!IsTrusted(definition))
        {
            throw ProgramRunErrors.ProgramUntrusted(definition.FullVersion, definition.Sha256, new RemedyAction.TrustProgram { Definition = repository.NameToSay(definition.Name) }, repository.Trust.NotOwn);
        }
    }

    /// <summary>Runs the program on the slice's exports, and on the tables of the steps before it, which are not run again where they are in the cache.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="definition">Its definition, or another whose tables are to be compared.</param>
    /// <param name="use">Gets the tables, whose files are gone afterwards.</param>
    /// <exception cref="HarvestException">As <see cref="ProgramRunner.Run"/>; ExportNotAvailable, TableUnreadable, ProgramOutputDiffers of a step before.</exception>
    public T Run<T>(SliceManifest slice, HarvestDefinition definition, Func<IReadOnlyList<ProgramTable>, T> use) =>
        RunStep(slice, definition, definition, BeforeOf(slice, definition, definition), RunConditions.Standard, use);

    /// <summary>Runs one step alone.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="asked">The definition that has to be trusted, which the step is of.</param>
    /// <param name="step">The step, of a program.</param>
    /// <param name="before">The tables of the step before it.</param>
    /// <param name="conditions">What it meets around it.</param>
    /// <param name="use">Gets the tables, whose files are gone afterwards.</param>
    public T RunStep<T>(
        SliceManifest slice, HarvestDefinition asked, HarvestDefinition step, IReadOnlyList<ProgramTable> before, RunConditions conditions, Func<IReadOnlyList<ProgramTable>, T> use)
    {
        RemedyAction.TrustProgram trust = asked.Sha256 == TryCurrent(asked)
            ? new RemedyAction.TrustProgram { Definition = repository.NameToSay(asked.Name) }
            : new RemedyAction.TrustProgram(slice.Version);
        var inputs = new ProgramInputs(
            [
                .. slice.Exports
                    .OrderBy(static export => export.Project, StringComparer.Ordinal).ThenBy(static export => export.Sha256, StringComparer.Ordinal)
                    .Select(export => new ProgramInput($"{export.FileStem}.json", () => Open(slice.Version, export))),
            ],
            [.. before.OrderBy(static table => table.Path, StringComparer.Ordinal).Select(static table => new ProgramInput(table.Path, () => Open(table)))]);
        using ProgramRun run = _runner.Run(step, asked, trust, inputs, conditions, sha256 => OpenFile(step.Program!, sha256), context.Cancellation);
        return use([.. run.Tables.Select(table => Read(table.Path, table.File, step.Program!))]);
    }

    /// <summary>The tables of the step before a definition's, from the cache or made now; none where it follows none.</summary>
    private IReadOnlyList<ProgramTable> BeforeOf(SliceManifest slice, HarvestDefinition asked, HarvestDefinition definition)
    {
        if (definition.Program?.Before is not { } step)
        {
            return [];
        }

        SliceStep? recorded = slice.Steps.FirstOrDefault(known => known.HarvestSha256 == step.Sha256);
        IReadOnlyList<ProgramTable> tables = step.Program is null ? TablesOfRules(slice, step, again: false)
            : TryCached(slice, step) ?? RunStep(slice, asked, step, BeforeOf(slice, asked, step), RunConditions.Standard, written =>
            {
                RequireRecorded(slice.Version, recorded?.Outputs ?? [], written);
                SliceManifest own = SliceInputs.StepOf(slice, step.FullVersion, step.Sha256);
                IReadOnlyList<ProgramTable> placed = PlaceNew(own, step, written);
                StepRecord.Write(FolderOf(own), placed);
                return placed;
            });
        RequireRecorded(slice.Version, recorded?.Outputs ?? [], tables);
        return tables;
    }

    /// <summary>The steps before a definition's own as a slice records them.</summary>
    public IReadOnlyList<SliceStep> StepsOf(SliceManifest slice, HarvestDefinition definition) =>
    [
        .. definition.Steps.SkipLast(1).Select((step, index) => new SliceStep
        {
            HarvestVersion = step.FullVersion,
            HarvestSha256 = step.Sha256,
            Outputs = BeforeOf(slice, definition, definition.Steps[index + 1]).Select(table => Recorded(table, step.Program)).ToList(),
        }),
    ];

    /// <summary>What a definition of rules derives, as files by table: the parts of the cache.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="step">A definition of rules.</param>
    /// <param name="again">Derive them whatever the cache has.</param>
    public IReadOnlyList<ProgramTable> TablesOfRules(SliceManifest slice, HarvestDefinition step, bool again)
    {
        using var parts = new PartSource(repository, context);
        var tables = new List<ProgramTable>();
        foreach (SliceExport export in slice.Exports)
        {
            Part part = again
                ? parts.Derive(SliceInputs.PartKeyOf(repository, export, step), slice.Version, export, step)
                : parts.Get(slice.Version, export, step).Part;
            tables.AddRange(part.Tables.Select(table => new ProgramTable(
                $"{table.Table}/{export.FileStem}.parquet", parts.Store.PathOf(part.Key, table.Table), table.Bytes, table.Rows, table.Sha256, table.RowsSha256)));
        }

        return [.. tables.OrderBy(static table => table.Path, StringComparer.Ordinal)];
    }

    /// <summary>The tables of a step before that the cache has whole; null where it has not.</summary>
    public IReadOnlyList<ProgramTable>? TryCached(SliceManifest slice, HarvestDefinition step)
    {
        string folder = FolderOf(SliceInputs.StepOf(slice, step.FullVersion, step.Sha256));
        if (StepRecord.TryRead(folder) is not { } recorded)
        {
            return null;
        }

        ProgramTable[] there = [.. recorded.Where(table => FileKinds.Of(PathIn(folder, table.Path)) == FileKind.Regular).Select(table => Read(table.Path, PathIn(folder, table.Path), step.Program!))];
        return there.Length == recorded.Count && there.Zip(recorded).All(static pair => pair.First.Sha256 == pair.Second.Sha256) ? there : null;
    }

    /// <exception cref="HarvestException">ProgramOutputDiffers.</exception>
    public static void RequireRecorded(string version, IReadOnlyList<ProgramOutput> outputs, IReadOnlyList<ProgramTable> written)
    {
        foreach (ProgramOutput recorded in outputs)
        {
            ProgramTable? table = written.FirstOrDefault(table => table.Path == recorded.Path);
            if (table is null)
            {
                throw ProgramRunErrors.ProgramOutputDiffers(version, recorded.Path, "content, none at all,", recorded.Sha256 ?? recorded.RowsSha256 ?? "", "nothing");
            }

            if (WhatDiffers(recorded, table) is var (what, was, now))
            {
                throw ProgramRunErrors.ProgramOutputDiffers(version, recorded.Path, what, was, now);
            }
        }
    }

    /// <summary>Files that the program wrote, with their hashes and rows.</summary>
    /// <exception cref="HarvestException">TableUnreadable; a file cannot be read.</exception>
    public IReadOnlyList<ProgramTable> Read(IReadOnlyList<ProgramTableFile> written, HarvestDefinition definition) =>
        [.. written.Select(table => Read(table.Path, table.File, definition.Program!))];

    /// <summary>The folder of the slice's tables in the cache.</summary>
    public string FolderOf(SliceManifest slice) => Path.Combine(repository.CacheFolder, SliceInputs.KeyOf(repository, slice));

    /// <summary>The recorded tables that are whole in the cache; null where one is not.</summary>
    public IReadOnlyList<ProgramTable>? TryRecorded(SliceManifest slice, HarvestDefinition definition)
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

    /// <summary>The tables of a slice, which are in the cache afterwards, and whether the program had to be run.</summary>
    /// <exception cref="HarvestException">As <see cref="Run"/>; ProgramOutputDiffers.</exception>
    public (IReadOnlyList<ProgramTable> Tables, bool Run) Give(SliceManifest slice, HarvestDefinition definition) => TryRecorded(slice, definition) is { } cached
        ? (cached, false)
        : (Run(slice, definition, written =>
        {
            if (slice.ProgramOutputs.Count == 0)
            {
                return PlaceNew(slice, definition, written);
            }

            RequireRecorded(slice.Version, slice.ProgramOutputs, written);
            return Place(slice, written);
        }), true);

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
    public static ProgramOutput Recorded(ProgramTable table, HarvestProgram? program) => new()
    {
        Table = table.Table,
        Path = table.Path,
        Rows = table.Rows,
        Sha256 = program is not { Identity: ProgramIdentity.Rows } ? table.Sha256 : null,
        RowsSha256 = table.RowsSha256,
    };

    private static string PathIn(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The hash of what harvest.json has under that name, which is trusted without naming a slice; null where it cannot be read.</summary>
    private string? TryCurrent(HarvestDefinition definition)
    {
        try
        {
            return repository.TryDefinition(definition.Name)?.Sha256;
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    /// <summary>A file as a table; null where its rows would have to be read, and cannot.</summary>
    public ProgramTable? TryRead(string path, string file, HarvestDefinition definition)
    {
        try
        {
            return Read(path, file, definition.Program!);
        }
        catch (HarvestException fault) when (fault.ErrorId == nameof(ProgramRunErrors.TableUnreadable))
        {
            return null;
        }
    }

    private ProgramTable Read(string path, string file, HarvestProgram program)
    {
        long? rows = null;
        string? digest = null;
        HarvestException? unread = null;
        try
        {
            (rows, digest) = TableRows.Digest(file, path, program, context.Cancellation);
        }
        catch (HarvestException fault) when (fault.ErrorId == nameof(ProgramRunErrors.TableUnreadable) && program.Identity == ProgramIdentity.Bytes)
        {
            // Its bytes are what has to stay the same; whether they are rows is no matter.
            unread = ProgramOutput.MayHaveRows(path) ? fault : null;
        }

        return new ProgramTable(path, file, new FileInfo(file).Length, rows, FileHash.Compute(file, cancellation: context.Cancellation), digest) { Unread = unread };
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

    private static ObjectContent Open(ProgramTable table)
    {
        FileStream file = AtomicFile.OpenRead(table.File);
        return new ObjectContent(new VerifyingStream(file, table.Sha256, table.File), file.Length);
    }

    private ObjectContent Open(string version, SliceExport export)
    {
        var source = new VerifyingSource(SliceInputs.SourceOf(repository, export));
        return source.TryOpen(export.Sha256, context.Cancellation)
            ?? throw repository.NotHere(version, export.Project, export.Sha256);
    }
}
