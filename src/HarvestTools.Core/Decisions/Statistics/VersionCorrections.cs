namespace HarvestTools.Decisions.Statistics;

/// <summary>What people had to change in the pre-annotation of one model version: one cycle of the correction trend test.</summary>
/// <param name="ModelVersion">The version that pre-annotated.</param>
/// <param name="FirstSeen">
/// When its predictions were first corrected, by the dates in the exports, else when it was trained; null where neither is known.
/// It orders the model versions.
/// </param>
/// <param name="Strata">The counts, one entry for each task folder and annotator.</param>
public sealed record VersionCorrections(string ModelVersion, DateTimeOffset? FirstSeen, IReadOnlyList<CorrectionStratum> Strata)
{
    /// <summary>
    /// The same work by what is independent: an episode that several people labelled is one unit of all of them. Empty where only
    /// <see cref="Strata"/> are known, each of whose episodes then counts as one.
    /// </summary>
    public IReadOnlyList<CorrectionUnits> Units { get; init; } = [];

    /// <summary>The model that it is a version of, as <see cref="ModelLines"/> finds it; null where all are of one.</summary>
    public string? Line { get; init; }

    /// <summary>Whether it could be of several models, so that it cannot be compared with any.</summary>
    public bool LineUnknown { get; init; }

    /// <summary>Whether it has no date though others are to be put in order with it.</summary>
    public bool OrderUnknown { get; init; }

    /// <summary>Whether its corrections raised an alarm that a training has answered since: they are in the slice trained last.</summary>
    public bool Answered { get; init; }

    /// <summary>Episodes.</summary>
    public long Episodes => Units.Count > 0 ? Units.Sum(units => units.Episodes) : Strata.Sum(stratum => stratum.Episodes);

    /// <summary>How many annotators are behind the counts.</summary>
    public int Annotators => Strata.Select(stratum => stratum.AnnotatorId).Distinct().Count();

    /// <summary>Regions that the model predicted.</summary>
    public long Predicted => Strata.Sum(stratum => stratum.Predicted);

    /// <summary>Regions drawn, corrected or deleted.</summary>
    public long Corrections => Strata.Sum(stratum => stratum.Corrections);

    /// <summary>Corrections an episode; null without an episode.</summary>
    public double? CorrectionsPerEpisode => Episodes == 0 ? null : (double)Corrections / Episodes;

    /// <summary>Corrections a predicted region; null where nothing was predicted.</summary>
    public double? CorrectionRate => Predicted == 0 ? null : (double)Corrections / Predicted;

    /// <summary>
    /// The model versions in order of <see cref="FirstSeen"/>. Where none has it the order given is kept, since nothing says more;
    /// a name never orders, since v2 may be an experiment that came after v10. One without a date among dated ones is last and
    /// marked (<see cref="OrderUnknown"/>), and so are two of one date.
    /// </summary>
    public static IReadOnlyList<VersionCorrections> InOrder(IEnumerable<VersionCorrections> modelVersions)
    {
        List<VersionCorrections> given = [.. modelVersions];
        if (given.TrueForAll(static modelVersion => modelVersion.FirstSeen is null))
        {
            return given;
        }

        return
        [
            .. from modelVersion in given
               orderby modelVersion.FirstSeen ?? DateTimeOffset.MaxValue
               let sharesDate = given.Exists(other => other != modelVersion && other.Line == modelVersion.Line && other.FirstSeen == modelVersion.FirstSeen)
               select modelVersion.FirstSeen is null || sharesDate ? modelVersion with { OrderUnknown = true } : modelVersion,
        ];
    }

    /// <summary>What the test compares.</summary>
    internal IEnumerable<CorrectionUnits> Work => Units.Count > 0 ? Units : Strata.Select(static stratum => new CorrectionUnits(
        stratum.TaskSubdir, [stratum.AnnotatorId], stratum.Episodes, stratum.Corrections, stratum.SquaredCorrections));
}

/// <summary>The episodes of one task folder that the same people labelled under one model version.</summary>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Annotators">Who labelled each of them, in ascending order; a null is somebody whom the export does not name.</param>
/// <param name="Episodes">How many episodes.</param>
/// <param name="Corrections">Regions that they drew, changed or deleted, all people together.</param>
/// <param name="SquaredCorrections">The sum over the episodes of (corrections of that episode) squared, where known.</param>
public sealed record CorrectionUnits(
    string TaskSubdir, IReadOnlyList<long?> Annotators, long Episodes, long Corrections, double? SquaredCorrections = null)
{
    /// <summary>The people in one text, by which groups differ.</summary>
    internal string People => string.Join('+', Annotators.Select(static annotator => annotator?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"));
}

/// <summary>The counts of one task folder and one annotator under one model version.</summary>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="AnnotatorId">The annotator; null where the export does not say.</param>
/// <param name="Episodes">Episodes that this annotator worked on.</param>
/// <param name="Predicted">Regions that the model predicted there.</param>
/// <param name="Accepted">Predicted regions left as they were.</param>
/// <param name="Corrected">Predicted regions changed.</param>
/// <param name="Drawn">Regions that the model had missed and the annotator drew.</param>
/// <param name="Deleted">Predicted regions removed.</param>
/// <param name="Unknown">Regions whose origin does not say whether the prediction was changed; not counted as corrections.</param>
/// <param name="SquaredCorrections">
/// The sum over the episodes of (corrections of that episode) squared, where known: with it the scatter between
/// episodes is measured instead of being guessed from the few model versions.
/// </param>
public sealed record CorrectionStratum(
    string TaskSubdir,
    long? AnnotatorId,
    long Episodes,
    long Predicted,
    long Accepted,
    long Corrected,
    long Drawn,
    long Deleted,
    long Unknown = 0,
    double? SquaredCorrections = null)
{
    /// <summary>Regions drawn, corrected or deleted.</summary>
    public long Corrections => Corrected + Drawn + Deleted;
}
