using HarvestTools.Strings;

namespace HarvestTools.Decisions.Statistics;

/// <summary>What people had to change in the pre-annotation of one model version: one cycle of the correction trend test.</summary>
/// <param name="ModelVersion">The version that pre-annotated.</param>
/// <param name="FirstSeen">When it was first seen at work, where known; orders the model versions.</param>
/// <param name="Strata">The counts, one entry for each task folder and annotator.</param>
public sealed record VersionCorrections(string ModelVersion, DateTimeOffset? FirstSeen, IReadOnlyList<CorrectionStratum> Strata)
{
    /// <summary>Episodes, each counted once for every annotator who worked on it.</summary>
    public long Episodes => Strata.Sum(stratum => stratum.Episodes);

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
    /// The model versions in order: by <see cref="FirstSeen"/> if every one of them has it, otherwise by the natural order
    /// of their names (v2 before v10). A mixture of both would not be an order: the dated and the undated could not
    /// be compared with each other consistently.
    /// </summary>
    public static IReadOnlyList<VersionCorrections> InOrder(IEnumerable<VersionCorrections> modelVersions)
    {
        List<VersionCorrections> sorted = [.. modelVersions];
        bool dated = sorted.TrueForAll(modelVersion => modelVersion.FirstSeen is not null);
        sorted.Sort((left, right) =>
        {
            int order = dated ? left.FirstSeen!.Value.CompareTo(right.FirstSeen!.Value) : 0;
            return order != 0 ? order : NaturalOrder.Instance.Compare(left.ModelVersion, right.ModelVersion);
        });
        return sorted;
    }
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
