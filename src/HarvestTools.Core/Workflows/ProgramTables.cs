using HarvestTools.Archive;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Makes and builds slices that a team's own program derives; <see cref="NewSlice"/> and <see cref="BuildSlice"/> come here with them.</summary>
internal static class ProgramTables
{
    /// <summary>What cannot be asked of such a slice is refused before anything is run.</summary>
    /// <exception cref="HarvestException">RowsOfProgram; ProgramUntrusted.</exception>
    public static void Require(Repository repository, NewSliceRequest request, HarvestDefinition definition, IReadOnlyList<SliceExport> exports, WorkContext context)
    {
        // Overrides are of rules, media are found by rows, and which of two exports wins is decided task by task.
        if (request.FilterOverrides.Count > 0 || request.Media || exports.Any(static export => export.SupersededBy.Count > 0))
        {
            throw Cache.CacheErrors.RowsOfProgram(definition.FullVersion);
        }

        if (!request.NoBuild && request.Written is null && !new ProgramSource(repository, context).IsTrusted(definition))
        {
            throw ProgramRunErrors.ProgramUntrusted(definition.FullVersion, definition.Sha256, null);
        }
    }

    /// <summary>Archives the program's files, so that the slice can be derived again when the repository has others.</summary>
    public static void Archive(Repository repository, HarvestDefinition definition, WorkContext context)
    {
        foreach (ProgramFile file in definition.Program!.Content!.Files)
        {
            if (repository.Archive.Objects.Contains(file.Sha256, context.Cancellation))
            {
                continue;
            }

            string path = repository.Resolve(file.Path);
            using FileStream bytes = AtomicFile.OpenRead(path);
            _ = repository.Archive.Objects.TryAdd(file.Sha256, bytes, path, context.Cancellation)
                ?? throw ProgramRunErrors.ProgramFileNotAvailable(file.Path, file.Sha256);
        }
    }

    /// <summary>Runs the program for a slice that is being made, unless what it wrote is there already; the tables are in the cache afterwards.</summary>
    public static (SliceManifest Slice, BuiltSlice Built) Derive(
        Repository repository, SliceManifest slice, HarvestDefinition definition, IReadOnlyList<ProgramTableFile>? written, WorkContext context)
    {
        var source = new ProgramSource(repository, context);
        IReadOnlyList<ProgramTable> tables = written is not null
            ? source.Place(slice, source.Read(written, definition))
            : source.Run(slice, definition, made => source.Place(slice, made));
        slice = slice with { ProgramOutputs = tables.Select(table => ProgramSource.Recorded(table, definition.Program!)).ToList() };
        return (slice, Built(repository, slice, source, tables, BuildStatus.Regenerated));
    }

    /// <summary>Puts the tables of a slice into the cache.</summary>
    /// <exception cref="HarvestException">As <see cref="ProgramRunner.Run"/>; ProgramOutputDiffers.</exception>
    public static BuiltSlice Build(Repository repository, SliceManifest slice, HarvestDefinition definition, WorkContext context)
    {
        var source = new ProgramSource(repository, context);
        if (source.TryCached(slice, definition) is { } cached)
        {
            return Built(repository, slice, source, cached, BuildStatus.Hit);
        }

        IReadOnlyList<ProgramTable> tables = source.Run(slice, definition, written =>
        {
            if (slice.ProgramOutputs.Count > 0)
            {
                RequireRecorded(slice, written);
            }

            return source.Place(slice, written);
        });
        return Built(repository, slice, source, tables, BuildStatus.Regenerated);
    }

    private static void RequireRecorded(SliceManifest slice, IReadOnlyList<ProgramTable> written)
    {
        foreach (ProgramOutput recorded in slice.ProgramOutputs)
        {
            ProgramTable? table = written.FirstOrDefault(table => table.Path == recorded.Path);
            if (table is null)
            {
                throw ProgramRunErrors.ProgramOutputDiffers(slice.Version, recorded.Path, "content, none at all,", recorded.Sha256 ?? recorded.RowsSha256 ?? "", "nothing");
            }

            if (ProgramSource.WhatDiffers(recorded, table) is var (what, was, now))
            {
                throw ProgramRunErrors.ProgramOutputDiffers(slice.Version, recorded.Path, what, was, now);
            }
        }
    }

    private static BuiltSlice Built(Repository repository, SliceManifest slice, ProgramSource source, IReadOnlyList<ProgramTable> tables, string status) => new(
        slice.Version,
        SliceInputs.KeyOf(repository, slice),
        source.FolderOf(slice),
        [.. tables.Select(table => new BuiltTable(slice.Version, table.Table, "", "", table.File, table.Rows ?? 0, table.Bytes, table.Sha256, table.RowsSha256 ?? "", status))],
        new Tally());
}
