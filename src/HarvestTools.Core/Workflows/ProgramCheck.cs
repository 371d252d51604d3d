using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Checks what a team's own program wrote: quickly the cached files, else by running it again.</summary>
internal sealed class ProgramCheck(Repository repository, WorkContext context, DefinitionCheck definitions)
{
    /// <summary>Runs each program twice, the second time under other conditions.</summary>
    public bool Twice { get; init; }

    /// <summary>What came of running programs twice for the slice that was checked last.</summary>
    public IReadOnlyList<TwiceResult> LastTwice { get; private set; } = [];

    /// <param name="slice">A slice of a program.</param>
    /// <param name="quick">Run nothing.</param>
    /// <param name="findings">Receives what is found.</param>
    /// <returns>How many recorded files were compared.</returns>
    public int Run(SliceManifest slice, bool quick, List<DriftFinding> findings)
    {
        LastTwice = [];
        if (slice.ProgramOutputs.Count == 0)
        {
            findings.Add(DriftFindings.NothingRecorded(slice.Version));
            return 0;
        }

        if (!SliceVersions.Of(slice).AreSupported || definitions.TryDefinition(slice, findings) is not { Program: not null } definition)
        {
            return 0;
        }

        var source = new ProgramSource(repository, context);
        if (quick)
        {
            return CheckCached(slice, definition, source, findings);
        }

        if (!source.IsTrusted(definition))
        {
            findings.Add(DriftFindings.ProgramUntrusted(slice, definition.Sha256));
            _ = CheckCached(slice, definition, source, findings);
            return 0;
        }

        var twice = new RunTwice(source, context);
        LastTwice = twice.Results;
        return CheckStep(slice, definition, 0, [], source, twice, findings);
    }

    /// <summary>Runs a step on the tables of the one before it, compares what it wrote, and goes on to the next.</summary>
    private int CheckStep(
        SliceManifest slice, HarvestDefinition definition, int index, IReadOnlyList<ProgramTable> before, ProgramSource source, RunTwice twice, List<DriftFinding> findings)
    {
        HarvestDefinition step = definition.Steps[index];
        int compared = 0;
        int After(IReadOnlyList<ProgramTable> written)
        {
            if (step == definition || step.Sha256 == definition.Sha256)
            {
                return Compare(slice, definition, source, written, findings);
            }

            IReadOnlyList<ProgramOutput> recorded = slice.Steps.FirstOrDefault(known => known.HarvestSha256 == step.Sha256)?.Outputs ?? [];
            bool same = CompareStep(slice, step, recorded, written, findings);

            // The next one is judged by itself: on the tables that the slice was made of.
            IReadOnlyList<ProgramTable>? next = same ? written : step.Program is null ? null : source.TryCached(slice, step);
            return recorded.Count + (next is null || !IsRecorded(recorded, next) ? 0 : CheckStep(slice, definition, index + 1, next, source, twice, findings));
        }

        try
        {
            compared = step.Program is null
                ? After(source.TablesOfRules(slice, step, again: true))
                : Twice
                    ? twice.Run(slice, definition, step, before, After, findings)
                    : source.RunStep(slice, definition, step, before, RunConditions.Standard, After);
        }
        catch (HarvestException fault)
        {
            // One that cannot be run any more has drifted, or what it runs in has; an export that is gone has its own finding.
            if (findings.All(static finding => finding.Kind is not (DriftKind.ExportMissing or DriftKind.ExportErased or DriftKind.RemovedByRetention or DriftKind.ExportDamaged or DriftKind.StoreAbsent)))
            {
                findings.Add(fault.ErrorId == nameof(ArchiveErrors.ObjectDamaged)
                    ? DriftFindings.ProgramFileDamaged(step.FullVersion, fault)
                    : DriftFindings.ProgramFails(step.FullVersion, fault));
            }
        }

        return compared;
    }

    private static bool IsRecorded(IReadOnlyList<ProgramOutput> recorded, IReadOnlyList<ProgramTable> tables) =>
        recorded.All(output => tables.FirstOrDefault(table => table.Path == output.Path) is { } table && ProgramSource.WhatDiffers(output, table) is null);

    /// <summary>Compares what a step before wrote; false where it is not what the slice was made of.</summary>
    private static bool CompareStep(
        SliceManifest slice, HarvestDefinition step, IReadOnlyList<ProgramOutput> recorded, IReadOnlyList<ProgramTable> written, List<DriftFinding> findings)
    {
        int before = findings.Count;
        foreach (ProgramOutput output in recorded)
        {
            if (written.FirstOrDefault(table => table.Path == output.Path) is not { } table)
            {
                findings.Add(DriftFindings.OfStep(step, DriftFindings.ProgramTableMissing(slice, output.Path, output.Sha256 ?? output.RowsSha256)));
            }
            else if (ProgramSource.WhatDiffers(output, table) is var (what, was, now))
            {
                findings.Add(DriftFindings.OfStep(
                    step, DriftFindings.ProgramTableDiffers(slice, output, table.Rows, what, was, now, output.RowsSha256 is null || output.RowsSha256 != table.RowsSha256)));
            }
        }

        foreach (ProgramTable other in written.Where(table => recorded.All(output => output.Path != table.Path)))
        {
            findings.Add(DriftFindings.OfStep(step, DriftFindings.ProgramTableNew(slice, other.Path, other.Sha256)));
        }

        return findings.Count == before;
    }

    /// <summary>
    /// Whether the program as it is now gives other rows than the slice recorded; null where that is not known: nothing is recorded, it was
    /// not trusted, or it cannot be run.
    /// </summary>
    internal static bool? RowsChange(Repository repository, WorkContext context, SliceManifest slice, HarvestDefinition current)
    {
        var source = new ProgramSource(repository, context);
        if (slice.ProgramOutputs.Count == 0 || !source.IsTrusted(current))
        {
            return null;
        }

        try
        {
            return source.Run<bool?>(slice, current, written =>
                written.Count != slice.ProgramOutputs.Count
                || slice.ProgramOutputs.Any(recorded => written.FirstOrDefault(table => table.Path == recorded.Path) is not { } table
                    || (recorded.RowsSha256 is null ? recorded.Sha256 != table.Sha256 : recorded.RowsSha256 != table.RowsSha256)));
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    private static int CheckCached(SliceManifest slice, HarvestDefinition definition, ProgramSource source, List<DriftFinding> findings)
    {
        int compared = 0;
        foreach (ProgramOutput recorded in slice.ProgramOutputs)
        {
            if (source.TryCached(slice, definition, recorded) is { } cached)
            {
                compared++;
                if (ProgramSource.WhatDiffers(recorded, cached) is var (what, was, now))
                {
                    findings.Add(DriftFindings.ProgramCacheDamaged(slice, recorded.Path, what, was, now));
                }
            }
        }

        return compared;
    }

    private int Compare(SliceManifest slice, HarvestDefinition definition, ProgramSource source, IReadOnlyList<ProgramTable> written, List<DriftFinding> findings)
    {
        bool drifted = false;
        foreach (ProgramOutput recorded in slice.ProgramOutputs)
        {
            ProgramTable? table = written.FirstOrDefault(table => table.Path == recorded.Path);
            if (table is null)
            {
                findings.Add(DriftFindings.ProgramTableMissing(slice, recorded.Path, recorded.Sha256 ?? recorded.RowsSha256));
                drifted = true;
            }
            else if (ProgramSource.WhatDiffers(recorded, table) is var (what, was, now))
            {
                bool rows = recorded.RowsSha256 is null || recorded.RowsSha256 != table.RowsSha256;
                findings.Add(definitions.WithBump(slice, DriftFindings.ProgramTableDiffers(slice, recorded, table.Rows, what, was, now, rows), rows));
                drifted = true;
            }
        }

        foreach (ProgramTable other in written.Where(table => slice.ProgramOutputs.All(recorded => recorded.Path != table.Path)))
        {
            findings.Add(DriftFindings.ProgramTableNew(slice, other.Path, other.Sha256));
            drifted = true;
        }

        if (!drifted)
        {
            // The cache may be what is wrong; one that was deleted is no drift.
            _ = CheckCached(slice, definition, source, findings);
        }

        return slice.ProgramOutputs.Count;
    }
}
