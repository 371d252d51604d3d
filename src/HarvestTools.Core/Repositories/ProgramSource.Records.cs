using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Rules;

namespace HarvestTools.Repositories;

/// <content>One key has one result: what slices recorded and the cache has stays, also where a later run gives something else.</content>
internal sealed partial class ProgramSource
{
    // Locks stay as empty files, so that there are no more of them than this.
    private const int LockDigits = 2;

    private readonly Dictionary<string, (DateTime Written, long Bytes)> _placed = new(StringComparer.Ordinal);

    /// <summary>Puts a run's tables into the cache, unless a slice of the same key has others: then what is cached and recorded is left as it is.</summary>
    /// <returns>The tables that the cache has; of a definition whose rows alone are recorded they may be those of an earlier run.</returns>
    /// <exception cref="HarvestException">ProgramNotStable.</exception>
    public IReadOnlyList<ProgramTable> PlaceNew(SliceManifest slice, HarvestDefinition definition, IReadOnlyList<ProgramTable> tables)
    {
        using FileLock exclusive = Lock(slice);
        if (RequireStable(slice, definition, tables) is { } known && TryRecorded(slice with { ProgramOutputs = known }, definition) is { } cached)
        {
            return cached;
        }

        IReadOnlyList<ProgramTable> placed = Place(slice, tables);
        foreach (ProgramTable table in placed)
        {
            _placed[table.File] = Stamp(table.File);
        }

        return placed;
    }

    /// <summary>Holds the tables of a slice until it is recorded. Another process whose run gave others may have put them there, or recorded them, meanwhile.</summary>
    /// <exception cref="HarvestException">ProgramNotStable.</exception>
    public FileLock Hold(SliceManifest slice, HarvestDefinition definition)
    {
        FileLock held = Lock(slice);
        try
        {
            string folder = FolderOf(slice);
            foreach (ProgramOutput output in slice.ProgramOutputs)
            {
                // The cache may have been deleted meanwhile, which is no fault.
                string file = PathIn(folder, output.Path);
                if (_placed.TryGetValue(file, out (DateTime, long) stamp) && File.Exists(file) && Stamp(file) != stamp
                    && WhatDiffers(output, Read(output.Path, file, definition.Program!)) is var (what, was, now))
                {
                    throw ProgramRunErrors.ProgramNotStable(definition.FullVersion, null, output.Path, what, now, was, null);
                }
            }

            _ = RequireStable(slice, definition, slice.ProgramOutputs.Select(static output => new ProgramTable(output.Path, "", 0, output.Rows, output.Sha256 ?? "", output.RowsSha256)).ToList());
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static (DateTime Written, long Bytes) Stamp(string file)
    {
        var info = new FileInfo(file);
        return (info.LastWriteTimeUtc, info.Length);
    }

    private FileLock Lock(SliceManifest slice) =>
        FileLock.Acquire(Path.Combine(repository.LocksFolder, $"program-{SliceInputs.KeyOf(repository, slice)[..LockDigits]}"), context.Cancellation);

    /// <summary>What a slice recorded of the same key; null where none did.</summary>
    private IReadOnlyList<ProgramOutput>? RequireStable(SliceManifest slice, HarvestDefinition definition, IReadOnlyList<ProgramTable> tables)
    {
        IReadOnlyList<ProgramOutput>? known = null;
        foreach ((string version, IReadOnlyList<ProgramOutput> outputs) in RecordedOf(SliceInputs.KeyOf(repository, slice)))
        {
            known ??= outputs;
            foreach (string path in outputs.Select(static output => output.Path).Union(tables.Select(static table => table.Path)).Order(StringComparer.Ordinal))
            {
                ProgramOutput? recorded = outputs.FirstOrDefault(output => output.Path == path);
                ProgramTable? table = tables.FirstOrDefault(table => table.Path == path);
                (string What, string Recorded, string Now)? difference = recorded is null ? ("content", "", table!.Sha256)
                    : table is null ? ("content", recorded.Sha256 ?? recorded.RowsSha256 ?? "", "")
                    : WhatDiffers(recorded, table);
                if (difference is var (what, was, now))
                {
                    throw ProgramRunErrors.ProgramNotStable(
                        definition.FullVersion, version, path, what, was, now, table is { File.Length: > 0 } && recorded is not null ? FirstDifference(slice, definition, recorded, table) : null);
                }
            }
        }

        return known;
    }

    /// <summary>Every record of what a key gave: of slices, and of steps of slices.</summary>
    private IEnumerable<(string Version, IReadOnlyList<ProgramOutput> Outputs)> RecordedOf(string key)
    {
        foreach (SliceManifest slice in repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>()
            .Where(static slice => slice is { IsProgram: true, HarvestSha256: not null } && SliceVersions.Of(slice).AreSupported))
        {
            if (slice.ProgramOutputs.Count > 0 && SliceInputs.KeyOf(repository, slice) == key)
            {
                yield return (slice.Version, slice.ProgramOutputs);
            }

            foreach (SliceStep step in slice.Steps.Where(static step => step.Outputs.Count > 0))
            {
                if (SliceInputs.KeyOf(repository, SliceInputs.StepOf(slice, step.HarvestVersion, step.HarvestSha256)) == key)
                {
                    yield return (slice.Version, step.Outputs);
                }
            }
        }
    }

    /// <summary>Where the cached table, if it is as it was recorded, and the new one differ first.</summary>
    private TableDifference? FirstDifference(SliceManifest slice, HarvestDefinition definition, ProgramOutput recorded, ProgramTable table) =>
        TryCached(slice, definition, recorded) is { } cached && WhatDiffers(recorded, cached) is null
            ? TableDifference.Locate(recorded.Path, cached.File, table.File, definition.Program!, context.Cancellation)
            : null;
}
