using HarvestTools.Decisions.Gates;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>
/// Makes model versions with known truth and asks the correction trend test about them, model version after model version as a team would.
/// Seeded: the same figures on every machine.
/// </summary>
internal sealed class CorrectionTrendSimulation(ulong seed)
{
    private SplitMix _random = new(seed);

    /// <summary>What the made-up team and its models are like.</summary>
    public sealed record Setting
    {
        /// <summary>Episodes corrected in one cycle.</summary>
        public int Episodes { get; init; } = 20;

        /// <summary>Mean corrections an episode while nothing is wrong.</summary>
        public double Mean { get; init; } = 10;

        /// <summary>Variance over mean of an episode's corrections.</summary>
        public double Dispersion { get; init; } = 3;

        public int Tasks { get; init; } = 3;

        public int Annotators { get; init; } = 2;

        /// <summary>Whether the counts carry the squares from which the scatter between episodes is measured.</summary>
        public bool Squares { get; init; } = true;

        /// <summary>Factor on the mean from the change on.</summary>
        public double Ratio { get; init; } = 1;

        /// <summary>The model version (from 0) with which the change comes.</summary>
        public int ChangeAt { get; init; } = int.MaxValue;

        /// <summary>How much more the second half of the annotators corrects than the first.</summary>
        public double AnnotatorFactor { get; init; } = 1.5;

        /// <summary>From the change on every episode goes to annotators not seen before, who correct this much more.</summary>
        public double? NewAnnotatorFactor { get; init; }

        /// <summary>From the change on every episode goes to the second half of the annotators.</summary>
        public bool ShiftToStrict { get; init; }

        /// <summary>From the change on every episode comes from the last task, which needs this much more.</summary>
        public double? HardTaskFactor { get; init; }
    }

    /// <summary>The model version at which the first alarm comes, or null; asked after each model version.</summary>
    public int? FirstAlarm(Setting setting, int modelVersions, CorrectionTrendSettings settings, Func<CorrectionTrend, bool>? alarm = null)
    {
        var made = new List<VersionCorrections>();
        for (int modelVersion = 0; modelVersion < modelVersions; modelVersion++)
        {
            made.Add(Make(setting, modelVersion));
            CorrectionTrend analysis = CorrectionTrendAnalyzer.Analyze(made, settings);
            if (alarm is null ? analysis.Status == CorrectionTrendStatus.Regressed : alarm(analysis))
            {
                return modelVersion;
            }
        }

        return null;
    }

    /// <summary>One model version's counts.</summary>
    public VersionCorrections Make(Setting setting, int modelVersion)
    {
        bool changed = modelVersion >= setting.ChangeAt;
        var strata = new Dictionary<(int Task, long Annotator), (long Episodes, long Corrections, double Squares)>();
        for (int episode = 0; episode < setting.Episodes; episode++)
        {
            int task = (int)(_random.NextDouble() * setting.Tasks);
            int annotator = (int)(_random.NextDouble() * setting.Annotators);
            if (changed && setting.ShiftToStrict)
            {
                annotator = setting.Annotators - 1;
            }

            double mean = setting.Mean * (annotator >= (setting.Annotators + 1) / 2 ? setting.AnnotatorFactor : 1);
            if (setting.HardTaskFactor is { } hard)
            {
                task = changed ? setting.Tasks - 1 : task;
                mean *= task == setting.Tasks - 1 ? hard : 1;
            }

            if (changed && setting.NewAnnotatorFactor is { } stricter)
            {
                annotator += 1000;
                mean *= stricter;
            }

            long corrections = DrawCount(mean * (changed ? setting.Ratio : 1), setting.Dispersion);
            (long episodes, long sum, double squares) = strata.GetValueOrDefault((task, annotator));
            strata[(task, annotator)] = (episodes + 1, sum + corrections, squares + ((double)corrections * corrections));
        }

        return new VersionCorrections($"v{modelVersion}", null, [.. strata.Select(pair => new CorrectionStratum(
            $"task_{pair.Key.Task}", pair.Key.Annotator, pair.Value.Episodes, 100 * pair.Value.Episodes, 0, pair.Value.Corrections, 0, 0, 0,
            setting.Squares ? pair.Value.Squares : null))]);
    }

    /// <summary>A Poisson count, or a negative binomial one with variance over mean as given, by inversion.</summary>
    private long DrawCount(double mean, double dispersion)
    {
        double size = dispersion > 1 ? mean / (dispersion - 1) : 0;
        double probability = dispersion > 1 ? Math.Exp(-size * Math.Log(dispersion)) : Math.Exp(-mean);
        double left = _random.NextDouble();
        long count = 0;
        while (left >= probability && count < 1_000_000)
        {
            left -= probability;
            probability *= dispersion > 1 ? (count + size) / (count + 1) * (1 - (1 / dispersion)) : mean / (count + 1);
            count++;
        }

        return count;
    }
}
