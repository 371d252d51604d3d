using HarvestTools.History;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Programs;
using HarvestTools.Rules;

namespace HarvestTools.Drift;

/// <summary>What a check found of one slice.</summary>
public static class DriftStatus
{
    /// <summary>Everything that was checked is as recorded.</summary>
    public const string Clean = nameof(Clean);

    /// <summary>At least one finding is an error.</summary>
    public const string Drifted = nameof(Drifted);

    /// <summary>The slice cannot be checked: nothing is recorded, in a format this release cannot write, or its exports are not on this machine, were erased or were removed by retention.</summary>
    public const string Unverifiable = nameof(Unverifiable);
}

/// <summary>What a check can find.</summary>
public static class DriftKind
{
    /// <summary>Neither in the archive nor at its path with that hash.</summary>
    public const string ExportMissing = nameof(ExportMissing);

    /// <summary>It was removed from the archive to erase what it held.</summary>
    public const string ExportErased = nameof(ExportErased);

    /// <summary>It was removed from the archive since nothing was to need it any more.</summary>
    public const string RemovedByRetention = nameof(RemovedByRetention);

    /// <summary>The archived bytes no longer have their hash.</summary>
    public const string ExportDamaged = nameof(ExportDamaged);

    /// <summary>The file at the recorded path has other bytes than the slice recorded.</summary>
    public const string ExportRewritten = nameof(ExportRewritten);

    /// <summary>harvest.json's definition has the slice's version but another content.</summary>
    public const string HarvestRedefined = nameof(HarvestRedefined);

    /// <summary>Re-derivation under the recorded versions gives other rows.</summary>
    public const string DerivationChanged = nameof(DerivationChanged);

    /// <summary>The rows are the same, the Parquet bytes are not.</summary>
    public const string EncodingChanged = nameof(EncodingChanged);

    /// <summary>Recorded under a format version that this release cannot write.</summary>
    public const string FormatUnsupported = nameof(FormatUnsupported);

    /// <summary>A cached Parquet file differs from the record while re-derivation agrees with it.</summary>
    public const string CacheDamaged = nameof(CacheDamaged);

    /// <summary>The manifest holds no outputs to compare with.</summary>
    public const string NothingRecorded = nameof(NothingRecorded);

    /// <summary>The file at the recorded path is a later archived export of the same project.</summary>
    public const string ExportSucceeded = nameof(ExportSucceeded);

    /// <summary>This machine has no archive, and the slice's exports are not at their recorded paths.</summary>
    public const string StoreAbsent = nameof(StoreAbsent);

    /// <summary>The file at a registered model's path no longer has the hash that was recorded.</summary>
    public const string ModelChanged = nameof(ModelChanged);

    /// <summary>A slice that this one follows is not in the repository.</summary>
    public const string ParentMissing = nameof(ParentMissing);

    /// <summary>slice.json says what cannot be, or something else than what is committed.</summary>
    public const string RecordDamaged = nameof(RecordDamaged);

    /// <summary>slice.json is not what git's tag of the slice has.</summary>
    public const string TagDiffers = nameof(TagDiffers);

    /// <summary>A medium's bytes are not those that the slice lists.</summary>
    public const string MediaChanged = nameof(MediaChanged);

    /// <summary>A medium that the slice lists is gone, or the list itself.</summary>
    public const string MediaMissing = nameof(MediaMissing);

    /// <summary>The slice has episodes or media that an eval set of its line has too, or whether it has is not known.</summary>
    public const string EvalLeak = nameof(EvalLeak);

    /// <summary>The program that derives the slice was not trusted on this machine, and was not run.</summary>
    public const string ProgramUntrusted = nameof(ProgramUntrusted);

    /// <summary>A team's own program, run twice under other conditions, wrote two things.</summary>
    public const string NotDeterministic = nameof(NotDeterministic);

    /// <summary>The eval set is not the one that the slice recorded.</summary>
    public const string EvalSetChanged = nameof(EvalSetChanged);
}

/// <summary>Where a finding comes from, which says who looks into it.</summary>
public static class DriftCause
{
    /// <summary>What was labelled or exported.</summary>
    public const string Data = nameof(Data);

    /// <summary>The harvest definition.</summary>
    public const string Rules = nameof(Rules);

    /// <summary>The derivation or the encoding.</summary>
    public const string Code = nameof(Code);

    /// <summary>The release, or what else is on this machine.</summary>
    public const string Environment = nameof(Environment);

    /// <summary>What is kept: the archive, the cache, the record.</summary>
    public const string Store = nameof(Store);
}

/// <summary>Whether a finding fails the check.</summary>
public static class DriftSeverity
{
    /// <summary>As it should be, and worth a word.</summary>
    public const string Note = nameof(Note);

    /// <summary>Worth knowing; does not fail the check.</summary>
    public const string Warning = nameof(Warning);

    /// <summary>Fails the check.</summary>
    public const string Error = nameof(Error);
}

/// <summary>One thing a check found.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Severity">Whether it fails the check.</param>
/// <param name="Subject">What it happened to: an export, a table of an export, a definition.</param>
/// <param name="Expected">What the slice recorded; null where that makes no sense.</param>
/// <param name="Actual">What is there now; null where nothing is.</param>
/// <param name="Message">One or two sentences for people.</param>
/// <param name="Fix">What to do.</param>
public sealed record DriftFinding(
    string Kind, string Severity, string Subject, string? Expected, string? Actual, string Message, Remedy Fix)
{
    /// <summary>What to do, in the commands of the front end that asked for the check.</summary>
    public string Remedy => Fix.Spell(Commands);

    /// <summary>The command that the remedy begins with; null where a file must be edited or found first.</summary>
    public string? Command => Fix.CommandOf(Commands);

    /// <summary>Where it comes from.</summary>
    public string Cause { get; init; } = CauseOf(Kind);

    /// <summary>
    /// The slice of the same run under which the same was reported first; null where it is reported here.
    /// </summary>
    public string? ReportedUnder { get; init; }

    // No property of its own for readers: a remedy reads in the commands of a front end or not at all.
    internal Remedy Fix { get; init; } = Fix;

    internal ICommandSpelling Commands { get; init; } = NeutralSpelling.Instance;

    /// <summary>All of what the message names some of, an item each; empty where it names all.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The first slice that uses what drifted; null where nothing is shared.</summary>
    public string? Since { get; init; }

    /// <summary>Every slice that uses what drifted, in the order in which they were made.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>Models and runs that were trained on those slices.</summary>
    public IReadOnlyList<RegisteredModel> Models { get; init; } = [];

    /// <summary>How the labels of a rewritten export differ; null where that cannot be told or is not the matter.</summary>
    public LabelChanges? Labels { get; init; }

    /// <summary>How the re-derived rows differ from the recorded ones; null where those are not in the cache.</summary>
    public RowChangeSummary? Rows { get; init; }

    /// <summary>The first row that differs.</summary>
    public RowChange? FirstRow { get; init; }

    /// <summary>The version that harvest.json should have; null where it need not change or only a full check can tell.</summary>
    public VersionBump? Bump { get; init; }

    /// <summary><c>ExportRewritten b-451a57b0b9f0</c>.</summary>
    public override string ToString() => $"{Kind} {Subject}";

    /// <summary>Whether it is of the machine or of a file, and not of what the slice holds.</summary>
    public bool ConcernsTheRun => OnceARun is not null;

    /// <summary>What is one finding for a whole run has the same text here; null for what each slice has of its own.</summary>
    internal string? OnceARun => Kind switch
    {
        DriftKind.StoreAbsent => nameof(DriftKind.StoreAbsent),
        DriftKind.ExportSucceeded => string.Join('\n', Kind, Subject, Actual),
        _ => null,
    };

    private static string CauseOf(string kind) => kind switch
    {
        DriftKind.ExportRewritten or DriftKind.ExportSucceeded or DriftKind.MediaChanged or DriftKind.EvalLeak => DriftCause.Data,
        DriftKind.HarvestRedefined => DriftCause.Rules,
        DriftKind.DerivationChanged or DriftKind.EncodingChanged or DriftKind.NotDeterministic => DriftCause.Code,
        DriftKind.FormatUnsupported or DriftKind.ProgramUntrusted => DriftCause.Environment,
        _ => DriftCause.Store,
    };
}

/// <summary>The result of checking one slice.</summary>
/// <param name="Version">The slice's version.</param>
/// <param name="Status">The verdict.</param>
/// <param name="Findings">What was found, in the order of the checks.</param>
/// <param name="Quick">True where nothing was re-derived but a sample.</param>
/// <param name="TablesCompared">How many recorded tables were compared with re-derived (or, when quick, cached) bytes.</param>
public sealed record DriftReport(
    string Version, string Status, IReadOnlyList<DriftFinding> Findings, bool Quick, int TablesCompared)
{
    /// <summary>How many of the compared tables a quick check derived again, as its sample.</summary>
    public int TablesSampled { get; init; }

    /// <summary>Of how many of the compared tables the slice records the rows alone: their writer need not give the same bytes.</summary>
    public int TablesByRows { get; init; }

    /// <summary>What running a team's own program twice came to, a step each; empty where that was not asked for.</summary>
    public IReadOnlyList<TwiceResult> Twice { get; init; } = [];

    /// <summary><c>v3 Clean</c>.</summary>
    public override string ToString() => $"{Version} {Status}";

    internal static DriftReport From(string version, IReadOnlyList<DriftFinding> findings, bool quick, int tablesCompared, ICommandSpelling commands)
    {
        string status = findings.Any(static f => f.Severity == DriftSeverity.Error) ? DriftStatus.Drifted
            : findings.Any(static f => f.Kind is DriftKind.NothingRecorded or DriftKind.ExportErased or DriftKind.RemovedByRetention or DriftKind.FormatUnsupported or DriftKind.StoreAbsent or DriftKind.ProgramUntrusted)
                ? DriftStatus.Unverifiable
            : DriftStatus.Clean;
        return new DriftReport(version, status, [.. findings.Select(finding => finding with { Commands = commands })], quick, tablesCompared);
    }
}
