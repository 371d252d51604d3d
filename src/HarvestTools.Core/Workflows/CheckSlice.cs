using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Checks slices against what they recorded. One instance serves one run over any number of slices: an export that
/// several slices share is hashed once, a part that they share is derived once. <see cref="CheckSlices"/> runs it over
/// many slices side by side.
/// </summary>
public sealed class CheckSlice : IDisposable
{
    private readonly StatCache? _statCache;

    private readonly Repository _repository;
    private readonly WorkContext _context;
    private readonly CheckInputs _inputs;
    private readonly RecordedRows _recorded;
    private readonly Lazy<SliceUses> _uses;
    private readonly DefinitionCheck _definitions;
    private readonly ExportCheck _exports;
    private readonly ModelCheck _models;
    private readonly RecordCheck _records;
    private readonly SliceLeaks _leaks;

    // What concerns the whole run, with the slice under which it was reported.
    private readonly Dictionary<string, string> _onceARun = new(StringComparer.Ordinal);

    /// <summary>Prepares checks that share what they hash and derive.</summary>
    public CheckSlice(Repository repository, WorkContext context)
        : this(repository, context, new CheckInputs(repository, context, PartRequest.DefaultRowBudget) { KeepEpisodes = true })
    {
    }

    private CheckSlice(Repository repository, WorkContext context, StatCache statCache)
        : this(repository, context, new CheckInputs(repository, context, PartRequest.DefaultRowBudget, statCache)
        {
            Remote = RemoteStates.TryOpen(
                repository, [.. repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>()], context),
        })
    {
        _statCache = statCache;
    }

    internal CheckSlice(Repository repository, WorkContext context, CheckInputs inputs)
    {
        _repository = repository;
        _context = context;
        _inputs = inputs;
        _recorded = new RecordedRows(repository, inputs, context);
        _uses = new(() => new SliceUses(repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>().Select(slice => ExportCheck.UnderCurrentNames(repository, slice))));
        _definitions = new DefinitionCheck(repository, _uses, inputs, context.Cancellation);
        _exports = new ExportCheck(repository, context, inputs, _uses);
        _models = new ModelCheck(repository, _uses, inputs);
        _records = new RecordCheck(repository, context, inputs);
        _leaks = new SliceLeaks(repository, context, inputs, _uses);
    }

    /// <summary>Parts that a quick check derives all the same; null for none.</summary>
    internal SampledParts? Sample { get; init; }

    /// <summary>Runs programs twice, the second time under other conditions.</summary>
    internal bool Twice { get; init; }

    private ProgramCheck Programs => field ??= new ProgramCheck(_repository, _context, _definitions) { Twice = Twice };

    /// <summary>Checks media too; null does not. Disposed with this.</summary>
    internal MediaCheck? Media { get; init; }

    /// <summary>A check that derives, and compares the media that slices list with the files that are there.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="media">Whether media are compared; all of them are read.</param>
    /// <param name="twice">Whether a team's own program is run twice, the second time under another time zone, locale, order and the like.</param>
    public static CheckSlice Open(Repository repository, WorkContext context, bool media, bool twice = false) =>
        new(repository, context) { Twice = twice, Media = media ? new MediaCheck(repository, [], trusted: false, context) : null };

    /// <summary>
    /// For quick checks alone: takes a file for what an earlier run hashed if its size, times and number on the disk are the
    /// same. Dispose it, so that the next run need not hash again what this one did.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="rehash">Read every file.</param>
    /// <param name="media">Whether the media that slices list are compared with the files that are there.</param>
    public static CheckSlice OpenQuick(Repository repository, WorkContext context, bool rehash, bool media = false) =>
        new(repository, context, repository.OpenStatCache(trusted: !rehash)) { Media = media ? new MediaCheck(repository, [], trusted: !rehash, context) : null };

    /// <summary>Keeps what was hashed for the next check.</summary>
    public void Dispose()
    {
        _records.Dispose();
        _leaks.Dispose();
        Media?.Dispose();
        _statCache?.TrySave();
    }

    /// <param name="slice">The slice.</param>
    /// <param name="quick">Hash inputs and cached files and compare definitions, without deriving.</param>
    /// <exception cref="HarvestException">The settings or the manifest cannot be read; drift is a finding, not an error.</exception>
    public DriftReport Run(SliceManifest slice, bool quick)
    {
        // Told before anything is derived, since the version that must rise is known by then.
        List<DriftFinding> findings = [.. _definitions.Run(slice, quick)];
        HarvestDefinition? definition = CanDerive(slice) && slice.Exports.Any(export => Derives(slice, export, quick)) ? _definitions.TryDefinition(slice, findings) : null;
        int compared = 0;
        var derivation = new List<DriftFinding>();
        foreach (SliceExport export in slice.Exports)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            bool configured = _exports.CheckLabelConfig(slice.Version, export, findings);
            PartOutcome? outcome = definition is null || !configured || !Derives(slice, export, quick) ? null : _inputs.Derive(slice.Version, export, definition);
            bool whole = _exports.CheckArchived(slice, export, outcome, findings);
            _exports.CheckRecordedPath(slice, export, definition, outcome?.Part, findings);

            // An export that is missing or damaged has its finding already, and nothing can be told from it.
            if (whole && outcome is not null)
            {
                compared += CheckDerivation(slice, export, definition!, outcome, derivation);
            }
        }

        int recorded = slice.IsProgram ? Programs.Run(slice, quick, findings) : 0;
        int sampled = quick ? compared : 0;
        SliceVersions versions = SliceVersions.Of(slice);
        if (!versions.AreSupported)
        {
            findings.Add(DriftFindings.FormatUnsupported(slice, versions));
        }
        else if (!slice.IsProgram)
        {
            findings.AddRange(CheckRecord(slice, versions.Format!.Tables, _repository.Settings.SlicesFolder));
            if (quick)
            {
                compared += CheckCachedOnly(slice, findings);
            }
        }

        findings.AddRange(derivation);
        findings.AddRange(_records.Run(slice, quick));
        findings.AddRange(_models.Run(slice));
        findings.AddRange(_leaks.Run(slice));
        findings.AddRange(Media?.Run(slice) ?? (quick ? MediaCheck.List(slice, _inputs) : []));
        findings.AddRange(_repository.Slices.MissingParents(slice)
            .Select(parent => DriftFindings.ParentMissing(slice.Version, parent, _repository.Settings.SlicesFolder)));
        return DriftReport.From(slice.Version, [.. findings.Select(finding => ReportOnce(slice.Version, finding))], quick, compared + recorded, _context.Commands) with { TablesSampled = sampled, TablesByRows = recorded == 0 ? 0 : slice.ProgramOutputs.Count(static output => output.Sha256 is null), Twice = slice.IsProgram ? Programs.LastTwice : [] };
    }

    /// <summary>What several slices share is explained at the first of them. Of one fault in two slices the remedy may name the slice.</summary>
    private DriftFinding ReportOnce(string version, DriftFinding finding)
    {
        // Trust is of a definition, whichever slice it is given by.
        string what = finding.OnceARun ?? (finding.Kind == DriftKind.ProgramUntrusted ? $"{finding.Kind}\n{finding.Expected}" : null) ?? string.Join('\n', finding.Kind, finding.Subject, finding.Expected, finding.Actual, finding.Fix.Spell(_context.Commands));
        return !_onceARun.TryAdd(what, version) && _onceARun[what] != version ? finding with { ReportedUnder = _onceARun[what] } : finding;
    }

    /// <summary>Works out beforehand, on whatever thread, what <see cref="Run"/> will ask for.</summary>
    internal IEnumerable<Action> Prepare(SliceManifest slice, bool quick)
    {
        HarvestDefinition? definition = CanDerive(slice) && slice.Exports.Any(export => Derives(slice, export, quick)) ? _definitions.TryDefinition(slice, findings: null) : null;
        foreach (SliceExport export in slice.Exports)
        {
            yield return definition is null || !Derives(slice, export, quick)
                ? () => _inputs.ArchivedHash(slice.Version, export, null)
                : () => _inputs.Derive(slice.Version, export, definition);
            if (SliceInputs.RecordedPath(_repository, export) is { } path)
            {
                yield return () => _inputs.ExportHashOf(path, export.Path!);
            }
        }
    }

    private bool Derives(SliceManifest slice, SliceExport export, bool quick) => !quick || Sample?.Contains(slice, export) == true;

    private static bool CanDerive(SliceManifest slice) => slice.Outputs.Count > 0 && SliceVersions.Of(slice).AreSupported;

    private int CheckDerivation(
        SliceManifest slice, SliceExport export, HarvestDefinition definition, PartOutcome outcome, List<DriftFinding> findings)
    {
        UseScope scope = _uses.Value.OfPart(slice, export);
        if (outcome.Part is null)
        {
            findings.Add(scope.Complete(DriftFindings.DerivationFails(slice, export, outcome.Fault!)));
            return 0;
        }

        // A table that is not recorded had no rows.
        List<(SliceOutput Recorded, PartTable Derived)> tables =
        [
            .. from derived in outcome.Part.Tables
               let recorded = SliceInputs.OutputOf(slice, export, derived.Table) ?? Unrecorded(export, derived)
               where recorded is not null
               select (recorded, derived),
        ];
        string[] missing = [.. outcome.Part.Tables.Select(static table => table.Table).Except(tables.Select(static table => table.Derived.Table))];
        if (missing.Length > 0 && slice.Outputs.Any(output => output.Export == export.Sha256))
        {
            findings.Add(DriftFindings.NothingRecorded(slice.Version, export.FileStem, missing, _repository.Settings.SlicesFolder));
        }

        List<SliceOutput> drifted = [.. tables.Where(static t => t.Recorded.Sha256 != t.Derived.Sha256).Select(static t => t.Recorded)];
        IReadOnlyDictionary<string, RowDrift> rows = drifted.Count == 0
            ? new Dictionary<string, RowDrift>()
            : _recorded.Compare(slice, export, definition, drifted);
        foreach ((SliceOutput recorded, PartTable derived) in tables)
        {
            DriftFinding? finding = recorded.Sha256 == derived.Sha256
                ? CheckSameBytes(slice, export, recorded, derived)
                : Differing(slice, export, recorded, derived, rows.GetValueOrDefault(recorded.Table));
            if (finding is not null)
            {
                findings.Add(scope.Complete(finding));
            }
        }

        return tables.Count;
    }

    private static SliceOutput? Unrecorded(SliceExport export, PartTable derived) => derived.Rows > 0 ? null : new SliceOutput
    {
        Table = derived.Table,
        Export = export.Sha256,
        Rows = 0,
        Sha256 = derived.Sha256,
        RowsSha256 = derived.RowsSha256,
    };

    private DriftFinding Differing(SliceManifest slice, SliceExport export, SliceOutput recorded, PartTable derived, RowDrift? rows)
    {
        // Where the recorded rows are at hand they decide; a record without a hash of its rows could not tell otherwise.
        bool sameRows = rows is not null ? rows.Rows.Total == 0 : recorded.RowsSha256 == derived.RowsSha256;
        return sameRows
            ? _definitions.WithBump(slice, DriftFindings.EncodingChanged(export.FileStem, recorded, derived), rowsChange: false)
            : _definitions.WithBump(slice, DriftFindings.DerivationChanged(slice, export, recorded, derived, rows), rowsChange: true);
    }

    private DriftFinding? CheckSameBytes(SliceManifest slice, SliceExport export, SliceOutput recorded, PartTable derived)
    {
        if (recorded.Rows != derived.Rows || (recorded.RowsSha256 ?? derived.RowsSha256) != derived.RowsSha256)
        {
            return DriftFindings.RecordContradicts(slice, export.FileStem, recorded, derived, _repository.Settings.SlicesFolder);
        }

        return CheckCached(slice, export, recorded, out _);
    }

    private DriftFinding? CheckCached(SliceManifest slice, SliceExport export, SliceOutput recorded, out bool there)
    {
        string folder = Path.Combine(_repository.CacheFolder, SliceInputs.KeyOf(_repository, slice));
        string stem = export.FileStem;
        string? actual = _inputs.HashOf(BuildSlice.PathOf(folder, recorded.Table, export), $"{slice.Version} {recorded.Table} {stem}");
        there = actual is not null;
        return there && actual != recorded.Sha256 ? DriftFindings.CacheDamaged(slice.Version, stem, recorded, actual!) : null;
    }

    private int CheckCachedOnly(SliceManifest slice, List<DriftFinding> findings)
    {
        int compared = 0;
        foreach (SliceExport export in slice.Exports.Where(export => !Derives(slice, export, quick: true)))
        {
            foreach (SliceOutput recorded in slice.Outputs.Where(output => output.Export == export.Sha256))
            {
                DriftFinding? finding = CheckCached(slice, export, recorded, out bool there);
                compared += there ? 1 : 0;
                if (finding is not null)
                {
                    findings.Add(_uses.Value.OfPart(slice, export).Complete(finding));
                }
            }
        }

        return compared;
    }

    /// <summary>A record that lacks something, or speaks of exports that the slice does not have, was written or edited by hand.</summary>
    private static IEnumerable<DriftFinding> CheckRecord(SliceManifest slice, IReadOnlyList<TableDescriptor> tables, string slicesFolder)
    {
        if (slice.Outputs.Count == 0)
        {
            yield return DriftFindings.NothingRecorded(slice.Version);
            yield break;
        }

        foreach (SliceExport export in slice.Exports)
        {
            if (slice.Outputs.All(output => output.Export != export.Sha256))
            {
                yield return DriftFindings.NothingRecorded(slice.Version, export.FileStem, [.. tables.Select(static table => table.Name)], slicesFolder);
            }
        }

        foreach (string stray in ManifestFaults.StrayExports(slice))
        {
            yield return DriftFindings.OutputOfNoExport(slice.Version, stray, slicesFolder);
        }
    }
}
